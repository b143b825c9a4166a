"""What happens to one line of JSON each, on standard output."""

import sys
from typing import Any

import structlog


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
