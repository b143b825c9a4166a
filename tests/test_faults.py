"""Faults to lines: place, rule, message and remedy in the language that was asked for."""

from service.faults import DataFault, Fault, Text

MESSAGE, REMEDY = Text("値が違います", "the value is wrong"), Text("直してください", "correct it")


def fault(file: str = "data/2024/a.csv", row: int | None = 7, column: str | None = "page", rule: str = "r") -> Fault:
    return Fault(file, row, column, rule, MESSAGE, REMEDY)


def test_a_line_names_everything_in_each_language() -> None:
    assert fault().line() == "data/2024/a.csv 行 7 列 page [r] 値が違います → 直してください"
    assert fault().line("en") == "data/2024/a.csv row 7 column page [r] the value is wrong → correct it"


def test_what_is_not_known_is_left_out() -> None:
    assert fault(row=None, column=None).line("en") == "data/2024/a.csv [r] the value is wrong → correct it"
    assert fault(column=None).line("ja").startswith("data/2024/a.csv 行 7 [r]")


def test_a_data_fault_carries_every_fault_once_in_the_order_of_the_files() -> None:
    found = DataFault(
        [
            fault("b.csv"),
            fault(row=10),
            fault(row=9, column="z"),
            fault(row=9, column="b"),
            fault(row=10),
            fault(row=None),
        ]
    )
    assert [(f.file, f.row, f.column) for f in found.faults] == [
        ("b.csv", 7, "page"),
        ("data/2024/a.csv", None, "page"),
        ("data/2024/a.csv", 9, "b"),
        ("data/2024/a.csv", 9, "z"),
        ("data/2024/a.csv", 10, "page"),
    ]
    assert str(found).count("\n") == 4
