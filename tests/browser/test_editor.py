"""The editor: completion, prefixes, faults at their place, stopping, tabs, views, labels, links, commands."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.driving import open_page, visitor
from tests.serving import Server, serve

ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture
def editor(browser: Browser, real: Server) -> Iterator[Page]:
    """The editor of a first visitor who may use the clipboard."""
    with visitor(browser, real.url) as context:
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=real.url)
        page = context.new_page()
        open_page(page, "/sparql")
        yield page


def write(page: Page, text: str) -> None:
    """Replace what stands in the editor."""
    page.click(".cm-content")
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(text)


def written(page: Page) -> str:
    """What stands in the editor."""
    return str(page.locator(".cm-content").inner_text())


def test_a_first_question_with_labels_beside_identifiers(editor: Page) -> None:
    editor.click(".cm-content")
    editor.keyboard.press("Control+Enter")
    editor.wait_for_selector("[data-part=result] .beside")
    assert editor.locator("tbody tr").count() == 20
    first = editor.locator("tbody tr").first
    assert first.locator("a").get_attribute("href", timeout=1000).startswith("/page/programme/")  # type: ignore[union-attr]
    assert first.locator(".beside").inner_text() == first.locator("td").nth(1).inner_text()
    assert "20行" in editor.locator("[data-part=status]").inner_text()
    assert not editor.get_by_role("button", name="さらに表示").is_visible()  # there are no more


def test_completion_from_ontology_and_data(editor: Page) -> None:
    write(editor, "SELECT ?x WHERE { ?x a ")
    editor.keyboard.type("shisaku:LoanF")
    editor.wait_for_selector(".cm-tooltip-autocomplete li")
    options = editor.locator(".cm-tooltip-autocomplete li").all_inner_texts()
    assert any("shisaku:LoanFund" in option and "資金" in option for option in options)
    editor.keyboard.press("Escape")
    write(editor, "SELECT ?x WHERE { ?x ?p ")
    editor.keyboard.insert_text("産業技術セ")
    editor.keyboard.press("Control+Space")
    editor.wait_for_selector(".cm-tooltip-autocomplete li:has-text('産業技術センター')")
    editor.locator(".cm-tooltip-autocomplete li", has_text="地方独立行政法人山口県産業技術センター").first.click()
    assert "<https://shisaku.example/id/organisation/yamaguchi-industrial-technology-institute>" in written(editor)


def test_prefixes_are_filled_in(editor: Page) -> None:
    write(editor, "SELECT ?law WHERE { ?law a shisaku:Law ; skos:prefLabel ?label } LIMIT 3")
    editor.click("[data-part=run]")
    editor.wait_for_selector("[data-part=result] tbody tr")
    assert "PREFIX shisaku: <https://shisaku.example/ns#>" in written(editor)
    assert "PREFIX skos:" in written(editor)


def test_faults_are_shown_at_their_place(editor: Page) -> None:
    write(editor, "SELECT ?x\nWHERE {\n  ?x a ?y .\n  ?x nope ?z\n}")
    editor.click("[data-part=run]")
    box = editor.locator("[data-part=result] .fault")
    box.wait_for()
    assert "4 行" in box.inner_text() and "nope" in box.inner_text()
    editor.wait_for_selector(".cm-line:nth-child(4) .cm-lintRange-error")
    editor.wait_for_timeout(600)  # the checks run again after a pause, and must not wipe the mark
    assert editor.locator(".cm-lintRange-error").count() == 1


def test_unknown_terms_are_pointed_out(editor: Page) -> None:
    write(editor, "SELECT ?x WHERE { ?x a shisaku:LoanFnd }")
    editor.wait_for_selector(".cm-lintRange-warning")
    editor.hover(".cm-lintRange-warning")
    editor.wait_for_selector(".cm-tooltip-lint")
    assert "shisaku:LoanFund" in editor.locator(".cm-tooltip-lint").inner_text()


def test_stop_stops_the_server(browser: Browser, booklet: Path) -> None:
    token = "a-token-of-the-tests"
    headers = {"Authorization": f"Bearer {token}"}
    with (
        serve(booklet, {"SHISAKU_WORKERS": "2", "SHISAKU_OPERATOR_TOKEN": token}) as server,
        visitor(browser, server.url) as context,
    ):
        page = context.new_page()
        open_page(page, "/sparql")

        def running() -> list[str]:
            listed = server.client.get("/operations/queries", headers=headers).json()["queries"]
            return [query["query"] for query in listed if "COUNT(*)" in query["query"]]

        write(page, ENDLESS)
        page.click("[data-part=run]")
        for _ in range(40):
            if running():
                break
            time.sleep(0.1)
        assert len(running()) == 1
        page.click("[data-part=stop]")
        for _ in range(20):
            if not running():
                break
            time.sleep(0.1)
        assert running() == []
        assert page.locator("[data-part=status]").inner_text() == "停止しました"
        write(page, "ASK { ?s ?p ?o }")
        page.click("[data-part=run]")
        page.wait_for_selector(".truth")
        assert page.locator(".truth").inner_text() == "はい"


def test_tabs_and_history_stay_in_the_browser(editor: Page) -> None:
    write(editor, "ASK { ?first ?p ?o }")
    editor.click("[data-part=run]")
    editor.wait_for_selector(".truth")
    editor.get_by_role("button", name="新しいタブ").click()
    write(editor, "ASK { ?second ?p ?o }")
    open_page(editor, "/sparql")
    assert "?second" in written(editor)
    editor.get_by_role("button", name="タブ 1").click()
    assert "?first" in written(editor)
    editor.get_by_role("button", name="タブを閉じる").click()
    assert "?second" in written(editor)
    editor.select_option("#history", label="ASK { ?first ?p ?o }")
    assert "?first" in written(editor)


def test_examples_run(editor: Page) -> None:
    assert editor.locator("#examples option").count() > 40
    editor.select_option("#examples", "loan-funds")
    editor.click("[data-part=run]")
    editor.wait_for_selector("[data-part=result] tbody tr")
    assert editor.locator("thead th").all_inner_texts()[:2] == ["fund", "group"]
    editor.get_by_role("button", name="limit_yen", exact=True).click()
    cells = [cell.replace(",", "") for cell in editor.locator("tbody td:nth-child(4)").all_inner_texts() if cell]
    assert [int(cell) for cell in cells] == sorted(map(int, cells))


def test_views_and_download(editor: Page) -> None:
    editor.click("[data-part=run]")
    editor.click("[data-view=raw]")
    assert editor.locator("[data-part=result] pre").inner_text().startswith('{"head"')
    editor.click("[data-view=chart]")
    assert editor.locator(".bars li").count() == 20
    with editor.expect_download() as started:
        editor.get_by_role("button", name="CSVで保存").click()
    assert started.value.path().read_bytes().startswith(b"\xef\xbb\xbfprogramme,label,yen\r\n")
    write(editor, "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 2")
    editor.click("[data-part=run]")
    editor.wait_for_selector("[data-part=result] pre:has-text('<http')")


def test_links_and_commands(editor: Page, browser: Browser, real: Server, tmp_path: Path) -> None:
    query = "ASK { ?it ?says \"it's 'quoted'\" }"
    write(editor, query)
    for part, command in (("curl", ["bash", "-c"]), ("python", [sys.executable, "-c"])):
        editor.click(f"[data-part={part}]")
        copied = editor.evaluate("navigator.clipboard.readText()")
        if part == "curl":
            copied = copied.replace("text/csv", "application/sparql-results+json")
            made = subprocess.run([*command, copied], capture_output=True, text=True, check=True, cwd=tmp_path)
            assert '"boolean":false' in made.stdout
    write(
        editor,
        "SELECT ?label WHERE { <https://shisaku.example/id/law/sme-basic-act> skos:prefLabel ?label } ORDER BY LANG(?label)",
    )
    editor.click("[data-part=python]")
    program = editor.evaluate("navigator.clipboard.readText()")
    made = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert "中小企業基本法" in made.stdout and "Small and Medium-sized Enterprise Basic Act" in made.stdout
    editor.click("[data-part=share]")
    link = editor.evaluate("navigator.clipboard.readText()")
    with visitor(browser, real.url) as other:
        page = other.new_page()
        open_page(page, link)
        assert "sme-basic-act" in written(page)
