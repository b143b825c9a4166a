"""Accept header and offered media types to the best offered one, or none (RFC 9110, section 12.5.1)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pyoxigraph import QueryResultsFormat, RdfFormat

RESULTS = (QueryResultsFormat.JSON, QueryResultsFormat.XML, QueryResultsFormat.CSV, QueryResultsFormat.TSV)
GRAPHS = (RdfFormat.TURTLE, RdfFormat.JSON_LD, RdfFormat.N_TRIPLES, RdfFormat.RDF_XML)

# Other names by which clients ask for the same bytes; the answer carries the name that was asked for.
RESULT_TYPES = (*(form.media_type for form in RESULTS), "application/json", "application/xml", "text/xml")
GRAPH_TYPES = (*(form.media_type for form in GRAPHS), "application/json", "application/xml", "text/plain")

PROBLEM_JSON = "application/problem+json"  # RFC 9457

REMEMBERED = 512  # characters of the longest header whose result is kept
QUALITY = re.compile(r"\d(\.\d*)?|\.\d+", re.ASCII)


@dataclass(frozen=True)
class Range:
    """One item of an Accept header."""

    type: str
    subtype: str
    parameters: frozenset[tuple[str, str]]
    quality: float

    def specificity(self, offered: "Range") -> int:
        """How closely this range names the offered type; -1 if it does not."""
        if self.type == "*":
            return 0
        if self.type != offered.type:
            return -1
        if self.subtype == "*":
            return 1
        if self.subtype != offered.subtype or not self.parameters <= offered.parameters:
            return -1
        return 2 + len(self.parameters)


def best(accept: str | None, offered: Sequence[str]) -> str | None:
    """The offered type that the header prefers; the first offered one wins a tie or an absent header."""
    if not offered:
        return None
    if accept is None or not accept.strip():
        return offered[0]
    if len(accept) > REMEMBERED:
        return _best(accept, tuple(offered))
    return _remembered_best(accept, tuple(offered))


def accepted(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """The Accept header of a request; several are one list (RFC 9110, section 5.3)."""
    return ",".join([value.decode("latin-1") for name, value in headers if name == b"accept"])


def _best(accept: str, offered: tuple[str, ...]) -> str | None:
    ranges = [found for item in _split(accept, ",") if (found := _parse(item))]
    ranked = [(_quality(ranges, _parse(media_type)), -place) for place, media_type in enumerate(offered)]
    quality, place = max(ranked)
    return offered[-place] if quality > 0 else None


_remembered_best = lru_cache(512)(_best)


def prefers_page(accept: str | None) -> bool:
    """Whether the header prefers HTML to every RDF type, as browsers do; a bare wildcard does not."""
    return bool(accept) and best(accept, (*GRAPH_TYPES, "text/html")) == "text/html"


@lru_cache(64)
def result_format(media_type: str) -> QueryResultsFormat:
    """The engine's format for a type of a table or a truth value; KeyError if there is none."""
    found = QueryResultsFormat.from_media_type(media_type)
    if found is None:
        raise KeyError(media_type)
    return found


@lru_cache(64)
def graph_format(media_type: str) -> RdfFormat:
    """The engine's format for a type of a graph; KeyError if there is none."""
    found = RdfFormat.from_media_type(media_type)
    if found is None:
        raise KeyError(media_type)
    return found


def media_type_of(extension: str, forms: Iterable[QueryResultsFormat | RdfFormat]) -> str | None:
    """The media type for a file extension such as csv, ttl or json."""
    names = {form.file_extension: form.media_type for form in forms}
    short = {"srj": "json", "srx": "xml"}
    names |= {short[name]: media_type for name, media_type in list(names.items()) if name in short}
    return names.get(extension)


def _quality(ranges: Iterable[Range], offered: Range | None) -> float:
    if offered is None:
        return 0.0
    fitting = [(rank, r.quality) for r in ranges if (rank := r.specificity(offered)) >= 0]
    return max(fitting)[1] if fitting else 0.0


def _parse(item: str) -> Range | None:
    """One media range; None for what is not one, so that a broken item does not spoil the others."""
    name, *rest = _split(item, ";")
    main, slash, sub = name.strip().lower().partition("/")
    if not slash or not main or not sub or (main == "*" and sub != "*"):
        return None
    quality, parameters = 1.0, set()
    for parameter in rest:
        key, _, value = parameter.strip().partition("=")
        key, value = key.strip().lower(), value.strip().strip('"')
        if key == "q":
            quality = _parse_quality(value)
            break  # what follows q are extensions of Accept, not of the type
        if key:
            parameters.add((key, value.lower()))
    return Range(main, sub, frozenset(parameters), quality)


def _parse_quality(value: str) -> float:
    return min(float(value), 1.0) if QUALITY.fullmatch(value) else 0.0


def _split(text: str, separator: str) -> list[str]:
    """Split at a separator that is not inside a quoted string."""
    parts, quoted, start = [], False, 0
    for place, char in enumerate(text):
        if char == '"':
            quoted = not quoted
        elif char == separator and not quoted:
            parts.append(text[start:place])
            start = place + 1
    parts.append(text[start:])
    return [part for part in parts if part.strip()]
