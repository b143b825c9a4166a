"""Faults to answers: one exception class and its RFC 9457 rendering, as JSON or as a page for browsers."""

import html
import json
from collections.abc import Callable, Mapping
from http import HTTPStatus

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.faults import Problem, Text
from service.logs import json_lines
from service.web.negotiation import PROBLEM_JSON, best

PAGE = "text/html"


Page = Callable[[Request, Problem], Response]


def render(problem: Problem, accept: str | None = None, *, head: bool = False) -> Response:
    """The response for a problem: a page if the caller prefers HTML, problem+json otherwise."""
    chosen = best(accept, (PROBLEM_JSON, "application/json", PAGE)) or PROBLEM_JSON
    if chosen == PAGE:
        body, media_type = _page(problem).encode(), "text/html; charset=utf-8"
    else:
        body, media_type = json.dumps(problem.members(), ensure_ascii=False).encode(), PROBLEM_JSON
    headers = {"Cache-Control": "no-store", "Vary": "Accept", **problem.headers, "Content-Length": str(len(body))}
    return Response(b"" if head else body, problem.status, headers, media_type)


def _page(problem: Problem) -> str:
    facts = "".join(
        f"<dt>{html.escape(name)}</dt><dd>{html.escape(str(value))}</dd>" for name, value in problem.extra.items()
    )
    return "".join(
        (
            '<!doctype html><html lang="ja"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{html.escape(problem.title.ja)}</title>",
            '<link rel="stylesheet" href="/static/shisaku.css"></head><body><main>',
            f"<h1>{html.escape(problem.title.ja)}</h1>",
            _paragraph(problem.detail.ja),
            _paragraph(problem.remedy.ja) if problem.remedy else "",
            '<section lang="en">',
            f"<h2>{html.escape(problem.title.en)}</h2>",
            _paragraph(problem.detail.en),
            _paragraph(problem.remedy.en) if problem.remedy else "",
            f"</section><dl>{facts}</dl></main></body></html>",
        )
    )


def _paragraph(text: str) -> str:
    return f"<p>{html.escape(text)}</p>"


def from_status(status: int, headers: Mapping[str, str] | None = None) -> Problem:
    """The problem for a bare HTTP status, such as the framework raises."""
    phrase = HTTPStatus(status).phrase
    title = STATUS_TITLES.get(status, Text("要求を処理できません", phrase))
    detail = STATUS_DETAILS.get(status, Text("要求の内容を確かめてください。", f"{phrase}."))
    return Problem(f"http-{status}", status, title, detail, headers=dict(headers or {}))


def invalid_request(fault: RequestValidationError) -> Problem:
    """The problem for parameters that do not fit, each with its place and reason."""
    faults = [{"where": "/".join(map(str, item["loc"])), "what": item["msg"]} for item in fault.errors()]
    return Problem(
        "invalid-parameters",
        422,
        Text("入力値が正しくありません", "Parameters do not fit"),
        Text("入力値に誤りがあります。", "One or more parameters are missing or of the wrong form."),
        Text("errors に示す項目を直してください。", "Correct the items listed under errors."),
        {"errors": faults},
    )


def install(app: FastAPI, page: Page | None = None) -> None:
    """Give every fault that a route raises the same form; ``page`` makes what browsers get."""

    def answer(request: Request, problem: Problem) -> Response:
        wanted = best(request.headers.get("accept"), (PROBLEM_JSON, "application/json", PAGE))
        return page(request, problem) if page and wanted == PAGE else _answer(request, problem)

    def problem(request: Request, fault: Exception) -> Response:
        return answer(request, fault if isinstance(fault, Problem) else from_status(500))

    def http(request: Request, fault: Exception) -> Response:
        known = fault if isinstance(fault, HTTPException) else HTTPException(500)
        return answer(request, from_status(known.status_code, known.headers))

    def invalid(request: Request, fault: Exception) -> Response:
        return answer(
            request, invalid_request(fault) if isinstance(fault, RequestValidationError) else from_status(422)
        )

    app.add_exception_handler(Problem, problem)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(RequestValidationError, invalid)


class LastResort:
    """What no route foresaw to a plain 500 without internals; the log has the rest."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._log = json_lines("fault")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Problem as problem:
            scope.setdefault("shisaku", {})["verdict"] = problem.slug
            if not started:
                await _answer(Request(scope), problem)(scope, receive, send)
        except Exception:
            self._log.exception("unforeseen", path=scope.get("path"))
            scope.setdefault("shisaku", {})["verdict"] = "unforeseen"
            if not started:
                await _answer(Request(scope), from_status(500))(scope, receive, send)


def _answer(request: Request, problem: Problem) -> Response:
    return render(problem, request.headers.get("accept"), head=request.method == "HEAD")


STATUS_TITLES = {
    404: Text("見つかりません", "Not found"),
    405: Text("この方法では使えません", "Method not allowed"),
    500: Text("内部エラー", "Internal error"),
}
STATUS_DETAILS = {
    404: Text("指定された場所には何もありません。", "There is nothing at this address."),
    405: Text("この場所ではその HTTP メソッドは使えません。", "This address does not take that HTTP method."),
    500: Text(
        "予期しない誤りが起きました。記録を確認します。", "Something unforeseen went wrong; it has been recorded."
    ),
}
