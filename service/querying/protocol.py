"""An HTTP request to the query operation of SPARQL 1.1 Protocol (section 2.1), or the problem with it."""

from binascii import a2b_qp
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from service.faults import Problem, Text
from service.querying.refusals import read_only

FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"


class Operation(NamedTuple):
    """A query and the dataset that the protocol names for it."""

    query: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


def read_get(query_string: bytes) -> Operation | None:
    """Section 2.1.1, query via GET; None if there is no query at all."""
    if query_string.startswith(b"query=") and b"&" not in query_string:  # as most requests are, in half of the time
        return Operation(_utf8(_decoded(query_string[len(b"query=") :].replace(b"+", b" "))))
    pairs = parameters(query_string)
    return operation(pairs) if any(name in ("query", "update") for name, _ in pairs) else None


def read_post(query_string: bytes, content_type: str, body: bytes) -> Operation:
    """Sections 2.1.2 and 2.1.3, query via POST, in a form or directly."""
    kind, charset = _content_type(content_type)
    if charset not in ("utf-8", "utf8", "us-ascii"):
        raise unsupported(Text("文字コードは UTF-8 にしてください。", "The body must be in UTF-8."))
    if kind == FORM:
        return operation(parameters(query_string) + parameters(body))
    if kind == DIRECT:
        pairs = parameters(query_string)
        if any(name in ("query", "update") for name, _ in pairs):
            raise one_query_needed()
        return operation([*pairs, ("query", _utf8(body))])
    if kind == "application/sparql-update":
        raise read_only()
    raise unsupported(
        Text(f"Content-Type は {FORM} か {DIRECT} にしてください。", f"Content-Type must be {FORM} or {DIRECT}.")
    )


def operation(pairs: list[tuple[str, str]]) -> Operation:
    """The operation of named values; there must be exactly one query."""
    if any(name == "update" for name, _ in pairs):
        raise read_only()
    queries = [value for name, value in pairs if name == "query"]
    if len(queries) != 1:
        raise one_query_needed()
    if len(pairs) == 1:
        return Operation(queries[0])
    return Operation(
        queries[0],
        tuple(dict.fromkeys(value for name, value in pairs if name == "default-graph-uri")),
        tuple(dict.fromkeys(value for name, value in pairs if name == "named-graph-uri")),
    )


def parameters(encoded: bytes) -> list[tuple[str, str]]:
    """Names and values of a form; decoded once, and refused where they are not UTF-8."""
    parts = [part.partition(b"=") for part in encoded.replace(b"+", b" ").split(b"&") if part]
    return [(_utf8(_decoded(name)), _utf8(_decoded(value))) for name, _, value in parts]


def _decoded(encoded: bytes) -> bytes:
    """Percent-decoded; what only looks like an escape stays as it is. Quoted-printable is the same with another sign, and its decoder
    takes a tenth of the time, which every request pays.
    """
    quoted = encoded.replace(b"=", b"=3D").replace(b"%", b"=")
    if b"=\n" in quoted or b"=\r" in quoted:  # which would go on with the next line
        return unquote_to_bytes(encoded)
    decoded = a2b_qp(quoted)
    escapes = quoted.count(b"=")  # each takes the place of two bytes, unless it only looks like one
    return decoded if len(decoded) == len(quoted) - 2 * escapes else unquote_to_bytes(encoded)


def _utf8(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise Problem(
            "not-utf-8",
            400,
            Text("文字コードが正しくありません", "Not UTF-8"),
            Text("要求に UTF-8 でない部分があります。", "A part of the request is not valid UTF-8."),
            Text("UTF-8 で送ってください。", "Send UTF-8."),
        ) from None


def _content_type(header: str) -> tuple[str, str]:
    kind, *rest = header.split(";")
    found = dict(part.strip().lower().partition("=")[::2] for part in rest)
    return kind.strip().lower(), found.get("charset", "utf-8").strip('"')


def one_query_needed() -> Problem:
    """The request has no query, or several."""
    return Problem(
        "one-query-needed",
        400,
        Text("問い合わせが一つ必要です", "Exactly one query is needed"),
        Text("query は一つだけ送ってください。", "The request must have exactly one query."),
        Text(
            "query というパラメータに SPARQL を入れてください。", "Put the SPARQL text into one parameter named query."
        ),
    )


def unsupported(detail: Text) -> Problem:
    """The body is in a form that is not understood."""
    return Problem(
        "unsupported-media-type", 415, Text("本文の形式に対応していません", "Unsupported media type"), detail
    )
