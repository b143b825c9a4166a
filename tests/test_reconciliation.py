"""Names to candidates by the Reconciliation Service API 0.2: a spreadsheet's spellings find the right thing first."""

import csv
import json

import pytest

from tests.serving import BASE, ROOT, Server

LEAST_RIGHT = 0.95


def ask(server: Server, **queries: object) -> dict[str, list[dict[str, object]]]:
    """The candidates of each query of a batch, sent as OpenRefine sends it."""
    answer = server.client.post("/reconcile", data={"queries": json.dumps(queries)})
    assert answer.status_code == 200
    return {key: found["result"] for key, found in answer.json().items()}


def organisations() -> list[tuple[str, str]]:
    """Identifier and a spelling: names with and without their legal form, and shortened as letterheads do."""
    with (ROOT / "data" / "common" / "organisations.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    short = {"一般社団法人": "(一社)", "公益財団法人": "（公財）", "一般財団法人": "(一財)", "株式会社": "㈱"}
    spellings = []
    for row in rows:
        names = {row["label"]} | {row["label"].replace(long, brief) for long, brief in short.items()}
        spellings += [(f"{BASE}id/organisation/{row['slug']}", name) for name in sorted(names)]
    return spellings


def test_organisations_come_first(real: Server) -> None:
    spellings = organisations()
    assert len(spellings) > 120
    right = 0
    for start in range(0, len(spellings), 50):
        part = dict(enumerate(spellings[start : start + 50]))
        found = ask(
            real, **{f"q{n}": {"query": name, "type": "organisation", "limit": 3} for n, (_, name) in part.items()}
        )
        right += sum(bool(found[f"q{n}"]) and found[f"q{n}"][0]["id"] == thing for n, (thing, _) in part.items())
    assert right / len(spellings) >= LEAST_RIGHT


def test_a_match_is_the_only_bearer_of_the_name(real: Server) -> None:
    found = ask(real, q0={"query": "中小企業基本法"}, q1={"query": "中小企業"})
    [first, *_] = found["q0"]
    assert (first["id"], first["match"], first["score"]) == (f"{BASE}id/law/sme-basic-act", True, 100.0)
    assert not any(candidate["match"] for candidate in found["q1"])


def test_the_type_narrows(real: Server) -> None:
    found = ask(real, q0={"query": "産業技術センター", "type": ["organisation"], "limit": 25})
    assert {candidate["type"][0]["id"] for candidate in found["q0"]} == {"organisation"}  # type: ignore[index]


def test_the_manifest_tells_how_to_ask(real: Server) -> None:
    manifest = real.client.get("/reconcile").json()
    assert manifest["versions"] == ["0.2"]
    assert manifest["identifierSpace"] == f"{BASE}id/"
    for service in manifest["suggest"].values():
        answer = real.client.get(service["service_path"], params={"prefix": "商工"})
        assert answer.status_code == 200
    assert real.client.get("/reconcile/suggest/entity", params={"prefix": "商工"}).json()["result"]


@pytest.mark.parametrize(
    "queries",
    [
        "",
        "[]",
        "{",
        '{"q0": 1}',
        '{"q0": {}}',
        '{"q0": {"query": "a", "limit": 0}}',
        '{"q0": {"query": "a", "type": [1]}}',
        "[" * 20_000,
    ],
)
def test_what_is_no_batch_is_refused(real: Server, queries: str) -> None:
    answer = real.client.post("/reconcile", data={"queries": queries})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


def test_too_many_at_once_are_refused(real: Server) -> None:
    queries = json.dumps({f"q{n}": {"query": "a"} for n in range(51)})
    assert real.client.post("/reconcile", data={"queries": queries}).status_code == 400
