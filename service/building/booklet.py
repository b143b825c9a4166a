"""The booklet: its pages' fingerprints and the decisions about its text → whether a text stands on a page.

Three tables of an edition tell of it, by the ``role`` of their columns: the ``fingerprint`` of each page; what the text ``says``
and what was ``taken`` for it; and which ``check`` on a ``table``, ``column`` and ``cell`` is excused. An edition without
fingerprints is not asked.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from service.building.fingerprints import Marks, mark, marks, page_pieces, readable, unpack
from service.building.tables import Row, Table
from service.folding import LEGAL_FORMS

Pieces = Callable[[str], list[str]]


@dataclass(frozen=True)
class Booklet:
    """What is known of the printed pages of one edition."""

    pages: Mapping[int, Marks]
    says: Mapping[str, list[str]]
    excused: Mapping[tuple[str, str, str, str], set[int]]

    def missing(self, page: int, text: str, pieces: Pieces) -> str:
        """The first piece of a text that the page lacks in every spelling of it, or nothing."""
        lacking = [self.lacking(page, pieces(spelling)) for spelling in self.spellings(text)]
        return lacking[0] if all(lacking) else ""

    def lacking(self, page: int, pieces: list[str]) -> str:
        """The first of the pieces that the page lacks, or nothing."""
        known = self.pages.get(page, frozenset())
        return next((readable(piece) for piece in pieces if mark(page, piece) not in known), "")

    def spellings(self, text: str) -> Iterator[str]:
        """A text, what the booklet says where this was read, and its legal form in short."""
        yield text
        yield from self.says.get(text, [])
        for short, form in LEGAL_FORMS.items():
            if form in text:
                yield text.replace(form, short)

    def excused_on(self, check: str, table: Table, row: Row, column: str) -> set[int]:
        """The pages for which a documented exception covers a cell as it stands."""
        return self.excused.get((check, table.path.removeprefix("data/"), column, row.cells.get(column, "")), set())


def booklet(tables: list[Table], edition: str) -> Booklet:
    """What the tables of an edition tell of its printed pages."""
    of_edition = [table for table in tables if table.edition == edition]
    read: dict[int, set[str]] = {}
    says: dict[str, list[str]] = {}
    for page, said, taken in cells_by_role(of_edition, "page", "says", "taken"):
        read.setdefault(int(page), set()).update(page_pieces(taken))
        says.setdefault(taken, []).append(said)
    pages = {
        int(page): unpack(packed) | marks(int(page), read.get(int(page), set()))
        for page, packed in cells_by_role(of_edition, "page", "fingerprint")
    }
    excused: dict[tuple[str, str, str, str], set[int]] = {}
    for check, table, column, cell, page in cells_by_role(of_edition, "check", "table", "column", "cell", "page"):
        excused.setdefault((check, table, column, cell), set()).add(int(page))
    return Booklet(pages, says, excused)


def cells_by_role(tables: list[Table], *roles: str) -> Iterator[tuple[str, ...]]:
    """The cells of those columns, row by row, of every table that has columns with all of these roles."""
    for table in tables:
        columns = [column_of(table.fields, role) for role in roles]
        if all(columns):
            yield from (tuple(row.cells.get(column, "") for column in columns) for row in table.rows)


def column_of(fields: list[dict[str, Any]], role: str) -> str:
    """The column with a role; the page's is known by what it names."""
    return next((str(f["name"]) for f in fields if f.get("role") == role or f.get("identifier") == role == "page"), "")
