"""A question's answer to a table for people: sorted, cut into pages, labels leading to the pages of what they name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.ui.asking import Name
from service.ui.rows import Result, Row

PER_PAGE = 50
LINKED = frozenset(
    [
        "label",
        "program",
        "fund",
        "law",
        "organisation",
        "council",
        "unit",
        "parent",
        "section",
        "operator",
        "pillar",
        "policy_area",
        "via",
        "secretariat",
        "person",
        "form",
        "plan",
        "supervising_section",
        "table_section",
        "member",
        "programme",
        "thing",
        "event",
    ]
)


@dataclass(frozen=True)
class Table:
    """One page of an answer."""

    columns: tuple[str, ...]
    rows: Sequence[Row]
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


def table(found: Result, asked: Mapping[str, str]) -> Table:
    """The page of rows that ``sort``, ``desc`` and ``p`` ask for."""
    sort = asked.get("sort", "") if asked.get("sort") in found.columns else ""
    descending = asked.get("desc") == "1"
    rows = sorted(found.rows, key=lambda row: rank(row, sort), reverse=descending) if sort else list(found.rows)
    if sort:
        rows = [r for r in rows if r[sort]] + [r for r in rows if not r[sort]]  # what is not said comes last either way
    pages = max(1, -(-len(rows) // PER_PAGE))
    wanted = asked.get("p", "1")
    number = min(max(1, int(wanted)), pages) if wanted.isascii() and wanted.isdigit() and len(wanted) < 7 else 1
    shown = rows[(number - 1) * PER_PAGE : number * PER_PAGE]
    return Table(found.columns, shown, len(rows), number, pages, sort, descending)


def rank(row: Row, column: str) -> tuple[float, str]:
    """What a row is sorted by."""
    value = row[column]
    number = value.number
    return (number if number is not None else 0.0, "" if number is not None else value.text)


def destination(column: str, text: str, known: Mapping[str, Name], edition: str) -> str:
    """Where a cell leads; empty for nowhere."""
    if column == "page" and text.isdigit() and edition:
        return f"/page/page/{edition}-{text}"
    name = known.get(text)
    return name.path if name and column in LINKED else ""
