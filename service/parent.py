"""A snapshot to the preloaded process that engines are forked from."""

import asyncio
import contextlib
import json
import os
import socket
import sys
from pathlib import Path

from service.crew import Engine
from service.engine import Configuration
from service.frames import Frames
from service.settings import Settings

PACKAGE = Path(__file__).resolve().parents[1]
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
        told = Configuration(
            str(self.snapshot),
            settings.store_mode,
            settings.worker_memory_bytes,
            settings.max_result_bytes,
            network=bool(settings.service_allow_list),
        )
        with theirs:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "service.engine", str(theirs.fileno()), told.to_json()),
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
        if self._control is None:
            raise OSError("the parent has ended")
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                socket.send_fds(self._control, [b"f"], [theirs.fileno()])
        except OSError:
            ours.close()
            raise
        await asyncio.get_running_loop().create_connection(lambda: engine, sock=ours)

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
