"""Requests on a socket to answers: the preloaded parent, and the engines that answer one query at a time.

Run as ``python -m service.engine CHANNEL CONFIGURATION`` by the front, never by hand. The parent loads the snapshot
once; every descriptor that it is sent becomes the channel of a new engine, which shares the parent's memory. An engine
may be killed at any moment.
"""

import gc
import json
import marshal
import os
import signal
import socket
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, cast

from pyoxigraph import Store

from service.confinement import confine
from service.frames import ASK, DATA, END, FAULT, FRAME, HELLO, Frames, pack
from service.store import Request, answer, graph_names, open_snapshot, warm

READ = 64 * 1024


@dataclass(frozen=True)
class Configuration:
    """What the parent and its engines are told."""

    snapshot: str
    mode: str
    memory_bytes: int
    result_bytes: int
    network: bool = False

    def to_json(self) -> str:
        """For the command line."""
        return json.dumps(asdict(self))


class TooLarge(Exception):
    """The answer is over the ceiling."""


class Channel:
    """A file that an answer is written to: whole frames of 64 KiB leave as they fill up."""

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
    configuration = Configuration(**json.loads(sys.argv[2]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt at the terminal is for the front to act on
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # dead engines are reaped by the kernel
    store = open_snapshot(Path(configuration.snapshot), configuration.mode)
    warm(store)
    gc.collect()
    gc.freeze()
    control.sendall(pack(HELLO, json.dumps({"graphs": graph_names(store), "quads": len(store)}).encode()))
    while True:
        received, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not received:
            return  # the front is gone or has no more use for this snapshot
        for descriptor in descriptors:
            if os.fork() == 0:
                control.close()
                become_engine(store, descriptor, configuration)
            os.close(descriptor)


def become_engine(store: Store, descriptor: int, configuration: Configuration) -> None:
    """Confine this process and answer queries until the channel closes; never returns."""
    code = 1
    try:
        files = configuration.mode == "disk"
        if files:  # open files and their threads are not to be shared across a fork
            store = open_snapshot(Path(configuration.snapshot), configuration.mode)
        channel = confine(descriptor, configuration.memory_bytes, files=files, network=configuration.network)
        connection = socket.socket(fileno=channel)
        connection.sendall(pack(HELLO, json.dumps({"pid": os.getpid()}).encode()))
        serve(store, connection, configuration.result_bytes)
        code = 0
    except OSError:
        pass  # the front has closed the channel
    finally:
        os._exit(code)


def serve(store: Store, connection: socket.socket, ceiling: int) -> None:
    """Answer one query after the other."""
    frames, space = Frames(), bytearray(READ)  # one buffer for all: a large new one would tidy up the heap every time
    while size := connection.recv_into(space):
        for kind, body in frames.feed(bytes(memoryview(space)[:size])):
            if kind == ASK:
                asked = marshal.loads(body)  # from the front, never from outside; what goes back is JSON
                signal.setitimer(signal.ITIMER_REAL, asked.pop("seconds"))  # the default action ends the process
                respond(store, connection, Request(**asked), ceiling)
                signal.setitimer(signal.ITIMER_REAL, 0)


def respond(store: Store, connection: socket.socket, request: Request, ceiling: int) -> None:
    """Send the answer to one query, or the fault that ended it."""
    channel = Channel(connection, ceiling)
    try:
        answer(store, request, cast(IO[bytes], channel))
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


if __name__ == "__main__":
    main()
