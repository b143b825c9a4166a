"""Pages in a real server over the real data: every page kind answers, in both languages, and leads where identifiers lead."""

import csv
import io
import re
import zipfile
from html import unescape
from html.parser import HTMLParser

import httpx2
import pytest

from tests.serving import Server

HTML = {"Accept": "text/html"}
ENGLISH = {**HTML, "Accept-Language": "en"}
PAGES = (
    *("/", "/search?q=融資", "/queries", "/queries/programs", "/queries/sme-check", "/ns", "/browse/law", "/sme"),
    *("/page/law/sme-basic-act", "/page/page/2024-69", "/page/programme/semiconductor-battery-industry-cluster"),
    *("/page/council/industrial-strategy-headquarters", "/supports?purpose=事業承継", "/sparql"),
    *("/pictures/money", "/pictures/organisation", "/pictures/events?year=2014"),
    "/sme?industry=小売業&employees=60&capital_yen=40000000",
)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_pages_answer(real: Server, path: str, lang: str) -> None:
    answer = real.client.get(path, params={"lang": lang} if "?" not in path else None, headers=HTML)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.text.count("<h1") == 1
    assert not re.search(
        r'<(?!a\b)\w+[^>]*\b(?:src|href)="(?:https?:)?//', answer.text
    )  # nothing is loaded from another host
    scripts = re.findall(r"<script[^>]*>[^<]*", answer.text)
    assert all(re.fullmatch(r'<script type="module" src="/static/[^"]+">', script) for script in scripts)


def test_links_lead_somewhere(real: Server) -> None:
    seen = set()
    for path in PAGES[:12]:
        found = re.findall(r'href="(/[^"#]*)"', real.client.get(path, headers=HTML).text)
        seen |= {unescape(link) for link in found[:40]}
    assert len(seen) > 50
    for link in sorted(seen):
        assert real.client.get(link, headers=HTML, follow_redirects=True).status_code == 200, link


def test_identifiers(real: Server) -> None:
    path = "/id/law/sme-basic-act"
    for accept, target in (
        ("text/html", "/page/law/sme-basic-act"),
        ("text/turtle", "/data/law/sme-basic-act.ttl"),
        ("application/ld+json", "/data/law/sme-basic-act.jsonld"),
        ("application/n-triples", "/data/law/sme-basic-act.nt"),
    ):
        answer = real.client.get(path, headers={"Accept": accept})
        assert (answer.status_code, answer.headers["location"]) == (303, target)
        assert real.client.get(target).status_code == 200
    assert real.client.get("/id/law/none").status_code == 404
    assert real.client.get("/data/law/sme-basic-act.exe", headers={"Accept": "text/turtle"}).status_code == 404


def test_every_kind_of_identifier_resolves(real: Server) -> None:
    query = """SELECT ?kind (SAMPLE(?s) AS ?one) WHERE { ?s ?p ?o
        FILTER(STRSTARTS(STR(?s), "https://shisaku.example/id/"))
        BIND(STRBEFORE(STRAFTER(STR(?s), "/id/"), "/") AS ?kind) } GROUP BY ?kind"""
    rows = real.query(query).json()["results"]["bindings"]
    assert len(rows) > 30
    for row in rows:
        path = row["one"]["value"].removeprefix("https://shisaku.example")
        answer = real.client.get(path, headers={"Accept": "text/turtle"}, follow_redirects=True)
        assert (answer.status_code, "ns#" in answer.text or "core#" in answer.text) == (200, True), path


def test_tables_of_things_have_no_empty_columns(real: Server) -> None:
    page = real.client.get("/page/law/sme-organisation-act", headers=HTML).text
    outside = page[page.index("外部の識別子</h2>") :].partition("</table>")[0]
    assert "e-Gov" in outside and "冊子のページ" not in outside  # looked up elsewhere, printed on no page
    assert 'data-label="冊子のページ"' in page
    fund = real.client.get("/page/fund/youth-employment-promotion-fund", headers=HTML).text
    assert "任期" not in fund and "<dd>24か月</dd>" in fund


def test_supports_are_listed_first_and_told_in_full_below(real: Server) -> None:
    asked = {"purpose": "資金繰り・経営安定", "place": "下関市"}
    page = real.client.get("/supports", params=asked, headers=HTML).text
    answer = real.client.get("/queries/supports-for.json", params={"purpose": asked["purpose"]}).json()
    named = {row["support"]["value"] for row in answer["results"]["bindings"]}
    assert "緊急対策資金" in named  # its limit is not printed
    assert all(name in page for name in named)
    near, _, others = page[page.index('id="centres"') :].partition("<details>")
    assert near.index("下関商工会議所") < near.index("山口県信用保証協会") and "下関" in others
    firm = {"purpose": "DX・デジタル化", "industry": "小売業", "employees": "4"}
    page = real.client.get("/supports", params=firm, headers=HTML).text
    assert re.search(r'<a href="#s2">.*<li class="support" id="s2">', page, re.DOTALL)
    assert "対象に挙がる： 中小企業者" in re.sub(r"<[^>]*>", "", page)


def test_the_picture_of_money_leaves_nothing_out(real: Server) -> None:
    page = real.client.get("/pictures/money", headers=HTML).text
    rows = real.client.get("/queries/programs.json").json()["results"]["bindings"]
    budgets = [row for row in rows if row.get("amount_kind", {}).get("value") == "予算" and "amount_yen" in row]
    assert len(budgets) == 91 and all(f"{int(row['amount_yen']['value']):,}円" in page for row in budgets)
    assert "柱に属さない事業" in page


def test_charts_say_what_is_not_in_them(real: Server) -> None:
    assert "分野の記載がない23件は入っていません" in real.client.get("/queries/programs", headers=HTML).text
    assert "名称別の補助率（%）" in real.client.get("/queries/subsidies-by-rate", headers=HTML).text


def test_the_table_of_a_thing_is_for_people(real: Server) -> None:
    answer = real.client.get("/page/law/sme-organisation-act.csv", headers={"Accept-Language": "ja"})
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert list(rows[0])[:4] == ["区分", "項目", "内容", "数値"]
    limits = [row for row in rows if row["項目"] == "資本金の上限"]
    assert [limits[0][name] for name in ("内容", "数値", "単位", "ページ")] == [
        "300,000,000円",
        "300000000",
        "JPY",
        "69",
    ]
    english = real.client.get("/page/law/sme-organisation-act.csv?lang=en").text
    assert english.startswith("\ufeffKind,Item,Value")


def test_addresses_elsewhere_tell_where_they_lead(real: Server) -> None:
    page = real.client.get("/page/law/sme-organisation-act", headers=HTML).text
    assert ">github.com/…/INDEX.md</a>" in page and ">INDEX.md</a>" not in page


def test_downloads(real: Server) -> None:
    plain = real.client.get("/queries/councils.csv")
    assert plain.text.startswith("label,kind,chair") and len(plain.text.splitlines()) == 22
    assert real.client.get("/queries/councils.csv?excel=1").content.startswith(b"\xef\xbb\xbf")
    for lang, heading in (("ja", "上限額"), ("en", "Cap")):
        book = real.client.get("/queries/subsidies.xlsx", params={"lang": lang}).content
        with zipfile.ZipFile(io.BytesIO(book)) as parts:
            strings = parts.read("xl/sharedStrings.xml").decode()
            assert f"<t>{heading}</t>" in strings and f"{heading} = cap_yen" in strings
    assert len(real.client.get("/queries/councils.json").json()["results"]["bindings"]) == 21
    for path, status in (
        ("/queries/none.csv", 404),
        ("/queries/councils.exe", 404),
        ("/queries/councils.csv?x=1", 400),
    ):
        answer = real.client.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_text_is_never_markup(real: Server) -> None:
    attack = '"><script>alert(1)</script>'
    for path, name in (("/search", "q"), ("/queries/program-search", "text"), ("/sme", "employees")):
        answer: httpx2.Response = real.client.get(path, params={name: attack}, headers=HTML)
        assert "<script>" not in answer.text
        assert "unsafe" not in answer.headers["content-security-policy"]


class Texts(HTMLParser):
    """The texts of a page, each with the language that its elements say it is in."""

    SILENT = ("script", "style", "title", "code", "pre", "noscript")
    EMPTY = ("meta", "link", "input", "br", "rect", "circle", "line")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = [("", "")]
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.EMPTY:
            self.open.append((tag, dict(attrs).get("lang") or self.open[-1][1]))

    def handle_endtag(self, tag: str) -> None:
        while len(self.open) > 1 and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not any(tag in self.SILENT for tag, _ in self.open):
            self.found.append((data.strip(), self.open[-1][1]))


def texts(page: str) -> list[tuple[str, str]]:
    """The texts of a page with their languages."""
    parser = Texts()
    parser.feed(page)
    return parser.found


def test_japanese_is_marked_in_english_pages(real: Server) -> None:
    named = "SELECT (SAMPLE(?s) AS ?one) WHERE { ?s a ?class FILTER(STRSTARTS(STR(?s), 'https://shisaku.example/id/')) } GROUP BY ?class"
    rows = real.query(named).json()["results"]["bindings"]
    things = ["/page/" + row["one"]["value"].removeprefix("https://shisaku.example/id/") for row in rows]
    questions = [f"/queries/{question['name']}" for question in real.client.get("/queries.json").json()]
    assert len(things) > 60 and len(questions) > 50
    for path in (*PAGES, *questions, *things):
        answer = real.client.get(path, params={"lang": "en"} if "?" not in path else None, headers=ENGLISH)
        assert answer.status_code in (200, 404), path
        found = texts(answer.text)
        assert [
            text for text, lang in found if re.search("[\u3040-\u9fff]", text) and not lang.startswith("ja")
        ] == [], path
