"""A query that an engine has begun to the state of its answer: what has come, whether it is whole, how it ended."""

import asyncio
import time
from collections.abc import Callable

from service.engines.spool import Budget, Spool

MEMORY = 512 * 1024  # bytes of one answer that are held before they go to disk


class Job:
    """One query under way."""

    def __init__(self, text: str, seconds: float, budget: Budget, *, light: bool = False) -> None:
        self.text = text
        self.light = light  # asked by ourselves: never pushed out
        self.seconds = seconds
        self.started = time.monotonic()
        self.spool = Spool(MEMORY, budget)
        self.whole = False
        self.fault: dict[str, str] | None = None  # what the engine says is wrong
        self.cause: str | None = None  # why the engine was ended
        self.end: Callable[[str], None] = lambda _: None  # ends the engine that works on this
        self.resume: Callable[[], None] = lambda: None  # lets a paused engine go on
        self._waiting: asyncio.Future[None] | None = None

    @property
    def over(self) -> bool:
        """Nothing more will come."""
        return self.whole or self.fault is not None or self.cause is not None

    @property
    def elapsed(self) -> float:
        """Seconds since the query began."""
        return time.monotonic() - self.started

    def tell(self) -> None:
        """Wake whoever waits for news."""
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    async def news(self) -> None:
        """Wait until there is something to take or all is over."""
        while not self.spool and not self.over:
            await self._wait()

    async def settled(self) -> None:
        """Wait until all is over."""
        while not self.over:
            await self._wait()

    async def _wait(self) -> None:
        """One reader at most waits for one job."""
        self._waiting = asyncio.get_running_loop().create_future()
        await self._waiting
