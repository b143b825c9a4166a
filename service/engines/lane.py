"""Connections to answers in one process: the short way of small questions, without a hop to an engine.

A lane is forked from the preloaded parent like an engine. It is handed connections by the front, answers plain requests
whose evaluation takes a moment, and gives every other connection back with what it has read. An evaluation that takes
longer than a moment ends the process, and the front has the request answered by an engine, which may take its time. So
nothing that a lane does holds up others for long, and nothing is lost with it.
"""

import contextlib
import os
import select
import socket
import time
from typing import NamedTuple, NoReturn

from service.engines.channel import CLOSED, GUEST, HEAVY, HELLO, OTHERS, REST, receive, send
from service.engines.confinement import admitting
from service.engines.ledger import GETS, GUEST_NUMBER, IDLE, POSTS, REQUEST_SIZE, SENDING, STATE, Ledger
from service.engines.replies import Replies, Reply, opening
from service.querying.surveys import FINGERPRINT
from service.web import heads
from service.web.access import plain_line

PIECE = 32 * 1024
IDLE_SECONDS, TURN_SECONDS = 10.0, 0.2


class Outside(NamedTuple):
    """What a lane has of the world: the channel to the front, the memory shared with it, and where the log goes."""

    channel: socket.socket
    ledger: Ledger
    log: int


class Lane:
    """The connections of one process."""

    def __init__(self, replies: Replies, outside: Outside) -> None:
        self._replies = replies
        self._channel, self._ledger, self._log = outside
        self._guests: dict[int, tuple[socket.socket, int]] = {}
        self._seen: dict[int, float] = {}
        self._start, self._number = os.urandom(4).hex(), 0
        with admitting():
            self._poll = select.epoll()

    def run(self) -> NoReturn:
        """Serve until the channel closes; raises EOFError then."""
        channel = self._channel.fileno()
        self._poll.register(channel, select.EPOLLIN)
        send(self._channel, HELLO, os.getpid())
        turn = 0.0
        while True:
            for descriptor, _ in self._poll.poll(TURN_SECONDS if self._guests or self._ledger.pending else -1):
                if descriptor == channel:
                    self._told()
                elif descriptor in self._guests:
                    self._serve(*self._guests[descriptor])
                    if self._ledger.full:
                        self._ledger.write_log(self._log)
            now = time.monotonic()
            if now - turn > TURN_SECONDS:
                turn = now
                self._ledger.write_log(self._log)
                self._dismiss(now - IDLE_SECONDS)

    def _told(self) -> None:
        """What the front has to say: all of it, as otherwise each new guest would wait until all others have been served once more."""
        with admitting(), contextlib.suppress(BlockingIOError):
            while True:
                self._take(*receive(self._channel))

    def _take(self, kind: bytes, number: int, rest: bytes, descriptor: int | None) -> None:
        """One message of the front."""
        if kind == GUEST and descriptor is not None:
            guest = socket.socket(fileno=descriptor)
            self._guests[descriptor], self._seen[descriptor] = (guest, number), time.monotonic()
            self._poll.register(descriptor, select.EPOLLIN)
        elif kind == HEAVY:
            self._replies.avoid(
                [rest[place : place + FINGERPRINT].decode() for place in range(0, len(rest), FINGERPRINT)]
            )

    def _serve(self, guest: socket.socket, number: int) -> None:
        """Answer the next request of a guest, or let the front have it."""
        try:
            data = guest.recv(REQUEST_SIZE, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._part(guest, CLOSED, number)
            return
        started = time.monotonic()
        self._ledger.begin(number, data)
        reply = self._replies.remembered(data)
        if reply is not None:
            self._send(guest, data, reply, started)
            return
        asked = heads.read(data)
        reply = self._replies.answer(asked) if asked else None
        if reply is None:
            self._part(guest, OTHERS, number, data)
        else:
            self._replies.remember(data, reply)
            self._send(guest, data, reply, started)

    def _send(self, guest: socket.socket, data: bytes, reply: Reply, started: float) -> None:
        """Send an answer."""
        words = self._ledger.words
        self._number += 1
        identifier = f"{self._start}-{self._number:07x}"
        message = b"%bx-request-id: %b\r\n%b" % (opening(), identifier.encode(), reply)
        words[STATE] = SENDING
        try:
            sent = guest.send(message, socket.MSG_DONTWAIT)
        except BlockingIOError:
            sent = 0
        except OSError:  # it has hung up, and has been answered all the same
            sent = len(message)
        if sent == len(message):
            words[STATE] = IDLE
        seconds = time.monotonic() - started
        self._seen[guest.fileno()] = started
        place, method = (GETS, "GET") if data[0] == ord("G") else (POSTS, "POST")
        self._ledger.count(place, seconds, reply.size, plain_line(identifier, method, reply.size, seconds, reply.query))
        if sent < len(message):
            self._leave(guest, message[sent:])
        elif reply.last:
            self._part(guest, CLOSED, words[GUEST_NUMBER])

    def _leave(self, guest: socket.socket, rest: bytes) -> None:
        """Let the front send what a slow reader has not taken yet."""
        number = self._ledger.words[GUEST_NUMBER]
        for place in range(0, len(rest), PIECE):
            send(self._channel, REST, number, rest[place : place + PIECE])
        self._part(guest, OTHERS, number)

    def _part(self, guest: socket.socket, kind: bytes, number: int, data: bytes = b"") -> None:
        """Have no more to do with a connection."""
        descriptor = guest.fileno()
        self._poll.unregister(descriptor)
        del self._guests[descriptor], self._seen[descriptor]
        guest.close()
        send(self._channel, kind, number, data)
        self._ledger.words[STATE] = IDLE

    def _dismiss(self, since: float) -> None:
        """End connections on which nothing has come for a while."""
        for descriptor in [descriptor for descriptor, seen in self._seen.items() if seen < since]:
            guest, number = self._guests[descriptor]
            if silent(guest):
                self._part(guest, CLOSED, number)


def silent(guest: socket.socket) -> bool:
    """Whether nothing has come from a guest that waits for its turn."""
    try:
        guest.recv(1, socket.MSG_DONTWAIT | socket.MSG_PEEK)
    except BlockingIOError:
        return True
    except OSError:
        pass  # told by the poll
    return False
