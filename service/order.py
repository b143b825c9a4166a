"""Order: positions that count the rows of a group → a fault for each that is not the one after the row before.

A field says which rows it counts by ``counts``, the columns that a group's rows have in common (none: the whole table). The rows of
a group stand together in the file, in their order, unless the field also says ``interleaved``.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from service.faults import Fault, Text
from service.tables import Table

REMEDY = Text(
    "順の番号を 1 から抜けなく、行を番号の順に並べ、同じまとまりの行を続けてください",
    "number the rows from 1 without a gap, keep them in that order, and keep the rows of a group together",
)


def misnumbered(tables: list[Table]) -> Iterator[Fault]:
    """A fault for each position that is out of its order."""
    for table in tables:
        for field in table.fields:
            if "counts" in field:
                yield from out_of_order(table, field)


def out_of_order(table: Table, field: Mapping[str, Any]) -> Iterator[Fault]:
    """The rows of one table whose position is not what it must be."""
    reached: dict[tuple[str, ...], int] = {}
    current: tuple[str, ...] | None = None
    for row in table.rows:
        group = tuple(row.cells.get(column, "") for column in field["counts"])
        apart = group != current and group in reached and not field.get("interleaved")
        expected = str(reached.get(group, 0) + 1)
        found = row.cells.get(field["name"], "")
        if apart or found != expected:
            shown = "、".join(group)
            ja = f"「{shown}」の行が離れています" if apart else f"順が {found} です（{expected} のはず）"
            en = f"the rows of '{shown}' stand apart" if apart else f"the position is {found}, not {expected}"
            yield Fault(table.path, row.number, field["name"], "position", Text(ja, en), REMEDY)
        reached[group], current = reached.get(group, 0) + 1, group
