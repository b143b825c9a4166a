"""Answered requests to one line of JSON each; lines are gathered for a moment, as a write for each would cost more than the line."""

import asyncio
import contextlib
import json
import select
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import IO

DELAY = 0.2  # seconds that a line may wait for others
_PLAIN = (
    '{"log": "access", "timestamp": "%s", "id": "%s", "method": "%s", "path": "/sparql", "status": 200, "bytes": %d, '
    '"whole": true, "milliseconds": %.2f, "verdict": "ok", "query": "%s"}\n'
)
_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode


@lru_cache(1)
def _second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().removesuffix("+00:00")


def now() -> str:
    """The time as the log has it, to the millisecond."""
    seconds, rest = divmod(time.time(), 1)
    return f"{_second(int(seconds))}.{int(rest * 1000):03}Z"


def plain_line(identifier: str, method: str, sent: int, seconds: float, query: str) -> bytes:
    """The line of a query that was answered whole; none of these needs any escape."""
    return (_PLAIN % (now(), identifier, method, sent, seconds * 1000, query)).encode("ascii")


def pieces(lines: bytes) -> Iterator[bytes]:
    """Whole lines that a pipe takes in one go: several processes write there, and longer pieces of theirs would mix."""
    start = 0
    while start < len(lines):
        end = lines.rfind(b"\n", start, start + select.PIPE_BUF) + 1 or lines.find(b"\n", start) + 1 or len(lines)
        yield lines[start:end]
        start = end


class AccessLog:
    """Lines on their way to a stream."""

    def __init__(self, stream: IO[str] | None = None) -> None:
        self._stream = stream or sys.stdout
        self._waiting: list[dict[str, object]] = []

    def note(self, facts: dict[str, object]) -> None:
        """Take down what happened; written after a moment, with the time of that."""
        if not self._waiting:
            asyncio.get_running_loop().call_later(DELAY, self.flush)
        self._waiting.append(facts)

    def flush(self) -> None:
        """Write what waits; a full disk must not end anything."""
        waiting, self._waiting = self._waiting, []
        if waiting:
            written = {"log": "access", "timestamp": now()}
            lines = "\n".join([_encode(written | facts) for facts in waiting]) + "\n"
            with contextlib.suppress(OSError):
                for piece in pieces(lines.encode("utf-8", "backslashreplace")):
                    self._stream.write(piece.decode())
                    self._stream.flush()
