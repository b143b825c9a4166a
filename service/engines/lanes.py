"""A channel to one lane as the front sees it, and the connections that the lane has."""

import asyncio
import contextlib
import os
import socket
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from service.engines import channel
from service.engines.channel import GUEST
from service.engines.generation import Generation
from service.engines.ledger import Ledger

FAREWELL_SECONDS = 1.0


class Handover(NamedTuple):
    """What comes with a connection that somebody else has served until now."""

    opening: bytes = b""  # to be sent before anything else
    arrived: bytes = b""  # what has been read from it and not been answered
    # where it goes after an answer (True), and who is told of its end (False)
    back: Callable[[bool], None] | None = None


@dataclass(eq=False)
class Guest:
    """One connection, and what is still to be sent before anything else."""

    number: int
    connection: socket.socket
    rest: list[bytes] = field(default_factory=list)

    def leave(self) -> None:
        """End the connection, whoever else holds it."""
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
        self.connection.close()


class Lane:
    """One lane as the front sees it."""

    def __init__(self, generation: Generation) -> None:
        descriptor = Ledger.create()
        try:
            self.ledger = Ledger(descriptor)
            self.channel = generation.parent.fork_lane(descriptor)
        finally:
            os.close(descriptor)
        self.generation = generation
        self.greeted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.ended = asyncio.Event()
        self.guests: dict[int, Guest] = {}
        self._waiting: deque[Guest] = deque()  # those of them that the channel has no room for yet

    def seat(self, guest: Guest) -> None:
        """Hand over a connection, as soon as the channel has room; if that ends before, it is among the guests that are left."""
        self.guests[guest.number] = guest
        self._waiting.append(guest)
        if len(self._waiting) == 1:
            self._hand_over()

    def _hand_over(self) -> None:
        loop, descriptor = asyncio.get_running_loop(), self.channel.fileno()
        loop.remove_writer(descriptor)
        try:
            while self._waiting:
                guest = self._waiting[0]
                channel.send(self.channel, GUEST, guest.number, descriptor=guest.connection.fileno())
                self._waiting.popleft()
        except BlockingIOError:
            loop.add_writer(descriptor, self._hand_over)
        except OSError:  # it has ended, which is told by what can be read
            self._waiting.clear()

    def close(self) -> None:
        """The process has ended."""
        loop = asyncio.get_running_loop()
        loop.remove_reader(self.channel.fileno())
        loop.remove_writer(self.channel.fileno())
        self.channel.close()
        self._waiting.clear()
        self.ended.set()

    def retire(self) -> None:
        """Let it end when it has done what it is doing."""
        with contextlib.suppress(OSError):
            self.channel.shutdown(socket.SHUT_WR)


async def farewell(lanes: list[Lane]) -> None:
    """Have some lanes end, and wait for that."""
    for lane in lanes:
        lane.retire()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(FAREWELL_SECONDS):
            for lane in lanes:
                await lane.ended.wait()
