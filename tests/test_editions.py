"""What changed between two editions: the comparison itself, and the pages over the project's data."""

import re
from collections.abc import Iterator

import httpx2
import pytest

from benchmarks.building import project
from service.building.build import build
from service.editions import Fact, compare
from tests.building import edit, find, good, quiet, set_cell
from tests.serving import Server, serve

NAMES = ("事業", "Programme")


def fact(year: int, row: str, term: str, value: str, thing: str = "") -> Fact:
    return Fact(f"https://x.example/id/row/{year}.programmes.{row}", NAMES, term, (term, term), value, thing)


def test_the_same_is_no_change() -> None:
    old = [fact(2024, "a", "amount", "100千円"), fact(2024, "a", "programme", "融資", "id/p")]
    new = [fact(2025, "a", "programme", "融資", "id/p"), fact(2025, "a", "amount", "100千円")]
    assert not compare(old, new)


def test_another_value_is_a_change_of_its_row() -> None:
    old = [fact(2024, "a", "amount", "100千円"), fact(2024, "a", "programme", "融資", "id/p")]
    new = [fact(2025, "a", "amount", "120千円"), fact(2025, "a", "programme", "融資", "id/p")]
    [change] = compare(old, new).changed
    assert (change.before, change.after, change.subject, change.thing) == ("100千円", "120千円", "融資", "id/p")


def test_rows_come_and_go() -> None:
    found = compare([fact(2024, "a", "programme", "旧事業")], [fact(2025, "b", "programme", "新事業")])
    assert [change.before for change in found.gone] == ["旧事業"]
    assert [change.after for change in found.new] == ["新事業"]
    assert not found.changed


def test_a_value_that_appears_is_a_change() -> None:
    [change] = compare([fact(2024, "a", "x", "1")], [fact(2025, "a", "x", "1"), fact(2025, "a", "mark", "新")]).changed
    assert (change.what[0], change.before, change.after) == ("mark", "", "新")


def test_editions_are_listed(real: Server) -> None:
    answer: httpx2.Response = real.client.get("/editions", headers={"Accept": "application/json"})
    [edition] = answer.json()
    assert (edition["slug"], edition["start"], edition["end"]) == ("2024", "2024-04-01", "2025-03-31")
    assert int(edition["statements"]) > 3000
    assert "令和6年度" in real.client.get("/editions", headers={"Accept": "text/html"}).text


def test_an_edition_does_not_differ_from_itself(real: Server) -> None:
    answer = real.client.get("/editions/2024...2024", headers={"Accept": "application/json"})
    assert answer.json() == {"before": "2024", "after": "2024", "gone": [], "new": [], "changed": []}
    assert "違いはありません" in real.client.get("/editions/2024...2024", headers={"Accept": "text/html"}).text


def test_an_edition_that_is_not_held(real: Server) -> None:
    answer = real.client.get("/editions/2019...2024", headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server over two editions: the second is the first with a summary changed and a talk gone."""
    settings = project(tmp_path_factory.mktemp("two"), 2)
    data = settings.data_dir
    edit(data / "2025" / "talks.csv", lambda lines: lines.pop())
    entry = find(good().table("2024/programmes.csv"), programme="sme-loan-system")
    set_cell(data / "2025" / "programmes.csv", entry.number, "summary_ja", "新しい要約")
    build(settings, quiet)
    with serve(settings.snapshots_dir, {"SHISAKU_WORKERS": "2", "SHISAKU_QUERY_DEADLINE_SECONDS": "60"}) as running:
        yield running


def test_a_second_edition_is_built_and_compared(two: Server) -> None:
    changes = two.client.get("/editions/2024...2025", headers={"Accept": "application/json"}).json()
    [changed] = [change for change in changes["changed"] if change["after"] == "新しい要約"]
    assert "中小企業制度融資" in changed["subject"]
    assert changed["after"] == "新しい要約"
    assert "Outreach talk" in [change["names"][1] for change in changes["gone"]]
    assert "Outreach talk" not in [change["names"][1] for change in changes["new"]]
    back = two.client.get("/editions/2025...2024", headers={"Accept": "application/json"}).json()
    assert "Outreach talk" in [change["names"][1] for change in back["new"]]
    assert "新しい要約" in two.client.get("/editions/2024...2025", headers={"Accept": "text/html"}).text


def test_a_question_is_about_one_edition(two: Server) -> None:
    """The newest unless one is named, so that no table has a row twice; SPARQL sees all that is held."""
    newest, old = (two.client.get(f"/queries/talks.csv{query}").text for query in ("", "?edition=2024"))
    assert old.count("\r\n") == newest.count("\r\n") + 1 == 15
    assert two.client.get("/queries/talks.csv?edition=2025").text == newest
    unknown = two.client.get("/queries/talks.csv?edition=1999")
    assert (unknown.status_code, unknown.json()["editions"]) == (404, ["2024", "2025"])
    count = "SELECT (COUNT(*) AS ?n) { ?talk a <https://shisaku.example/ns#Talk> }"
    assert two.query(count, "text/csv").text == "n\r\n27\r\n"


def test_the_page_of_a_question_leads_to_the_other_edition(two: Server) -> None:
    page = two.client.get("/queries/talks", headers={"Accept": "text/html"}).text
    assert "令和7年度" in page or "2025" in page
    assert "/queries/talks?edition=2024" in page
    old = two.client.get("/queries/talks?edition=2024", headers={"Accept": "text/html"}).text
    assert "/queries/talks.csv?edition=2024" in old
    assert two.client.get("/sme?industry=小売業&employees=60", headers={"Accept": "text/html"}).status_code == 200


def test_the_page_of_a_thing_in_two_editions(two: Server) -> None:
    page = two.client.get("/page/programme/sme-loan-system", headers={"Accept": "text/html"}).text
    assert '<p class="lead">新しい要約</p>' in page  # the newest edition speaks first
    said = re.sub(r"<[^>]*>", "", page)
    assert re.search(
        r"冊子のページ\s*p\.28 2025年度版\s+p\.28 2024年度版", said
    )  # what both say in the same words stands once
    assert said.count("金融支援班") < 5
    assert "/page/edition/2024" in page and "/page/edition/2025" in page and "/editions/2024...2025" in page
