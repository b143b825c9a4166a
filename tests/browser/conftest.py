from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser.driving import launch, visitor
from tests.browser.tour import Tour
from tests.serving import Server


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """The driver of the browser."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One Chromium for all tests."""
    made = launch(playwright)
    yield made
    made.close()


@pytest.fixture(scope="package")
def tours(browser: Browser, real: Server) -> Iterator[dict[str, Tour]]:
    """A visitor in each language who has seen every kind of page."""
    with visitor(browser, real.url, "ja") as japanese, visitor(browser, real.url, "en", width=375) as english:
        yield {"ja": Tour(japanese, "ja"), "en": Tour(english, "en")}
