"""One real server under strain: hostile queries, kills, slow clients, a new snapshot, a lost parent; all on loopback and bounded."""

import concurrent.futures
import contextlib
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import httpx2
import pytest

from tests.serving import PROGRAMMES, Server, quads, serve, write_snapshot
from tests.test_guard import HIDDEN_SERVICES

DEADLINE = 1.0
MEMORY = 64 * 1024 * 1024
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
# 122 statements: every further pattern multiplies by 122, so these run for ever
ENDLESS = [
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(CONCAT(STR(?a), STR(?d), STR(?g), STR(?j)) = '') }",
    "SELECT (COUNT(*) AS ?n) { ?a (!<x:>|^!<x:>)* ?b . ?c (!<x:>|^!<x:>)* ?d . ?e (!<x:>|^!<x:>)* ?f }",
]
HUNGRY = [
    "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } ORDER BY ?l ?a",
    "SELECT DISTINCT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } OFFSET 100000000",
    "SELECT (GROUP_CONCAT(?x) AS ?y) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i BIND(STR(?a) AS ?x) }",
    "SELECT ?z { BIND('0123456789012345678901234567890123456789012345678901234567890123' AS ?a) "
    + "".join(
        f"BIND(CONCAT(?{a},?{a},?{a},?{a},?{a},?{a},?{a},?{a}) AS ?{b}) "
        for a, b in zip("abcdefghijkl", "bcdefghijklz", strict=True)
    )
    + "}",
]


@pytest.fixture(scope="module")
def strained(snapshots: Path) -> Iterator[Server]:
    limits = {
        "SHISAKU_WORKERS": "4",
        "SHISAKU_LANES": "2",
        "SHISAKU_QUERY_DEADLINE_SECONDS": str(DEADLINE),
        "SHISAKU_GUARANTEED_SECONDS": "0.3",
        "SHISAKU_WORKER_MEMORY_BYTES": str(MEMORY),
        "SHISAKU_MAX_RESULT_BYTES": str(4 * 1024 * 1024),
        "SHISAKU_CACHE_BYTES": "0",
        "SHISAKU_OPERATOR_TOKEN": "a-token-for-tests",
    }
    with serve(snapshots, limits) as server:
        yield server


def healthy(server: Server) -> bool:
    answer = server.query(COUNT)
    return answer.status_code == 200 and f'"{3 * PROGRAMMES + 2}"' in answer.text


def eventually(true: Callable[[], bool], seconds: float = 5) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "did not come true in time"
        time.sleep(0.05)


@pytest.mark.parametrize("text", ENDLESS)
def test_endless_queries_end(text: str, strained: Server) -> None:
    started = time.monotonic()
    answer = strained.query(text)
    assert time.monotonic() - started < DEADLINE + 0.5
    assert (answer.status_code, answer.json()["type"]) == (504, "/problems/deadline-exceeded")
    assert healthy(strained)


@pytest.mark.parametrize("text", HUNGRY, ids=["order", "distinct", "concat", "doubling"])
def test_hungry_queries_end(text: str, strained: Server) -> None:
    started = time.monotonic()
    answer = strained.query(text)
    assert time.monotonic() - started < DEADLINE + 0.5
    assert answer.status_code in (500, 504)
    assert healthy(strained)


def test_planning_ends(strained: Server) -> None:
    patterns = " . ".join(f"?a{i} ?b{i % 7} ?a{(i * 3 + 1) % 90}" for i in range(95))
    started = time.monotonic()
    assert strained.query(f"ASK {{ {patterns} }}").status_code in (200, 504)
    assert time.monotonic() - started < DEADLINE + 0.5


def test_long_answers_break_off(strained: Server) -> None:
    """Over the ceiling after the first bytes have left: the client must be able to tell."""
    with pytest.raises(httpx2.RemoteProtocolError):
        strained.query("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
    assert healthy(strained)


def test_long_answers_break_off_for_old_clients(strained: Server) -> None:
    """HTTP/1.0 has no chunks, so that a closed connection looks like the end: such clients get a plain error."""
    text = quote("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
    with socket.create_connection(("127.0.0.1", strained.port)) as connection:
        connection.sendall(f"GET /sparql?query={text} HTTP/1.0\r\n\r\n".encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.split(b"\r\n")[0].split()[1] == b"500"
    assert b"result-too-large" in answer


def test_service_reaches_nothing(strained: Server) -> None:
    with socket.socket() as canary:
        canary.bind(("127.0.0.1", 0))
        canary.listen()
        canary.settimeout(0.3)
        for text in HIDDEN_SERVICES:
            told = strained.query(text.replace("127.0.0.1:9/", f"127.0.0.1:{canary.getsockname()[1]}/"))
            assert told.status_code == 400
        with pytest.raises(TimeoutError):
            canary.accept()


def test_light_queries_live_through_hostile_ones(strained: Server) -> None:
    """64 hostile clients, and a polite one whose queries all answer within a second."""
    hostile = (ENDLESS + HUNGRY + ["ASK {" * 3000 + "}" * 3000, HIDDEN_SERVICES[0]]) * 8
    rounds: list[float] = []
    stop = threading.Event()

    def attack(text: str) -> None:
        with httpx2.Client(base_url=strained.url, timeout=30) as client:
            while not stop.is_set():
                started = time.monotonic()
                with contextlib.suppress(httpx2.RemoteProtocolError):  # an answer that was broken off
                    client.get("/sparql", params={"query": text})
                rounds.append(time.monotonic() - started)
                time.sleep(0.05)

    polite: list[float] = []
    with concurrent.futures.ThreadPoolExecutor(64) as attackers:
        under_way = [attackers.submit(attack, hostile[number % len(hostile)]) for number in range(64)]
        try:
            time.sleep(0.5)
            for _ in range(40):
                started = time.monotonic()
                assert healthy(strained)
                polite.append(time.monotonic() - started)
                time.sleep(0.05)
        finally:
            stop.set()
    for attack_done in under_way:
        attack_done.result()
    polite.sort()
    assert polite[int(len(polite) * 0.95)] < 1, polite
    eventually(lambda: len(strained.engines()) == 8)  # four general, one light, two lanes, their parent
    assert healthy(strained)


def test_a_client_that_hangs_up_frees_its_engine(strained: Server) -> None:
    before = strained.engines()
    with socket.create_connection(("127.0.0.1", strained.port)) as connection:
        connection.sendall(f"GET /sparql?query={quote(ENDLESS[0])} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        time.sleep(0.2)
    eventually(lambda: len(strained.engines()) == len(before) and strained.engines() != before, 1)


def test_slow_clients_change_nothing_for_others(strained: Server) -> None:
    target = f"GET /graphs?default HTTP/1.1\r\nHost: x\r\nX-Padding: {'x' * 100}\r\n".encode()
    connections = [socket.create_connection(("127.0.0.1", strained.port)) for _ in range(300)]
    try:
        for number, connection in enumerate(connections):
            connection.sendall(target + (b"\r\n" if number % 2 else b""))
        started = time.monotonic()
        assert all(healthy(strained) for _ in range(20))
        assert time.monotonic() - started < 5
    finally:
        for connection in connections:
            connection.close()


def test_a_killed_engine_is_replaced(strained: Server) -> None:
    for _ in range(3):
        eventually(lambda: len(strained.engines()) == 8)  # those that ended just before are there again
        before = strained.engines()
        os.kill(max(before), signal.SIGKILL)
        eventually(lambda before=before: len(strained.engines()) == 8 and strained.engines() != before)
        assert healthy(strained)


def test_a_killed_parent_is_replaced(strained: Server) -> None:
    parent = min(strained.engines())
    os.kill(parent, signal.SIGKILL)
    eventually(lambda: parent not in strained.engines() and len(strained.engines()) == 8, 10)
    eventually(lambda: healthy(strained))


def test_running_queries_are_for_the_operator(strained: Server) -> None:
    key = {"Authorization": "Bearer a-token-for-tests"}
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        assert strained.client.get("/operations/queries", headers=headers).status_code == 404
        assert strained.client.delete("/operations/queries/1", headers=headers).status_code == 404
    with concurrent.futures.ThreadPoolExecutor(1) as other:
        asked = other.submit(lambda: httpx2.get(f"{strained.url}/sparql", params={"query": ENDLESS[0]}, timeout=10))
        eventually(lambda: bool(strained.client.get("/operations/queries", headers=key).json()["queries"]), 1)
        [listed] = strained.client.get("/operations/queries", headers=key).json()["queries"]
        assert listed["query"] == ENDLESS[0]
        assert strained.client.delete(f"/operations/queries/{listed['number']}", headers=key).status_code == 200
        assert asked.result().json()["type"] == "/problems/cancelled"
    assert strained.client.delete("/operations/queries/999999999", headers=key).status_code == 404


def test_bodies_and_addresses_are_bounded(strained: Server) -> None:
    kind = {"Content-Type": "application/sparql-query"}
    assert strained.client.post("/sparql", content=b"x" * 300_000, headers=kind).status_code == 413

    def endless() -> Iterator[bytes]:
        for _ in range(40):
            yield b"x" * 10_000

    assert strained.client.post("/sparql", content=endless(), headers=kind).status_code == 413
    assert strained.client.get("/sparql", params={"query": "x" * 60_000}).status_code == 414
    assert healthy(strained)


def test_a_new_snapshot_is_taken_up_without_a_lost_request(tmp_path: Path) -> None:
    write_snapshot(tmp_path, "aaaaaaaaaaaaaaaa", quads())
    with serve(tmp_path, {"SHISAKU_WORKERS": "2", "SHISAKU_SNAPSHOT_POLL_SECONDS": "0.1"}) as server:
        old = server.engines()
        stop, seen = threading.Event(), []

        def ask() -> None:
            with httpx2.Client(base_url=server.url, timeout=30) as client:
                while not stop.is_set():
                    answer = client.get("/sparql", params={"query": COUNT})
                    seen.append((answer.status_code, answer.headers.get("x-snapshot"), answer.text))

        with concurrent.futures.ThreadPoolExecutor(3) as clients:
            asking = [clients.submit(ask) for _ in range(3)]
            try:
                time.sleep(0.3)
                write_snapshot(tmp_path, "bbbbbbbbbbbbbbbb", list(quads())[:10])
                eventually(lambda: bool(seen) and seen[-1][1] == "bbbbbbbbbbbbbbbb")
                time.sleep(0.2)
            finally:
                stop.set()
        for done in asking:
            done.result()
        assert {status for status, _, _ in seen} == {200}
        for _, digest, text in seen:  # never a mixture
            assert ('"10"' in text) == (digest == "bbbbbbbbbbbbbbbb")
        eventually(lambda: not old & server.engines())


def test_graceful_end_leaves_nothing_behind(tmp_path: Path) -> None:
    write_snapshot(tmp_path, "aaaaaaaaaaaaaaaa", quads())
    with serve(tmp_path, {"SHISAKU_WORKERS": "2"}) as server:
        engines = server.engines()
        assert engines
    eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in engines))


def test_a_killed_server_leaves_nothing_behind(tmp_path: Path) -> None:
    write_snapshot(tmp_path, "aaaaaaaaaaaaaaaa", quads())
    with serve(tmp_path, {"SHISAKU_WORKERS": "2"}) as server:
        engines = server.engines()
        server.process.kill()
        eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in engines))


def test_disk_mode(tmp_path: Path) -> None:
    write_snapshot(tmp_path, "aaaaaaaaaaaaaaaa", quads())
    with serve(tmp_path, {"SHISAKU_WORKERS": "2", "SHISAKU_STORE_MODE": "disk"}) as server:
        assert healthy(server)


def test_without_a_snapshot_it_says_so(tmp_path: Path) -> None:
    write_snapshot(tmp_path / "other", "aaaaaaaaaaaaaaaa", quads())
    (tmp_path / "current").symlink_to("other/aaaaaaaaaaaaaaaa")
    with serve(tmp_path, {"SHISAKU_WORKERS": "1"}) as server:
        assert server.client.get("/health").json() == {"status": "ok"}
        assert server.client.get("/ready").json()["snapshot"] == "aaaaaaaaaaaaaaaa"
