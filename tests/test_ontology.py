"""The ontology: every own term is defined in both languages, and no term of another vocabulary is made up."""

import re
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import NamedNode
from rdflib import Graph, URIRef
from rdflib.namespace import (
    CSVW,
    DCAT,
    DCTERMS,
    FOAF,
    ORG,
    OWL,
    PROV,
    QB,
    RDF,
    RDFS,
    SDO,
    SH,
    SKOS,
    VANN,
    VOID,
    XSD,
    DefinedNamespace,
)

from tests.building import ROOT, good

ONTOLOGY = ROOT / "ontology"
OWN = "https://shisaku.example/"
KNOWN: list[type[DefinedNamespace]] = [
    *(CSVW, DCAT, DCTERMS, FOAF, ORG, OWL, PROV, QB, RDF, RDFS, SDO, SH, SKOS, VANN, VOID, XSD)
]
TEXTS = sorted([*ONTOLOGY.rglob("*.ttl"), *(ROOT / "shapes").glob("*.ttl")])
QUERIES = sorted(path for folder in ("data/mappings", "shapes", "queries") for path in (ROOT / folder).rglob("*.rq"))
LITERAL_HOMES = ("https://creativecommons.org/",)


@cache
def ontology() -> Graph:
    """Our own terms."""
    graph = Graph()
    graph.parse(ONTOLOGY / "shisaku.ttl")
    return graph


@cache
def lists() -> dict[str, frozenset[str]]:
    """Namespace → the local names that may be used, from ontology/terms."""
    found = {}
    for path in ONTOLOGY.glob("terms/*.txt"):
        first, *names = path.read_text("utf-8").split("\n")
        found[first.split()[1]] = frozenset(name for name in names if name)
    return found


def defined(iri: str) -> bool:
    """Whether its vocabulary has the term."""
    for namespace, names in lists().items():
        if iri.startswith(namespace):
            return iri.removeprefix(namespace) in names
    for vocabulary in KNOWN:
        if iri.startswith(str(vocabulary._NS)):
            return URIRef(iri) in vocabulary or iri == str(vocabulary._NS)
    return iri.startswith(LITERAL_HOMES)


def prefixes() -> dict[str, str]:
    """The only list of prefixes."""
    return dict(re.findall(r"@prefix ([\w-]+): <([^>]+)>", (ONTOLOGY / "prefixes.ttl").read_text("utf-8")))


def test_header() -> None:
    head = URIRef(OWN + "ns")
    graph = ontology()
    assert (head, RDF.type, OWL.Ontology) in graph
    assert {title.language for title in graph.objects(head, DCTERMS.title)} == {"ja", "en"}  # type: ignore[attr-defined]
    assert all(graph.value(head, term) for term in (DCTERMS.license, OWL.versionIRI, OWL.versionInfo))


def test_every_own_term_is_told_in_both_languages() -> None:
    graph = ontology()
    terms = [term for term in set(graph.subjects()) if str(term).startswith(OWN + "ns#")]
    assert len(terms) > 150
    for term in terms:
        for told in (RDFS.label, SKOS.definition):
            assert {text.language for text in graph.objects(term, told)} == {"ja", "en"}, term  # type: ignore[attr-defined]
        assert (term, RDFS.isDefinedBy, URIRef(OWN + "ns")) in graph


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_made_up_term_in_turtle(path: Path) -> None:
    graph = Graph()
    graph.parse(path, format="turtle")
    for triple in graph:
        for term in triple:
            if isinstance(term, URIRef) and not str(term).startswith(OWN):
                assert defined(str(term)), term


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_made_up_term_in_queries(path: Path) -> None:
    text = re.sub(r"(?m)^\s*#.*$|\"[^\"\n]*\"", "", path.read_text("utf-8"))
    own = {str(term) for term in ontology().subjects()}
    for prefix, namespace in re.findall(r"(?i)PREFIX\s+([\w-]+):\s*<([^>]+)>", text):
        assert prefixes().get(prefix, namespace) == namespace
        for local in re.findall(rf"(?<![\w:/?]){prefix}:([A-Za-z][\w-]*)", text):
            iri = namespace + local
            if namespace == OWN + "ns#":
                assert iri in own or local == "nothing", iri
            elif not iri.startswith(OWN):
                assert defined(iri), iri


def test_no_made_up_term_in_the_graph() -> None:
    own = {str(term) for term in ontology().subjects()}
    rdf_type = NamedNode(str(RDF.type))
    used = {quad.predicate.value for quad in good().store}
    used |= {
        q.object.value for q in good().store.quads_for_pattern(None, rdf_type, None) if isinstance(q.object, NamedNode)
    }
    assert len(used) > 150
    for iri in used:
        assert iri in own if iri.startswith(OWN + "ns#") else defined(iri), iri


@pytest.mark.parametrize("path", sorted(ONTOLOGY.glob("schemes/*.ttl")), ids=lambda path: path.stem)
def test_schemes(path: Path) -> None:
    graph = Graph()
    graph.parse(path)
    assert URIRef(f"{OWN}id/scheme/{path.stem}") in set(graph.subjects(RDF.type, SKOS.ConceptScheme))
    for concept in graph.subjects(RDF.type, SKOS.Concept):
        labels = {label.language for label in graph.objects(concept, SKOS.prefLabel)}  # type: ignore[attr-defined]
        assert labels >= {"ja", "en"}
        assert graph.value(concept, SKOS.notation)
        assert (concept, SKOS.inScheme, URIRef(f"{OWN}id/scheme/{path.stem}")) in graph
