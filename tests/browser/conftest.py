from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright

from tests.browser.driving import launch, visitor
from tests.serving import Server


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The driver of the browser."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One Chromium for all tests."""
    made = launch(playwright)
    yield made
    made.close()


@pytest.fixture(params=["ja", "en"])
def lang(request: pytest.FixtureRequest) -> str:
    """Both languages of the pages."""
    return str(request.param)


@pytest.fixture
def context(browser: Browser, real: Server, lang: str) -> Iterator[BrowserContext]:
    """A visitor who prefers one of the languages."""
    with visitor(browser, real.url, lang) as made:
        yield made
