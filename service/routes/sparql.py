"""SPARQL 1.1 Protocol, query operation: a plain ASGI application from requests to streamed answers.

It is mounted beside the framework's routes rather than among them: parameter handling there costs a fifth of the
throughput.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send

from service import protocol
from service.answers import Answer
from service.delivery import AnswerResponse, HungUp, note, while_connected
from service.description import describe
from service.faults import Text
from service.negotiation import GRAPH_TYPES, RESULT_TYPES, best, graph_format, prefers_page
from service.problems import Problem, from_status, render
from service.settings import Settings
from service.workers import Ask, Pool

Editor = Callable[[Request], Awaitable[Response]]
ALLOWED = "GET, HEAD, POST, OPTIONS"
VARY = "Accept"
REVALIDATE = "public, max-age=0, must-revalidate"


class Sparql:
    """The endpoint."""

    def __init__(self, settings: Settings, pool: Pool, editor: Editor | None = None) -> None:
        self._settings, self._pool = settings, pool
        self._editor = editor or plain_editor

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        try:
            response = await self._respond(request, receive)
        except HungUp:
            note(scope, "hung-up")
            return
        except Problem as problem:
            note(scope, problem.slug)
            response = render(problem, request.headers.get("accept"), head=request.method == "HEAD")
        await response(scope, receive, send)

    async def _respond(self, request: Request, receive: Receive) -> Response:
        if request.method == "OPTIONS":
            return Response(
                status_code=204, headers={"Allow": ALLOWED, "Accept-Post": f"{protocol.FORM}, {protocol.DIRECT}"}
            )
        if request.method not in ("GET", "HEAD", "POST"):
            raise from_status(405, {"Allow": ALLOWED})
        operation = await self._operation(request)
        if operation is None:
            return await self._introduce(request)
        ask = self._ask(operation, request)
        key = ask.key(self._pool.digest)
        if (
            request.method != "POST"
            and not ask.survey.volatile
            and _matches(request.headers.get("if-none-match"), key.etag)
        ):
            return Response(status_code=304, headers=_manners(key.etag, self._pool.digest))
        answer = await while_connected(self._pool.answer(ask), receive)
        return AnswerResponse(answer, _headers(answer, request.method))

    async def _operation(self, request: Request) -> protocol.Operation | None:
        query_string = request.scope["query_string"]
        if request.method != "POST":
            return protocol.read_get(query_string)
        async with asyncio.timeout(self._settings.receive_seconds):
            body = await request.body()
        return protocol.read_post(query_string, request.headers.get("content-type", ""), body)

    def _ask(self, operation: protocol.Operation, request: Request) -> Ask:
        digest = hashlib.sha256(operation.query.encode("utf-8", "replace")).hexdigest()[:16]
        note(request.scope, "ok", query=digest)
        found = self._pool.survey(operation.query)
        offered = GRAPH_TYPES if found.is_graph else RESULT_TYPES
        media_type = best(",".join(request.headers.getlist("accept")), offered)
        if media_type is None:
            raise not_acceptable()
        return Ask(found, media_type, (), operation.default_graphs, operation.named_graphs)

    async def _introduce(self, request: Request) -> Response:
        """Without a query, browsers get the editor and RDF clients the service description."""
        accept = ",".join(request.headers.getlist("accept"))
        if prefers_page(accept):
            return await self._editor(request)
        media_type = best(accept, GRAPH_TYPES)
        if media_type is None:
            raise not_acceptable()
        listed = self._pool.manifest.get("graphs")
        graphs = {str(iri): int(size) for iri, size in listed.items()} if isinstance(listed, dict) else {}
        body = describe(self._settings.base_iri + "sparql", graphs, graph_format(media_type))
        return Response(body, headers={"Vary": VARY, "Cache-Control": REVALIDATE}, media_type=media_type)


def _headers(answer: Answer, method: str) -> dict[str, str]:
    if answer.etag is None or method == "POST":
        return {
            "Vary": VARY,
            "Cache-Control": "no-store" if answer.etag is None else "no-cache",
            "X-Snapshot": answer.digest,
        }
    return _manners(answer.etag, answer.digest)


def _manners(etag: str, digest: str) -> dict[str, str]:
    return {"Vary": VARY, "Cache-Control": REVALIDATE, "ETag": etag, "X-Snapshot": digest}


def _matches(header: str | None, etag: str) -> bool:
    """RFC 9110, section 13.1.2: weak comparison with any of the listed tags."""
    listed = [tag.strip().removeprefix("W/") for tag in (header or "").split(",")]
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
