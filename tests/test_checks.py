"""Each cross-check: one changed cell of the real tables breaks it, at that row; a change of the same kind that is right does not."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from service.building import build as line
from service.building.checks import broken_rule
from service.catalogue import header
from tests.building import ROOT, find, good, quiet, with_cell

CHECKS = {path.stem: path for path in sorted((ROOT / "shapes" / "checks").glob("*.rq"))}
CASES = {path.stem: path for path in sorted((Path(__file__).parent / "checks").glob("*.yaml"))}
Place = tuple[str, int | None]


@cache
def case(name: str) -> Mapping[str, Any]:
    """What the file of a check says."""
    found: Mapping[str, Any] = yaml.safe_load(CASES[name].read_text("utf-8"))
    return found


def told(name: str, change: Mapping[str, Any]) -> set[Place]:
    """The rows that one check names after one change of the tables."""
    row = find(good().table(change["table"]), **change["row"])
    tables = with_cell(good().tables, change["table"], row.number, change["set"])
    store = line.assemble(tables, good().settings, quiet)
    return {(fault.file, fault.row) for fault in broken_rule(store, CHECKS[name], good().vocabulary, ["2024"])}


def test_every_check_has_its_case_and_every_case_its_check() -> None:
    assert len(CHECKS) > 60
    assert set(CASES) == set(CHECKS)


@pytest.mark.parametrize("name", CASES)
def test_a_check_names_the_row_that_breaks_it(name: str) -> None:
    breaks = case(name)["breaks"]
    place = case(name).get("told", breaks)
    assert told(name, breaks) == {(f"data/{place['table']}", find(good().table(place["table"]), **place["row"]).number)}


@pytest.mark.parametrize("name", CASES)
def test_a_check_lets_pass_what_is_right(name: str) -> None:
    assert case(name)["keeps"] != case(name)["breaks"]
    assert told(name, case(name)["keeps"]) == set()


@pytest.mark.parametrize("name", CHECKS)
def test_the_header_of_a_check_says_what_is_wrong_and_what_to_do_in_both_languages(name: str) -> None:
    about = header(CHECKS[name].read_text("utf-8"))
    assert all(about[key][lang].strip() for key in ("summary", "remedy") for lang in ("ja", "en"))
