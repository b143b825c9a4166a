"""What every response carries."""

import pytest

from tests.serving import Server

PATHS = ["/health", "/nowhere", "/sparql?query=ASK%7B%7D", "/sparql?query=x", "/metrics", "/graphs"]


@pytest.mark.parametrize("path", PATHS)
def test_security_headers(path: str, server: Server) -> None:
    headers = server.client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "unsafe" not in headers["content-security-policy"]
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"


def test_request_identifiers(server: Server) -> None:
    one, two = (server.client.get("/health").headers["x-request-id"] for _ in range(2))
    assert one != two
    kept = server.client.get("/health", headers={"X-Request-ID": "trace-12345678"})
    assert kept.headers["x-request-id"] == "trace-12345678"
    for hostile in ("x", "a" * 100, "<script>alert(1)</script>"):
        assert server.client.get("/health", headers={"X-Request-ID": hostile}).headers["x-request-id"] != hostile


def test_metrics_count(server: Server) -> None:
    server.query("ASK {}")
    text = server.client.get("/metrics").text
    assert 'shisaku_requests_total{method="GET",status="200",verdict="ok"}' in text
    assert "shisaku_engines 4.0" in text


def test_health_and_readiness(server: Server) -> None:
    assert server.client.get("/health").json() == {"status": "ok"}
    assert server.client.get("/ready").json() == {"status": "ok", "snapshot": "0123456789abcdef"}


def test_nothing_is_loaded_from_outside(server: Server) -> None:
    assert server.client.get("/redoc").status_code == 404
