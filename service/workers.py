"""Queries to answers: a pool of killable engines over the snapshot in force, with a bounded line in front of it."""

import asyncio
import contextlib
import itertools
import json
import time
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from service.answers import Answer
from service.cache import Key, ResultCache
from service.generation import Generation
from service.guard import Survey, known_graphs, skeleton, survey
from service.jobs import Job
from service.line import Line
from service.negotiation import GRAPHS, RESULTS, media_type_of
from service.reputation import Reputation
from service.settings import Settings
from service.spool import Budget
from service.verdicts import CANCELLED, HUNG_UP, heavy, starting, too_heavy, verdict

SURVEYED = 8192  # characters of the longest query whose survey is remembered
SWEEP_SECONDS = 0.05


@dataclass(frozen=True)
class Ask:
    """A query with everything that its answer depends on, apart from the snapshot."""

    survey: Survey
    media_type: str
    substitutions: tuple[tuple[str, str], ...] = ()
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()

    def key(self, digest: str) -> Key:
        """What the answer is remembered under."""
        return Key(
            digest, self.survey.text, self.media_type, self.substitutions, self.default_graphs, self.named_graphs
        )

    def request(self, base: str) -> dict[str, object]:
        """What an engine is sent."""
        return {
            "text": self.survey.text,
            "media_type": self.media_type,
            "base": base,
            "substitutions": dict(self.substitutions),
            "default_graphs": self.default_graphs,
            "named_graphs": self.named_graphs,
            "prefixes": dict(self.survey.prefixes),
            "own_dataset": bool(self.survey.default_graphs or self.survey.named_graphs),
        }


class Pool:
    """Engines for one snapshot at a time; a new one is taken up beside the old, which finishes its queries."""

    def __init__(self, settings: Settings, snapshot: Path | None = None) -> None:
        self.settings = settings
        self.cache = ResultCache(settings.cache_bytes)
        self.line = Line(settings)
        self.manifest: dict[str, object] = {}
        self.generation: Generation | None = None
        self._snapshot = snapshot
        self._budget = Budget(settings.spool_bytes)
        self._jobs: dict[int, Job] = {}
        self._surveys = lru_cache(512)(partial(survey, settings=settings))
        self._reputation = Reputation()
        self._numbers = itertools.count(1)
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def ready(self) -> bool:
        """Whether a query would find an engine."""
        return self.generation is not None and any(engine.greeted for engine in self.generation.engines)

    @property
    def digest(self) -> str:
        """The name of the snapshot in force; empty before the first."""
        return self.generation.parent.snapshot.name if self.generation else ""

    @property
    def graphs(self) -> frozenset[str]:
        """The graphs of the snapshot in force."""
        return self.generation.parent.graphs if self.generation else frozenset()

    def survey(self, text: str) -> Survey:
        """Read a query without evaluating it, from memory if it was read before; raises Problem for what is refused."""
        return self._surveys(text) if len(text) <= SURVEYED else survey(text, self.settings)

    def running(self) -> dict[int, Job]:
        """The queries that engines work on now, by number."""
        for number, job in list(self._jobs.items()):
            if job.over:
                del self._jobs[number]
                if heavy(job, self.settings):
                    self._reputation.note(self.digest, skeleton(job.text))
        return self._jobs

    def end_query(self, number: int) -> bool:
        """End a running query; False if there is none of that number."""
        job = self.running().get(number)
        if job is not None:
            job.end(CANCELLED)
        return job is not None

    async def start(self) -> None:
        """Take up the snapshot in force, and then whatever takes its place."""
        first = self._snapshot or self.settings.current
        if first.exists():
            await self._take_up(first.resolve())
        self._spawn(self._sweep())
        if self._snapshot is None:
            self._spawn(self._watch())

    async def close(self) -> None:
        """End everything."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.generation is not None:
            await self.generation.end()

    async def query(
        self,
        text: str,
        *,
        accept_format: str | None = None,
        substitutions: Mapping[str, str] | None = None,
        light: bool = False,
        deadline: float | None = None,
    ) -> Answer:
        """Answer a query of our own; ``accept_format`` is a media type or a file extension."""
        found = self.survey(text)
        ask = Ask(found, media_type_for(found, accept_format), tuple(sorted((substitutions or {}).items())))
        return await self.answer(ask, light=light, deadline=deadline)

    async def answer(self, ask: Ask, *, light: bool = False, deadline: float | None = None) -> Answer:
        """Answer a query; raises Problem if it is refused or fails before the first bytes of its answer."""
        if self.generation is None:
            raise starting()
        found = ask.survey
        known_graphs((*found.default_graphs, *found.named_graphs, *ask.default_graphs, *ask.named_graphs), self.graphs)
        if found.volatile:
            return await self._evaluate(ask, None, light=light, deadline=deadline)
        key = ask.key(self.digest)
        remembered = self.cache.get(key)
        if remembered is not None:
            return Answer(found.kind, ask.media_type, key.etag, key.digest, self.settings, remembered)
        return await self._evaluate(ask, key, light=light, deadline=deadline)

    async def _evaluate(self, ask: Ask, key: Key | None, *, light: bool, deadline: float | None) -> Answer:
        if not light:
            self._turn_away(ask.survey)
        arrived = time.monotonic()
        engine = self.generation.take(light=light) if self.generation else None
        if engine is None:
            engine = await self.line.wait(light=light)
        digest = self.digest
        if key and key.digest != digest:  # the snapshot has changed while this request was waiting
            key = ask.key(digest)
        longest = self.settings.query_deadline_seconds
        seconds = min(deadline or longest, longest) - (time.monotonic() - arrived)
        job = Job(ask.survey.text, seconds, self._budget, light=light)
        self._jobs[next(self._numbers)] = job
        engine.ask(ask.request(self.settings.base_iri), job)
        try:
            await job.news()
        except asyncio.CancelledError:
            job.end(HUNG_UP)
            raise
        if job.over and not job.whole and not job.spool:
            raise verdict(job, self.settings)
        answer = Answer(ask.survey.kind, ask.media_type, key.etag if key else None, digest, self.settings, job=job)
        answer.memory = (self.cache, key) if key else None
        return answer

    def _turn_away(self, found: Survey) -> None:
        """Known heavy queries may have half of the engines, so that there is always room for strangers."""
        free = self.generation.free if self.generation else 0
        if free * 2 > self.settings.workers or not len(self._reputation):
            return
        if self._reputation.heavy(self.digest, skeleton(found.text)):
            raise too_heavy()

    async def _take_up(self, snapshot: Path) -> None:
        generation = Generation(snapshot, self.settings, self.line.offer, self._spawn)
        try:
            await generation.start()
            self.manifest = json.loads((snapshot / "manifest.json").read_text("utf-8"))
        except (OSError, ValueError):
            await generation.end()
            raise
        previous, self.generation = self.generation, generation
        self._spawn(self._survive(generation))
        if previous:
            previous.retire()

    async def _survive(self, generation: Generation) -> None:
        """A parent that dies takes its engines along: start over with the same snapshot."""
        await generation.parent.wait()
        if not generation.retired:
            generation.retire()
            await asyncio.sleep(SWEEP_SECONDS)
            await self._take_up(generation.parent.snapshot)

    async def _watch(self) -> None:
        """Take up what the link 'current' names whenever that changes."""
        while True:
            await asyncio.sleep(self.settings.snapshot_poll_seconds)
            link = self.settings.current
            if link.exists() and link.resolve().name != self.digest:
                with contextlib.suppress(OSError, ValueError):  # told by /ready, and tried again
                    await self._take_up(link.resolve())

    async def _sweep(self) -> None:
        """See to deadlines, priorities and the line."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            self.line.sweep()
            self.running()
            if self.generation:
                self.generation.sweep()
                if self.line.pressing():
                    self.generation.make_room(len(self.line))

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def media_type_for(found: Survey, wanted: str | None) -> str:
    """The type of an answer from a media type, a file extension, or nothing."""
    forms = GRAPHS if found.is_graph else RESULTS
    if wanted is None:
        return forms[0].media_type
    return wanted if "/" in wanted else media_type_of(wanted, forms) or forms[0].media_type
