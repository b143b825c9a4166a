"""What a query says before it is evaluated; a short and plain text says it at a glance.

A glance is enough where nothing that is refused can hide: the words that matter occur nowhere in the text, not even in a
string or a comment, there are no escapes, and all brackets, separators and operators together stay below each limit. The
prologue must be plain as well. Whatever is not certain at a glance is left to ``service.guard``, which reads token by token.
"""

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from service.settings import Settings

FORMS = {"SELECT": "select", "ASK": "ask", "CONSTRUCT": "construct", "DESCRIBE": "describe"}
_START = re.compile(
    r"((?:\s*PREFIX\s+[A-Za-z]?[A-Za-z0-9_-]*:\s*<[A-Za-z][A-Za-z0-9+.-]*:[^<>\"{}|^`\\\x00-\x20]*>)*)"
    r"\s*(SELECT|ASK|CONSTRUCT|DESCRIBE)\b",
    re.IGNORECASE | re.ASCII,
)
_PREFIX = re.compile(r"PREFIX\s+([^:]*):\s*<([^>]*)>", re.IGNORECASE | re.ASCII)
_MATTERS = re.compile(r"\\|SERVICE|\bFROM|\b(?:NOW|RAND|UUID|STRUUID|BNODE)\b")
_CLAUSES = ("OPTIONAL", "UNION", "BIND", "MINUS", "FILTER")


@dataclass(frozen=True)
class Survey:
    """What the text of a query says before it is evaluated."""

    text: str
    kind: str
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    prefixes: tuple[tuple[str, str], ...]
    volatile: bool

    @cached_property
    def fingerprint(self) -> str:
        """What the access log calls the query by."""
        return fingerprint(self.text)

    @property
    def is_graph(self) -> bool:
        """Whether the answer is a graph rather than a table or a truth value."""
        return self.kind in ("construct", "describe")


def fingerprint(text: str) -> str:
    """What the access log calls a query by."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def glance(text: str, settings: Settings) -> Survey | None:
    """The survey of a short and plain query; None where a closer look is needed."""
    capitals = text.upper()
    start = _START.match(text)
    if start is None or _MATTERS.search(capitals) or not _bounded(text[start.end(1) :], capitals, settings):
        return None
    return Survey(text, FORMS[start[2].upper()], (), (), _prefixes(start[1]), volatile=False)


def _bounded(body: str, capitals: str, settings: Settings) -> bool:
    """Whether the text is within each limit, however its signs may be read."""
    count = body.count
    return (
        count("'") % 2 == count('"') % 2 == 0  # a string that never ends is explained better by a closer look
        and 4 * len(capitals) <= settings.max_query_bytes  # as a character takes four bytes at most
        and len(capitals) <= settings.max_query_tokens
        and count("{") + count("(") + count("[") + count("<<") <= settings.max_query_depth
        and count(".") + count(";") + count(",") <= settings.max_query_patterns
        and count("/") + count("|") + count("^") + count("*") + count("+") <= settings.max_query_steps
        and sum(map(capitals.count, _CLAUSES)) <= settings.max_query_clauses
    )


@lru_cache(256)
def _prefixes(prologue: str) -> tuple[tuple[str, str], ...]:
    return tuple(dict(_PREFIX.findall(prologue)).items())
