"""What changed between two editions: the comparison itself, and the pages over the project's data."""

import httpx2

from service.editions import Fact, compare
from tests.serving import Server

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
