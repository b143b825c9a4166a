"""Project files to text and terms under the base IRI of this installation."""

from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from service.vocabulary import CANONICAL_BASE, Vocabulary
from tests.building import ROOT

OTHER = Vocabulary("https://data.pref.example.jp/shisaku/", ROOT / "ontology")


def test_every_file_is_read_as_if_written_with_our_base() -> None:
    paths = [
        path for folder in ("ontology", "shapes", "queries", "data/mappings") for path in (ROOT / folder).rglob("*.*")
    ]
    texts = [OTHER.read(path) for path in paths if path.suffix in {".ttl", ".rq"}]
    assert len(texts) > 100
    assert not any(CANONICAL_BASE in text for text in texts)
    assert any(OTHER.base in text for text in texts)


def test_terms_things_and_graphs_lie_under_the_base() -> None:
    assert OTHER.term("shisaku:page") == NamedNode(OTHER.base + "ns#page")
    assert OTHER.term("org:Organization") == NamedNode("http://www.w3.org/ns/org#Organization")
    assert OTHER.thing("law", "sme-basic-act") == NamedNode(OTHER.base + "id/law/sme-basic-act")
    assert OTHER.graph("2024") == NamedNode(OTHER.base + "graph/2024")


def test_an_undeclared_prefix_is_an_error() -> None:
    with pytest.raises(KeyError, match="dbpedia"):
        OTHER.term("dbpedia:Japan")


def test_turtle_becomes_quads_of_the_graph(tmp_path: Path) -> None:
    path = tmp_path / "one.ttl"
    path.write_text(f"<{CANONICAL_BASE}a> <{CANONICAL_BASE}b> '施策'@ja .", "utf-8")
    [quad] = OTHER.turtle(path, "ontology")
    assert quad.subject == NamedNode(OTHER.base + "a")
    assert quad.graph_name == OTHER.graph("ontology")
