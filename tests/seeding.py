"""Slips of the hand in the tables, one cell at a time, and whether a check of the whole data stops over one."""

import csv
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from service.building.build import check
from service.building.tables import Table, read_tables
from service.faults import DataFault
from service.settings import Settings
from tests.building import ROOT, Lines, edit, quiet

Slip = Callable[[Lines, int, int, random.Random], None]  # lines with header, place of the line, of the cell


@dataclass(frozen=True)
class Cell:
    """One cell: the file below data/, its line (the header being 0) and column, as they stand in the list of lines."""

    path: str
    line: int
    place: int
    column: str


def digit(lines: Lines, line: int, place: int, dice: random.Random) -> None:
    """Another digit in the place of one."""
    text = lines[line][place]
    at = dice.choice([n for n, sign in enumerate(text) if sign.isascii() and sign.isdigit()])
    other = dice.choice([digit for digit in "0123456789" if digit != text[at]])
    lines[line][place] = text[:at] + other + text[at + 1 :]


def letter(lines: Lines, line: int, place: int, dice: random.Random) -> None:
    """A letter lost."""
    text = lines[line][place]
    at = dice.choice([n for n, sign in enumerate(text) if sign.isalpha()])
    lines[line][place] = text[:at] + text[at + 1 :]


def emptied(lines: Lines, line: int, place: int, _: random.Random) -> None:
    """The whole cell lost."""
    lines[line][place] = ""


def swapped(lines: Lines, line: int, place: int, dice: random.Random) -> None:
    """The cell of one row in the place of another's, and the other way round."""
    other = dice.choice(others(lines, line, place))
    lines[line][place], lines[other][place] = lines[other][place], lines[line][place]


def others(lines: Lines, line: int, place: int) -> list[int]:
    """The rows with another cell in that column; not those that differ in nothing else, where a swap changes only the order."""

    def rest(row: list[str]) -> list[str]:
        return row[:place] + row[place + 1 :]

    return [
        n
        for n, row in enumerate(lines)
        if n and row[place] and row[place] != lines[line][place] and rest(row) != rest(lines[line])
    ]


SLIPS: dict[str, Slip] = {"digit": digit, "letter": letter, "emptied": emptied, "swapped": swapped}


def fits(slip: str, lines: Lines, cell: Cell) -> bool:
    """Whether that slip can happen to that cell."""
    text = lines[cell.line][cell.place]
    if slip == "digit":
        return any(sign.isascii() and sign.isdigit() for sign in text)
    if slip == "letter":
        return len(text) > 1 and any(sign.isalpha() for sign in text)
    return slip == "emptied" or bool(others(lines, cell.line, cell.place))


def cells() -> list[Cell]:
    """Every filled cell that says what the booklet says: neither our own words nor what was found elsewhere."""
    return [cell for table in read_tables(ROOT / "data") if not table.schema.get("own") for cell in cells_of(table)]


def cells_of(table: Table) -> Iterator[Cell]:
    """The filled cells of one table."""
    for place, field in enumerate(table.fields):
        for row in table.rows if not field.get("own") else ():
            if field["name"] in row.cells:
                yield Cell(table.path.removeprefix("data/"), row.number - 1, place, field["name"])


def draw(count: int, seed: int) -> list[tuple[str, Cell, int]]:
    """Slips, each with its cell and a seed of its own: a kind at random, then a cell at random to which it can happen."""
    dice, drawn = random.Random(seed), []
    everywhere = cells()
    while len(drawn) < count:
        slip, cell = dice.choice(list(SLIPS)), dice.choice(everywhere)
        if fits(slip, lines_of(ROOT / "data" / cell.path), cell):
            drawn.append((slip, cell, dice.randrange(2**32)))
    return drawn


def lines_of(path: Path) -> Lines:
    """The lines of a table, header first."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def caught(data: Path, error: tuple[str, Cell, int]) -> str:
    """The rule that stops the check of a copy of the data over one slip, or nothing; the copy is whole again afterwards."""
    slip, cell, seed = error
    target = data / cell.path
    edit(target, lambda lines: SLIPS[slip](lines, cell.line, cell.place, random.Random(seed)))
    try:
        check(Settings(data_dir=data, snapshots_dir=data.parent / "snapshots"), quiet)
    except DataFault as fault:
        return fault.faults[0].rule
    finally:
        shutil.copy(ROOT / "data" / cell.path, target)
    return ""
