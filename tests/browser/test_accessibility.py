"""axe finds no fault of level A or AA on any kind of page, at three widths, light and dark."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.driving import PAGES, STATIC, WIDTHS, open_page, visitor
from tests.serving import Server

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
COLOURS = ["color-contrast", "link-in-text-block"]  # all that a dark scheme can change
RUN = """rules => axe.run(document, {runOnly: rules, resultTypes: ["violations"]})
    .then(({violations}) => violations.map(({id, nodes}) => [id, nodes.map(({html, failureSummary}) => [html.slice(0, 200), failureSummary])]))"""


def faults(page: Page, rules: list[str] = LEVELS) -> list[Any]:
    """What axe complains of on the page as it stands."""
    if not page.evaluate("'axe' in window"):
        page.evaluate((STATIC / "vendor" / "axe.test.js").read_text("utf-8"))  # past the policy, by the debugger's way
    found: list[Any] = page.evaluate(RUN, rules)
    return found


@pytest.fixture(scope="module")
def page(browser: Browser, real: Server) -> Iterator[Page]:
    """One page that goes from one kind to the next."""
    with visitor(browser, real.url) as context:
        yield context.new_page()


@pytest.mark.parametrize("kind", PAGES)
def test_axe(page: Page, kind: str) -> None:
    open_page(page, PAGES[kind])
    for scheme, rules in (("light", LEVELS), ("dark", COLOURS)):
        page.emulate_media(color_scheme=scheme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert faults(page, rules) == [], (kind, scheme, width)


def test_axe_finds_faults(browser: Browser, real: Server) -> None:
    with visitor(browser, real.url) as context:
        page = context.new_page()
        open_page(page, "/")
        page.evaluate("document.querySelector('label').remove()")
        assert [fault[0] for fault in faults(page)] == ["label"]


def test_axe_on_results_of_the_editor(browser: Browser, real: Server) -> None:
    with visitor(browser, real.url) as context:
        page = context.new_page()
        open_page(page, "/sparql")
        page.click("[data-part=run]")
        page.wait_for_selector("[data-part=result] .beside")
        for view in ("table", "raw", "chart"):
            page.click(f"[data-view={view}]")
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                assert faults(page) == [], (view, scheme)
