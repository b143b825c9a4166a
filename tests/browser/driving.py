"""A real Chromium and the pages of a running server: what the browser tests share."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, Playwright

STATIC = Path(__file__).resolve().parents[2] / "service" / "ui" / "static"
FLAGS = [
    *("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]
WIDTHS = (1280, 768, 375)
LOCALES = {"ja": "ja-JP", "en": "en-GB"}
# One page of every kind, and each kind of thing that is laid out in its own way.
PAGES = {
    "start": "/",
    "search": "/search?q=融資",
    "search-none": "/search?q=zzzzzz",
    "browse": "/browse/law",
    "queries": "/queries",
    "query-table": "/queries/programs",
    "query-form": "/queries/subsidies-by-rate",
    "query-fault": "/queries/events-between?from=2014",
    "sme": "/sme",
    "sme-answer": "/sme?industry=小売業&employees=60&capital_man=4000",
    "supports": "/supports",
    "supports-answer": "/supports?purpose=事業承継&industry=小売業&employees=4&place=山口市",
    "money": "/pictures/money",
    "chart": "/pictures/organisation",
    "events": "/pictures/events?year=2014",
    "editor": "/sparql",
    "ontology": "/ns",
    "editions": "/editions",
    "data": "/catalog",
    "api": "/docs",
    "not-found": "/page/law/none",
    "programme": "/page/programme/semiconductor-battery-industry-cluster",
    "law": "/page/law/sme-organisation-act",
    "organisation": "/page/organisation/yamaguchi-industrial-promotion-foundation",
    "unit": "/page/unit/labour-policy-division",
    "council": "/page/council/cashless-conference",
    "fund": "/page/fund/youth-employment-promotion-fund",
    "plan": "/page/plan/business-location-basic-plan-1",
    "event": "/page/event/e2014-04-innovation-promotion-centre-established",
    "facility": "/page/facility/mirai365",
    "person": "/page/person/abe-takashi",
    "form": "/page/form/workers-enterprise-cooperative",
    "concept": "/page/purpose/cashflow",
    "scheme": "/page/scheme/purpose",
    "edition": "/page/edition/2024",
    "page": "/page/page/2024-20",
}


def launch(playwright: Playwright) -> Browser:
    """The system's Chromium, or the one that Playwright has fetched."""
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=shutil.which("chromium"), args=[*FLAGS, *root])


@contextmanager
def visitor(
    browser: Browser, url: str, lang: str = "ja", *, width: int = 1280, scripts: bool = True
) -> Iterator[BrowserContext]:
    """Somebody with a browser of their own who starts at the server's address."""
    context = browser.new_context(
        base_url=url,
        locale=LOCALES[lang],
        viewport={"width": width, "height": 900},
        java_script_enabled=scripts,
        accept_downloads=True,
    )
    context.set_default_timeout(10_000)
    try:
        yield context
    finally:
        context.close()


def open_page(page: Page, path: str) -> None:
    """Go to a page and wait until its fonts and its editor are there."""
    page.goto(path)
    page.evaluate("document.fonts.ready.then(() => true)")
    if page.locator("#editor").count():
        page.wait_for_selector("#editor[data-ready]")
