"""A snapshot to the preloaded process that engines are forked from."""

import asyncio
import contextlib
import json
import os
import socket
import sys
from pathlib import Path

from service.engines.channel import pair
from service.engines.crew import Engine
from service.engines.frames import ENGINE, LANE, Frames
from service.settings import Settings

PACKAGE = Path(__file__).resolve().parents[2]
PASSED_ON = ("PATH", "LANG", "LC_ALL", "VIRTUAL_ENV")
# The engine asks for much memory in many sizes and gives it back with every query; larger caches of freed pieces take a third off a small query.
ALLOCATOR = "glibc.malloc.tcache_count=1000:glibc.malloc.tcache_max=65536"


class Parent:
    """The preloaded process of one snapshot; everything that it forks ends with it."""

    def __init__(self, snapshot: Path) -> None:
        self.snapshot = snapshot
        self.graphs: frozenset[str] = frozenset()
        self.quads = 0
        self._process: asyncio.subprocess.Process | None = None
        self._control: socket.socket | None = None

    async def start(self, settings: Settings) -> None:
        """Load the snapshot; returns when engines can be forked, raises OSError if they never can."""
        self._control, theirs = socket.socketpair()
        self._control.setblocking(False)
        told = settings.model_dump_json(exclude={"operator_token"})
        with theirs:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "service.engines.engine", str(theirs.fileno()), str(self.snapshot), told),
                pass_fds=(theirs.fileno(),),
                env=environment(),
                stdin=asyncio.subprocess.DEVNULL,
            )
        frames = Frames()
        while data := await asyncio.get_running_loop().sock_recv(self._control, 65536):
            for _, body in frames.feed(data):
                hello = json.loads(body)
                self.graphs, self.quads = frozenset(hello["graphs"]), hello["quads"]
                return
        raise OSError(f"the snapshot {self.snapshot.name} could not be loaded")

    async def fork(self, engine: Engine) -> None:
        """Have a new process behind an engine; it is free when it has greeted."""
        ours, theirs = socket.socketpair()
        with theirs:
            self._order(ENGINE, ours, theirs.fileno())
        await asyncio.get_running_loop().create_connection(lambda: engine, sock=ours)

    def fork_lane(self, memory: int) -> socket.socket:
        """Have a new lane with some memory shared with it; returns the channel to it."""
        ours, theirs = pair()
        with theirs:
            self._order(LANE, ours, theirs.fileno(), memory, sys.stdout.fileno())
        ours.setblocking(False)
        return ours

    def _order(self, what: bytes, ours: socket.socket, *descriptors: int) -> None:
        try:
            if self._control is None:
                raise OSError("the parent has ended")
            socket.send_fds(self._control, [what], descriptors)
        except OSError:
            ours.close()
            raise

    async def wait(self) -> None:
        """Wait for the end of the process."""
        if self._process is not None:
            await self._process.wait()

    def close(self) -> None:
        """Let the process end; engines that it has forked end with it."""
        if self._control is not None:
            self._control.close()
            self._control = None

    async def end(self) -> None:
        """End the process and everything that it has forked, now."""
        self.close()
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()


def environment() -> dict[str, str]:
    """What the engines may know of ours: how to find Python's modules, and no secrets."""
    kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    ours = {"PYTHONPATH": str(PACKAGE), "RUST_BACKTRACE": "0", "PYTHONDONTWRITEBYTECODE": "1"}
    return kept | ours | {"GLIBC_TUNABLES": ALLOCATOR}
