"""Answers to the header fields that they are sent with; what every response of one kind has in common is said here."""

from collections.abc import Sequence
from functools import lru_cache

from service.querying.asks import Ask

Fields = Sequence[tuple[bytes, bytes]]

CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
FOR_DATA = (
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"cross-origin"),
)
FOR_PAGES = (
    (b"content-security-policy", CSP.encode()),
    *FOR_DATA[1:],
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"geolocation=(), camera=(), microphone=()"),
)
VARY, REVALIDATE = "Accept, Accept-Encoding", "public, max-age=0, must-revalidate"


def of_answer(ask: Ask, digest: str, method: str) -> Fields:
    """How an answer may be kept, and how it is recognised: by its entity tag and the name of its snapshot."""
    kept = _kept(digest, method, volatile=ask.survey.volatile)
    return kept if ask.survey.volatile or method == "POST" else (*kept, (b"etag", ask.tag(digest).encode()))


@lru_cache(64)
def lasting(media_type: str, digest: str, method: str) -> tuple[Fields, bytes]:
    """What all plain answers of one kind have in common, also as lines; missing are the length, and the entity tag of a GET."""
    fields = ((b"content-type", media_type.encode()), *_kept(digest, method, volatile=False), *FOR_DATA)
    return fields, lines(fields)


def _kept(digest: str, method: str, *, volatile: bool) -> Fields:
    control = b"no-store" if volatile else b"no-cache" if method == "POST" else REVALIDATE.encode()
    return ((b"vary", VARY.encode()), (b"cache-control", control), (b"x-snapshot", digest.encode()))


def lines(fields: Fields) -> bytes:
    """Header fields as they stand in a message."""
    return b"".join([b"%b: %b\r\n" % field for field in fields])
