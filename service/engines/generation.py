"""One snapshot to its engines: kept at full number while it is in force, let go when it is not."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path

from service.engines.crew import Engine
from service.engines.parent import Parent
from service.engines.verdicts import CANCELLED, CROWDED, DEADLINE
from service.settings import Settings

DEMOTE_SECONDS = 0.2
START_SECONDS, PAUSE = 5, 0.005
LEAST_SECONDS = 0.1
GRACE = 0.2  # seconds that an engine has to end itself before it is ended

Spawn = Callable[[Coroutine[None, None, None]], None]


class Generation:
    """The parent and engines of one snapshot."""

    def __init__(self, snapshot: Path, settings: Settings, offer: Callable[[Engine], bool], spawn: Spawn) -> None:
        self.parent = Parent(snapshot)
        self.engines: set[Engine] = set()
        self.retired = False
        self._settings, self._offer, self._spawn = settings, offer, spawn
        self._free: list[Engine] = []

    async def start(self) -> None:
        """Load the snapshot and fork all engines; returns when they have greeted, or after some patience."""
        await self.parent.start(self._settings)
        for place in range(self._settings.workers + self._settings.light_workers):
            await self._hire(light=place >= self._settings.workers)
        for _ in range(int(START_SECONDS / PAUSE)):
            if all(engine.greeted for engine in self.engines):
                break
            await asyncio.sleep(PAUSE)

    def take(self, *, light: bool) -> Engine | None:
        """An engine that is free now; the one used last, whose memory is warm."""
        for engine in reversed(self._free):
            if engine.light <= light:
                self._free.remove(engine)
                return engine
        return None

    def sweep(self) -> None:
        """End what is over its deadline; put what runs long behind the others."""
        for engine in list(self.engines):
            if engine.job is None:
                continue
            if engine.job.elapsed > engine.job.seconds + GRACE:
                engine.kill(DEADLINE)
            elif engine.job.elapsed > DEMOTE_SECONDS:
                engine.demote()

    @property
    def free(self) -> int:
        """Number of engines that any request could have now."""
        return sum(not engine.light for engine in self._free)

    def make_room(self, waiting: int) -> None:
        """End the longest-running queries beyond their guaranteed time, which shrinks as more requests wait."""
        share = min(1.0, 2 * self._settings.workers / max(waiting, 1))
        guaranteed = max(self._settings.guaranteed_seconds * share, LEAST_SECONDS)
        running = [
            (engine.job.elapsed, id(engine), engine) for engine in self.engines if engine.job and not engine.job.light
        ]
        for elapsed, _, engine in sorted(running, reverse=True)[:waiting]:
            if elapsed > guaranteed:
                engine.kill(CROWDED)

    def retire(self) -> None:
        """Take no more queries; the parent ends with its last engine."""
        self.retired = True
        for engine in self._free:
            engine.close()
        self._free.clear()
        self._end_if_done()

    async def end(self) -> None:
        """End everything now."""
        self.retired = True
        for engine in list(self.engines):
            engine.kill(CANCELLED)
        await self.parent.end()

    def _freed(self, engine: Engine) -> None:
        worn = engine.demoted or engine.served >= self._settings.worker_queries
        if self.retired or worn:
            engine.close()
        elif not self._offer(engine):
            self._free.append(engine)

    def _gone(self, engine: Engine) -> None:
        self.engines.discard(engine)
        if engine in self._free:
            self._free.remove(engine)
        if self.retired:
            self._end_if_done()
        else:  # one that never greeted may have a reason that lasts
            self._spawn(self._hire(light=engine.light, pause=0 if engine.greeted else 1))

    def _end_if_done(self) -> None:
        if not self.engines:
            self.parent.close()

    async def _hire(self, *, light: bool, pause: float = 0) -> None:
        await asyncio.sleep(pause)
        if self.retired:
            return
        engine = Engine(self.parent.snapshot.name, self._freed, self._gone, light=light)
        self.engines.add(engine)
        try:
            await self.parent.fork(engine)
        except OSError:  # the parent is dead or dying, and whoever watches it will start over
            self.engines.discard(engine)
