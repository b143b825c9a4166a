"""Order: positions, and rows that follow the order of another table → a fault for each that is out of it.

A field says which rows it counts by ``counts``, the columns that a group's rows have in common (none: the whole table). The rows of
a group stand together in the file, in their order, unless the field also says ``interleaved``. By ``order_of``, ``table.column`` (of
the same edition, or ``common/table.column``), a field says that its cells come in the order in which that column has them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from service.building.tables import Table
from service.faults import Fault, Text

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


def disordered(tables: list[Table]) -> Iterator[Fault]:
    """A fault for each row that does not stand where the table to which its field points by ``order_of`` has its cell."""
    for table, field in [(each, field) for each in tables for field in each.fields if "order_of" in field]:
        name, _, column = field["order_of"].partition(".")
        path = f"data/{name}.csv" if "/" in name else f"data/{table.edition}/{name}.csv"
        cells = [
            row.cells[column] for other in tables if other.path == path for row in other.rows if column in row.cells
        ]
        place = {cell: n for n, cell in enumerate(dict.fromkeys(cells))}
        previous = ""
        for row in table.rows:
            cell = row.cells.get(field["name"], "")
            if cell != previous and place.get(cell, -1) <= place.get(previous, -1):
                ja, en = (
                    f"「{cell}」の行は「{previous}」の行より前です",
                    f"the rows of '{cell}' come before those of '{previous}'",
                )
                remedy = Text(f"行を {path} と同じ順に並べてください", f"put the rows in the order of {path}")
                yield Fault(table.path, row.number, field["name"], "order", Text(ja, en), remedy)
            previous = cell
