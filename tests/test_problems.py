"""Every fault has one form (RFC 9457), whoever finds it."""

import json

import pytest
from starlette.responses import Response

from service.faults import Problem, Text
from service.web.problems import from_status, render
from tests.serving import Server

MEMBERS = {"type", "title", "title_ja", "status", "detail", "detail_ja"}
PAGE = "text/html,application/xhtml+xml,*/*;q=0.8"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("DELETE", "/health", 405),
        ("GET", "/sparql?query=ASK", 400),
        ("GET", "/sparql?query=", 400),
        ("PATCH", "/sparql", 405),
        ("GET", "/graphs", 400),
        ("GET", "/operations/queries", 404),
        ("DELETE", "/operations/queries/x", 422),
        ("GET", "/sparql?query=" + "x" * 50_000, 414),
    ],
)
def test_one_form(method: str, path: str, status: int, server: Server) -> None:
    answer = server.client.request(method, path, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json()["status"] == status
    assert answer.json().keys() >= MEMBERS
    assert answer.headers["cache-control"] == "no-store"


def test_pages_for_browsers() -> None:
    problem = Problem("x", 400, Text("題", "Title"), Text("<b>", "<script>"), extra={"graph": "<i>"})
    answer = render(problem, PAGE)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert b"<script>" not in answer.body
    assert b"<i>" not in answer.body


def test_head_has_no_body() -> None:
    answer: Response = render(from_status(404), head=True)
    assert answer.body == b""
    assert int(answer.headers["content-length"]) > 0


def test_headers_are_passed_on() -> None:
    assert render(from_status(405, {"Allow": "GET"})).headers["allow"] == "GET"


def test_members() -> None:
    problem = Problem("x", 400, Text("題", "Title"), Text("ja", "en"), Text("直す", "mend"), {"line": 3})
    body = json.loads(bytes(render(problem).body))
    assert (body["type"], body["line"], body["remedy"], body["remedy_ja"]) == ("/problems/x", 3, "mend", "直す")
