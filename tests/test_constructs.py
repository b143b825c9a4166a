"""CONSTRUCT files to quads: all fit the data, each sees what came before, and one that makes nothing is an error."""

from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from service.building.constructs import NothingConstructed, construct, constructs
from tests.building import ROOT, good

FILES = sorted([*(ROOT / "data" / "mappings").glob("*.rq"), *(ROOT / "shapes" / "rules").glob("*.rq")])
RULES = ROOT / "shapes" / "rules"


def small() -> Store:
    vocabulary = good().vocabulary
    store = Store()
    for graph, name in (("2024", "a"), ("common", "b"), ("2023", "c")):
        store.add(Quad(NamedNode(f"urn:{name}"), NamedNode("urn:p"), Literal(graph), vocabulary.graph(graph)))
    return store


@cache
def before_the_rules() -> Store:
    """What the mappings see: nothing is derived yet."""
    store = Store()
    store.extend(quad for quad in good().store if quad.graph_name != good().vocabulary.graph("2024-derived"))
    return store


def write(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        (folder / f"{name}.rq").write_text(text, "utf-8")


def test_there_are_mappings_and_rules() -> None:
    assert len(list((ROOT / "data" / "mappings").glob("*.rq"))) >= 5
    assert list(RULES.glob("*.rq"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_file_makes_triples_of_the_data_that_are_in_the_graph(path: Path) -> None:
    target = "2024-derived" if path.parent == RULES else "2024"
    made = construct(before_the_rules(), path, good().vocabulary, "2024", target)
    missing = [quad for quad in made if quad not in good().store]
    assert made and not missing


def test_a_file_sees_its_edition_and_what_is_common_and_no_other_edition(tmp_path: Path) -> None:
    write(tmp_path, all="CONSTRUCT { ?s <urn:seen> ?o } WHERE { ?s <urn:p> ?o }")
    made = construct(small(), tmp_path / "all.rq", good().vocabulary, "2024", "2024-derived")
    assert {quad.subject for quad in made} == {NamedNode("urn:a"), NamedNode("urn:b")}
    assert {quad.graph_name for quad in made} == {good().vocabulary.graph("2024-derived")}


def test_files_run_in_the_order_of_their_names_and_see_what_was_made_before(tmp_path: Path) -> None:
    write(
        tmp_path,
        b="CONSTRUCT { ?s <urn:third> ?o } WHERE { ?s <urn:second> ?o }",
        a="CONSTRUCT { ?s <urn:second> ?o } WHERE { ?s <urn:p> ?o }",
    )
    made = list(constructs(small(), tmp_path, good().vocabulary, "2024", "2024"))
    assert [quad.predicate.value for quad in made] == ["urn:second"] * 2 + ["urn:third"] * 2


def test_a_file_that_makes_nothing_is_an_error_that_names_it(tmp_path: Path) -> None:
    write(tmp_path, gone="CONSTRUCT { ?s <urn:q> ?o } WHERE { ?s <urn:no-such-property> ?o }")
    with pytest.raises(NothingConstructed, match=r"gone\.rq"):
        list(constructs(small(), tmp_path, good().vocabulary, "2024", "2024"))


@pytest.mark.parametrize(
    ("text", "error"),
    [("SELECT * { ?s ?p ?o }", TypeError), ("CONSTRUCT { ?s ?p }", SyntaxError)],
    ids=["select", "broken"],
)
def test_what_is_no_construct_is_an_error(text: str, error: type[Exception], tmp_path: Path) -> None:
    write(tmp_path, wrong=text)
    with pytest.raises(error):
        list(constructs(small(), tmp_path, good().vocabulary, "2024", "2024"))


def test_what_is_derived_lies_in_a_graph_of_its_own_and_names_its_source() -> None:
    vocabulary, term = good().vocabulary, good().vocabulary.term
    derived = list(good().store.quads_for_pattern(None, None, None, vocabulary.graph("2024-derived")))
    subjects = {quad.subject for quad in derived if quad.object == term("shisaku:DerivedDefinition")}
    assert len(subjects) > 10
    for subject in subjects:
        assert not list(good().store.quads_for_pattern(subject, None, None, vocabulary.graph("2024")))
        sources = list(good().store.quads_for_pattern(subject, term("prov:wasDerivedFrom"), None, None))
        assert len(sources) == 2, subject
