"""What harvesters read: DCAT, VoID, dumps, the OpenAPI document; and HEAD on every kind of address."""

import gzip

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store, parse
from rdflib import DCAT, RDF, VOID, Graph

from tests.serving import BASE, Server


def described(server: Server, path: str) -> Graph:
    """The Turtle at an address, read by another RDF library than the server's."""
    answer = server.client.get(path, headers={"Accept": "text/turtle"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/turtle")
    return Graph().parse(data=answer.text, format="turtle")


def quads(server: Server) -> Store:
    """All that is said, from the downloaded dump."""
    store = Store()
    store.bulk_load(gzip.decompress(server.client.get("/dumps/shisaku.nq.gz").content), RdfFormat.N_QUADS)
    return store


def test_the_catalogue_leads_to_every_dump(real: Server) -> None:
    graph = described(real, "/catalog")
    [dataset] = set(graph.subjects(RDF.type, DCAT.Dataset))
    assert str(dataset) == f"{BASE}id/edition/2024"
    urls = {str(url) for url in graph.objects(None, DCAT.downloadURL)}
    assert len(urls) == 3
    for url in urls:
        answer = real.client.get(url.replace(BASE, "/"))
        assert answer.status_code == 200
        assert gzip.decompress(answer.content)


def test_every_dump_has_the_same_triples(real: Server) -> None:
    whole = {quad.triple for quad in quads(real)}
    for name, form in (("shisaku.trig.gz", RdfFormat.TRIG), ("shisaku.ttl.gz", RdfFormat.TURTLE)):
        body = gzip.decompress(real.client.get(f"/dumps/{name}").content)
        assert {quad.triple for quad in parse(body, format=form)} == whole


def test_void_counts_are_those_of_the_dump(real: Server) -> None:
    graph, store = described(real, "/.well-known/void"), quads(real)
    triples = {quad.triple for quad in store}
    [dataset] = set(graph.subjects(RDF.type, VOID.Dataset))
    assert graph.value(dataset, VOID.triples).toPython() == len(triples)  # type: ignore[union-attr]
    used = {
        str(graph.value(part, VOID.property)): graph.value(part, VOID.triples).toPython()  # type: ignore[union-attr]
        for part in graph.objects(dataset, VOID.propertyPartition)
    }
    assert len(used) > 50
    label = "http://www.w3.org/2004/02/skos/core#prefLabel"
    assert used[label] == sum(triple.predicate == NamedNode(label) for triple in triples)


def test_no_other_file_is_a_dump(real: Server) -> None:
    for name in ("manifest.json", "..%2Fmanifest.json", "%2e%2e/dump.nq", "x.gz"):
        assert real.client.get(f"/dumps/{name}").status_code == 404


def test_openapi_lists_each_question_with_its_parameters(real: Server) -> None:
    document = real.client.get("/openapi.json").json()
    questions = real.client.get("/queries.json").json()
    assert document["openapi"].startswith("3.1")
    for question in questions:
        extension = "csv" if question["columns"] else "ttl"
        operation = document["paths"][f"/queries/{question['name']}.{extension}"]["get"]
        assert [entry["name"] for entry in operation["parameters"]] == [p["name"] for p in question["parameters"]]
    assert {"get", "post"} <= document["paths"]["/sparql"].keys()
    names = [operation["operationId"] for methods in document["paths"].values() for operation in methods.values()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_docs_show_what_the_document_has(real: Server, lang: str) -> None:
    page = real.client.get("/docs", params={"lang": lang}, headers={"Accept": "text/html"}).text
    assert "GET /queries/sme-check.csv" in page
    assert "POST /sparql" in page


@pytest.mark.parametrize(
    "path", ["/", "/health", "/queries", "/queries/laws.csv", "/search?q=a", "/catalog", "/id/law/sme-basic-act"]
)
def test_head_is_get_without_the_body(real: Server, path: str) -> None:
    got = real.client.get(path, headers={"Accept": "text/html"})
    head = real.client.head(path, headers={"Accept": "text/html"})
    assert head.status_code == got.status_code
    assert head.headers["content-type" if got.status_code == 200 else "location"]
    assert head.content == b""
