"""HTTP on the wire: uvicorn's protocol, with the head of a response and its first bytes in one piece."""

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LONG = 4096  # bytes that are worth a packet of their own


class Protocol(HttpToolsProtocol):
    """One connection of a client."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Put the connection's transport behind one that gathers."""
        super().connection_made(cast(asyncio.Transport, Gathering(cast(asyncio.Transport, transport))))


class Gathering:
    """A transport that holds back what is written until more comes or the loop goes on, whichever is first.

    The head of a response and a short body then leave together: one system call, one packet and one awakening of the
    reader, not two of each; on a busy machine these cost more than the rest of a small answer.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._held = b""
        self._loop = asyncio.get_running_loop()

    def write(self, data: bytes) -> None:
        """Hold the first piece, send the second with it."""
        if self._held:
            data, self._held = self._held + data, b""
            self._transport.write(data)
        elif len(data) >= LONG:
            self._transport.write(data)
        elif data:
            self._held = data
            self._loop.call_soon(self._flush)

    def close(self) -> None:
        """Send what is held, then close."""
        self._flush()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        """Everything else is the transport's."""
        return getattr(self._transport, name)

    def _flush(self) -> None:
        if self._held:
            held, self._held = self._held, b""
            self._transport.write(held)
