"""Requests to figures: one kept-alive connection for latency, wrk for load; the same for every server.

The latency client sends bytes that were made beforehand and only looks for the end of the answer; load comes from wrk,
written in C, whose own share of a processor is reported, so that one can see that it is not the limit.
"""

import json
import os
import resource
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

JSON = "application/sparql-results+json"
LUA = Path(__file__).with_name("load.lua")
LONGEST_WAIT = 5.0  # seconds; a server that takes longer is asked nothing more


@dataclass(frozen=True)
class Reply:
    """One answer: seconds to its first byte and to its end, and what came."""

    status: int
    first: float
    total: float
    body: bytes


class Connection:
    """A kept-alive connection."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None
        self._deadline = 0.0

    def ask(self, request: bytes) -> Reply:
        """Send a request and read its whole answer; once more on a new connection if an idle one was closed meanwhile."""
        try:
            return self._ask(request)
        except ConnectionError:
            self.close()
            return self._ask(request)

    def _ask(self, request: bytes) -> Reply:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), LONGEST_WAIT)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        started = time.perf_counter()
        self._deadline = started + LONGEST_WAIT
        self._socket.sendall(request)
        data = bytearray(self._more())
        first = time.perf_counter() - started
        while (head := data.find(b"\r\n\r\n")) < 0:
            data += self._more()
        fields = dict(line.lower().split(b":", 1) for line in bytes(data[:head]).split(b"\r\n")[1:])
        length = int(fields.get(b"content-length", -1))
        chunked = b"chunked" in fields.get(b"transfer-encoding", b"")
        while not (data.endswith(b"0\r\n\r\n") if chunked else len(data) >= head + 4 + length):
            data += self._more()
        total = time.perf_counter() - started
        if b"close" in fields.get(b"connection", b""):
            self.close()
        return Reply(int(data[9:12]), first, total, bytes(data[head + 4 :]))

    def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _more(self) -> bytes:
        assert self._socket is not None
        if time.perf_counter() > self._deadline:
            raise TimeoutError
        data = self._socket.recv(262_144)
        if not data:
            raise ConnectionResetError
        return data


def by_get(path: str, text: str) -> bytes:
    """A query as a GET request."""
    return f"GET {path}?query={quote(text, safe='')} HTTP/1.1\r\nHost: x\r\nAccept: {JSON}\r\n\r\n".encode()


def by_post(path: str, text: str, graphs: Sequence[str] = ()) -> bytes:
    """A query as a form, with the graphs that make up its default graph."""
    body = urlencode([("query", text), *(("default-graph-uri", graph) for graph in graphs)]).encode()
    kind = "Content-Type: application/x-www-form-urlencoded"
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nAccept: {JSON}\r\n{kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


@dataclass(frozen=True)
class Load:
    """What one slice of load gave."""

    per_second: float
    p50: float
    p99: float
    failed: int
    client: float  # share of one processor that the load client took


def load(port: int, path: str, texts: Sequence[str], seconds: int, folder: Path, connections: int = 8) -> Load:
    """Ask many questions one after the other on each of several connections."""
    targets = folder / "targets.txt"
    targets.write_text("".join(f"{path}?query={quote(text, safe='')}\n" for text in texts), "utf-8")
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "20s", "-s", str(LUA)]
    environment: Mapping[str, str] = {**os.environ, "TARGETS": str(targets), "ACCEPT": JSON}
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [*command, f"http://127.0.0.1:{port}"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=seconds + 30,
        check=True,
    )
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    told = json.loads(done.stdout.strip().rpartition("\n")[2])
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Load(told["requests"] / told["seconds"], told["p50"], told["p99"], told["failed"], used / wall)
