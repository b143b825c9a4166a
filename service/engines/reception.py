"""Connections to whoever serves them: lanes while they are plain and small, the web framework for all the rest.

The front accepts every connection and keeps a descriptor of it, whoever serves it: when a lane ends, by itself or
because a query took it too long, its connections are served by another, and a request under way is answered as well.
"""

import asyncio
import contextlib
import itertools
import socket
import sys
from collections.abc import Callable
from functools import partial

from service.engines import channel
from service.engines.channel import CLOSED, HEAVY, HELLO, OTHERS, REST
from service.engines.generation import Generation
from service.engines.lanes import Guest, Handover, Lane, farewell
from service.engines.ledger import CACHED, EVALUATING, IDLE, SENDING, Ledger, added
from service.logs import json_lines
from service.settings import Settings

ACCEPTED = 64  # connections that are taken in one go
REMEMBERED = 2048  # queries known to be no use trying in a lane
GREETING_SECONDS = 5.0
PAUSE_SECONDS, GREETING_PAUSE_SECONDS = 0.1, 1.0  # before what has failed is tried again


Admit = Callable[[socket.socket, Handover], None]  # has the framework serve a connection


class Reception:
    """The connections of one server."""

    def __init__(self, settings: Settings, admit: Admit) -> None:
        self._count = settings.lanes if settings.store_mode == "memory" and sys.platform == "linux" else 0
        self._admit = admit
        self._log = json_lines("lanes")
        self._generation: Generation | None = None  # that new lanes belong to
        self._lanes: list[Lane] = []  # in service
        self._alive: set[Lane] = set()  # these, and those that start or end
        self._numbers = itertools.count(1)
        self._heavy: dict[str, None] = {}
        self._done = added([])  # what lanes that are no more have counted
        self._listener: socket.socket | None = None
        self._later: asyncio.TimerHandle | None = None  # when new lanes are made

    def open(self, listener: socket.socket) -> None:
        """Take connections from now on."""
        self._listener = listener
        asyncio.get_running_loop().add_reader(listener.fileno(), self._accept)
        self._complete()

    async def close(self) -> None:
        """Take no more connections; those that lanes have are left to the framework."""
        if self._listener is not None:
            asyncio.get_running_loop().remove_reader(self._listener.fileno())
            self._listener.close()
            self._listener = None
        retired, self._lanes = self._lanes, []
        await farewell(retired)

    def counted(self) -> list[int]:
        """The words of all ledgers together, of today's lanes and of those before."""
        return added([self._done, *(lane.ledger.words for lane in self._alive)])

    async def prepare(self, generation: Generation) -> list[Lane]:
        """Lanes for a new snapshot, ready but not in service; fewer if they cannot be had."""
        lanes = []
        for _ in range(self._count):
            with contextlib.suppress(OSError):
                lanes.append(self._fork(generation))
        if lanes:
            await asyncio.wait([lane.greeted for lane in lanes], timeout=GREETING_SECONDS)
        for lane in lanes:
            if not lane.greeted.done():
                lane.retire()
        return [lane for lane in lanes if lane.greeted.done() and not lane.ended.is_set()]

    async def switch(self, generation: Generation, lanes: list[Lane]) -> None:
        """Put new lanes in the place of the old, which end and leave their connections to these."""
        self._generation = generation
        retired, self._lanes = self._lanes, lanes
        self._complete_after(GREETING_PAUSE_SECONDS)  # fewer may have greeted
        await farewell(retired)

    def _accept(self) -> None:
        assert self._listener is not None
        for _ in range(ACCEPTED):
            try:
                connection, _ = self._listener.accept()
            except BlockingIOError:
                return
            except OSError:  # no descriptor left, for instance: wait for some to be given back
                self._pause()
                return
            connection.setblocking(False)
            with contextlib.suppress(OSError):
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._seat(Guest(next(self._numbers), connection))

    def _pause(self) -> None:
        loop = asyncio.get_running_loop()
        if self._listener is not None:
            loop.remove_reader(self._listener.fileno())
            loop.call_later(PAUSE_SECONDS, self._resume)

    def _resume(self) -> None:
        if self._listener is not None:
            self.open(self._listener)

    def _seat(self, guest: Guest) -> None:
        """Have a lane serve a connection, the one with fewest; the framework if there is none."""
        if self._lanes:
            min(self._lanes, key=lambda lane: len(lane.guests)).seat(guest)
        elif self._count:
            self._lend(guest, b"")
        else:
            self._admit(guest.connection, Handover())

    def _lend(self, guest: Guest, request: bytes) -> None:
        """Have the framework answer a request, or the next one, and give the connection back."""

        def back(alive: bool) -> None:
            if alive and self._listener is not None:
                self._seat(guest)
            else:
                guest.leave()

        opening, guest.rest = b"".join(guest.rest), []
        try:
            lent = guest.connection.dup()
        except OSError:  # no descriptor left: for good, then
            self._admit(guest.connection, Handover(opening, request))
        else:
            self._admit(lent, Handover(opening, request, back))

    def _fork(self, generation: Generation) -> Lane:
        lane = Lane(generation)
        self._alive.add(lane)
        asyncio.get_running_loop().add_reader(lane.channel.fileno(), self._told, lane)
        with contextlib.suppress(OSError):
            channel.send(lane.channel, HEAVY, 0, "".join(self._heavy).encode())
        return lane

    def _told(self, lane: Lane) -> None:
        """What a lane has to say."""
        try:
            while True:
                kind, number, rest, _ = channel.receive(lane.channel)
                if kind == HELLO:
                    lane.greeted.set_result(None)
                elif kind == REST:
                    lane.guests[number].rest.append(rest)
                elif kind == CLOSED:
                    lane.guests.pop(number).leave()
                elif kind == OTHERS:
                    self._lend(lane.guests.pop(number), rest)
        except BlockingIOError:
            return
        except (EOFError, OSError):
            self._lost(lane)

    def _lost(self, lane: Lane) -> None:
        """A lane has ended: count what it did, and see to its connections."""
        lane.close()
        self._alive.discard(lane)
        with contextlib.suppress(OSError):
            lane.ledger.write_log(sys.stdout.fileno())
        lane.ledger.words[CACHED] = 0
        self._done = added([self._done, lane.ledger.words])
        pause = 0.0 if lane.ledger.state == EVALUATING else PAUSE_SECONDS  # what ended it may last
        if not lane.greeted.done():
            lane.greeted.set_result(None)
            pause = GREETING_PAUSE_SECONDS
        elif lane in self._lanes:
            self._lanes.remove(lane)
        self._complete_after(pause)
        busy = lane.guests.pop(lane.ledger.guest, None)
        if busy is not None:
            self._go_on(busy, lane.ledger)
        for guest in lane.guests.values():
            self._seat(guest)

    def _go_on(self, guest: Guest, ledger: Ledger) -> None:
        """See to the connection that a lane was busy with, or was busy with last."""
        if ledger.state == IDLE:
            self._seat(guest)
        elif ledger.state == EVALUATING:
            self._note_heavy(ledger.query)
            self._lend(guest, ledger.request)
        else:
            self._log.error("a lane has ended", state=ledger.state, query=ledger.query)
            # an answer that has begun cannot be begun again
            guest.leave() if ledger.state == SENDING else self._lend(guest, ledger.request)

    def _note_heavy(self, query: str) -> None:
        self._heavy[query] = None
        if len(self._heavy) > REMEMBERED:
            del self._heavy[next(iter(self._heavy))]
        for lane in self._lanes:
            with contextlib.suppress(OSError):
                channel.send(lane.channel, HEAVY, 0, query.encode())

    def _complete(self) -> None:
        """New lanes in the place of those that have ended, each in service once it has greeted."""
        self._later, generation = None, self._generation
        if generation is None or generation.retired or self._listener is None:
            return
        try:
            for _ in range(self._count - sum(lane.generation is generation for lane in self._alive)):
                lane = self._fork(generation)
                lane.greeted.add_done_callback(partial(self._greeted, lane))
        except OSError:  # no descriptor left, for instance
            self._complete_after(GREETING_PAUSE_SECONDS)

    def _complete_after(self, pause: float) -> None:
        if not pause:
            self._complete()
        elif self._later is None:
            self._later = asyncio.get_running_loop().call_later(pause, self._complete)

    def _greeted(self, lane: Lane, _: object) -> None:
        if lane.generation is not self._generation or self._listener is None:
            lane.retire()
        elif not lane.ended.is_set():
            self._lanes.append(lane)
