"""Answers to fewer bytes, for those who take a coding: zstd, Brotli or gzip, by one library for every way that an answer leaves."""

import contextlib
from collections.abc import Sequence
from functools import partial

from starlette.types import Message, Receive, Scope, Send
from starlette_compress import CompressMiddleware, add_compress_type

from service.web.negotiation import GRAPH_TYPES, PROBLEM_JSON, RESULT_TYPES

LEAST = 1024  # bytes from which on an answer is coded
for media_type in (*GRAPH_TYPES, *RESULT_TYPES, PROBLEM_JSON):
    add_compress_type(media_type.partition(";")[0])

Compressing = partial(CompressMiddleware, minimum_size=LEAST)
Fields = list[tuple[bytes, bytes]]


async def _answer(scope: Scope, _receive: Receive, send: Send) -> None:
    fields, body = scope["answer"]
    await send({"type": "http.response.start", "status": 200, "headers": list(fields)})
    await send({"type": "http.response.body", "body": body})


_compressing = Compressing(_answer)  # made once, as it imports what it needs then


def coded(encodings: str, fields: Sequence[tuple[bytes, bytes]], body: bytes) -> tuple[Fields, bytes]:
    """A whole answer in the coding that an Accept-Encoding field allows: its header fields and bytes.

    The middleware is run by hand: nothing in it waits for anything, so it is through after one step.
    """
    sent: list[Message] = []

    async def collect(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    headers = [(b"accept-encoding", encodings.encode("latin-1"))]
    with contextlib.suppress(StopIteration):
        _compressing({"type": "http", "headers": headers, "answer": (fields, body)}, receive, collect).send(None)
    start, *bodies = sent
    return start["headers"], b"".join(message["body"] for message in bodies)
