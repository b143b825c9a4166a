"""Requests on a socket to answers: the preloaded parent of engines and lanes, and engines, which answer one query at a time.

Run as ``python -m service.engines.engine CHANNEL SNAPSHOT SETTINGS`` by the front, never by hand. The parent loads the snapshot
once; every descriptor that it is sent becomes the channel of a new engine, or of a lane, which shares the parent's memory. Each
may be killed at any moment.
"""

import gc
import json
import marshal
import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, NamedTuple, NoReturn, cast

from service.engines.confinement import confine, confine_lane
from service.engines.frames import ASK, DATA, END, ENGINE, FAULT, FRAME, HELLO, LANE, Frames, pack
from service.engines.lane import Lane, Outside
from service.engines.ledger import Ledger
from service.engines.replies import Replies
from service.engines.store import Request, Stores, answer, open_snapshot, warm
from service.settings import Settings

READ = 64 * 1024


class Home(NamedTuple):
    """What the parent and all that it forks are told."""

    snapshot: Path
    settings: Settings


Role = Callable[[Stores, list[int], Home], None]


class TooLarge(Exception):
    """The answer is over the ceiling."""


class Channel:
    """A file that an answer is written to: whole frames leave as they fill up."""

    def __init__(self, connection: socket.socket, ceiling: int) -> None:
        self._connection = connection
        self._ceiling = ceiling
        self._buffer = bytearray()
        self._written = 0

    def write(self, data: bytes) -> int:
        """Take some bytes of the answer."""
        self._written += len(data)
        if self._written > self._ceiling:
            raise TooLarge
        self._buffer += data
        if len(self._buffer) >= FRAME:
            self._connection.sendall(pack(DATA, bytes(self._buffer)))
            self._buffer.clear()
        return len(data)

    def flush(self) -> None:
        """Nothing to do: frames leave when they are full, and the last one with the end."""

    def end(self) -> None:
        """Send what is left and say that the answer is whole, in one go."""
        rest = pack(DATA, bytes(self._buffer)) if self._buffer else b""
        self._connection.sendall(rest + pack(END))


def main() -> None:
    """The preloaded parent: load, say so, fork an engine for every descriptor that comes."""
    control = socket.socket(fileno=int(sys.argv[1]))
    home = Home(Path(sys.argv[2]), Settings.model_validate_json(sys.argv[3]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt at the terminal is for the front to act on
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # dead engines are reaped by the kernel
    stores = open_snapshot(home.snapshot, home.settings.store_mode)
    warm(stores)
    gc.collect()
    gc.freeze()
    control.sendall(pack(HELLO, json.dumps({"graphs": stores.graphs, "quads": len(stores.whole)}).encode()))
    while True:
        received, descriptors, _, _ = socket.recv_fds(control, 1, 3)
        if not received:
            return  # the front is gone or has no more use for this snapshot
        if os.fork() == 0:
            control.close()
            become(ROLES[received], stores, descriptors, home)
        for descriptor in descriptors:
            os.close(descriptor)


def become(role: Role, stores: Stores, descriptors: list[int], home: Home) -> NoReturn:
    """Be an engine or a lane until the channel closes; never returns."""
    code = 1
    try:
        role(stores, descriptors, home)
        code = 0
    except (OSError, EOFError):
        pass  # the front has closed the channel
    finally:
        os._exit(code)


def lane(stores: Stores, descriptors: list[int], home: Home) -> None:
    """Confine this process and serve connections."""
    channel, memory, log = descriptors
    gc.disable()  # nothing that a lane makes refers to itself; looking for such things costs more than they would
    ledger = Ledger(memory)
    channel, log = confine_lane(channel, log, home.settings.worker_memory_bytes)
    outside = Outside(socket.socket(fileno=channel), ledger, log)
    Lane(Replies(stores, home.snapshot.name, home.settings, ledger), outside).run()


def engine(stores: Stores, descriptors: list[int], home: Home) -> None:
    """Confine this process and answer queries."""
    [descriptor] = descriptors
    files = home.settings.store_mode == "disk"
    if files:  # open files and their threads are not to be shared across a fork
        stores = open_snapshot(home.snapshot, home.settings.store_mode)
    network = bool(home.settings.service_allow_list)
    channel = confine(descriptor, home.settings.worker_memory_bytes, files=files, network=network)
    connection = socket.socket(fileno=channel)
    connection.sendall(pack(HELLO, json.dumps({"pid": os.getpid()}).encode()))
    serve(stores, connection, home.settings.max_result_bytes)


def serve(stores: Stores, connection: socket.socket, ceiling: int) -> None:
    """Answer one query after the other."""
    frames, space = Frames(), bytearray(READ)  # one buffer for all: a large new one would tidy up the heap every time
    while size := connection.recv_into(space):
        for kind, body in frames.feed(bytes(memoryview(space)[:size])):
            if kind == ASK:
                asked = marshal.loads(body)  # from the front, never from outside; what goes back is JSON
                signal.setitimer(signal.ITIMER_REAL, asked.pop("seconds"))  # the default action ends the process
                respond(stores, connection, Request(**asked), ceiling)
                signal.setitimer(signal.ITIMER_REAL, 0)


def respond(stores: Stores, connection: socket.socket, request: Request, ceiling: int) -> None:
    """Send the answer to one query, or the fault that ended it."""
    channel = Channel(connection, ceiling)
    try:
        answer(stores, request, cast(IO[bytes], channel))
    except TooLarge:
        connection.sendall(fault("too-large"))
    except SyntaxError as error:
        connection.sendall(fault("syntax", str(error)))
    except (ValueError, RuntimeError) as error:
        connection.sendall(fault("evaluation", str(error)))
    else:
        channel.end()


def fault(what: str, message: str = "") -> bytes:
    """The frame that says why there is no answer."""
    return pack(FAULT, json.dumps({"what": what, "message": message[:4000]}).encode())


ROLES: dict[bytes, Role] = {ENGINE: engine, LANE: lane}

if __name__ == "__main__":
    main()
