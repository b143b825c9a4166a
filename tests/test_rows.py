"""Rules on rows: order, printed forms, parts of the booklet, shared words, readings, published identifiers; and that all of them run."""

from pathlib import Path

import pytest

from service.building.excused import idle
from service.building.order import misnumbered
from service.building.parts import astray
from service.building.published import FILE, vanished
from service.building.readings import misread
from service.building.rows import broken_rows
from service.building.sharing import strangers
from service.building.tables import Table
from service.building.values import unaccounted
from service.faults import Fault
from tests.building import ROOT, faults, good, project, set_cell, with_cell
from tests.making import PAGE, column, exceptions, table


def rows_of(found: list[Fault]) -> list[tuple[int | None, str]]:
    return [(fault.row, fault.rule) for fault in found]


def numbered(*rows: tuple[str, str], **keys: bool) -> Table:
    fields = [column("group"), column("n", counts=["group"], **keys)]
    return table("t", fields, *({"group": group, "n": number} for group, number in rows))


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ([("a", "1"), ("a", "2"), ("b", "1")], []),
        ([("a", "1"), ("a", "3"), ("a", "3")], [3]),
        ([("a", "2"), ("a", "1")], [2, 3]),
        ([("a", "1"), ("b", "1"), ("a", "2")], [4]),
        ([("a", "1"), ("a", "")], [3]),
    ],
)
def test_positions_count_the_rows_of_their_group(rows: list[tuple[str, str]], wrong: list[int]) -> None:
    found = list(misnumbered([numbered(*rows)]))
    assert rows_of(found) == [(row, "position") for row in wrong]
    assert all(fault.column == "n" and fault.remedy.ja and fault.remedy.en for fault in found)


def test_groups_may_be_interleaved_where_the_schema_says_so() -> None:
    assert list(misnumbered([numbered(("a", "1"), ("b", "1"), ("a", "2"), interleaved=True)])) == []


FIGURES = [
    {"name": "yen", "type": "integer", "unit": "JPY", "printed": "form"},
    {"name": "months", "type": "integer", "unit": "月", "printed": "form"},
    column("form"),
    column("condition", lang="ja"),
    PAGE,
]


@pytest.mark.parametrize(
    ("cells", "missing"),
    [
        ({"yen": "181266000", "form": "181,266千円"}, ""),
        ({"yen": "181267000", "form": "181,266千円"}, "181266000"),
        ({"yen": "5000000", "form": "5百万円 (運転2百万円)"}, "2000000"),
        ({"yen": "-2465762000", "form": "▲ 2,465,762千円"}, ""),
        ({"months": "120", "form": "10年"}, ""),
        ({"yen": "40", "form": "20人×2コース"}, ""),
        ({"yen": "41", "form": "20人×2コース"}, "20"),
        ({"yen": "80", "form": "4号の80円 ※1", "condition": "4号"}, ""),
        ({"yen": "80", "form": ""}, "…"),
        ({"yen": "", "form": "80円"}, "80円"),
        ({"yen": "", "form": ""}, ""),
    ],
)
def test_every_number_of_a_printed_form_is_a_value(cells: dict[str, str], missing: str) -> None:
    found = list(unaccounted([table("t", FIGURES, {**cells, "page": "1"})]))
    assert rows_of(found) == ([(2, "printed-figures")] if missing else [])
    assert all(f" {missing} " in fault.message.ja for fault in found)


def test_a_text_read_from_a_printed_form_occurs_in_it() -> None:
    fields = [column("rate", printed="form"), column("form"), PAGE]
    right, wrong = (
        {"rate": "1/2", "form": "経費の１／２", "page": "1"},
        {"rate": "2/3", "form": "経費の１／２", "page": "1"},
    )
    assert rows_of(list(unaccounted([table("t", fields, right, wrong)]))) == [(3, "printed-figures")]
    excused = exceptions(("printed-figures", "2024/t.csv", "form", "経費の１／２", "1"))
    assert list(unaccounted([table("t", fields, wrong), excused])) == []


CONTENTS = table(
    "contents",
    [column("c", role="chapter"), column("p", role="part"), column("f", role="first"), column("l", role="last")],
    {"c": "柱", "p": "産業維新", "f": "8", "l": "39"},
    {"c": "柱", "p": "大交流維新", "f": "39", "l": "41"},
)


@pytest.mark.parametrize(
    ("cell", "page", "right"),
    [
        ("産業維新", "8", True),
        ("産業維新", "40", False),
        ("", "10", False),
        ("", "50", True),
        ("産業維新", "50", False),
        ("大交流維新", "39", True),
    ],
)
def test_a_cell_names_the_part_that_its_page_is_in(cell: str, page: str, right: bool) -> None:
    found = list(astray([CONTENTS, table("t", [column("pillar", part="柱"), PAGE], {"pillar": cell, "page": page})]))
    assert rows_of(found) == ([] if right else [(2, "part")])


def test_a_link_shares_words_with_what_it_is_linked_from() -> None:
    events = [column("slug"), column("label", lang="ja", property="skos:prefLabel")]
    event = table("events", events, {"slug": "e", "label": "山口県産業技術センターを設置"}, kind="event")
    fields = [column("event", identifier="event"), column("target", shares="event"), PAGE]
    rows = [
        {"event": "e", "target": target, "page": "1"}
        for target in ("県産業技術センター", "産業技術研究所", "センタ", "国際総合センター")
    ]
    assert rows_of(list(strangers([event, table("links", fields, *rows)]))) == [(3, "shares"), (5, "shares")]
    excused = exceptions(("shares", "2024/links.csv", "target", "産業技術研究所", "1"))
    assert rows_of(list(strangers([event, table("links", fields, *rows), excused]))) == [(5, "shares")]


@pytest.mark.parametrize(
    ("name", "reading", "right"),
    [
        ("やまぐちヘルスラボ", "やまぐちへるすらぼ", True),
        ("やまぐちヘルスラボ", "やまぐちへるらぼ", False),
        ("企業立地サポート事業", "きぎょうりっちさぽーとじぎょう", True),
        ("企業立地サポート事業", "きぎょうりっちさぽとじぎょう", False),
        ("産業政策課", "さんぎょうせいさくか", True),
        ("産業政策課", "さんぎ", False),
    ],
)
def test_a_reading_has_the_kana_of_its_name(name: str, reading: str, right: bool) -> None:
    fields = [column("slug"), column("label"), column("reading", lang="ja-Hrkt")]
    made = table("t", fields, {"slug": "s", "label": name, "reading": reading}, edition="common", kind="unit")
    assert rows_of(list(misread([made]))) == ([] if right else [(2, "reading")])


def test_an_exception_ends_with_its_cell() -> None:
    made = table("t", [column("words"), PAGE], {"words": "支援", "page": "1"})
    rows = [
        ("verbatim", "2024/t.csv", "words", "支援", "1"),
        ("verbatim", "2024/t.csv", "words", "支縁", "1"),
        ("sums", "", "", "", "1"),
    ]
    assert rows_of(list(idle([made, exceptions(*rows)]))) == [(3, "idle-exception")]


def test_a_published_identifier_stays(tmp_path: Path) -> None:
    things = table("t", [column("slug"), column("label")], {"slug": "a"}, {"slug": "b"}, kind="unit")
    assert list(vanished([things], tmp_path)) == []  # nothing was published yet
    (tmp_path / FILE).write_text("kind,slug\nunit,a\nunit,c\n", "utf-8-sig")
    [fault] = vanished([things], tmp_path)
    assert (fault.file, fault.row, fault.column, fault.rule) == (f"data/{FILE}", 3, "slug", "vanished-identifier")
    assert "unit/c" in fault.message.ja and "unit/c" in fault.message.en


def test_the_tables_as_they_stand_break_no_rule() -> None:
    assert list(broken_rows(list(good().tables), ROOT / "data")) == []


@pytest.mark.parametrize(
    ("path", "row", "cells", "rule"),
    [
        ("2024/duties.csv", 3, {"position": "9"}, "position"),
        ("2024/subsidies.csv", 2, {"cap_yen": None}, "printed-figures"),
        ("2024/events.csv", 2, {"label": "山口勤労者いこいの村竣"}, "verbatim"),
        ("2024/events.csv", 3, {"label": "弥栄発電所着工"}, "beside"),
        ("2024/council-members.csv", 3, {"member": "学識経験者"}, "beside"),
        ("2024/programmes.csv", 3, {"pillar": "大交流維新"}, "part"),
        ("2024/event-links.csv", 2, {"target": "山口テクノパーク土地造成計画"}, "shares"),
        ("common/facilities.csv", 3, {"reading": "やまぐちへるすらほ"}, "reading"),
        ("common/plans.csv", 3, {"slug": "sangyo-isin"}, "vanished-identifier"),
    ],
)
def test_a_slip_in_the_real_tables_is_told_by_its_rule(
    path: str, row: int, cells: dict[str, str | None], rule: str
) -> None:
    assert rule in {fault.rule for fault in broken_rows(with_cell(good().tables, path, row, cells), ROOT / "data")}


def test_the_build_stops_on_a_broken_row(tmp_path: Path) -> None:
    settings = project(tmp_path)
    set_cell(settings.data_dir / "2024" / "events.csv", 2, "label", "山口勤労者いこいの竣工")
    assert (2, "verbatim") in {(fault.row, fault.rule) for fault in faults(settings)}
