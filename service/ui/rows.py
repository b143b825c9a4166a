"""SPARQL JSON results to rows of values that know their language and where they lead."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

NUMBERS = ("integer", "decimal", "double", "float")
SCHEMES = ("https://", "http://", "mailto:")


@dataclass(frozen=True)
class Value:
    """One term as people read it."""

    text: str
    lang: str = ""
    iri: str = ""
    datatype: str = ""

    @property
    def number(self) -> float | None:
        """The number, if it is one."""
        return float(self.text) if self.datatype in NUMBERS else None

    @property
    def safe_iri(self) -> str:
        """The address, if following it cannot run anything."""
        return self.iri if self.iri.startswith(SCHEMES) else ""

    def __bool__(self) -> bool:
        return bool(self.text)


NOTHING = Value("")
Row = Mapping[str, Value]


@dataclass(frozen=True)
class Result:
    """A table of values."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def result(body: bytes) -> Result:
    """A SPARQL JSON result as a table; an unbound variable is an empty value."""
    table: dict[str, Any] = json.loads(body)
    columns = tuple(table["head"]["vars"])
    found = table["results"]["bindings"]
    return Result(columns, tuple({name: value(row.get(name)) for name in columns} for row in found))


def value(term: Mapping[str, str] | None) -> Value:
    """One binding as a value."""
    if term is None:
        return NOTHING
    if term["type"] == "uri":
        return Value(term["value"], iri=term["value"])
    language = term.get("xml:lang", "").lower().replace("ja-hrkt", "ja-Hrkt")
    return Value(term["value"], language, datatype=term.get("datatype", "").rpartition("#")[2])
