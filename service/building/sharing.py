"""Sharing: a cell that is spoken of in another column's words → a fault where the two have no words in common.

A field says by ``shares`` in which column the name of what it names occurs; five characters running, or the whole of a shorter name,
are enough, because a text may name a thing by a part of its name.
"""

from collections.abc import Iterator

from service.building.booklet import booklet
from service.building.fingerprints import fold
from service.building.tables import Table
from service.building.texts import field_of, texts_of
from service.faults import Fault, Text

RUN = 5
REMEDY = Text(
    "つなぎの行先か元を直してください。名が出ないつなぎなら check-exceptions.csv に行を足してください",
    "correct either side of the link; a link to something that is not named gets a row in check-exceptions.csv",
)


def strangers(tables: list[Table]) -> Iterator[Fault]:
    """A fault for each cell whose name has nothing in common with the other column."""
    texts = texts_of(tables)
    books = {edition: booklet(tables, edition) for edition in {each.edition for each in tables}}
    for table, field in [(each, field) for each in tables for field in each.fields if "shares" in field]:
        for row in table.rows:
            here, there = texts.of(row, field), texts.of(row, field_of(table, field["shares"]))
            excused = books[table.edition].excused_on("shares", table, row, field["name"])
            if not excused and not any(alike(fold(a), fold(b)) for a in here for b in there):
                ja, en = f"「{here[0]}」は「{there[0]}」に出ません", f"'{here[0]}' does not occur in '{there[0]}'"
                yield Fault(table.path, row.number, field["name"], "shares", Text(ja, en), REMEDY)


def alike(name: str, text: str) -> bool:
    """Whether a text has the name, or enough of it."""
    run = min(RUN, len(name))
    return any(name[n : n + run] in text for n in range(len(name) - run + 1))
