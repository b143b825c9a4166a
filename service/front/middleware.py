"""Every request and response through the house rules: identifiers, limits, security headers, the access log."""

import itertools
import re
import secrets
import time
from collections.abc import Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.faults import Problem, Text
from service.front.metrics import Metrics
from service.settings import Settings
from service.web.access import AccessLog
from service.web.fields import FOR_DATA, FOR_PAGES
from service.web.problems import from_status, render

NAMES = frozenset(name for name, _ in FOR_PAGES)
CONDITIONS = frozenset((b"origin", b"accept-encoding"))
IDENTIFIER = re.compile(rb"[A-Za-z0-9._-]{8,64}")


class Manners:
    """Outermost: gives each request an identifier and each response its headers, then logs and counts it."""

    def __init__(self, app: ASGIApp, metrics: Metrics, log: AccessLog) -> None:
        self._app, self._metrics, self._log = app, metrics, log
        self._start, self._numbers = secrets.token_hex(4), itertools.count()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        identifier = self._identifier(scope)
        facts = scope.setdefault("shisaku", {})
        status, sent, whole, started = 0, 0, False, time.perf_counter()

        async def watched(message: Message) -> None:
            nonlocal status, sent, whole
            if message["type"] == "http.response.body":
                sent += len(message.get("body", b""))
                whole = not message.get("more_body", False)
            elif message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*_with_security(message.get("headers", ())), (b"x-request-id", identifier)]
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            seconds = time.perf_counter() - started
            verdict = str(facts.get("verdict") or ("ok" if status < 400 else "refused"))
            self._metrics.count(scope["method"], status, verdict, seconds, sent)
            self._log.note(
                {
                    "id": identifier.decode(),
                    "method": scope["method"],
                    "path": scope["path"],  # never the query string, which may quote what people look for
                    "status": status,
                    "bytes": sent,
                    "whole": whole,
                    "milliseconds": round(seconds * 1000, 2),
                    "verdict": verdict,
                    "query": facts.get("query"),
                }
            )

    def _identifier(self, scope: Scope) -> bytes:
        """The caller's X-Request-ID if it is a harmless one, else a new one."""
        for name, value in scope["headers"]:
            if name == b"x-request-id" and IDENTIFIER.fullmatch(value):
                return bytes(value)
        return f"{self._start}-{next(self._numbers):07x}".encode()


def _with_security(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers of a response and those of the house that it does not set itself."""
    given = dict(headers)
    added = FOR_PAGES if given.get(b"content-type", b"").startswith(b"text/html") else FOR_DATA
    return [*headers, *(added if NAMES.isdisjoint(given) else [item for item in added if item[0] not in given])]


class Plain:
    """Requests that name neither an origin nor a coding go round the layers that would only look for these."""

    def __init__(self, app: ASGIApp, inner: ASGIApp) -> None:
        self._app, self._inner = app, inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        plain = all(name not in CONDITIONS for name, _ in scope["headers"])
        await (self._inner if plain else self._app)(scope, receive, send)


class Heads:
    """HEAD is answered as GET is, and the server leaves the body out (RFC 9110, 9.3.2); queries look after it themselves."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] == "http" and scope["method"] == "HEAD" and scope["path"] not in ("/sparql", "/graphs"):
            scope = {**scope, "method": "GET"}
        await self._app(scope, receive, send)


class Limits:
    """Refuses targets and bodies that are too long, before anything reads them."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._url, self._body = settings.max_url_bytes, settings.max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or answer 414 or 413."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > self._url:
            await render(_too_long(414, self._url))(scope, receive, send)
            return
        declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if not declared.isdigit() or int(declared) > self._body:
            await render(_too_long(413, self._body))(scope, receive, send)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._body:
                raise _too_long(413, self._body)
            return message

        await self._app(scope, counted if scope["method"] not in ("GET", "HEAD") else receive, send)


def _too_long(status: int, limit: int) -> Problem:
    title = from_status(status).title
    detail = Text(f"上限は {limit} バイトです。", f"The limit is {limit} bytes.")
    remedy = Text("長い問い合わせは POST で送ってください。", "Send long queries with POST.") if status == 414 else None
    return Problem(f"http-{status}", status, title, detail, remedy, headers={"Connection": "close"})
