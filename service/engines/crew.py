"""A channel to one engine process as the front sees it: asks, sorts what comes back, ends it."""

import asyncio
import contextlib
import json
import marshal
import os
import signal
from collections.abc import Callable
from typing import cast

from service.engines.frames import ASK, DATA, END, FAULT, HELLO, Frames, pack
from service.engines.jobs import Job
from service.engines.verdicts import CRASHED, DEADLINE

LOW_PRIORITY = 10


class Engine(asyncio.Protocol):
    """One engine process: answers one query at a time, may be killed at any moment."""

    def __init__(
        self, digest: str, on_free: Callable[["Engine"], None], on_gone: Callable[["Engine"], None], *, light: bool
    ) -> None:
        self.digest = digest  # the name of the snapshot that it answers from
        self.light = light
        self.served = 0
        self.job: Job | None = None
        self.greeted = self.demoted = False
        self._on_free, self._on_gone = on_free, on_gone
        self._frames = Frames()
        self._process: int | None = None  # a descriptor of the process, so that no other is ever killed in its place
        self._pid = 0
        self._paused = False
        self._transport: asyncio.Transport | None = None

    def ask(self, request: dict[str, object], job: Job) -> None:
        """Send a query; its answer comes into the job."""
        self.job = job
        self.served += 1
        job.end, job.resume = self.kill, self._resume
        if self._transport is not None:
            self._transport.write(pack(ASK, marshal.dumps(request | {"seconds": job.seconds})))

    def pass_on(self) -> None:
        """Give the engine to the next who waits."""
        self._on_free(self)

    def kill(self, cause: str) -> None:
        """End the process now."""
        if self.job and not self.job.over:
            self.job.cause = cause
            self.job.tell()
        with contextlib.suppress(ProcessLookupError):
            if self._process is not None:
                signal.pidfd_send_signal(self._process, signal.SIGKILL)
            elif self._pid:
                os.kill(self._pid, signal.SIGKILL)
        if self._transport is not None:
            self._transport.abort()

    def demote(self) -> None:
        """Let others have the processors first; only root could undo this, so the engine is replaced afterwards."""
        if not self.demoted and self._pid:
            self.demoted = True
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, self._pid, LOW_PRIORITY)

    def close(self) -> None:
        """Let an idle process end by itself."""
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The channel is open; the engine will greet."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by inheritance

    def data_received(self, data: bytes) -> None:
        """Sort what comes into the job."""
        for kind, body in self._frames.feed(data):
            if kind == HELLO:
                self._greet(json.loads(body)["pid"])
            elif self.job is not None:
                self._deliver(self.job, kind, body)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """The process is gone: tell the job why, as far as is known."""
        job, self.job = self.job, None
        if job and not job.over:
            job.cause = DEADLINE if job.elapsed >= job.seconds else CRASHED
        if job:
            job.tell()
        if self._process is not None:
            os.close(self._process)
            self._process = None
        self._on_gone(self)

    def _greet(self, pid: int) -> None:
        self._pid = pid
        if hasattr(os, "pidfd_open"):
            with contextlib.suppress(OSError):
                self._process = os.pidfd_open(pid)
        self.greeted = True
        self._on_free(self)

    def _deliver(self, job: Job, kind: bytes, body: bytes) -> None:
        if kind == DATA and not job.over:
            job.spool.put(body)
            if job.spool.overfull and self._transport is not None:
                self._paused = True
                self._transport.pause_reading()
        elif kind == FAULT:
            job.fault = json.loads(body)
        elif kind == END:
            job.whole = True
        job.tell()
        if kind in (FAULT, END):
            self.job = None
            self._on_free(self)

    def _resume(self) -> None:
        if self._paused and self._transport is not None:
            self._paused = False
            self._transport.resume_reading()
