"""What happens to one line of JSON each, on standard output; the access log writes many lines at once."""

import asyncio
import json
import sys
from datetime import UTC, datetime
from typing import IO, Any

import structlog

DELAY = 0.2  # seconds that a line of the access log may wait for others


def json_lines(name: str) -> Any:
    """A logger of its own: nothing global is configured, so that a host application keeps its logging."""
    return structlog.wrap_logger(
        structlog.WriteLogger(sys.stdout),
        processors=[
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        log=name,
    )


class AccessLog:
    """One line a request; lines are gathered for a moment, as a write for each would cost more than the line."""

    def __init__(self, stream: IO[str] | None = None) -> None:
        self._stream = stream or sys.stdout
        self._waiting: list[dict[str, object]] = []
        self._encode = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode

    def note(self, facts: dict[str, object]) -> None:
        """Take down what happened; written after a moment, with the time of that."""
        if not self._waiting:
            asyncio.get_running_loop().call_later(DELAY, self.flush)
        self._waiting.append(facts)

    def flush(self) -> None:
        """Write what waits."""
        waiting, self._waiting = self._waiting, []
        if waiting:
            written = {"log": "access", "timestamp": datetime.now(UTC).isoformat().replace("+00:00", "Z")}
            self._stream.write("\n".join([self._encode(written | facts) for facts in waiting]) + "\n")
            self._stream.flush()
