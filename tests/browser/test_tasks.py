"""Six tasks of staff, from the start page, within three steps and without SPARQL: by mouse, by keys alone, and without scripts; in both languages."""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from service.ui.language import messages
from tests.browser.driving import visitor
from tests.browser.staff import Keys, Pointer, Staff
from tests.serving import Server

MOST_STEPS = 3
Say = Callable[[str], str]
# What the data says in each language, where a task has to name it.
DATA = {
    "ja": {"succession": "事業承継", "digital": "DX・デジタル化", "retail": "小売業"},
    "en": {"succession": "Business succession", "digital": "Digital transformation", "retail": "Retail"},
}
QUESTIONS = {
    "ja": {"rates": "補助率の高い補助金", "names": "事業名の別表記"},
    "en": {"rates": "Subsidies by rate", "names": "Other spellings of programmes"},
}


@pytest.fixture(params=["ja mouse", "en mouse", "ja keys", "en keys", "ja without scripts"])
def staff(request: pytest.FixtureRequest, visitors: dict[str, BrowserContext]) -> Iterator[tuple[Staff, str]]:
    """Somebody on the start page."""
    lang, _, means = request.param.partition(" ")
    page = visitors[f"{lang} without scripts" if means == "without scripts" else lang].new_page()
    member = Keys(page) if means == "keys" else Pointer(page)
    member.start()
    yield member, lang
    assert 0 < member.steps <= MOST_STEPS
    assert "SPARQL" not in page.title()
    page.close()


@pytest.fixture(scope="module")
def visitors(browser: Browser, real: Server) -> Iterator[dict[str, BrowserContext]]:
    """Browsers of their own for each language, and one without scripts."""
    with (
        visitor(browser, real.url, "ja") as japanese,
        visitor(browser, real.url, "en") as english,
        visitor(browser, real.url, "ja", scripts=False) as plain,
    ):
        yield {"ja": japanese, "en": english, "ja without scripts": plain}


def say(lang: str, key: str) -> str:
    """A text of the pages."""
    return str(messages(lang)[key])


def text(staff: Staff) -> str:
    """What the page says."""
    return staff.page.locator("main").inner_text()


def test_the_telephone_number_for_succession_support(staff: tuple[Staff, str]) -> None:
    member, lang = staff
    member.follow(DATA[lang]["succession"])
    assert "083-902-6977" in text(member)
    assert member.page.locator('a[href="tel:083-902-6977"]').count() == 1


def test_all_subsidies_of_two_thirds_or_more_into_excel(staff: tuple[Staff, str], real: Server) -> None:
    member, lang = staff
    member.follow(QUESTIONS[lang]["rates"])
    path = member.download("Excel")
    with zipfile.ZipFile(path) as workbook:
        sheet = workbook.read("xl/worksheets/sheet1.xml").decode()
        names = set(workbook.namelist())
    answered = list(csv.DictReader(io.StringIO(real.client.get("/queries/subsidies-by-rate.csv").text)))
    printed = [row["rate"] for row in csv.DictReader(io.StringIO(real.client.get("/queries/subsidies.csv").text))]
    rates = [float(rate) for rate in re.findall(r"<v>(\d\d\.\d+|75|80|100)</v>", sheet)]
    assert len(rates) == len(answered) == sheet.count("<row ") - 1
    assert min(rates) > 66 and rates.count(66.7) == printed.count("2/3") > 10
    assert "xl/worksheets/sheet2.xml" in names  # the question, the edition, the licence


def test_under_which_laws_a_retailer_is_an_sme(staff: tuple[Staff, str]) -> None:
    member, lang = staff
    member.follow(say(lang, "way_law"))
    member.choose(say(lang, "sme_industry"), DATA[lang]["retail"])
    member.fill(say(lang, "sme_employees"), "60")
    member.fill(say(lang, "sme_capital"), "4000")
    member.press(say(lang, "sme_check"))
    outcomes = member.page.locator(".outcome.v-yes")
    assert outcomes.first.locator(".lines li").count() == 14
    assert say(lang, "verdict_該当") in outcomes.first.inner_text()
    limits = outcomes.first.locator(".limit").all_inner_texts()
    assert (
        len(limits) == 2 and "10" in limits[0] and "1,000万円" in limits[1] if lang == "ja" else "¥10.0m" in limits[1]
    )


def test_what_changed_its_name_in_print(staff: tuple[Staff, str]) -> None:
    member, lang = staff
    member.follow(QUESTIONS[lang]["names"])
    rows = member.page.locator("main table tbody tr").all_inner_texts()
    assert len(rows) >= 9
    assert any("データサイエンス活用促進事業" in row for row in rows)


def test_events_of_2014_around_the_technology_centre(staff: tuple[Staff, str]) -> None:
    member, lang = staff
    member.follow(say(lang, "way_event"))
    member.choose(say(lang, "events_year"), "2014")
    member.fill(say(lang, "events_text"), "産業技術センター")
    member.press(say(lang, "events_show"))
    events = member.page.locator(".year li").all_inner_texts()
    assert len(events) == 2
    assert all("産業技術センター" in event and "2014" in event for event in events)


def test_the_funds_for_a_firm_that_wants_to_go_digital(staff: tuple[Staff, str], real: Server) -> None:
    member, lang = staff
    member.follow(DATA[lang]["digital"])
    answer = real.client.get("/queries/supports-for.json", params={"purpose": "DX・デジタル化"}).json()
    rows = answer["results"]["bindings"]
    funds = {row["support"]["value"] for row in rows if row["kind"]["value"] == "資金"}
    section = member.page.locator("section", has_text=say(lang, "supports_funds"))
    shown = section.locator("table.funds td:first-child a").all_inner_texts()
    assert funds and len(shown) == len(funds)
    assert set(shown) == funds or lang == "en"
