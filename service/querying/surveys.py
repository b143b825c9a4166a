"""What a query says before it is evaluated; a short and plain text says it at a glance.

A glance is enough where nothing that is refused can hide: the words that matter occur nowhere in the text, not even in a
string or a comment, there are no escapes, and all brackets, separators and operators together stay below each limit. The
prologue must be plain as well. Whatever is not certain at a glance is left to ``service.querying.guard``, which reads token by token.
"""

import hashlib
import re
from functools import lru_cache
from typing import NamedTuple

from service.settings import Settings

FINGERPRINT = 16  # characters
FORMS = {"SELECT": "select", "ASK": "ask", "CONSTRUCT": "construct", "DESCRIBE": "describe"}
_START = re.compile(
    r"((?:\s*PREFIX\s+[A-Za-z]?[A-Za-z0-9_-]*:\s*<[A-Za-z][A-Za-z0-9+.-]*:[^<>\"{}|^`\\\x00-\x20]*>)*)"
    r"\s*(SELECT|ASK|CONSTRUCT|DESCRIBE)\b",
    re.IGNORECASE | re.ASCII,
)
_PREFIX = re.compile(r"PREFIX\s+([^:]*):\s*<([^>]*)>", re.IGNORECASE | re.ASCII)
_WEB_ADDRESS = re.compile(r"<HTTPS?://[A-Z0-9._~/#%-]*>")  # never a comparison, and no keyword is in it
_NOT_COUNTED = bytes(byte for byte in range(256) if chr(byte) not in "'\"{([<.;,/|^*+")
# A call with no space before it, as in FILTERRAND(); in names and variables it would be a part of these.
_RUN_ON = re.compile(r"(?<![?$:\w])\w+(?:NOW|RAND|UUID|BNODE)\s*[(#]")
_CLAUSES = ("OPTIONAL", "UNION", "BIND", "MINUS", "FILTER")


class Survey(NamedTuple):
    """What the text of a query says before it is evaluated."""

    text: str
    digest: str  # of the text, in hexadecimal
    kind: str
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    prefixes: tuple[tuple[str, str], ...]
    volatile: bool

    @property
    def fingerprint(self) -> str:
        """What the access log calls the query by."""
        return self.digest[:FINGERPRINT]

    @property
    def is_graph(self) -> bool:
        """Whether the answer is a graph rather than a table or a truth value."""
        return self.kind in ("construct", "describe")


def digested(text: str) -> str:
    """A digest of a query; its start is what the access log calls the query by."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def glance(text: str, settings: Settings) -> Survey | None:
    """The survey of a short and plain query; None where a closer look is needed."""
    capitals = text.upper()
    start = _START.match(text)
    if start is None or _matters(capitals) or not _bounded(text[start.end(1) :], capitals, settings):
        return None
    return Survey(text, digested(text), FORMS[start[2].upper()], (), (), _prefixes(start[1]), False)


def _matters(capitals: str) -> bool:
    """Whether a word that needs a closer look may stand in the text; a search with patterns takes ten times as long."""
    return (
        "\\" in capitals
        or ("SERVICE" in capitals and "SERVICE" in _WEB_ADDRESS.sub("<>", capitals))
        or ("FROM" in capitals and _begins_a_word("FROM", capitals))
        or ("NOW" in capitals and _called("NOW", capitals))
        or ("RAND" in capitals and _called("RAND", capitals))
        or ("UUID" in capitals and (_called("UUID", capitals) or _begins_a_word("STRUUID", capitals)))
        or ("BNODE" in capitals and _called("BNODE", capitals))
    )


def _called(word: str, capitals: str) -> bool:
    return _begins_a_word(word, capitals) or _RUN_ON.search(capitals) is not None


def _begins_a_word(word: str, capitals: str) -> bool:
    place = capitals.find(word)
    while place > 0 and (capitals[place - 1].isalnum() or capitals[place - 1] == "_"):
        place = capitals.find(word, place + 1)
    return place >= 0


def _bounded(body: str, capitals: str, settings: Settings) -> bool:
    """Whether the text is within each limit, however its signs may be read."""
    signs = body.encode("utf-8", "replace").translate(None, _NOT_COUNTED)
    count = signs.count
    fewest = min(settings.max_query_depth, settings.max_query_patterns, settings.max_query_steps)
    return (
        count(b"'") % 2 == count(b'"') % 2 == 0  # a string that never ends is explained better by a closer look
        and 4 * len(capitals) <= settings.max_query_bytes  # as a character takes four bytes at most
        and len(capitals) <= settings.max_query_tokens
        and (len(signs) <= fewest or _each_bounded(signs, settings))
        and (
            len(capitals) <= settings.max_query_clauses
            or sum(map(capitals.count, _CLAUSES)) <= settings.max_query_clauses
        )
    )


def _each_bounded(signs: bytes, settings: Settings) -> bool:
    count = signs.count
    return (
        count(b"{") + count(b"(") + count(b"[") + count(b"<") <= settings.max_query_depth
        and count(b".") + count(b";") + count(b",") <= settings.max_query_patterns
        and count(b"/") + count(b"|") + count(b"^") + count(b"*") + count(b"+") <= settings.max_query_steps
    )


@lru_cache(256)
def _prefixes(prologue: str) -> tuple[tuple[str, str], ...]:
    return tuple(dict(_PREFIX.findall(prologue)).items())
