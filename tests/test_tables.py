"""Wrong tables to faults: each names the file, the row, the column, the rule and the remedy; good tables give none."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from service.building.tables import REMEDIES, Table, package_descriptor
from service.settings import Settings
from tests.building import ROOT, Lines, edit, good, project, schema_faults, set_cell

Break = Callable[[Path], None]
RATES, ROLES, BUDGET = "2024/loan-rates.csv", "2024/law-roles.csv", "2024/budget.csv"


def cell(row: int, column: str, value: str) -> Break:
    return lambda path: set_cell(path, row, column, value)


def lines(change: Callable[[Lines], object]) -> Break:
    return lambda path: edit(path, lambda found: (change(found), None)[1])


def drop_column(found: Lines) -> None:
    for record in found:
        record.pop()


def add_column(found: Lines) -> None:
    for place, record in enumerate(found):
        record.append("備考" if place == 0 else "x")


def shift_jis(path: Path) -> None:
    path.write_bytes(path.read_text("utf-8-sig").encode("cp932"))


CASES: dict[str, tuple[str, Break, int | None, str | None, str]] = {
    "a letter in a number": (RATES, cell(5, "rate_percent", "1.x"), 5, "rate_percent", "type-error"),
    "a thousands comma in a number": (BUDGET, cell(4, "amount_yen", "1,000"), 4, "amount_yen", "type-error"),
    "a rate above a hundred": (RATES, cell(6, "rate_percent", "170"), 6, "rate_percent", "constraint-error"),
    "a page that the booklet has not": (ROLES, cell(3, "page", "95"), 3, "page", "constraint-error"),
    "a missing page": (ROLES, cell(7, "page", ""), 7, "page", "constraint-error"),
    "an unknown law": (ROLES, cell(4, "law", "no-such-act"), 4, "law", "foreign-key"),
    "a slug with capitals": ("common/laws.csv", cell(3, "slug", "SME-Act"), 3, "slug", "constraint-error"),
    "a month that is none": ("2024/events.csv", cell(9, "date", "1980-13"), 9, "date", "type-error"),
    "a bad header": (ROLES, lines(lambda f: f[0].__setitem__(1, "rolle")), None, "role", "incorrect-label"),
    "a missing column": (ROLES, lines(drop_column), None, "page", "missing-label"),
    "a column too many": (ROLES, lines(add_column), None, "備考", "extra-label"),
    "a missing cell": (ROLES, lines(lambda f: f[5].pop()), 6, "page", "missing-cell"),
    "a cell too many": (ROLES, lines(lambda f: f[5].append("x")), 6, "", "extra-cell"),
    "a blank row": (ROLES, lines(lambda f: f.insert(5, ["", "", ""])), 6, None, "blank-row"),
    "a key twice": (ROLES, lines(lambda f: f.insert(6, list(f[5]))), 7, None, "primary-key"),
    "a file in Shift_JIS": (ROLES, shift_jis, None, None, "encoding-error"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_wrong_table_gives_a_fault_at_its_place(name: str, tmp_path: Path) -> None:
    path, break_it, row, column, rule = CASES[name]
    settings = project(tmp_path)
    break_it(settings.data_dir / path)
    found = [fault for fault in schema_faults(settings) if fault.file == f"data/{path}"]
    assert (row, rule) in {(fault.row, fault.rule) for fault in found}
    [fault] = [fault for fault in found if (fault.row, fault.rule) == (row, rule)]
    assert not column or fault.column == column
    for lang, (row_word, column_word) in {"ja": ("行", "列"), "en": ("row", "column")}.items():
        text = fault.line(lang)
        assert text.startswith(f"data/{path}") and f"[{rule}]" in text
        assert row is None or f"{row_word} {row} " in text
        assert not column or f"{column_word} {column} " in text
        assert text.endswith(REMEDIES[rule].get(lang))


def test_every_remedy_is_for_a_fault_that_a_case_shows() -> None:
    assert set(REMEDIES) == {rule for *_, rule in CASES.values()}


def test_the_tables_as_they_stand_give_no_fault() -> None:
    assert schema_faults(good().settings) == []
    assert len(good().tables) == len(package_descriptor(ROOT / "data")["resources"]) > 50


def test_an_unlisted_table_is_a_fault(tmp_path: Path) -> None:
    settings = project(tmp_path)
    (settings.data_dir / "2024" / "forgotten.csv").write_text("a,b\n1,2\n", "utf-8")
    [fault] = schema_faults(settings)
    assert (fault.file, fault.rule) == ("data/2024/forgotten.csv", "unlisted-table")
    assert "datapackage.json" in fault.remedy.ja and "datapackage.json" in fault.remedy.en


def test_a_listed_table_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    settings = project(tmp_path)
    (settings.data_dir / ROLES).unlink()
    assert any(ROLES in fault.file or ROLES in fault.message.en for fault in schema_faults(settings))


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    """One number of ten tables drawn at random gets a letter: ten faults, each at its own row and column."""
    settings = project(tmp_path)
    expected = {break_a_number(settings, table, draw) for draw, table in drawn_tables(10)}
    assert {(fault.file, fault.row, fault.column) for fault in schema_faults(settings)} == expected
    assert len(expected) == 10


def drawn_tables(count: int) -> list[tuple[random.Random, Table]]:
    draw = random.Random(2024)
    with_numbers = [table for table in good().tables if numbers(table)]
    return [(draw, table) for table in draw.sample(with_numbers, count)]


def numbers(table: Table) -> list[str]:
    """The number columns that are neither a key nor point elsewhere."""
    return [
        field["name"]
        for field in table.fields
        if field["type"] in {"integer", "number"} and field["name"] not in table.key
    ]


def break_a_number(settings: Settings, table: Table, draw: random.Random) -> tuple[str, int, str]:
    row, column = draw.choice([(row, name) for row in table.rows for name in numbers(table) if name in row.cells])
    set_cell(settings.data_dir / table.path.removeprefix("data/"), row.number, column, row.cells[column] + "O")
    return table.path, row.number, column


@pytest.mark.parametrize("name", ["byte order mark left off", "CRLF line ends", "blanks around cells"])
def test_what_excel_may_do_is_no_fault(name: str, tmp_path: Path) -> None:
    settings = project(tmp_path)
    path = settings.data_dir / ROLES
    text = path.read_text("utf-8-sig")
    changed = {
        "byte order mark left off": text,
        "CRLF line ends": "\ufeff" + text.replace("\n", "\r\n"),
        "blanks around cells": "\ufeff" + text.replace(",中小企業等の定義,", ", 中小企業等の定義 ,"),
    }[name]
    path.write_bytes(changed.encode())
    assert schema_faults(settings) == []
