"""The Model Context Protocol with the protocol's own client over a real server."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from mcp import Client

from tests.serving import BASE, Server


def told(server: Server, work: Callable[[Client], Awaitable[Any]]) -> Any:
    """What a client learns in one connection."""

    async def connected() -> Any:
        async with Client(f"{server.url}/mcp") as client:
            return await work(client)

    return asyncio.run(connected())


def call(server: Server, name: str, /, **arguments: object) -> dict[str, Any]:
    """The data that a tool gives."""
    result = told(server, lambda client: client.call_tool(name, arguments))
    assert not result.is_error
    found: dict[str, Any] = result.structured_content
    return found


def test_the_tools_only_read(real: Server) -> None:
    tools = told(real, lambda client: client.list_tools()).tools
    assert {tool.name for tool in tools} == {"search", "list_questions", "ask_question", "sparql", "describe_thing"}
    assert all(tool.annotations.read_only_hint and tool.description for tool in tools)


def test_a_question_gives_rows_query_and_page(real: Server) -> None:
    firm = {"industry": "小売業", "employees": "60", "capital_yen": "40000000"}
    found = call(real, "ask_question", name="sme-check", parameters=firm)
    assert any(row["verdict"] == "該当" and row["page"] for row in found["rows"])
    assert "SELECT" in found["query"]
    assert found["page"] == f"{BASE}queries/sme-check"


def test_what_cannot_be_answered_says_why(real: Server) -> None:
    assert "list_questions" in call(real, "ask_question", name="nothing")["error"]
    assert "employees" in call(real, "ask_question", name="sme-check", parameters={"employees": "many"})["error"]
    assert call(real, "sparql", query="SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }")["error"]
    assert call(real, "sparql", query="DELETE WHERE { ?s ?p ?o }")["error"]
    assert call(real, "describe_thing", kind="law", slug="x> <y")["error"]


def test_search_and_describe(real: Server) -> None:
    first = call(real, "search", text="事業承継・引継ぎ支援センター", kind="organisation")["hits"][0]
    kind, slug = first["id"].removeprefix(f"{BASE}id/").split("/")
    assert call(real, "describe_thing", kind=kind, slug=slug)["rows"]


def test_a_long_answer_says_that_it_is_not_whole(real: Server) -> None:
    found = call(real, "sparql", query="SELECT * { ?s ?p ?o } LIMIT 300")
    assert (len(found["rows"]), found["total"], found["whole"]) == (200, 300, False)
