"""The project's own tables to good rows and quads, and to copies that may be broken: what these tests share."""

import csv
import io
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from pyoxigraph import Store

from service.building import build as line
from service.building.tables import Row, Table, read_tables
from service.faults import DataFault, Fault
from service.settings import Settings
from service.vocabulary import Vocabulary

ROOT = Path(__file__).resolve().parents[1]
BOM = "\ufeff"
Lines = list[list[str]]


@dataclass(frozen=True)
class Good:
    """The project's data as it stands, read and assembled once; nobody changes it."""

    settings: Settings
    vocabulary: Vocabulary
    tables: tuple[Table, ...]
    store: Store

    def table(self, path: str) -> Table:
        """The table at ``2024/budget.csv``."""
        return next(table for table in self.tables if table.path == f"data/{path}")


def quiet(_: str) -> None:
    """Progress that nobody reads."""


def settings_for(data_dir: Path, snapshots_dir: Path) -> Settings:
    """The project with its tables elsewhere."""
    return Settings(data_dir=data_dir, snapshots_dir=snapshots_dir)


@cache
def good() -> Good:
    """Read and assemble the project's data."""
    settings = settings_for(ROOT / "data", ROOT / "snapshots")
    tables = read_tables(settings.data_dir)
    vocabulary = Vocabulary(settings.base_iri, settings.ontology_dir)
    return Good(settings, vocabulary, tuple(tables), line.assemble(tables, settings, quiet))


def project(folder: Path) -> Settings:
    """A copy of the data in ``folder`` that a test may break, with snapshots of its own."""
    shutil.copytree(ROOT / "data", folder / "data")
    return settings_for(folder / "data", folder / "snapshots")


def edit(path: Path, change: Callable[[Lines], None]) -> None:
    """Change the lines of a CSV file (header first) in place, as a spreadsheet program would save them."""
    lines = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))
    change(lines)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines)
    path.write_text(BOM + text.getvalue(), "utf-8")


def set_cell(path: Path, row: int, column: str, value: str) -> None:
    """Write one cell of a CSV file; ``row`` is the line of the file, the header being 1."""

    def change(lines: Lines) -> None:
        lines[row - 1][lines[0].index(column)] = value

    edit(path, change)


def schema_faults(settings: Settings) -> list[Fault]:
    """What reading the tables complains of; empty when they are as declared."""
    try:
        read_tables(settings.data_dir)
    except DataFault as fault:
        return fault.faults
    return []


def faults(settings: Settings) -> list[Fault]:
    """What the whole check complains of: the faults of the first step that finds any."""
    try:
        line.check(settings, quiet)
    except DataFault as fault:
        return fault.faults
    return []


def with_rows(tables: Iterable[Table], path: str, change: Callable[[Row], Row | None]) -> list[Table]:
    """The tables with each row of one replaced by what ``change`` makes of it; None leaves the row out."""

    def changed(table: Table) -> Table:
        if table.path != f"data/{path}":
            return table
        return replace(table, rows=tuple(row for old in table.rows if (row := change(old)) is not None))

    return [changed(table) for table in tables]


def with_cell(tables: Iterable[Table], path: str, row: int, cells: dict[str, str | None]) -> list[Table]:
    """The tables with some cells of one row set, or taken away where the value is None."""

    def change(old: Row) -> Row:
        if old.number != row:
            return old
        merged = {**old.cells, **cells}
        return Row(row, {column: value for column, value in merged.items() if value is not None})

    return with_rows(tables, path, change)


def find(table: Table, **cells: str) -> Row:
    """The only row with these cells."""
    [row] = [row for row in table.rows if all(row.cells.get(column) == value for column, value in cells.items())]
    return row
