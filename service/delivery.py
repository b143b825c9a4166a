"""An answer to HTTP: sent as it comes, stopped when the reader hangs up, broken off loudly when it fails."""

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Any, TypeVar

from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from service.answers import Answer
from service.problems import Problem, render
from service.settings import Settings

T = TypeVar("T")
QUICK = 0.02  # seconds in which most work is done, so that watching the connection would cost more than it saves


class HungUp(Exception):
    """The reader is gone."""


async def while_connected(work: Coroutine[Any, Any, T], receive: Receive) -> T:
    """Do some work and drop it when the client hangs up; raises HungUp then."""
    task = asyncio.ensure_future(work)
    try:
        done, _ = await asyncio.wait((task,), timeout=QUICK)
        if done:
            return task.result()
        watcher = asyncio.ensure_future(_hang_up(receive))
        try:
            await asyncio.wait((task, watcher), return_when=asyncio.FIRST_COMPLETED)
        finally:
            watcher.cancel()
        if task.done():
            return task.result()
        raise HungUp
    finally:
        task.cancel()


async def _hang_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def deliver(answer: Answer, headers: Mapping[str, str], scope: Scope, receive: Receive, send: Send) -> None:
    """Send an answer; whatever happens, its engine is free afterwards."""
    settings = answer.settings
    try:
        length = {} if answer.length is None else {"Content-Length": str(answer.length)}
        start = {"Content-Type": answer.media_type, **headers, **length}
        raw = [(name.lower().encode(), value.encode()) for name, value in start.items()]
        await send({"type": "http.response.start", "status": 200, "headers": raw})
        if scope["method"] == "HEAD":
            await send({"type": "http.response.body", "body": b""})
        elif answer.small:
            await _send_one({"type": "http.response.body", "body": await answer.read()}, send, settings)
        else:
            await while_connected(_send_all(answer, send, settings), receive)
    except (HungUp, TimeoutError):
        note(scope, "hung-up")
    finally:
        answer.cancel()


async def _send_all(answer: Answer, send: Send, settings: Settings) -> None:
    async for chunk in answer:
        await _send_one({"type": "http.response.body", "body": chunk, "more_body": True}, send, settings)
    await send({"type": "http.response.body", "body": b""})


async def _send_one(message: Message, send: Send, settings: Settings) -> None:
    async with asyncio.timeout(settings.send_seconds):
        await send(message)


def note(scope: Scope, verdict: str, **facts: object) -> None:
    """Add to what the access log will say of this request."""
    scope.setdefault("shisaku", {}).update(facts, verdict=verdict)


class AnswerResponse(Response):
    """An answer as a response that routes may return."""

    def __init__(self, answer: Answer, headers: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self._answer, self._fields = answer, dict(headers or {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it; a fault after the first byte ends the connection without the end of the body."""
        try:
            if scope.get("http_version") == "1.0":  # no chunks there: only the length tells that nothing is missing
                await while_connected(self._answer.settled(), receive)
        except Problem as problem:
            note(scope, problem.slug)
            await render(problem)(scope, receive, send)
            return
        try:
            await deliver(self._answer, self._fields, scope, receive, send)
        except Problem as problem:
            note(scope, problem.slug)
