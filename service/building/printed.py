"""Print: what the schemas say of where cells stand in the booklet → a fault for each cell that does not stand there.

Beside the keys that ``statements`` explains, a field may say of its cells (of the name, where a cell names a thing):

``verbatim``  how they stand on their page: as ``whole`` words; ``within`` words; in ``parts`` between brackets, commas and blanks, each
              whole words; in ``fragments``, such parts within words; only their ``figures``
``pages``     the columns that name the pages (``page`` without it); a cell stands on every one
``beside``    what they are printed right after, one of: another column; ``^`` the same column in the row before; ``^column`` the
              same in the row before that has the same cell in that column; ``=words``
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.building.booklet import Booklet, Pieces, booklet
from service.building.fingerprints import figures, in_one_word, numbers, side_by_side, whole_words, words_within
from service.building.tables import Row, Table
from service.building.texts import Field, Texts, field_of, texts_of
from service.faults import Fault, Text

SIGNS = re.compile(r"[()（）、\s]")
COMPARE = Text(
    "原本のそのページと見比べて、セルかページを直してください。誤読を直した字なら decisions.csv に、組み立てた形なら "
    "check-exceptions.csv に行を足してください",
    "compare with that page of the booklet and correct the cell or the page; a corrected misreading gets a row in "
    "decisions.csv, a form put together gets one in check-exceptions.csv",
)


def parts(cell: str) -> list[str]:
    """The pieces of a cell that was put together: of each part between brackets, commas and blanks."""
    return [piece for part in SIGNS.split(cell) if part for piece in whole_words(part)]


def fragments(cell: str) -> list[str]:
    """The same, where each part may begin and end in the middle of a printed word."""
    return [piece for part in SIGNS.split(cell) for piece in words_within(part)]


VERBATIM: Mapping[str, Pieces] = {
    "whole": whole_words,
    "within": words_within,
    "parts": parts,
    "fragments": fragments,
    "figures": figures,
}


def misplaced(tables: list[Table]) -> Iterator[Fault]:
    """A fault for each cell that does not stand where its schema says that it does."""
    texts = texts_of(tables)
    for edition in sorted({table.edition for table in tables}):
        book = booklet(tables, edition)
        if book.pages:
            for table in tables:
                if table.edition == edition:
                    yield from Printed(book, texts, table).faults()


@dataclass(frozen=True)
class Printed:
    """The rules over one table of an edition."""

    book: Booklet
    texts: Texts
    table: Table

    def faults(self) -> Iterator[Fault]:
        """A fault for each cell that breaks a rule and is not excused."""
        for field in self.table.fields:
            if "verbatim" in field:
                yield from self.absent(field)
            if "beside" in field:
                yield from self.elsewhere(field)

    def absent(self, field: Field) -> Iterator[Fault]:
        """Cells that do not stand on their page."""
        for row in self.table.rows:
            for page in self.pages(row, field):
                told = [
                    self.book.missing(page, text, VERBATIM[field["verbatim"]]) for text in self.texts.of(row, field)
                ]
                excused = page in self.book.excused_on("verbatim", self.table, row, field["name"])
                if told and all(told) and not excused:
                    cell = self.texts.of(row, field)[0]
                    ja = f"「{cell}」は{page}ページにありません（「{told[0]}」の所）"
                    en = f"'{cell}' does not stand on page {page} (at '{told[0]}')"
                    yield Fault(self.table.path, row.number, field["name"], "verbatim", Text(ja, en), COMPARE)

    def elsewhere(self, field: Field) -> Iterator[Fault]:
        """Cells that are not printed right after what they follow."""
        before: dict[str, Row] = {}
        for row in self.table.rows:
            texts = self.texts.of(row, field)
            left = [text for where in field["beside"] for text in self.left(row, field, where, before)]
            if texts and left and not self.follows(row, field, left, texts):
                ja = f"「{texts[0]}」は「{'」「'.join(left)}」の次に印字されていません"
                en = f"'{texts[0]}' is not printed right after '{chr(39).join(left)}'"
                yield Fault(self.table.path, row.number, field["name"], "beside", Text(ja, en), COMPARE)
            if texts:
                before |= dict.fromkeys(self.groups(row, field), row)

    def follows(self, row: Row, field: Field, left: list[str], texts: list[str]) -> bool:
        """Whether one of the texts is printed right after one of those, with a gap or without, or is excused."""
        page = self.pages(row, field)[0]
        cells = (
            [first for text in texts for first in numbers(text)[:1]] if field.get("verbatim") == "figures" else texts
        )
        pairs = [
            (a, b)
            for one in left
            for a in self.book.spellings(one)
            for text in cells
            for b in self.book.spellings(text)
        ]
        found = (pieces for a, b in pairs for pieces in (side_by_side(a, b), in_one_word(a, b)))
        return any(not self.book.lacking(page, pieces) for pieces in found) or (
            page in self.book.excused_on("beside", self.table, row, field["name"])
        )

    def left(self, row: Row, field: Field, where: str, before: Mapping[str, Row]) -> list[str]:
        """The texts that one of the places of ``beside`` means for a row."""
        if where.startswith("="):
            return [where[1:]]
        if where.startswith("^"):
            above = before.get(f"{where}={row.cells.get(where[1:], '')}")
            return self.texts.of(above, field) if above and self.pages(above, field) == self.pages(row, field) else []
        return self.texts.of(row, field_of(self.table, where))

    def groups(self, row: Row, field: Field) -> list[str]:
        """The places of ``beside`` for which a row is the one before the next."""
        return [f"{where}={row.cells.get(where[1:], '')}" for where in field["beside"] if where.startswith("^")]

    def pages(self, row: Row, field: Field) -> list[int]:
        """The pages on which a cell of the row stands."""
        return [int(row.cells[column]) for column in field.get("pages", ["page"]) if column in row.cells]
