"""Lanes: the same answers as the long way gives, whatever happens to a lane and however a request comes."""

import contextlib
import http.client
import json
import os
import re
import resource
import selectors
import signal
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote, urlencode

import httpx2
import pytest
from pyoxigraph import Store

from service.engines.lane import silent
from service.engines.ledger import EVALUATING, GETS, Ledger
from service.engines.replies import Replies
from service.engines.store import Stores
from service.settings import Settings
from service.web.access import pieces
from service.web.heads import read
from tests.serving import BASE, EDITION, Server, serve
from tests.test_server import ENDLESS, HUNGRY, eventually

SMALL = f"SELECT ?p ?o {{ <{BASE}id/program/p1> ?p ?o }} ORDER BY ?p"
LONG = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 2000"  # more than a lane may send
FORM = "application/x-www-form-urlencoded"
TABLE = "application/sparql-results+json"


def settings(folder: Path, lanes: int) -> dict[str, str]:
    del folder
    return {
        "SHISAKU_LANES": str(lanes),
        "SHISAKU_QUERY_DEADLINE_SECONDS": "1",
        "SHISAKU_CACHE_BYTES": "0" if lanes == 1 else str(2**20),
    }


@pytest.fixture(scope="module")
def lane(snapshots: Path) -> Iterator[Server]:
    """One lane, so that one that has ended is missed."""
    with serve(snapshots, settings(snapshots, 1)) as server:
        yield server


@pytest.fixture(scope="module")
def engines(snapshots: Path) -> Iterator[Server]:
    """No lane."""
    with serve(snapshots, settings(snapshots, 0)) as server:
        yield server


@pytest.fixture(scope="module")
def lanes(snapshots: Path) -> Iterator[Server]:
    """Two lanes, which remember answers."""
    with serve(snapshots, settings(snapshots, 2)) as server:
        yield server


@dataclass
class Told:
    """One answer."""

    status: int
    fields: dict[str, str]
    body: bytes

    @property
    def comparable(self) -> tuple[int, dict[str, str], bytes]:
        """All of it but what differs each time."""
        kept = {name: value for name, value in self.fields.items() if name not in ("date", "x-request-id")}
        if "vary" in kept:  # in any order, once or twice; what looks at origins says so even where there is none
            kept["vary"] = " ".join(sorted({*kept["vary"].split(", ")} - {"Origin"}))
        return self.status, kept, self.body

    @property
    def server(self) -> str:
        """Which process gave it: the start of its identifier."""
        return self.fields["x-request-id"].partition("-")[0]


def told(server: Server, *pieces: bytes, pause: float = 0.0, count: int = 1) -> list[Told]:
    """The answers to some bytes on one connection."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(pause)
        with connection.makefile("rb") as stream:
            method = "HEAD" if pieces[0].startswith(b"HEAD") else "GET"
            return [_next(connection, stream, method) for _ in range(count)]


def _next(connection: socket.socket, stream: IO[bytes], method: str) -> Told:
    answer = http.client.HTTPResponse(connection, method=method)
    answer.fp = Lasting(stream)  # one buffer for all answers of the connection
    answer.begin()
    body = answer.read()
    return Told(answer.status, {name.lower(): value for name, value in answer.getheaders()}, body)


class Lasting:
    """A stream that does not end with the answer that is read from it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)

    def close(self) -> None:
        """Leave it open."""


def get(text: str, *fields: str, version: str = "1.1") -> bytes:
    lines = [f"GET /sparql?query={quote(text, safe='')} HTTP/{version}", "Host: x", *fields, "", ""]
    return "\r\n".join(lines).encode()


def post(text: str, **extra: str) -> bytes:
    body = urlencode({"query": text, **extra})
    head = f"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\nContent-Length: {len(body)}\r\n\r\n"
    return (head + body).encode()


REQUESTS = {
    "table": get(SMALL, f"Accept: {TABLE}"),
    "any": get(SMALL),
    "csv": get(SMALL, "Accept: text/csv;q=0.9, text/html;q=0.1"),
    "truth": get("ASK {}", "Accept: application/sparql-results+xml"),
    "graph": get(f"PREFIX ns: <{BASE}ns#> CONSTRUCT {{ ?s ns:label ?l }} {{ ?s ns:label ?l }}", "Accept: text/turtle"),
    "form": post(SMALL),
    "dataset": post(SMALL, **{"default-graph-uri": EDITION}),
    "japanese": get("ASK { ?s ?p '施策1'@ja }"),
    "other graph": post(SMALL, **{"default-graph-uri": "https://elsewhere.example/"}),
    "syntax": get("SELECT ?x { ?x }"),
    "update": post("INSERT DATA { <urn:a> <urn:b> <urn:c> }"),
    "not utf-8": b"GET /sparql?query=%FF HTTP/1.1\r\nHost: x\r\n\r\n",
    "no query": b"GET /sparql?x=1 HTTP/1.1\r\nHost: x\r\nAccept: text/turtle\r\n\r\n",
    "nothing acceptable": get(SMALL, "Accept: image/png"),
    "volatile": get("ASK { FILTER(NOW() < 0) }"),
    "long": get(LONG),
    "head": get(SMALL).replace(b"GET", b"HEAD"),
    "closing": get(SMALL, "Connection: close"),
    "old": get(SMALL, version="1.0"),
    "origin": get(SMALL, "Origin: https://a.example"),
    "page": b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n",
    "two of one field": get(SMALL, "Accept: text/csv", "Accept: text/tab-separated-values;q=0.5"),
    "fragment": b"GET /sparql?query=ASK%7B%7D#x HTTP/1.1\r\nHost: x\r\n\r\n",
    "no host": b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\n\r\n",
    "not HTTP": b"\x16\x03\x01 hello\r\n\r\n",
}


@pytest.mark.parametrize("request_bytes", REQUESTS.values(), ids=REQUESTS)
def test_the_short_way_answers_as_the_long_one(
    request_bytes: bytes, lane: Server, lanes: Server, engines: Server
) -> None:
    [expected] = told(engines, request_bytes)
    for server in (lane, lanes, lanes):  # at last from memory
        [found] = told(server, request_bytes)
        assert found.comparable == expected.comparable


def test_lanes_answer(lane: Server) -> None:
    """Their identifiers begin otherwise than those that the framework gives."""
    framework = {told(lane, REQUESTS[name])[0].server for name in ("origin", "long", "volatile")}
    short = {
        told(lane, REQUESTS[name])[0].server
        for name in ("table", "csv", "form", "graph", "dataset", "japanese", "closing")
    }
    assert len(framework) == 1
    assert framework.isdisjoint(short)


@pytest.mark.parametrize("encodings", ["gzip", "br, gzip;q=0.5", "zstd", "deflate", "identity", "gzip;q=0"])
def test_an_answer_is_coded_as_on_the_long_way(encodings: str, lane: Server, engines: Server) -> None:
    for text in ("SELECT * { ?s ?p ?o }", "ASK {}"):
        request = get(text, f"Accept: {TABLE}", f"Accept-Encoding: {encodings}")
        [short], [long] = told(lane, request), told(engines, request)
        assert short.comparable == long.comparable
        assert short.server != told(lane, REQUESTS["volatile"])[0].server, "by the lane"


def test_requests_in_pieces_and_together(lane: Server) -> None:
    whole = get(SMALL)
    [expected] = told(lane, whole)
    assert told(lane, whole[:20], whole[20:], pause=0.05)[0].body == expected.body
    head, _, body = post(SMALL).partition(b"\r\n\r\n")
    assert told(lane, head + b"\r\n\r\n", body, pause=0.05)[0].body == expected.body
    assert [answer.body for answer in told(lane, whole * 5, count=5)] == [expected.body] * 5
    one, long, two = told(lane, whole + get(LONG) + whole, count=3)
    assert one.body == two.body == expected.body
    assert len(long.body) > 256 * 1024


def test_one_connection_for_small_and_large_questions(lane: Server) -> None:
    """What a lane leaves to an engine comes back to the lane, on the same connection."""
    texts = (SMALL, LONG, ENDLESS[0], "SELECT ?x { ?x }")
    lengths = set()
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", lane.port, timeout=5)) as connection:
        for text in texts * 3:
            connection.request("GET", f"/sparql?query={quote(text)}", headers={"Accept": TABLE})
            answer = connection.getresponse()
            lengths.add((text, answer.status, len(answer.read())))
            assert connection.sock is not None
    assert {(text, status) for text, status, _ in lengths} == {
        (SMALL, 200),
        (LONG, 200),
        (ENDLESS[0], 504),
        ("SELECT ?x { ?x }", 400),
    }
    assert len(lengths) == 4, "each answered alike every time"


@pytest.mark.parametrize("text", [*ENDLESS, *HUNGRY[:2]])
def test_heavy_questions_of_one_do_not_hold_up_others(text: str, lane: Server) -> None:
    waiting = [socket.create_connection(("127.0.0.1", lane.port), timeout=5) for _ in range(4)]
    try:
        for number, connection in enumerate(waiting):  # each another text, so that none is known to be heavy
            connection.sendall(get(f"{text} # {number}"))
        started = time.monotonic()
        assert lane.query(SMALL).status_code == 200
        assert time.monotonic() - started < 1
        for connection in waiting:
            assert connection.recv(65536).startswith((b"HTTP/1.1 50", b"HTTP/1.1 200"))
    finally:
        for connection in waiting:
            connection.close()


def lane_processes(server: Server) -> set[int]:
    """Engines wait on their channel; only a lane has a set of descriptors to wait on."""
    found = set()
    for pid in server.engines():
        with contextlib.suppress(OSError):
            links = [str(entry.readlink()) for entry in Path(f"/proc/{pid}/fd").iterdir()]
            found |= {pid} if "anon_inode:[eventpoll]" in links else set()
    return found


def test_a_killed_lane_takes_nothing_along(lane: Server) -> None:
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", lane.port, timeout=5)) as connection:
        connection.connect()
        kept = connection.sock
        for _ in range(5):
            connection.request("GET", f"/sparql?query={quote(SMALL)}")
            assert b"bindings" in connection.getresponse().read()
            time.sleep(0.02)  # one that dies between sending and noting that it has sent must give the connection up
            [before] = lane_processes(lane)
            os.kill(before, signal.SIGKILL)
            connection.request("GET", f"/sparql?query={quote(SMALL)}")
            assert b"bindings" in connection.getresponse().read()
            assert connection.sock is kept, "the same connection"
            eventually(lambda before=before: lane_processes(lane) and before not in lane_processes(lane))


def test_slow_readers_get_everything(lane: Server) -> None:
    """An answer that fits a lane, and a reader whose own buffers take a small part of it."""
    text = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 400"
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(10)
        connection.connect(("127.0.0.1", lane.port))
        connection.sendall(get(text, f"Accept: {TABLE}"))
        time.sleep(0.5)
        with connection.makefile("rb", buffering=4096) as stream:
            long = _next(connection, stream, "GET")
            assert lane.query("ASK {}").status_code == 200
            assert len(json.loads(long.body)["results"]["bindings"]) == 400
            connection.sendall(get(SMALL))
            assert _next(connection, stream, "GET").status == 200
    assert len(long.body) > 100_000


def test_lanes_are_counted_and_logged(snapshots: Path) -> None:
    with serve(snapshots, {"SHISAKU_LANES": "2"}) as server:
        for number in range(20):
            assert server.query(f"ASK {{}} # {number % 4}").status_code == 200
        metrics = server.client.get("/metrics").text
        log = (snapshots / f"server-{server.port}.log").read_text
        counted = re.search(r'shisaku_requests_total{method="GET",status="200",verdict="ok"} (\d+)', metrics)
        remembered = re.search(r"shisaku_cache_hits (\d+)", metrics)
        assert counted and int(counted[1]) >= 20
        assert remembered and int(remembered[1]) >= 8
        eventually(lambda: log("utf-8").count('"path": "/sparql"') == 20)
    lines = [json.loads(line) for line in log("utf-8").splitlines() if '"path": "/sparql"' in line]
    assert {(line["method"], line["status"], line["verdict"], line["bytes"]) for line in lines} == {
        ("GET", 200, "ok", 26)
    }
    assert len({line["id"] for line in lines}) == 20
    assert len({line["query"] for line in lines}) == 4


def test_requests_at_the_end_are_answered(snapshots: Path) -> None:
    """A connection that a lane has is served to the end when the server is told to stop."""
    with serve(snapshots, {"SHISAKU_LANES": "1"}) as server, httpx2.Client(timeout=5) as client:
        assert client.get(f"{server.url}/sparql", params={"query": "ASK {}"}).status_code == 200
        server.process.terminate()
        assert server.process.wait(5) in (0, -signal.SIGTERM)


def test_short_connections_are_logged_too(snapshots: Path) -> None:
    """Lines of connections that have ended do not wait for the next one."""
    with serve(snapshots, {"SHISAKU_LANES": "1"}) as server:
        server.client.close()
        for _ in range(3):
            assert told(server, get("ASK {}"))[0].status == 200
        log = (snapshots / f"server-{server.port}.log").read_text
        eventually(lambda: log("utf-8").count('"path": "/sparql"') == 3)


def test_limits_of_addresses_and_bodies_hold_in_lanes(snapshots: Path) -> None:
    limits = {"SHISAKU_LANES": "1", "SHISAKU_MAX_URL_BYTES": "256", "SHISAKU_MAX_BODY_BYTES": "1024"}
    with serve(snapshots, limits) as server:
        assert told(server, get("ASK {} # short"))[0].status == 200
        assert told(server, get("ASK {} #" + "x" * 300))[0].status == 414
        assert told(server, post("ASK {} #" + "x" * 2000))[0].status == 413


def test_lanes_that_end_as_they_start_come_back(snapshots: Path) -> None:
    """Whenever a lane ends, before its greeting is read for instance, there are two again afterwards, and never more."""
    with serve(snapshots, {"SHISAKU_LANES": "2"}) as server:
        end = time.monotonic() + 2
        while time.monotonic() < end:
            for process in lane_processes(server):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            time.sleep(0.003)
        eventually(lambda: len(lane_processes(server)) == 2)
        time.sleep(1.2)
        assert len(lane_processes(server)) == 2
        assert told(server, get(SMALL))[0].status == 200


def test_every_connection_of_a_busy_lane_gets_its_turn(snapshots: Path) -> None:
    """Six hundred at once, each asking again as soon as it is answered, until all have been answered once."""
    request, seen = get("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }"), set()
    with (
        serve(snapshots, {"SHISAKU_LANES": "1", "SHISAKU_CACHE_BYTES": "0"}) as server,
        contextlib.ExitStack() as stack,
        selectors.DefaultSelector() as ready,
    ):
        end = time.monotonic() + 15
        for number in range(600):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            connection.sendall(request)
            ready.register(connection, selectors.EVENT_READ, number)
        while len(seen) < 600 and time.monotonic() < end:
            for key, _ in ready.select(1):
                assert b'"14884"' in key.fileobj.recv(65536)  # type: ignore[union-attr]
                key.fileobj.sendall(request)  # type: ignore[union-attr]
                seen.add(key.data)
    assert len(seen) == 600


def test_few_descriptors(snapshots: Path) -> None:
    """With none left, requests are answered all the same, and lanes that end then come back later."""
    with serve(snapshots, {"SHISAKU_LANES": "1"}) as server, contextlib.ExitStack() as stack:
        resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (96, 20000))
        idle = [
            stack.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=5)) for _ in range(150)
        ]
        time.sleep(0.3)
        for connection in idle[:3]:
            connection.sendall(get("ASK { FILTER(NOW() < 0) }"))
            assert connection.recv(65536).startswith(b"HTTP/1.1 200")
        [before] = lane_processes(server)
        os.kill(before, signal.SIGKILL)
        time.sleep(0.5)
        stack.close()
        eventually(lambda: bool(lane_processes(server)))
        eventually(lambda: told(server, get(SMALL))[0].status == 200)


def refused(server: Server) -> bool:
    """Whether nobody listens at the address of a server."""
    try:
        socket.create_connection(("127.0.0.1", server.port), timeout=5).close()
    except ConnectionRefusedError:
        return True
    return False


def test_a_server_that_ends_listens_no_more(snapshots: Path) -> None:
    """Nobody else has the address: who comes while the last requests are answered is refused and does not wait in vain."""
    with (
        serve(snapshots, settings(snapshots, 1)) as server,
        socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection,
    ):
        connection.sendall(get(ENDLESS[0]))
        time.sleep(0.2)
        server.process.terminate()
        eventually(lambda: refused(server))
        assert connection.recv(65536).startswith(b"HTTP/1.1 504")


def test_half_a_head_does_not_stay_for_ever(lane: Server) -> None:
    """Neither does a connection that a lane has left to the framework with nothing but a line."""
    with contextlib.ExitStack() as stack:
        waiting = [
            stack.enter_context(socket.create_connection(("127.0.0.1", lane.port), timeout=14)) for _ in range(2)
        ]
        waiting[0].sendall(b"GET /sparql?query=ASK")
        waiting[1].sendall(b"\r\n")
        assert [connection.recv(10) for connection in waiting] == [b"", b""]


def test_who_waits_for_an_answer_is_not_idle() -> None:
    """A lane that has been busy with others for long must not end the connections that wait for it."""
    ours, theirs = socket.socketpair()
    with ours:
        assert silent(ours)
        theirs.sendall(b"GET")
        assert not silent(ours)
        theirs.close()
        assert not silent(ours)


def test_a_query_that_no_memory_was_left_for_is_known_by_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process ends then, as one that took too long does, and the front tells the others what to avoid."""

    def exhausted(*_: object) -> bytes:
        raise MemoryError

    monkeypatch.setattr("service.engines.replies.answer", exhausted)
    ledger, asked = Ledger(Ledger.create()), read(get("ASK {}"))
    assert asked is not None
    try:
        with pytest.raises(MemoryError):
            Replies(Stores(Store()), "0123456789abcdef", Settings(), ledger).answer(asked)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    assert ledger.state == EVALUATING


def test_lines_of_several_processes_do_not_mix() -> None:
    """What is written to a pipe in one go is no longer than what it takes whole."""
    lines = b"".join(b"%d" % number * 50 + b"\n" for number in range(2000)) + b"x" * 5000 + b"\n" + b"end"
    found = list(pieces(lines))
    assert b"".join(found) == lines
    assert all(piece.endswith(b"\n") for piece in found[:-1])
    assert all(len(piece) <= 4096 or piece.count(b"\n") == 1 for piece in found)


def test_a_full_disk_ends_no_lane() -> None:
    ledger = Ledger(Ledger.create())
    ledger.count(GETS, 0.001, 10, b"a line\n")
    with Path("/dev/full").open("wb", buffering=0) as full:
        ledger.write_log(full.fileno())
    assert not ledger.pending


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\n",
        b"GET /sparql?query=ASK {} HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /sparql?query=ASK HTTP/1.1\r\nHost : x\r\n\r\n",
        b"GET /sparql?query=ASK HTTP/1.1\r\nHost: x\r\n folded: y\r\n\r\n",
        b"GET /sparql?query=ASK HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc",
        b"GET /sparql?query=ASK HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        b"GET /sparql?query=ASK HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET /sparql?query=ASK HTTP/1.1\nHost: x\n\n",
        b"GET /sparql?query=\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /sparqlx?query=ASK HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nshort",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        b"POST /sparql?a HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
    ],
)
def test_what_is_not_plain_is_left_to_others(data: bytes) -> None:
    assert read(data) is None


def test_a_plain_request_is_alone() -> None:
    one, two = get(SMALL, f"Accept: {TABLE}", "Accept-Encoding: gzip"), post(SMALL)
    first, second = read(one), read(two)
    assert first and second
    assert (first.method, first.head.accept, first.head.encodings) == ("GET", TABLE, "gzip")
    body = urlencode({"query": SMALL}).encode()
    assert (second.method, second.head.content_type, second.body) == ("POST", FORM, body)
    assert read(one + two) is read(two + one) is read(two[:-1]) is None
