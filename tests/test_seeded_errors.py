"""Fifty one-cell errors drawn at random: how many of them the schemas, shapes and checks catch.

SHISAKU_TEST_SEED draws others than the usual fifty, SHISAKU_TEST_ERRORS another number of them.
"""

import os
import shutil
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tests.building import ROOT
from tests.seeding import Cell, caught, draw, lines_of

SEED = int(os.environ.get("SHISAKU_TEST_SEED") or 20241125)
ERRORS = int(os.environ.get("SHISAKU_TEST_ERRORS") or 50)
SHARE = 0.84  # what no draw of fifty may fall below; data/README.md tells what was measured over many
PROCESSES = 2

Error = tuple[str, Cell, int]


def outcomes(folder: Path, errors: list[Error]) -> list[tuple[Error, str]]:
    """Each error with the rule that caught it, one after another on a copy of the data of its own."""
    shutil.copytree(ROOT / "data", folder / "data")
    return [(error, caught(folder / "data", error)) for error in errors]


def test_seeded_errors_are_caught(tmp_path: Path) -> None:
    errors = draw(ERRORS, SEED)
    shares = [errors[n::PROCESSES] for n in range(PROCESSES)]
    with ProcessPoolExecutor(PROCESSES, get_context("spawn")) as pool:
        found = [
            each for part in pool.map(outcomes, [tmp_path / str(n) for n in range(PROCESSES)], shares) for each in part
        ]
    missed = [error for error, rule in found if not rule]
    print(
        f"seed {SEED}: caught {len(found) - len(missed)} of {len(found)}",
        dict(Counter(rule for _, rule in found if rule)),
    )
    for slip, cell, _ in missed:
        text = lines_of(ROOT / "data" / cell.path)[cell.line][cell.place]
        print(f"missed: {slip} {cell.path} row {cell.line + 1} {cell.column} '{text}'")
    assert len(found) == ERRORS
    assert len(missed) <= ERRORS * (1 - SHARE), f"SHISAKU_TEST_SEED={SEED}"
