"""HTTP on the wire: uvicorn's protocol, with the head of a response and its first bytes in one piece."""

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from service.engines.lanes import Handover

LONG = 4096  # bytes that are worth a packet of their own
HEAD_SECONDS = 10.0  # in which the head of a request must come
TAKING_SECONDS = 30.0  # in which a reader must take something of what is left


class Protocol(HttpToolsProtocol):
    """One connection of a client; a borrowed one is given back after an answer, when nothing of it is held here."""

    handover = Handover()
    _whole = True  # nothing of a further request has come
    _patience: asyncio.TimerHandle | None = None  # until the head of a request is there

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Put the connection's transport behind one that gathers."""
        super().connection_made(cast(asyncio.Transport, Gathering(cast(asyncio.Transport, transport))))
        self.transport.write(self.handover.opening)
        self._wait()
        if self.handover.arrived:
            self.data_received(self.handover.arrived)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell the owner of a borrowed connection that it has ended."""
        super().connection_lost(exc)
        self._stop_waiting()
        self._give_back(alive=False)

    def data_received(self, data: bytes) -> None:
        """Something has come; the library waits for ever for what is missing of a head."""
        super().data_received(data)
        if self._patience is None and (self.cycle is None or self.cycle.response_complete):
            self._wait()

    def on_headers_complete(self) -> None:
        """The head of a request is there."""
        self._stop_waiting()
        super().on_headers_complete()

    def on_message_begin(self) -> None:
        """A request begins."""
        self._whole = False
        super().on_message_begin()

    def on_message_complete(self) -> None:
        """A request has come to its end."""
        self._whole = True
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """An answer has been written."""
        super().on_response_complete()
        if self.handover.back is not None:
            self.loop.call_soon(self._consider)

    def _consider(self) -> None:
        """Give the connection back unless another request has begun or something is still to be sent."""
        idle = self._whole and self.cycle.response_complete and not self.pipeline
        if (
            self.transport is not None
            and idle
            and not self.transport.is_closing()
            and not self.transport.get_write_buffer_size()
        ):
            self._unset_keepalive_if_required()
            self._give_back(alive=True)
            self.transport.close()

    def _wait(self) -> None:
        self._patience = self.loop.call_later(HEAD_SECONDS, self.timeout_keep_alive_handler)

    def _stop_waiting(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _give_back(self, *, alive: bool) -> None:
        back, self.handover = self.handover.back, Handover()
        if back is not None:
            back(alive)


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
        """Send what is held, then close; break off if nothing of it is taken for long."""
        self._flush()
        self._transport.close()
        self._linger()

    def __getattr__(self, name: str) -> Any:
        """Everything else is the transport's."""
        return getattr(self._transport, name)

    def _linger(self, before: int = -1) -> None:
        left = self._transport.get_write_buffer_size()
        if left == before:
            self._transport.abort()
        elif left:
            self._loop.call_later(TAKING_SECONDS, self._linger, left)

    def _flush(self) -> None:
        if self._held:
            held, self._held = self._held, b""
            self._transport.write(held)
