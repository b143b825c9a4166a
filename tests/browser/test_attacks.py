"""Text is never run: 40 payloads in labels, in parameters and in queries, in a real browser."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from service.building import snapshot
from service.building.build import assemble
from service.building.tables import read_tables
from service.search import write_index
from tests.browser.driving import open_page, visitor
from tests.building import edit, project, quiet
from tests.serving import Server, serve

PAYLOADS = (Path(__file__).parent / "payloads.txt").read_text("utf-8").splitlines()
# Pages that say again what they are asked, and the parameter that they say.
TOLD = (
    *(("/search", "q"), ("/search", "kind"), ("/queries/program-search", "text"), ("/queries/law", "label")),
    *(("/queries/programs", "sort"), ("/queries/programs", "nothing"), ("/queries/events-between", "from")),
    *(
        ("/sme", "employees"),
        ("/sme", "industry"),
        ("/sme", "capital_man"),
        ("/supports", "purpose"),
        ("/supports", "place"),
    ),
    *(
        ("/pictures/events", "q"),
        ("/pictures/events", "year"),
        ("/pictures/money", "kind"),
        ("/queries", "tag"),
        ("/", "lang"),
    ),
)
HARMFUL = """() => [...document.querySelectorAll("*")].flatMap(element => [...element.attributes])
    .filter(({name, value}) => /^on/i.test(name)
      || (/^(href|src|action|data|formaction)$/i.test(name) && /^\\s*(javascript|data|vbscript):/i.test(value)))
    .map(({name, value}) => `${name}=${value}`)"""


def unharmed(page: Page) -> None:
    """Nothing has run, and nothing waits to be run."""
    assert page.evaluate("'ran' in window") is False
    assert page.evaluate(HARMFUL) == []


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server over tables whose labels and texts are payloads, made by the line's own steps; only its checks, which refuse them, are left out."""
    settings = project(tmp_path_factory.mktemp("poisoned"))

    def poison(table: str, column: str) -> None:
        def change(lines: list[list[str]]) -> None:
            place = lines[0].index(column)
            for number, payload in enumerate(PAYLOADS[: len(lines) - 1]):
                lines[number + 1][place] = f"{payload} {number}"

        edit(settings.data_dir / table, change)

    for table, column in (
        ("2024/events.csv", "label"),
        ("common/programmes.csv", "label_en"),
        ("2024/programmes.csv", "summary_ja"),
        ("2024/talks.csv", "theme"),
        ("common/persons.csv", "label"),
    ):
        poison(table, column)
    with snapshot.building(settings.snapshots_dir):
        tables = read_tables(settings.data_dir)
        store = assemble(tables, settings, quiet)
        facts = {"inputs": "", "editions": ["2024"], "base": settings.base_iri}
        written = snapshot.write(settings.snapshots_dir, list(store), facts, write_index)
        snapshot.switch(settings.snapshots_dir, written)
    with serve(settings.snapshots_dir, {"SHISAKU_WORKERS": "2"}) as running:
        yield running


@pytest.fixture(scope="module")
def victim(browser: Browser, real: Server) -> Iterator[Page]:
    """A visitor of the real data."""
    with visitor(browser, real.url) as context:
        yield context.new_page()


def test_there_are_forty_payloads() -> None:
    assert len(set(PAYLOADS)) == 40


def test_payloads_would_run(browser: Browser) -> None:
    with visitor(browser, "about:blank") as context:
        page = context.new_page()
        for payload in ("<script>ran=1</script>", "<img src=x onerror=ran=1>"):
            page.set_content(payload)
            page.wait_for_function("'ran' in window")


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_labels(browser: Browser, poisoned: Server, lang: str) -> None:
    query = """SELECT ?thing WHERE { ?thing <http://www.w3.org/2004/02/skos/core#prefLabel> ?label
        FILTER(CONTAINS(STR(?label), "ran=1") && CONTAINS(STR(?thing), "/id/%s/")) }"""
    things = {
        kind: [row["thing"]["value"] for row in poisoned.query(query % kind).json()["results"]["bindings"]]
        for kind in ("event", "programme", "person")
    }
    assert [len(set(found)) for found in things.values()] == [40, 40, 40]
    start = ["ja", "en"].index(lang)
    visited = [*things["event"][start::2], *things["programme"][start::8], *things["person"][start::8]]
    paths = [iri.replace("https://shisaku.example/id/", "/page/") for iri in visited]
    lists = (
        "/search?q=ran",
        "/queries/programs",
        "/queries/events",
        "/browse/event",
        "/browse/programme",
        "/browse/person",
    )
    pictures = (
        "/pictures/events",
        "/pictures/money",
        "/queries/talks",
        "/queries/people-with-several-offices",
        "/supports?purpose=創業",
    )
    with visitor(browser, poisoned.url, lang) as context:
        page = context.new_page()
        for path in (*lists, *pictures, *paths):
            page.goto(path)
            assert page.locator("h1").count() == 1
            unharmed(page)
        page.goto("/")
        page.locator("#q").press_sequentially("ran=1")
        page.wait_for_selector("[role=option]")
        unharmed(page)


@pytest.mark.parametrize("number", range(40))
def test_parameters(victim: Page, real: Server, number: int) -> None:
    payload = PAYLOADS[number]
    for place, (path, name) in enumerate(TOLD):
        answer = real.client.get(path, params={name: payload}, headers={"Accept": "text/html"})
        assert answer.status_code in (200, 400)
        assert "<" not in payload or payload not in answer.text
        if place % 8 == number % 8:
            victim.goto(str(answer.url))
            unharmed(victim)


def test_queries(victim: Page) -> None:
    rows = " ".join(
        f'({json.dumps(payload)} "{number}"@en-x-ran <javascript:ran=1> <data:text/html,{number}>)'
        for number, payload in enumerate(PAYLOADS)
    )
    query = f"SELECT ?text ?number ?iri ?data (1 AS ?one) WHERE {{ VALUES (?text ?number ?iri ?data) {{ {rows} }} }}"
    open_page(victim, "/sparql")
    victim.evaluate("query => { location.hash = 'query=' + encodeURIComponent(query) }", query)
    victim.click("[data-part=run]")
    victim.wait_for_selector("[data-part=result] tbody tr:nth-child(40)")
    for view in ("table", "raw", "chart"):
        victim.click(f"[data-view={view}]")
        unharmed(victim)
    for payload in PAYLOADS[::4]:
        victim.evaluate(
            "query => { location.hash = 'query=' + encodeURIComponent(query) }", f"SELECT {payload} WHERE {{ }}"
        )
        victim.click("[data-part=run]")
        victim.wait_for_selector("[data-part=result] .fault")
        unharmed(victim)
    open_page(victim, "/sparql")  # what was written is kept, and shown again
    unharmed(victim)
