"""A channel to one lane as the front sees it, and the connections that the lane has."""

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from service import channel
from service.channel import GUEST
from service.generation import Generation
from service.ledger import Ledger

FAREWELL_SECONDS = 1.0


class Handover(NamedTuple):
    """What comes with a connection that somebody else has served until now."""

    opening: bytes = b""  # to be sent before anything else
    arrived: bytes = b""  # what has been read from it and not been answered
    back: Callable[[bool], None] | None = (
        None  # where it goes after an answer (True), and who is told of its end (False)
    )


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

    def seat(self, guest: Guest) -> bool:
        """Hand over a connection; False if the lane cannot take it now."""
        try:
            channel.send(self.channel, GUEST, guest.number, descriptor=guest.connection.fileno())
        except OSError:
            return False
        self.guests[guest.number] = guest
        return True

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
