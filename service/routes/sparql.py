"""SPARQL 1.1 Protocol, query operation: a plain ASGI application from requests to streamed answers.

It is mounted beside the framework's routes rather than among them: parameter handling there costs a fifth of the
throughput.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from functools import lru_cache, partial

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from service.description import describe
from service.engines.workers import Pool
from service.faults import Problem, Text
from service.front.delivery import HungUp, answer_with, note, while_connected
from service.querying import protocol
from service.querying.asks import Ask
from service.querying.surveys import FINGERPRINT, digested
from service.settings import Settings
from service.web.fields import REVALIDATE, VARY, Fields, of_answer
from service.web.negotiation import GRAPH_TYPES, RESULT_TYPES, accepted, best, graph_format, prefers_page
from service.web.problems import from_status, render

Editor = Callable[[Request], Awaitable[Response]]
ALLOWED = "GET, HEAD, POST, OPTIONS"
REMEMBERED = 4096  # bytes of the longest request that is not read anew when it comes again


class Sparql:
    """The endpoint."""

    def __init__(self, settings: Settings, pool: Pool, editor: Editor | None = None) -> None:
        self._settings, self._pool = settings, pool
        self._editor = editor or plain_editor
        self._remembered_read = lru_cache(512)(self._read)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            respond = await self._respond(scope, receive)
        except HungUp:
            note(scope, "hung-up")
            return
        except Problem as problem:
            note(scope, problem.slug, query=problem.about)
            respond = render(problem, accepted(scope["headers"]), head=scope["method"] == "HEAD")
        await respond(scope, receive, send)

    async def _respond(self, scope: Scope, receive: Receive) -> ASGIApp:
        method = scope["method"]
        if method in ("GET", "HEAD"):
            query_string, accept = scope["query_string"], accepted(scope["headers"])
            short = len(query_string) + len(accept) <= REMEMBERED
            ask = (self._remembered_read if short else self._read)(query_string, accept)
        elif method == "POST":
            ask = await self._posted(Request(scope, receive))
        elif method == "OPTIONS":
            return Response(
                status_code=204, headers={"Allow": ALLOWED, "Accept-Post": f"{protocol.FORM}, {protocol.DIRECT}"}
            )
        else:
            raise from_status(405, {"Allow": ALLOWED})
        if ask is None:
            return await self._introduce(Request(scope, receive))
        note(scope, "ok", query=ask.survey.fingerprint)
        given = [value for name, value in scope["headers"] if name == b"if-none-match"]
        if given and method != "POST" and not ask.survey.volatile and _matches(given, ask.tag(self._pool.digest)):
            return partial(_not_modified, of_answer(ask, self._pool.digest, method))
        answer = self._pool.remembered(ask)
        if answer is None:
            answer = await while_connected(self._pool.answer(ask), receive)
        return partial(answer_with, answer, of_answer(ask, answer.digest, method))

    def _read(self, query_string: bytes, accept: str) -> Ask | None:
        """What a GET asks; None if it has no query."""
        operation = protocol.read_get(query_string)
        return None if operation is None else self._ask(operation, accept)

    async def _posted(self, request: Request) -> Ask:
        async with asyncio.timeout(self._settings.receive_seconds):
            body = await request.body()
        content_type = request.headers.get("content-type", "")
        operation = protocol.read_post(request.scope["query_string"], content_type, body)
        return self._ask(operation, accepted(request.scope["headers"]))

    def _ask(self, operation: protocol.Operation, accept: str) -> Ask:
        try:
            found = self._pool.survey(operation.query)
        except Problem as problem:
            problem.about = digested(operation.query)[:FINGERPRINT]
            raise
        media_type = best(accept, GRAPH_TYPES if found.is_graph else RESULT_TYPES)
        if media_type is None:
            raise not_acceptable()
        return Ask(found, media_type, (), operation.default_graphs, operation.named_graphs)

    async def _introduce(self, request: Request) -> Response:
        """Without a query, browsers get the editor and RDF clients the service description."""
        accept = accepted(request.scope["headers"])
        if prefers_page(accept):
            return await self._editor(request)
        media_type = best(accept, GRAPH_TYPES)
        if media_type is None:
            raise not_acceptable()
        listed = self._pool.manifest.get("graphs")
        graphs = {str(iri): int(size) for iri, size in listed.items()} if isinstance(listed, dict) else {}
        body = describe(self._settings.base_iri + "sparql", graphs, graph_format(media_type))
        return Response(body, headers={"Vary": VARY, "Cache-Control": REVALIDATE}, media_type=media_type)


async def _not_modified(headers: Fields, _scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 304, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def _matches(given: Iterable[bytes], etag: str) -> bool:
    """RFC 9110, section 13.1.2: weak comparison with any of the listed tags."""
    listed = [tag.strip().removeprefix("W/") for tag in b",".join(given).decode("latin-1").split(",")]
    return "*" in listed or etag.removeprefix("W/") in listed


PLAIN_FORM = """<!doctype html>
<html lang="ja"><head><meta charset="utf-8"><title>SPARQL</title></head><body><main><h1>SPARQL</h1>
<form method="get"><p><label for="query">問い合わせ / Query</label></p>
<p><textarea id="query" name="query" rows="12" cols="80"></textarea></p>
<p><button>実行 / Run</button></p></form></main></body></html>"""


async def plain_editor(_: Request) -> Response:
    """Show a form without any script."""
    return HTMLResponse(PLAIN_FORM, headers={"Vary": VARY})


def not_acceptable() -> Problem:
    """None of the types that the caller takes is offered."""
    return Problem(
        "not-acceptable",
        406,
        Text("その形式では答えられません", "Not acceptable"),
        Text("Accept の形式はどれも提供していません。", "None of the types named in Accept is offered for this query."),
        extra={"tables": list(RESULT_TYPES), "graphs": list(GRAPH_TYPES)},
    )
