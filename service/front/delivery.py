"""An answer to HTTP: sent as it comes, stopped when the reader hangs up, broken off loudly when it fails."""

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Any, TypeVar

from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from service.engines.answers import Answer
from service.faults import Problem
from service.settings import Settings
from service.web.fields import Fields
from service.web.problems import render

T = TypeVar("T")
QUICK = 0.02  # seconds in which most work is done, so that watching the connection would cost more than it saves


class HungUp(Exception):
    """The reader is gone."""


async def while_connected(work: Coroutine[Any, Any, T], receive: Receive) -> T:
    """Do some work and drop it when the client hangs up; raises HungUp then."""
    watch = _Watch(receive)
    timer = asyncio.get_running_loop().call_later(QUICK, watch.begin)
    try:
        return await work
    except asyncio.CancelledError:
        if watch.hung_up:
            watch.forgive()
            raise HungUp from None
        raise
    finally:
        timer.cancel()
        watch.end()


class _Watch:
    """Waits for the client to hang up, and cancels the task that made this when it does."""

    def __init__(self, receive: Receive) -> None:
        self.hung_up = False
        self._receive, self._task = receive, asyncio.current_task()
        self._waiting: asyncio.Task[None] | None = None

    def begin(self) -> None:
        self._waiting = asyncio.get_running_loop().create_task(_hang_up(self._receive))
        self._waiting.add_done_callback(self._told)

    def end(self) -> None:
        self._task = None
        if self._waiting is not None:
            self._waiting.cancel()

    def forgive(self) -> None:
        """The cancelling was ours and has been noticed."""
        if self._task is not None:
            self._task.uncancel()

    def _told(self, waiting: asyncio.Task[None]) -> None:
        if not waiting.cancelled() and self._task is not None:
            self.hung_up = True
            self._task.cancel()


async def _hang_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def deliver(answer: Answer, headers: Fields, scope: Scope, receive: Receive, send: Send) -> None:
    """Send an answer; whatever happens, its engine is free afterwards."""
    settings, length = answer.settings, answer.length
    try:
        start = [(b"content-type", answer.media_type.encode()), *headers]
        if length is not None:
            start.append((b"content-length", b"%d" % length))
        await send({"type": "http.response.start", "status": 200, "headers": start})
        if scope["method"] == "HEAD":
            await send({"type": "http.response.body", "body": b""})
        elif answer.small:
            await _send_one({"type": "http.response.body", "body": answer.taken()}, send, settings)
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


async def answer_with(answer: Answer, headers: Fields, scope: Scope, receive: Receive, send: Send) -> None:
    """Send an answer; a fault after the first byte ends the connection without the end of the body."""
    try:
        if scope.get("http_version") == "1.0":  # no chunks there: only the length tells that nothing is missing
            await while_connected(answer.settled(), receive)
    except Problem as problem:
        note(scope, problem.slug)
        await render(problem)(scope, receive, send)
        return
    try:
        await deliver(answer, headers, scope, receive, send)
    except Problem as problem:
        note(scope, problem.slug)


class AnswerResponse(Response):
    """An answer as a response that routes may return."""

    def __init__(self, answer: Answer, headers: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self._answer = answer
        self._fields = [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        await answer_with(self._answer, self._fields, scope, receive, send)
