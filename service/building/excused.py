"""Exceptions: rows that excuse a cell from a check → a fault for each whose cell is no longer there."""

from collections.abc import Iterator

from service.building.booklet import column_of
from service.building.tables import Table
from service.faults import Fault, Text

REMEDY = Text(
    "用のなくなった行を消すか、セルの字に合わせてください",
    "remove the row, or make it agree with the cell as it stands",
)


def idle(tables: list[Table]) -> Iterator[Fault]:
    """A fault for each exception to a cell that no row of its table has."""
    present = {
        (table.path.removeprefix("data/"), column, cell)
        for table in tables
        for row in table.rows
        for column, cell in row.cells.items()
    }
    for table in tables:
        at, column, cell = (column_of(table.fields, role) for role in ("table", "column", "cell"))
        for row in table.rows if at and column and cell else ():
            place = (row.cells.get(at, ""), row.cells.get(column, ""), row.cells.get(cell, ""))
            if place[0] and place not in present:
                ja, en = (
                    f"{place[0]} の {place[1]} に「{place[2]}」はもうありません",
                    f"'{place[2]}' is no longer in {place[0]}",
                )
                yield Fault(table.path, row.number, cell, "idle-exception", Text(ja, en), REMEDY)
