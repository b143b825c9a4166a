"""The pool in this process, its engines real."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest

from service.engines.workers import Pool
from service.faults import Problem
from service.settings import Settings
from tests.serving import BASE, PROGRAMMES
from tests.test_server import ENDLESS

T = TypeVar("T")
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def with_pool(settings: Settings, work: Callable[[Pool], Awaitable[T]]) -> T:
    async def run() -> T:
        pool = Pool(settings)
        await pool.start()
        try:
            return await work(pool)
        finally:
            await pool.close()

    return asyncio.run(run())


def limited(snapshots: Path, **limits: object) -> Settings:
    return Settings.model_validate({"snapshots_dir": snapshots, "workers": 1, "light_workers": 1, **limits})


def test_formats(settings: Settings) -> None:
    async def work(pool: Pool) -> list[str]:
        answers = [await pool.query("SELECT (1 AS ?x) {}", accept_format=form) for form in ("csv", "json", None)]
        answers.append(await pool.query("CONSTRUCT { <s> <p> 1 } {}", accept_format="nt"))
        assert await answers[0].read() == b"x\r\n1\r\n"
        return [answer.media_type.partition(";")[0] for answer in answers]

    expected = [
        "text/csv",
        "application/sparql-results+json",
        "application/sparql-results+json",
        "application/n-triples",
    ]
    assert with_pool(settings, work) == expected


@pytest.mark.parametrize("text", ['"施策1"@ja', '"x\\" } #"', f"<{BASE}id/program/p1>"])
def test_substitutions_are_terms(text: str, settings: Settings) -> None:
    async def work(pool: Pool) -> bytes:
        answer = await pool.query("SELECT ?x { ?x ?p ?o }", accept_format="tsv", substitutions={"x": text})
        return await answer.read()

    rows = with_pool(settings, work).decode().splitlines()
    assert len(rows) == (4 if text.startswith("<") else 1)


def test_repeated_questions_come_from_memory(settings: Settings) -> None:
    async def work(pool: Pool) -> None:
        first = await (await pool.query(COUNT)).read()
        again = await pool.query(COUNT)
        assert again.job is None
        assert await again.read() == first
        volatile = "SELECT (RAND() AS ?x) {}"
        assert await (await pool.query(volatile)).read() != await (await pool.query(volatile)).read()

    with_pool(settings, work)


def test_light_requests_have_an_engine_of_their_own(snapshots: Path) -> None:
    async def work(pool: Pool) -> None:
        heavy = asyncio.ensure_future(pool.query(ENDLESS[0]))
        await asyncio.sleep(0.1)
        async with asyncio.timeout(0.5):
            answer = await pool.query(COUNT, light=True)
            assert str(3 * PROGRAMMES + 2).encode() in await answer.read()
        heavy.cancel()

    with_pool(limited(snapshots), work)


def test_a_full_line_turns_the_oldest_away(snapshots: Path) -> None:
    async def work(pool: Pool) -> None:
        heavy = [asyncio.ensure_future(pool.query(ENDLESS[0] + f" LIMIT {number + 1}")) for number in range(4)]
        await asyncio.sleep(0.05)  # too short for anybody to be pushed out
        assert [task.done() for task in heavy] == [False, True, False, False]
        with pytest.raises(Problem) as turned_away:
            heavy[1].result()
        assert (turned_away.value.status, turned_away.value.headers["Retry-After"]) == (503, "2")
        for task in heavy:
            task.cancel()

    with_pool(limited(snapshots, queue_length=2), work)


def test_without_a_line_it_is_busy_at_once(snapshots: Path) -> None:
    async def work(pool: Pool) -> None:
        heavy = asyncio.ensure_future(pool.query(ENDLESS[0]))
        await asyncio.sleep(0.1)
        with pytest.raises(Problem, match="busy"):
            await pool.query(COUNT)
        heavy.cancel()

    with_pool(limited(snapshots, queue_length=0), work)


def test_whoever_waits_pushes_out_the_longest_running(snapshots: Path) -> None:
    async def work(pool: Pool) -> None:
        heavy = asyncio.ensure_future(pool.query(ENDLESS[0]))
        await asyncio.sleep(0.3)
        async with asyncio.timeout(1):
            await (await pool.query(COUNT)).read()
        with pytest.raises(Problem, match="busy"):
            await heavy

    with_pool(limited(snapshots, guaranteed_seconds=0.2), work)


def test_known_heavy_queries_wait_for_room(snapshots: Path) -> None:
    async def work(pool: Pool) -> None:
        with pytest.raises(Problem, match=r"0\.2 seconds"):
            await pool.query(ENDLESS[0], deadline=0.2)
        await asyncio.sleep(0.3)
        running = asyncio.ensure_future(pool.query(ENDLESS[0] + " # again, as there is room"))
        await asyncio.sleep(0.1)
        with pytest.raises(Problem, match="more room"):
            await pool.query(ENDLESS[0] + " # in disguise")
        await (await pool.query(COUNT)).read()
        running.cancel()

    with_pool(limited(snapshots, workers=2), work)


def test_a_cancelled_wait_loses_no_engine(snapshots: Path) -> None:
    async def work(pool: Pool) -> None:
        for _ in range(20):
            tasks = [asyncio.ensure_future(pool.query(COUNT + f" # {number}")) for number in range(6)]
            await asyncio.sleep(0.002)
            for task in tasks[::2]:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        async with asyncio.timeout(2):
            await (await pool.query(COUNT)).read()

    with_pool(limited(snapshots, cache_bytes=0), work)


def test_slow_readers_hold_no_engine(snapshots: Path) -> None:
    """The answer goes to disk while nobody reads it; the only engine is free for others."""

    async def work(pool: Pool) -> None:
        long = await pool.query("SELECT * { ?a ?b ?c . ?d ?e ?f }", accept_format="csv")
        for _ in range(100):
            if not pool.running():
                break
            await asyncio.sleep(0.02)
        await (await pool.query(COUNT)).read()
        rows = (await long.read()).count(b"\n")
        assert rows == (3 * PROGRAMMES + 2) ** 2 + 1

    with_pool(limited(snapshots), work)
