"""A question's answer to a table for people: sorted, cut into pages, labels leading to the pages of what they name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.ui import layouts
from service.ui.figures import cell, month
from service.ui.reading import Reader, Shown
from service.ui.rows import Result, Row, Value

PER_PAGE = 50
DATES = ("date", "established")


@dataclass(frozen=True)
class Table:
    """One page of an answer."""

    columns: tuple[str, ...]
    rows: Sequence[Sequence[Shown]]
    numeric: frozenset[str]
    total: int
    number: int
    pages: int
    sort: str
    descending: bool

    @property
    def first(self) -> int:
        """Number of the first row shown; 0 for none."""
        return (self.number - 1) * PER_PAGE + 1 if self.total else 0

    @property
    def last(self) -> int:
        """Number of the last row shown."""
        return min(self.number * PER_PAGE, self.total)


def table(found: Result, asked: Mapping[str, str], reader: Reader, edition: str) -> Table:
    """The page of rows that ``sort``, ``desc`` and ``p`` ask for."""
    sort = asked.get("sort", "") if asked.get("sort") in found.columns else ""
    descending = asked.get("desc") == "1"
    rows = sorted(found.rows, key=lambda row: rank(row, sort), reverse=descending) if sort else list(found.rows)
    if sort:
        rows = [r for r in rows if r[sort]] + [r for r in rows if not r[sort]]  # what is not said comes last either way
    pages = max(1, -(-len(rows) // PER_PAGE))
    wanted = asked.get("p", "1")
    number = min(max(1, int(wanted)), pages) if wanted.isascii() and wanted.isdigit() and len(wanted) < 7 else 1
    part = rows[(number - 1) * PER_PAGE : number * PER_PAGE]
    shown = [[said(column, row[column], reader, edition) for column in found.columns] for row in part]
    numeric = frozenset(c for c in found.columns if any(r[c].number is not None for r in rows))
    return Table(found.columns, shown, numeric, len(rows), number, pages, sort, descending)


def rank(row: Row, column: str) -> tuple[float, str]:
    """What a row is sorted by."""
    value = row[column]
    number = value.number
    return (number if number is not None else 0.0, "" if number is not None else value.text)


def said(column: str, value: Value, reader: Reader, edition: str) -> Shown:
    """One cell."""
    text = value.text
    if column == "page" and text.isdigit():
        return Shown(text, href=f"/page/page/{edition}-{text}" if edition else "", number=value.number)
    if value.number is not None:
        return Shown(cell(column, value, reader.lang), number=value.number)
    if column in DATES:
        return Shown(month(text, reader.lang))
    if column in ("phone", "fax") and text:
        return Shown(text, href="tel:" + text.split(";")[0].strip())
    if column == "email" and text:
        return Shown(text, href=f"mailto:{text}")
    shown = reader.named(Value(text))
    return Shown(
        shown.text,
        shown.lang,
        shown.href if column in layouts.settings()["columns_linked"] else "",
    )
