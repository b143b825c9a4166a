"""The pool and its settings to the SPARQL 1.1 Service Description and what it says of the dataset."""

from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from service.web.negotiation import GRAPHS

SD, VOID = "http://www.w3.org/ns/sparql-service-description#", "http://rdfs.org/ns/void#"
RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
FORMATS = "http://www.w3.org/ns/formats/"
NAMES = {"Turtle": "Turtle", "JSON-LD": "JSON-LD", "N-Triples": "N-Triples", "RDF/XML": "RDF_XML"}
RESULT_NAMES = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV")


def describe(endpoint: str, graphs: dict[str, int], form: RdfFormat) -> bytes:
    """The description of the endpoint at an address."""
    return serialize(_triples(endpoint, graphs), format=form, prefixes=_prefixes(form)) or b""


def _prefixes(form: RdfFormat) -> dict[str, str] | None:
    return {"sd": SD, "void": VOID} if form == RdfFormat.TURTLE else None


def _triples(endpoint: str, graphs: dict[str, int]) -> Iterator[Triple]:
    service, dataset, default = NamedNode(endpoint), BlankNode("dataset"), BlankNode("default")
    yield Triple(service, RDF_TYPE, _sd("Service"))
    yield Triple(service, _sd("endpoint"), service)
    yield Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query"))
    yield Triple(service, _sd("feature"), _sd("UnionDefaultGraph"))
    for name in (*(NAMES[form.name] for form in GRAPHS), *RESULT_NAMES):
        yield Triple(service, _sd("resultFormat"), NamedNode(FORMATS + name))
    yield Triple(service, _sd("defaultDataset"), dataset)
    yield Triple(dataset, RDF_TYPE, _sd("Dataset"))
    yield Triple(dataset, _sd("defaultGraph"), default)
    yield Triple(default, RDF_TYPE, _sd("Graph"))
    yield Triple(default, NamedNode(VOID + "triples"), Literal(sum(graphs.values())))
    for number, (iri, size) in enumerate(sorted(graphs.items())):
        named, graph = BlankNode(f"named{number}"), BlankNode(f"graph{number}")
        yield Triple(dataset, _sd("namedGraph"), named)
        yield Triple(named, RDF_TYPE, _sd("NamedGraph"))
        yield Triple(named, _sd("name"), NamedNode(iri))
        yield Triple(named, _sd("graph"), graph)
        yield Triple(graph, RDF_TYPE, _sd("Graph"))
        yield Triple(graph, NamedNode(VOID + "triples"), Literal(size))


def _sd(name: str) -> NamedNode:
    return NamedNode(SD + name)
