"""Queries to answers: a pool of killable engines over the snapshot in force, with a bounded line in front of it."""

import asyncio
import contextlib
import itertools
import time
from collections.abc import Coroutine, Mapping
from functools import lru_cache, partial
from pathlib import Path

from service import held, stored
from service.engines.answers import Answer
from service.engines.cache import ResultCache
from service.engines.generation import Generation
from service.engines.jobs import Job
from service.engines.line import Line
from service.engines.reception import Reception
from service.engines.reputation import Reputation
from service.engines.spool import Budget
from service.engines.verdicts import CANCELLED, HUNG_UP, heavy, starting, too_heavy, verdict
from service.querying.asks import Ask
from service.querying.guard import known_graphs, skeleton, survey
from service.querying.surveys import Survey
from service.settings import Settings
from service.web.negotiation import GRAPHS, RESULTS, media_type_of

SURVEYED = 8192  # characters of the longest query whose survey is remembered
SWEEP_SECONDS = 0.05


class Pool:
    """Engines for one snapshot at a time; a new one is taken up beside the old, which finishes its queries."""

    def __init__(self, settings: Settings, snapshot: Path | None = None) -> None:
        self.settings = settings
        self.cache: ResultCache[str, bytes] = ResultCache(settings.cache_bytes)
        self.line = Line(settings)
        self.manifest: dict[str, object] = {}
        self.generation: Generation | None = None
        self.reception: Reception | None = None  # who takes connections, if this application has a server
        self.digest = ""  # the name of the snapshot in force
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
    def graphs(self) -> frozenset[str]:
        """The graphs of the snapshot in force."""
        return self.generation.parent.graphs if self.generation else frozenset()

    def edition(self, named: str = "") -> str:
        """The edition that a question of ours is about: the newest unless one is named; raises Problem if that is not held."""
        return held.edition(self.manifest, named)

    def graphs_of(self, edition: str) -> tuple[str, ...]:
        """The graphs to ask about an edition alone; none, which means all, while no other is held."""
        return held.graphs_of(self.manifest, edition)

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
        graphs: tuple[str, ...] = (),
        light: bool = False,
        deadline: float | None = None,
    ) -> Answer:
        """Answer a query of our own; ``accept_format`` is a media type or a file extension, ``graphs`` are the default graph."""
        found = self.survey(text)
        ask = Ask(found, media_type_for(found, accept_format), tuple(sorted((substitutions or {}).items())), graphs)
        return await self.answer(ask, light=light, deadline=deadline)

    async def answer(self, ask: Ask, *, light: bool = False, deadline: float | None = None) -> Answer:
        """Answer a query; raises Problem if it is refused or fails before the first bytes of its answer."""
        if self.generation is None:
            raise starting()
        found = ask.survey
        graphs = (*found.default_graphs, *found.named_graphs, *ask.default_graphs, *ask.named_graphs)
        if graphs:
            known_graphs(graphs, self.graphs)
        remembered = self.remembered(ask)
        if remembered is not None:
            return remembered
        return await self._evaluate(ask, light=light, deadline=deadline)

    def remembered(self, ask: Ask) -> Answer | None:
        """The answer to what was asked before."""
        if ask.survey.volatile or not self.cache.limit:
            return None
        tag = ask.tag(self.digest)
        body = self.cache.get(tag)
        return None if body is None else Answer(ask.survey.kind, ask.media_type, tag, self.digest, self.settings, body)

    async def _evaluate(self, ask: Ask, *, light: bool, deadline: float | None) -> Answer:
        if not light:
            self._turn_away(ask.survey)
        arrived = time.monotonic()
        engine = self.generation.take(light=light) if self.generation else None
        if engine is None:
            engine = await self.line.wait(light=light)
        digest = engine.digest  # of the snapshot in force now, which may have changed while this request was waiting
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
        tag = None if ask.survey.volatile else ask.tag(digest)
        answer = Answer(ask.survey.kind, ask.media_type, tag, digest, self.settings, job=job)
        answer.memory = self.cache if tag else None
        return answer

    def _turn_away(self, found: Survey) -> None:
        """Known heavy queries may have half of the engines, so that there is always room for strangers."""
        if not len(self._reputation):
            return
        free = self.generation.free if self.generation else 0
        if free * 2 > self.settings.workers:
            return
        if self._reputation.heavy(self.digest, skeleton(found.text)):
            raise too_heavy()

    async def _take_up(self, snapshot: Path) -> None:
        generation = Generation(snapshot, self.settings, self.line.offer, self._spawn)
        try:
            await generation.start()
            self.manifest = stored.manifest(snapshot)
        except (OSError, ValueError):
            await generation.end()
            raise
        lanes = await self.reception.prepare(generation) if self.reception else []
        previous, self.generation, self.digest = self.generation, generation, snapshot.name
        self._spawn(self._survive(generation))
        if self.reception:
            await self.reception.switch(generation, lanes)
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
