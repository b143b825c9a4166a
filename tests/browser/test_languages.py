"""Both languages whole: no English in the frame of Japanese pages, no Japanese outside marked data in English ones."""

import re

import pytest
from playwright.sync_api import Browser, Page

from service.ui.language import messages
from tests.browser.driving import PAGES, open_page, visitor
from tests.browser.tour import Tour
from tests.serving import Server

JAPANESE = r"[\u3040-\u30ff\u3400-\u9fff\uff00-\uffef]"
# Names that are the same in both languages, units, addresses, telephone numbers, identifiers.
COMMON = re.compile(
    r"SPARQL|Excel|XLSX|CSV|TSV|JSON(-LD)?|RDF(/XML)?|Turtle|N-Triples|N-Quads|TriG|API|FAX|CC BY 4\.0|English|DCAT|VoID|"
    r"OpenAPI|openapi\.json|OpenRefine|MCP|HTTP|IRI|p\.|ms|Ctrl\+\w+|curl|Python|https?://\S+|\S+@\S+|[\w.-]+\.(csv|nq|ttl|trig|gz|json)|DX|IT|IoT"
)


@pytest.mark.parametrize("kind", PAGES)
def test_english_pages(tours: dict[str, Tour], kind: str) -> None:
    seen = tours["en"].visit(kind)
    assert seen.lang == "en" and len(seen.texts) > 20
    japanese = [text for text in seen.texts if re.search(JAPANESE, text.text)]
    assert [text for text in japanese if not text.lang.startswith("ja")] == []
    # in the frame, Japanese is only what people typed, an example of what to type, or the name of the language
    assert [t for t in japanese if t.framed and '<span lang="ja">' not in t.place and t.text != "日本語"] == []


@pytest.mark.parametrize("kind", PAGES)
def test_japanese_pages(tours: dict[str, Tour], kind: str) -> None:
    seen = tours["ja"].visit(kind)
    assert seen.lang == "ja" and len(seen.texts) > 20
    foreign = [
        text
        for text in seen.texts
        if text.lang != "en"
        and not re.search(JAPANESE, text.text)
        and re.search("[A-Za-z]{2}", COMMON.sub("", text.text))
    ]
    assert [text for text in foreign if text.framed] == []
    assert [text for text in seen.texts if text.framed and text.lang == "en" and text.text != "English"] == []
    assert [text for text in foreign if not re.search(r"<(td|dd|a|li|option|span)\b", text.place)] == []


def test_the_same_messages_in_both_languages() -> None:
    ja, en = messages("ja"), messages("en")
    assert set(ja) <= set(en)
    assert all(key.endswith("_one") for key in set(en) - set(ja))  # only English has a singular of its own
    for key in ("columns", "properties", "groups", "operations"):
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


def test_every_question_has_headings_and_topics(real: Server) -> None:
    for lang in ("ja", "en"):
        known = messages(lang)
        for question in real.client.get("/queries.json").json():
            assert set(question["columns"]) <= set(known["columns"]), question["name"]
            assert all(f"tag_{tag}" in known for tag in question["tags"]), question["name"]


def test_the_switch_keeps_the_page(browser: Browser, real: Server) -> None:
    with visitor(browser, real.url) as context:
        switches(context.new_page())


def switches(page: Page) -> None:
    """A page asked for in Japanese goes on in English, with what was filled in."""
    open_page(page, "/sme?industry=小売業&employees=60&capital_man=4000")
    page.get_by_role("link", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("#employees").input_value() == "60"
    page.get_by_role("link", name="Retail").first.click()
    assert page.locator("html").get_attribute("lang") == "en"
