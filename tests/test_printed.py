"""Where cells stand in print: on their page, beside what they follow; what decisions and exceptions excuse."""

import pytest

from service.building.printed import misplaced
from service.building.tables import Table
from service.faults import Fault
from tests.making import PAGE, column, decisions, exceptions, pages, table

BOOKLET = pages(
    {1: "産業維新 (P8)\n昭和53年 4月\t福祉センター竣工\t・展望発表\n新 支援事業 181,266千円", 2: "別のページ"}
)


def faults(*tables: Table) -> list[Fault]:
    return list(misplaced([BOOKLET, *tables]))


def cells(how: str, *rows: tuple[str, str], **keys: object) -> Table:
    return table(
        "t", [column("words", verbatim=how, **keys), PAGE], *({"words": words, "page": page} for words, page in rows)
    )


@pytest.mark.parametrize(
    ("how", "right", "wrong"),
    [
        ("whole", "福祉センター竣工", "福祉センター竣"),
        ("within", "福祉センター", "福祉ンター"),
        ("parts", "支援事業（産業維新）", "支援事業（業維新）"),
        ("fragments", "支援事（産業維新）", "支援事（産業維神）"),
        ("figures", "181,266万円", "181,267千円"),
    ],
)
def test_a_cell_stands_on_its_page(how: str, right: str, wrong: str) -> None:
    assert faults(cells(how, (right, "1"))) == []
    [other_page] = faults(cells(how, (right, "2")))
    [fault] = faults(cells(how, (right, "1"), (wrong, "1")))
    assert (fault.file, fault.row, fault.column, fault.rule) == ("data/2024/t.csv", 3, "words", "verbatim")
    assert wrong in fault.message.ja and wrong in fault.message.en
    assert "decisions.csv" in fault.remedy.ja and "decisions.csv" in fault.remedy.en
    assert other_page.row == 2


def test_an_empty_cell_is_nothing_to_look_for() -> None:
    assert faults(cells("whole", ("", "1"))) == []


def test_what_was_taken_for_a_misreading_stands_on_the_page_of_the_decision() -> None:
    wrong = cells("whole", ("支縁事業", "1"))
    assert len(faults(wrong)) == 1
    assert faults(wrong, decisions({"page": "1", "said": "x", "read": "支縁事業"})) == []
    assert len(faults(wrong, decisions({"page": "2", "said": "x", "read": "支縁事業"}))) == 1


def test_what_the_text_says_for_a_reading_counts_for_it_on_every_page() -> None:
    assert (
        faults(cells("whole", ("支縁事業", "1")), decisions({"page": "2", "said": "支援事業", "read": "支縁事業"}))
        == []
    )


def test_an_exception_excuses_one_cell_on_one_page() -> None:
    wrong = cells("whole", ("支縁事業", "1"), ("支縁事案", "1"))
    found = faults(wrong, exceptions(("verbatim", "2024/t.csv", "words", "支縁事業", "1")))
    assert [fault.row for fault in found] == [3]
    assert len(faults(wrong, exceptions(("verbatim", "2024/t.csv", "words", "支縁事業", "2")))) == 2
    assert len(faults(wrong, exceptions(("beside", "2024/t.csv", "words", "支縁事業", "1")))) == 2


def test_a_cell_stands_on_every_page_that_its_row_names() -> None:
    fields = [
        column("words", verbatim="whole", pages=["page", "other"]),
        PAGE,
        {"name": "other", "type": "integer", "identifier": "page"},
    ]
    assert faults(table("t", fields, {"words": "支援事業", "page": "1"})) == []
    [fault] = faults(table("t", fields, {"words": "支援事業", "page": "1", "other": "2"}))
    assert "2ページ" in fault.message.ja


def test_a_cell_that_names_a_thing_stands_as_one_of_its_names() -> None:
    names = [
        column("slug"),
        column("label", lang="ja", property="skos:prefLabel"),
        column("short", lang="ja", property="skos:altLabel"),
    ]
    common = table(
        "things", names, {"slug": "s", "label": "大支援事業", "short": "支援事業"}, edition="common", kind="programme"
    )
    reference = table("t", [column("what", identifier="programme", verbatim="whole"), PAGE], {"what": "s", "page": "1"})
    assert faults(common, reference) == []
    less = table("things", names[:2], {"slug": "s", "label": "大支援事業"}, edition="common", kind="programme")
    assert [fault.column for fault in faults(less, reference)] == ["what"]


def test_legal_forms_may_be_printed_in_short() -> None:
    booklet = pages({1: "(公財)やまぐち財団"})
    assert list(misplaced([booklet, cells("whole", ("公益財団法人やまぐち財団", "1"))])) == []


@pytest.mark.parametrize(
    ("where", "right", "wrong"),
    [
        (
            ["month"],
            {"month": "昭和53年4月", "words": "福祉センター竣工"},
            {"month": "昭和53年9月", "words": "福祉センター竣工"},
        ),
        (["=新"], {"words": "支援事業"}, {"words": "展望発表"}),
    ],
)
def test_a_cell_is_printed_right_after_another(where: list[str], right: dict[str, str], wrong: dict[str, str]) -> None:
    fields = [column("month"), column("words", beside=where), PAGE]
    assert faults(table("t", fields, {**right, "page": "1"})) == []
    [fault] = faults(table("t", fields, {**wrong, "page": "1"}))
    assert (fault.row, fault.column, fault.rule) == (2, "words", "beside")


def test_a_cell_is_printed_right_after_that_of_the_row_before() -> None:
    fields = [column("group"), column("words", beside=["^group"]), PAGE]
    first, second = {"words": "福祉センター竣工", "page": "1"}, {"words": "展望発表", "page": "1"}
    assert faults(table("t", fields, first, second)) == []
    assert [fault.row for fault in faults(table("t", fields, second, first))] == [3]
    assert faults(table("t", fields, second, {**first, "group": "x"})) == []  # another group: nothing comes before


def test_only_the_number_of_a_figure_is_printed_beside() -> None:
    fields = [column("name"), column("words", verbatim="figures", beside=["name"]), PAGE]
    assert faults(table("t", fields, {"name": "支援事業", "words": "181,266百万円", "page": "1"})) == []
    assert len(faults(table("t", fields, {"name": "産業維新", "words": "181,266百万円", "page": "1"}))) == 1
    assert len(faults(table("t", fields, {"name": "産業維新", "words": "円", "page": "1"}))) == 1


def test_an_edition_without_fingerprints_is_not_asked() -> None:
    assert list(misplaced([cells("whole", ("どこにもない", "1"))])) == []
