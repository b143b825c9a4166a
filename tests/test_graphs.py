"""Graph Store Protocol, reads."""

import pytest
from pyoxigraph import RdfFormat, parse

from tests.serving import BASE, EDITION, ODD, PROGRAMMES, Server


def size(body: bytes) -> int:
    return len(list(parse(body, format=RdfFormat.TURTLE)))


@pytest.mark.parametrize(("graph", "triples"), [(EDITION, 3 * PROGRAMMES), (ODD, 1)])
def test_named_graph(graph: str, triples: int, server: Server) -> None:
    answer = server.client.get("/graphs", params={"graph": graph}, headers={"Accept": "text/turtle"})
    assert (answer.status_code, size(answer.content)) == (200, triples)


def test_default_graph(server: Server) -> None:
    assert size(server.client.get("/graphs?default", headers={"Accept": "text/turtle"}).content) == 3 * PROGRAMMES + 2


def test_head(server: Server) -> None:
    answer = server.client.head("/graphs", params={"graph": EDITION}, headers={"Accept": "application/n-triples"})
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"] == "application/n-triples"


def test_missing_graph(server: Server) -> None:
    assert server.client.get("/graphs", params={"graph": f"{BASE}graph/none"}).status_code == 404


@pytest.mark.parametrize("parameters", ["", "?graph=", "?default&graph=x", "?graph=x&graph=y"])
def test_exactly_one_graph(parameters: str, server: Server) -> None:
    assert server.client.get(f"/graphs{parameters}").status_code == 400


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_no_writes(method: str, server: Server) -> None:
    assert server.client.request(method, "/graphs?default").status_code == 405


def test_not_acceptable(server: Server) -> None:
    assert server.client.get("/graphs?default", headers={"Accept": "image/png"}).status_code == 406
