"""``/mcp``: the Model Context Protocol over streamable HTTP, so that a language model asks what people ask.

Every tool gives rows that a query made, with the query and the address of the page that shows them; no model runs here. Without sessions,
and behind the same guard and engines as everything else.
"""

import json
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any

from fastapi import FastAPI
from mcp.server import MCPServer
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import ToolAnnotations
from starlette.concurrency import run_in_threadpool
from starlette.routing import BaseRoute

from service import search as searching
from service.catalogue import ParameterFault, Question, bind_terms
from service.faults import Problem
from service.routes.questions import describe

READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
MOST_ROWS, MOST_HITS = 200, 20
INSTRUCTIONS = (
    "Facts of a Japanese prefecture's industry and labour policy, each with the page of the booklet. Prefer the stored questions "
    "(list_questions, ask_question); search finds names; sparql is for what no question answers. Labels are Japanese. "
    "Say so when there are no rows; answers about enterprise size are a guide, not legal advice."
)


class Tools:
    """What a model may call; each answer is plain data."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    async def search(self, text: str, kind: str = "") -> dict[str, Any]:
        """Find programmes, funds, laws, bodies, offices, councils, plans and events by words, readings or telephone numbers; ``kind`` narrows."""
        state = self._app.state
        folder = state.settings.snapshots_dir / state.pool.digest
        found = await run_in_threadpool(searching.search, folder, text, chosen={"kind": kind}, limit=MOST_HITS)
        hits = [
            {"id": h.thing, "kind": h.kind, "label": h.label_ja, "label_en": h.label_en, "text": h.snippet}
            for h in found.hits
        ]
        return {"total": found.total, "only_near": found.loose, "hits": hits}

    async def list_questions(self) -> dict[str, Any]:
        """The stored questions with their titles, parameters and columns."""
        return {"questions": [describe(question) for question in self._app.state.questions.values()]}

    async def ask_question(self, name: str, parameters: dict[str, str] | None = None) -> dict[str, Any]:
        """Ask a stored question by its name; the rows carry the booklet's page where the question has that column."""
        question: Question | None = self._app.state.questions.get(name)
        if question is None:
            return {"error": f"no question '{name}': see list_questions"}
        try:
            text = question.bind(parameters or {})
        except ParameterFault as fault:
            return {"error": f"{fault.parameter}: {fault.message.en}"}
        return await self._rows(
            text,
            self._app.state.pool.graphs_of(self._app.state.pool.edition()),
            {"page": f"{self._app.state.settings.base_iri}queries/{name}"},
        )

    async def sparql(self, query: str) -> dict[str, Any]:
        """Ask in SPARQL 1.1 (SELECT or ASK); prefixes must be declared. The ontology is at /ns."""
        return await self._rows(query, (), {})

    async def describe_thing(self, kind: str, slug: str) -> dict[str, Any]:
        """All that is said of one thing, as subject, property and value with labels; kind and slug are the end of its identifier."""
        vocabulary, queries = self._app.state.vocabulary, self._app.state.entity_queries
        if not (kind.replace("-", "").isalnum() and slug.replace("-", "").replace(".", "").isalnum()):
            return {"error": "no such identifier"}
        term = str(vocabulary.thing(kind, slug))
        return await self._rows(bind_terms(queries["statements"], {"?p_thing": term}), (), {"id": term[1:-1]})

    async def _rows(self, query: str, graphs: tuple[str, ...], more: Mapping[str, Any]) -> dict[str, Any]:
        try:
            answer = await self._app.state.pool.query(query, accept_format="json", graphs=graphs)
            table = json.loads(await answer.read())
        except Problem as problem:
            return {"error": problem.detail.en, "remedy": problem.remedy.en if problem.remedy else ""}
        if "boolean" in table:
            return {"answer": table["boolean"], "query": query, **more}
        rows = [{name: cell["value"] for name, cell in row.items()} for row in table["results"]["bindings"]]
        return {
            "columns": table["head"]["vars"],
            "rows": rows[:MOST_ROWS],
            "total": len(rows),
            "whole": len(rows) <= MOST_ROWS,
            "query": query,
            **more,
        }


def protocol(app: FastAPI) -> tuple[list[BaseRoute], AbstractAsyncContextManager[None]]:
    """The route of the protocol, and what must run while the application does."""
    server = MCPServer("shisaku", title="施策 Shisaku", instructions=INSTRUCTIONS, log_level="WARNING")
    tools = Tools(app)
    for tool in (tools.search, tools.list_questions, tools.ask_question, tools.sparql, tools.describe_thing):
        server.tool(annotations=READS)(tool)
    anywhere = TransportSecuritySettings(enable_dns_rebinding_protection=False)  # nothing here is private or changes
    inner = server.streamable_http_app(json_response=True, stateless_http=True, transport_security=anywhere)
    return list(inner.routes), server.session_manager.run()
