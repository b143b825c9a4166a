"""How pages behave: nothing is asked of other hosts, nothing moves while loading, pages work without scripts, suggestions by keys, print."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request

from tests.browser.driving import PAGES, open_page, visitor
from tests.browser.tour import Tour
from tests.serving import Server

MOST_SHIFT = 0.1


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("kind", PAGES)
def test_every_page(tours: dict[str, Tour], kind: str, lang: str, real: Server) -> None:
    seen = tours[lang].visit(kind)
    assert {urlsplit(url).netloc for url in seen.asked if not url.startswith(("data:", "blob:"))} == {
        urlsplit(real.url).netloc
    }
    assert [
        error for error in seen.errors if "status of 40" not in error
    ] == []  # no script failed, nothing offended the policy
    assert seen.shift < MOST_SHIFT
    assert seen.too_wide == []


def test_typing_asks_nothing_of_other_hosts(browser: Browser, real: Server) -> None:
    asked: list[str] = []

    def remember(request: Request) -> None:
        asked.append(request.url)

    with visitor(browser, real.url) as context:
        context.on("request", remember)
        page = context.new_page()
        page.goto("/")
        page.locator("#q").press_sequentially("じぎょう")
        page.wait_for_selector("[role=option]")
        open_page(page, "/sparql")
        page.locator(".cm-content").press_sequentially("# 産業技術\nSELECT ?x WHERE { ?x a shisaku:")
        page.wait_for_selector(".cm-tooltip-autocomplete li")
    assert {urlsplit(url).netloc for url in asked if not url.startswith(("data:", "blob:"))} == {
        urlsplit(real.url).netloc
    }
    assert any("/search/suggest" in url for url in asked) and any("/editor.json" in url for url in asked)


def test_pages_without_scripts(browser: Browser, real: Server) -> None:
    with visitor(browser, real.url, scripts=False) as context:
        page = context.new_page()
        for kind, path in PAGES.items():
            page.goto(path, wait_until="domcontentloaded")
            assert page.locator("h1").is_visible(), kind
            assert page.locator("main").inner_text().count("\n") > 2, kind
        page.goto("/search")
        page.fill("#q", "融資")
        page.get_by_role("main").get_by_role("button", name="検索").click()
        assert page.locator(".hits li").count() >= 10
        page.locator(".facet a", has_text="事業").first.click()
        assert 0 < page.locator(".hits li").count() < 20
        page.goto("/queries/programs")
        page.locator("th a", has_text="金額").first.click()
        amounts = [int(re.sub(r"\D", "", cell)) for cell in page.locator("tbody td:nth-child(5)").all_inner_texts()]
        assert len(amounts) == 50 and amounts == sorted(amounts)
        page.get_by_role("link", name="次へ").click()
        assert page.locator("tbody tr").count() == 50
        page.goto("/sparql")
        assert page.locator("textarea#query").is_visible() and not page.locator("#editor").is_visible()


def test_suggestions_by_keys(browser: Browser, real: Server) -> None:
    with visitor(browser, real.url) as context:
        page = context.new_page()
        page.goto("/")
        box = page.get_by_role("combobox")
        box.focus()
        page.keyboard.insert_text("事業承継")
        page.wait_for_selector("[role=option]")
        assert box.get_attribute("aria-expanded") == "true"
        page.keyboard.press("ArrowDown")
        chosen = page.locator(f"#{box.get_attribute('aria-activedescendant')}")
        assert chosen.get_attribute("aria-selected") == "true"
        name = chosen.locator("span").inner_text()
        page.keyboard.press("Enter")
        page.wait_for_url("**/page/**")
        assert page.locator("h1").inner_text() == name
        page.go_back()
        page.get_by_role("combobox").fill("ものづくり")
        page.wait_for_selector("[role=option]")
        page.keyboard.press("Escape")
        assert page.get_by_role("combobox").get_attribute("aria-expanded") == "false"
        page.keyboard.press("Enter")
        page.wait_for_url("**/search?q=*")


def visible(page: Page, selector: str) -> bool:
    """Whether any such thing is seen."""
    return any(item.is_visible() for item in page.locator(selector).all())


def test_print_and_forced_colours(browser: Browser, real: Server) -> None:
    with visitor(browser, real.url) as context:
        page = context.new_page()
        open_page(page, PAGES["sme-answer"])
        page.emulate_media(media="print")
        assert visible(page, ".outcome") and visible(page, ".guide") and visible(page, ".limit")
        assert page.locator("#employees").input_value() == "60" and visible(
            page, "#employees"
        )  # what was asked is printed too
        assert not any(visible(page, hidden) for hidden in ("button", ".top nav", ".downloads"))
        assert not visible(page, ".print-hint")
        assert len(page.pdf()) > 10_000
        page.emulate_media(media="screen", forced_colors="active")
        bar = page.locator(".limit .bar rect").first
        assert bar.evaluate("element => getComputedStyle(element).fill") != page.locator("main").evaluate(
            "element => getComputedStyle(element).backgroundColor"
        )


def test_tables_on_telephones(browser: Browser, real: Server) -> None:
    with visitor(browser, real.url, width=375) as context:
        page = context.new_page()
        open_page(page, PAGES["law"])
        cells = page.locator("table.stack").first.locator("tbody tr").first.locator("td")
        shown = [cell.bounding_box() for cell in cells.all() if cell.is_visible()]
        assert len(shown) == 7 and all(box and box["x"] + box["width"] <= 375 for box in shown)
        assert cells.count() == 8  # the empty one takes no room
        label = cells.first.evaluate("element => getComputedStyle(element, '::before').content")
        assert "企業区分" in label
        open_page(page, PAGES["query-table"])
        name = page.locator("table.wide-table tbody td").first
        before = name.bounding_box()
        page.locator(".scroll").evaluate("element => element.scrollLeft = 300")
        assert name.bounding_box() == before  # the name of the row stays while the rest moves
