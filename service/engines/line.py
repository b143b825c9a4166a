"""Requests that find no engine free to a bounded line: the newest goes first, whoever waits too long is turned away."""

import asyncio
import time
from dataclasses import dataclass, field

from service.engines.crew import Engine
from service.engines.verdicts import queue_full
from service.settings import Settings


@dataclass(eq=False)
class Place:
    """One request that waits."""

    light: bool
    turn: asyncio.Future[Engine]
    since: float = field(default_factory=time.monotonic)


class Line:
    """The newest goes first: under overload, serving the oldest would make everybody wait in vain."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._places: list[Place] = []

    def __len__(self) -> int:
        return len(self._places)

    async def wait(self, *, light: bool) -> Engine:
        """Wait for an engine; raises Problem if the line is full or the wait too long."""
        if self._settings.queue_length == 0:
            raise queue_full()
        if len(self._places) >= self._settings.queue_length:
            self._turn_away(self._places[0])
        place = Place(light, asyncio.get_running_loop().create_future())
        self._places.append(place)
        try:
            return await place.turn
        except asyncio.CancelledError:
            if place.turn.done() and not place.turn.cancelled() and not place.turn.exception():
                place.turn.result().pass_on()  # the engine came in the moment in which the caller left
            raise
        finally:
            if place in self._places:
                self._places.remove(place)

    def offer(self, engine: Engine) -> bool:
        """Give an engine to the newest who may have it; False if there is nobody."""
        for place in reversed(self._places):
            if engine.light <= place.light and not place.turn.done():
                self._places.remove(place)
                place.turn.set_result(engine)
                return True
        return False

    def sweep(self) -> None:
        """Turn away who has waited too long."""
        latest = time.monotonic() - min(self._settings.queue_seconds, self._settings.query_deadline_seconds / 2)
        for place in [place for place in self._places if place.since < latest]:
            self._turn_away(place)

    def pressing(self) -> bool:
        """Whether somebody has waited long enough for room to be made."""
        latest = time.monotonic() - self._settings.patience_seconds
        return any(place.since < latest for place in self._places)

    def _turn_away(self, place: Place) -> None:
        self._places.remove(place)
        if not place.turn.done():
            place.turn.set_exception(queue_full())
