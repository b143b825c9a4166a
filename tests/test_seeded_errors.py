"""Fifty seeded one-cell errors in the edition's tables: how many the schemas, shapes and checks catch."""

import csv
import random
import shutil
from pathlib import Path

from service.build import check
from service.faults import DataFault
from service.settings import Settings
from tests.building import ROOT, quiet

ERRORS, FLOOR = 50, 25  # the floor is what was measured, less a margin for rows that are added
PLAIN = {"decisions.csv", "check-exceptions.csv"}  # about the reading, not of the booklet
FREE = ("summary", "label", "description", "remit", "reason", "note", "condition", "what")  # our own words


def candidates() -> list[tuple[Path, int, int]]:
    """Every cell that carries a figure, a name, a mark, a page or a reference: (file, line, column)."""
    found = []
    for path in sorted((ROOT / "data" / "2024").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, *rows = csv.reader(file)
        if path.name in PLAIN:
            continue
        wanted = [n for n, name in enumerate(header) if not name.startswith(FREE) or not name.endswith(("_ja", "_en"))]
        found += [(path, line, n) for line, row in enumerate(rows, 1) for n in wanted if row[n]]
    return found


def spoiled(text: str, dice: random.Random) -> str:
    """A cell with one slip: a digit changed, a letter lost, or, for one sign, another one."""
    digits = [n for n, sign in enumerate(text) if sign.isascii() and sign.isdigit()]
    if digits:
        place = dice.choice(digits)
        return text[:place] + str((int(text[place]) + dice.randrange(1, 9)) % 10) + text[place + 1 :]
    place = dice.randrange(len(text))
    return text[:place] + text[place + 1 :]


def caught(folder: Path, cell: tuple[Path, int, int], dice: random.Random) -> bool:
    """Whether the build stops over one spoiled cell."""
    path, line, column = cell
    target = folder / "data" / "2024" / path.name
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    rows[line][column] = spoiled(rows[line][column], dice)
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    try:
        check(Settings(data_dir=folder / "data", snapshots_dir=folder / "snapshots"), quiet)
    except DataFault as fault:
        return bool(fault.faults)
    finally:
        shutil.copy(path, target)
    return False


def test_seeded_errors_are_caught(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    dice = random.Random(20240401)
    cells = dice.sample(candidates(), ERRORS)
    missed = [cell for cell in cells if not caught(tmp_path, cell, dice)]
    print(f"caught {ERRORS - len(missed)} of {ERRORS}")
    for path, line, column in missed:
        print("missed", path.name, line + 1, column)
    assert ERRORS - len(missed) >= FLOOR
