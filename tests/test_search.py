"""Words to things: what people type finds what they mean, over the project's own data and a real server."""

import csv
import re
from collections import defaultdict
from html import unescape
from statistics import mean

import httpx2
import pytest

from service.folding import bigrams, fold, fold_number
from tests.serving import BASE, ROOT, Server

PER_PAGE = 10
JUDGED = ROOT / "tests" / "search" / "judged.csv"
LEAST_RECALL, LEAST_RANK = 0.95, 0.9


def judged() -> list[tuple[str, str, set[str]]]:
    """What was made from what, what is typed, and the things that answer it."""
    with JUDGED.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return [(row["made_from"], row["query"], set(row["relevant"].split())) for row in rows]


def found(server: Server, text: str, **chosen: str) -> list[str]:
    """The first ten things, as kind/slug."""
    answer: httpx2.Response = server.client.get("/search", params={"q": text, "format": "json", **chosen})
    assert answer.status_code == 200
    return [hit["thing"].removeprefix(f"{BASE}id/") for hit in answer.json()["hits"]][:PER_PAGE]


def test_judged_queries_find_what_is_meant(real: Server) -> None:
    queries = judged()
    assert len(queries) >= 200
    recalls, ranks, missed = defaultdict(list), [], []
    for made_from, text, relevant in queries:
        got = found(real, text)
        recall = len(relevant & set(got)) / min(PER_PAGE, len(relevant))
        recalls[made_from].append(recall)
        ranks.append(next((1 / place for place, thing in enumerate(got, 1) if thing in relevant), 0.0))
        if recall < 1:
            missed.append((text, sorted(relevant - set(got))))
    every = mean(recall for group in recalls.values() for recall in group)
    print({group: round(mean(values), 3) for group, values in recalls.items()}, round(mean(ranks), 3), missed)
    assert every >= LEAST_RECALL
    assert mean(ranks) >= LEAST_RANK


def test_judged_things_exist(real: Server) -> None:
    things = sorted({thing for _, _, relevant in judged() for thing in relevant})
    gone = [thing for thing in things if real.client.get(f"/data/{thing}.nt").status_code != 200]
    assert gone == []


@pytest.mark.parametrize(
    ("typed", "thing"),
    [
        ("経営金融課", "unit/business-and-finance-division"),
        ("ケイエイキンユウカ", "unit/business-and-finance-division"),
        ("ｹｲｴｲｷﾝﾕｳｶ", "unit/business-and-finance-division"),
        ("083(933)3185", "unit/business-and-finance-division"),
        ("ｄｘ対応", "fund/dx-support-fund"),
        ("(公財)やまぐち産業振興財団", "organisation/yamaguchi-industrial-promotion-foundation"),
        ("㈱ニシエフ", "organisation/nishi-f"),
        ("鑄銭司", "unit/weights-and-measures-inspection-office"),
        ("鋳銭司", "unit/weights-and-measures-inspection-office"),
        ("小規模事業者経営支援事業", "programme/small-business-management-support"),
    ],
)
def test_width_kana_kanji_and_numbers_do_not_matter(real: Server, typed: str, thing: str) -> None:
    assert thing in found(real, typed)


def test_whoever_answers_a_number_comes_first(real: Server) -> None:
    assert found(real, "083-933-3180")[0] == "unit/management-support-group"


def test_the_search_as_sparql_finds_the_same(real: Server) -> None:
    page = real.client.get("/search", params={"q": "補助金"}, headers={"Accept": "text/html"}).text
    [query] = re.findall(r"<code>(.*?)</code></pre>", page, re.DOTALL)
    rows = real.query(unescape(query)).json()["results"]["bindings"]
    listed = real.client.get("/search", params={"q": "補助金", "format": "json"}).json()
    assert {row["thing"]["value"] for row in rows} == {hit["thing"] for hit in listed["hits"]}
    assert listed["total"] == len(listed["hits"]) > 10


def test_one_letter(real: Server) -> None:
    assert found(real, "融")


def test_facets_narrow(real: Server) -> None:
    everything = real.client.get("/search", params={"q": "融資", "format": "json"}).json()
    kind, _, number = everything["facets"]["kind"][0]
    narrowed = real.client.get("/search", params={"q": "融資", "format": "json", "kind": kind}).json()
    assert narrowed["total"] == number < everything["total"]
    assert {hit["kind"] for hit in narrowed["hits"]} == {kind}


def test_nothing_fits_says_so(real: Server) -> None:
    answer = real.client.get("/search", params={"q": "融資ペンギン", "format": "json"}).json()
    assert answer["near"] is True


@pytest.mark.parametrize("text", ['"', "*", "a OR b", "NEAR(", "'; DROP TABLE document; --", "(" * 300, "\x00", "　"])
def test_the_index_language_is_out_of_reach(real: Server, text: str) -> None:
    assert real.client.get("/search", params={"q": text, "format": "json"}).status_code == 200


def test_suggestions_name_things(real: Server) -> None:
    hits = real.client.get("/search/suggest", params={"q": "事業承継"}).json()
    assert 0 < len(hits) <= 8
    assert all("事業承継" in hit["label_ja"] for hit in hits)


def test_folding() -> None:
    assert fold("㈱ＡＢＣ　カナ ｶﾅ 會社") == "株式会社abc かな かな 会社"
    assert fold_number("083-933-3185") == fold_number("（083）933 3185") == "0839333185"
    assert bigrams("融資枠 a") == "融資 資枠 a"
