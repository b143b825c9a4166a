"""Plain requests to the bytes of their answers, from memory or from the store, as long as that takes a moment only."""

import signal
import time
from email.utils import formatdate
from functools import lru_cache

from service.engines.cache import ResultCache
from service.engines.ledger import CACHED, EVALUATING, HITS, MISSES, READING, STATE, Ledger
from service.engines.store import Request, Stores, answer
from service.faults import Problem
from service.querying import protocol
from service.querying.asks import Ask
from service.querying.surveys import glance
from service.settings import Settings
from service.web.coding import LEAST, coded
from service.web.fields import lasting, lines
from service.web.heads import Plain
from service.web.negotiation import GRAPH_TYPES, RESULT_TYPES, best

MOMENT = 0.03  # seconds of the processor that one evaluation may take
LARGEST = 256 * 1024  # bytes of the longest answer
REMEMBERED = 4096  # queries known to be no use trying


class Reply(bytes):
    """An answer as it is sent again and again: the fields that never change, an empty line, the body."""

    size: int  # of the body
    query: str  # its fingerprint
    last: bool  # whether the connection ends with it


class Replies:
    """What one lane answers, and what it leaves to others."""

    def __init__(self, stores: Stores, digest: str, settings: Settings, ledger: Ledger) -> None:
        self._stores, self._digest, self._settings, self._ledger = stores, digest, settings, ledger
        self._base = settings.base_iri
        self._graphs = frozenset(stores.graphs)
        self._longest = min(settings.max_url_bytes - len("/sparql"), settings.max_body_bytes)
        self._kept: ResultCache[bytes, Reply] = ResultCache(settings.cache_bytes // 2)
        self._heavy: dict[str, None] = {}

    def avoid(self, queries: list[str]) -> None:
        """Leave some queries to others from now on, by their fingerprints; the oldest may be tried again when there are many."""
        self._heavy.update(dict.fromkeys(queries))
        while len(self._heavy) > REMEMBERED:
            del self._heavy[next(iter(self._heavy))]

    def remembered(self, data: bytes) -> Reply | None:
        """The answer to a request that came before in the very same bytes."""
        reply = self._kept.get(data) if self._kept.limit else None
        if reply is not None:
            self._ledger.words[HITS] += 1
        return reply

    def remember(self, data: bytes, reply: Reply) -> None:
        """Keep an answer for the case that the request comes again."""
        if self._kept.limit:
            self._kept.put(data, reply)
            self._ledger.words[MISSES] += 1
            self._ledger.words[CACHED] = self._kept.size

    def answer(self, asked: Plain) -> Reply | None:
        """The answer to a request; None if it takes more than a moment, or if there is something to explain."""
        try:
            ask = self._read(asked)
        except Problem:
            return None
        if ask is None or ask.survey.fingerprint in self._heavy:
            return None
        body = self._evaluate(ask)
        if body is None:
            return None
        fields, head = lasting(ask.media_type, self._digest, asked.method)
        tag = b"etag: %b\r\n" % ask.tag(self._digest).encode() if asked.method == "GET" else b""
        if asked.head.last:
            tag += b"connection: close\r\n"
        if asked.head.encodings and len(body) >= LEAST:
            changed, body = coded(asked.head.encodings, (*fields, (b"content-length", b"%d" % len(body))), body)
            reply = Reply(b"%b%b\r\n%b" % (tag, lines(changed), body))
        else:
            reply = Reply(b"%b%bcontent-length: %d\r\n\r\n%b" % (head, tag, len(body), body))
        reply.size, reply.query, reply.last = len(body), ask.survey.fingerprint, asked.head.last
        return reply

    def _read(self, asked: Plain) -> Ask | None:
        """What is asked, if that can be told at a glance."""
        if len(asked.query_string) > self._longest or len(asked.body) > self._longest:
            return None
        operation = _operation(asked)
        found = glance(operation.query, self._settings) if operation else None
        if operation is None or found is None:
            return None
        media_type = best(asked.head.accept, GRAPH_TYPES if found.is_graph else RESULT_TYPES)
        if media_type is None:
            return None
        graphs = (*operation.default_graphs, *operation.named_graphs)
        if graphs and not self._graphs.issuperset(graphs):
            return None
        return Ask(found, media_type, (), operation.default_graphs, operation.named_graphs)

    def _evaluate(self, ask: Ask) -> bytes | None:
        """The body of an answer; the process ends if that takes too long."""
        request = Request(**ask.request(self._base))  # type: ignore[arg-type]
        words, query = self._ledger.words, ask.survey.fingerprint
        self._ledger.query = query
        words[STATE] = EVALUATING
        signal.setitimer(signal.ITIMER_PROF, MOMENT)
        try:
            body = answer(self._stores, request)
        except (SyntaxError, ValueError, RuntimeError):
            body = None
        # whatever else is raised, for want of memory for instance, ends the process, and the query is known for it
        signal.setitimer(signal.ITIMER_PROF, 0)
        words[STATE] = READING
        if body is None or len(body) <= LARGEST:
            return body
        self.avoid([query])
        return None


def opening() -> bytes:
    """The status line and the date."""
    return _opening(int(time.time()))


@lru_cache(1)
def _opening(seconds: int) -> bytes:
    return b"HTTP/1.1 200 OK\r\ndate: %b\r\n" % formatdate(seconds, usegmt=True).encode()


def _operation(asked: Plain) -> protocol.Operation | None:
    if asked.method == "GET":
        return protocol.read_get(asked.query_string)
    return protocol.read_post(b"", asked.head.content_type, asked.body)
