"""Stores of a snapshot: a small part of many graphs is asked alone, with the same answers as the whole."""

import io
import json

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from service.engines.store import SMALL_PART, Request, Stores, answer, open_snapshot
from tests.serving import BASE, write_snapshot

EDITIONS = [f"{BASE}graph/{year}" for year in range(2000, 2000 + 2 * SMALL_PART)]
SHARED = f"{BASE}graph/common"
LABEL, ALL = NamedNode(f"{BASE}ns#label"), f"SELECT ?s ?l {{ ?s <{BASE}ns#label> ?l }} ORDER BY ?s"
BY_GRAPH = "SELECT ?g ?s { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g ?s"


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Stores:
    """Twenty editions of ten things, and a graph that all share."""
    folder = tmp_path_factory.mktemp("many")
    content = [
        Quad(NamedNode(f"{BASE}id/{n}"), LABEL, Literal(f"{g} {n}"), NamedNode(g)) for g in EDITIONS for n in range(10)
    ]
    content.append(Quad(NamedNode(f"{BASE}id/shared"), LABEL, Literal("shared"), NamedNode(SHARED)))
    path = write_snapshot(folder, "many", content)
    manifest = json.loads((path / "manifest.json").read_text("utf-8"))
    manifest["graphs"] = dict.fromkeys(EDITIONS, 10) | {SHARED: 1}
    manifest["datasets"] = {graph: [graph, SHARED] for graph in EDITIONS} | {"all": [*EDITIONS, SHARED]}
    (path / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return open_snapshot(path)


def test_small_parts_have_stores_of_their_own(many: Stores) -> None:
    assert len(many.parts) == len(EDITIONS), "all but the one that is everything"
    part = many.holding([EDITIONS[3], SHARED])
    assert len(part) == 11
    assert many.holding([EDITIONS[3]]) is part
    assert many.holding(EDITIONS[:2]) is many.holding(["urn:elsewhere"]) is many.holding([]) is many.whole
    assert len(many.whole) == 10 * len(EDITIONS) + 1


DATASETS = {
    "protocol": {"default_graphs": (EDITIONS[3], SHARED)},
    "named": {"named_graphs": (EDITIONS[3], SHARED)},
    "both": {"default_graphs": (EDITIONS[3],), "named_graphs": (SHARED,)},
    "two editions": {"default_graphs": tuple(EDITIONS[3:5])},
}


@pytest.mark.parametrize("text", [ALL, BY_GRAPH])
@pytest.mark.parametrize("dataset", DATASETS.values(), ids=DATASETS)
def test_a_part_answers_as_the_whole(many: Stores, dataset: dict[str, tuple[str, ...]], text: str) -> None:
    request = Request(text, "text/csv", BASE, **dataset)  # type: ignore[arg-type]
    assert answer(many, request) == answer(Stores(many.whole), request)


@pytest.mark.parametrize("clauses", [f"FROM <{EDITIONS[3]}>", f"FROM NAMED <{EDITIONS[3]}> FROM <{SHARED}>"])
def test_a_part_answers_what_the_text_names(many: Stores, clauses: str) -> None:
    text = f"SELECT ?g ?s ?l {clauses} {{ {{ ?s <{BASE}ns#label> ?l }} UNION {{ GRAPH ?g {{ ?s ?p ?l }} }} }} ORDER BY ?g ?s"
    graphs = tuple(part.partition(">")[0] for part in clauses.split("<")[1:])
    request = Request(text, "text/csv", BASE, own_graphs=graphs)
    assert answer(many, request) == answer(Stores(many.whole), request)
    assert answer(many, request).count(b"\n") in (11, 12)


def test_bound_variables_see_everything(many: Stores) -> None:
    request = Request(ALL, "text/csv", BASE, substitutions={"s": f"<{BASE}id/3>"})
    assert answer(many, request).count(b"\n") == 1 + len(EDITIONS)


def test_answers_are_the_same_answers(many: Stores) -> None:
    for text, media_type in (
        (ALL, "text/csv"),
        ("ASK {}", "application/sparql-results+json"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "text/turtle"),
    ):
        prefixes = {"ns": f"{BASE}ns#"} if media_type == "text/turtle" else {}
        request, output = Request(text, media_type, BASE, prefixes=prefixes), io.BytesIO()
        answer(many, request, output)
        assert sorted(answer(many, request).splitlines()) == sorted(output.getvalue().splitlines())
