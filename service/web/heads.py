"""The bytes of a plain request for an answer to its parts; whatever is unusual is left to the web framework.

Plain is a query by GET or POST over HTTP/1.1 with the few header fields that every client sends, complete in one piece.
Nothing is refused here: what is not recognised is read by others, so this needs to know only what is certain
(RFC 9112, sections 3 and 5).
"""

import re
from functools import lru_cache
from typing import NamedTuple

GET, POST, VERSION = b"GET /sparql?", b"POST /sparql HTTP/1.1", b" HTTP/1.1"
_IN_TARGETS = bytes(sign for sign in range(0x21, 0x7F) if sign != ord("#"))
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\x20-\x7e]*?)[ \t]*")
IGNORED = frozenset((b"user-agent", b"accept-language"))
ONCE = frozenset((b"host", b"connection", b"content-type", b"content-length", b"accept-encoding", b"accept"))
LONGEST = 8192  # bytes of the longest head that is remembered


class Head(NamedTuple):
    """What the header fields say: the types that are wanted, the codings that are taken, what the body is."""

    accept: str = ""
    encodings: str = ""  # that the answer may be coded in
    last: bool = False  # whether the connection ends with the answer
    content_type: str = ""
    length: int = 0


class Plain(NamedTuple):
    """One request: method, encoded parameters, body, header fields."""

    method: str
    query_string: bytes
    body: bytes
    head: Head


def read(data: bytes) -> Plain | None:
    """The request that some bytes are; None if it is not a plain one, not whole, or not alone."""
    end, line = data.find(b"\r\n\r\n"), data.find(b"\r\n")
    if end < 0:
        return None
    head = _fields(data[line + 2 : end]) if end - line <= LONGEST else None
    if head is None:
        return None
    if data.startswith(GET) and end + 4 == len(data):
        target = data[len(GET) : line - len(VERSION)]
        plain = (
            data.startswith(VERSION, line - len(VERSION))
            and not target.translate(None, _IN_TARGETS)
            and not head.length
        )
        return Plain("GET", target, b"", head) if plain else None
    if data[:line] == POST and len(data) == end + 4 + head.length:
        return Plain("POST", b"", data[end + 4 :], head)
    return None


@lru_cache(512)
def _fields(raw: bytes) -> Head | None:
    """The header fields, if there are only such as need no special attention; each at most once."""
    found: dict[bytes, str] = {}
    for line in raw.split(b"\r\n"):
        field = _FIELD.fullmatch(line)
        name = field[1].lower() if field else b""
        if field and name in ONCE and name not in found:
            found[name] = field[2].decode("ascii")
        elif name not in IGNORED:
            return None
    length = found.get(b"content-length", "0")
    connection = found.get(b"connection", "keep-alive").lower()
    if (
        b"host" not in found
        or connection not in ("keep-alive", "close")
        or not length.isdigit()
        or len(length) > len("999999")
    ):
        return None
    return Head(
        found.get(b"accept", ""),
        found.get(b"accept-encoding", ""),
        connection == "close",
        found.get(b"content-type", ""),
        int(length),
    )
