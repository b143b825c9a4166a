"""Both languages whole: no English in the frame of Japanese pages, no Japanese outside marked data in English ones."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from service.ui.language import messages
from tests.browser.driving import PAGES, open_page, visitor
from tests.serving import Server

JAPANESE = r"[\u3040-\u30ff\u3400-\u9fff\uff00-\uffef]"
# The frame: what is ours to say, whatever the data holds.
FRAME = "header, footer, label, button, legend, summary, caption, figcaption, th[scope=col], dt, h2, .note, .lead, .guide, [role=status]"
TEXTS = """frame => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const {parentElement: parent, textContent} = walker.currentNode;
    const text = textContent.trim();
    if (!text || parent.closest("script, style, noscript, pre, code, title, svg title, .editor-text")) continue;
    found.push([text, parent.closest("[lang]").getAttribute("lang"), Boolean(parent.closest(frame)), parent.outerHTML.slice(0, 160)]);
  }
  return found;
}"""
# Names that are the same in both languages, units, addresses, telephone numbers, identifiers.
COMMON = re.compile(
    r"SPARQL|Excel|XLSX|CSV|TSV|JSON(-LD)?|RDF(/XML)?|Turtle|N-Triples|N-Quads|TriG|API|FAX|CC BY 4\.0|English|DCAT|VoID|"
    r"OpenAPI|openapi\.json|OpenRefine|MCP|HTTP|IRI|p\.|ms|Ctrl\+\w+|curl|Python|https?://\S+|\S+@\S+|[\w.-]+\.(csv|nq|ttl|trig|gz|json)|DX|IT|IoT"
)


def texts(page: Page) -> list[list[Any]]:
    """Every text of the page, its language, whether it belongs to the frame, and where it stands."""
    found: list[list[Any]] = page.evaluate(TEXTS, FRAME)
    return found


@pytest.fixture(scope="module")
def pages(browser: Browser, real: Server) -> Any:
    """A visitor in each language."""
    with visitor(browser, real.url, "ja") as japanese, visitor(browser, real.url, "en") as english:
        yield {"ja": japanese.new_page(), "en": english.new_page()}


@pytest.mark.parametrize("kind", PAGES)
def test_english_pages(pages: dict[str, Page], kind: str) -> None:
    page = pages["en"]
    open_page(page, PAGES[kind])
    assert page.locator("html").get_attribute("lang") == "en"
    found = texts(page)
    assert len(found) > 20
    unmarked = [entry for entry in found if re.search(JAPANESE, entry[0]) and not entry[1].startswith("ja")]
    assert unmarked == []
    ours = [e for e in found if e[2] and e[1].startswith("ja") and "switch" not in e[3] and e[0] != "日本語"]
    assert [entry for entry in ours if not in_data(entry)] == []


def in_data(entry: list[Any]) -> bool:
    """Whether a Japanese text in the frame is one that people typed, an example of what to type, or an address."""
    return '<span lang="ja">' in entry[3]


@pytest.mark.parametrize("kind", PAGES)
def test_japanese_pages(pages: dict[str, Page], kind: str) -> None:
    page = pages["ja"]
    open_page(page, PAGES[kind])
    assert page.locator("html").get_attribute("lang") == "ja"
    found = texts(page)
    assert len(found) > 20
    foreign = [
        e
        for e in found
        if e[1] != "en" and re.search(r"[A-Za-z]{2}", COMMON.sub("", e[0])) and not re.search(JAPANESE, e[0])
    ]
    assert [entry for entry in foreign if entry[2]] == []
    assert [entry for entry in foreign if not re.search(r"<(td|dd|a|li|option|span)\b", entry[3])] == []


def test_the_same_messages_in_both_languages() -> None:
    ja, en = messages("ja"), messages("en")
    assert set(ja) <= set(en)
    assert all(key.endswith("_one") for key in set(en) - set(ja))  # only English has a singular of its own
    for key in ("columns", "properties", "groups"):
        assert set(ja[key]) == set(en[key]), key
    for key, text in ja.items():
        if isinstance(text, str):
            holes = [set(re.findall(r"\{(\w+)\}", message)) for message in (text, en[key])]
            assert holes[0] == holes[1], key
            assert re.search(JAPANESE, text) or not re.search(
                r"[A-Za-z]{2}", COMMON.sub("", re.sub(r"\{\w+\}", "", text))
            ), key
            example = key.endswith("_hint") or key == "switch"
            assert example or not re.search(JAPANESE, en[key]), key


def test_the_switch_keeps_the_page(pages: dict[str, Page]) -> None:
    page = pages["ja"]
    open_page(page, "/sme?industry=小売業&employees=60&capital_man=4000")
    page.get_by_role("link", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("#employees").input_value() == "60"
    page.get_by_role("link", name="Retail").first.click()
    assert page.locator("html").get_attribute("lang") == "en"
