"""The benchmark: all servers side by side, question by question and slice by slice, then RESULTS.md.

    benchmarks/setup && .venv/bin/python -m benchmarks.run            # everything; about ten minutes, the first time longer
    .venv/bin/python -m benchmarks.run serve 1                        # one part: serve N, build, report

Times of one machine mean little; what is compared is measured in turns, so that whatever else the machine does falls on all alike.
"""

import argparse
import io
import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, QueryResultsFormat, RdfFormat, Store

from benchmarks import editions, mix, peers
from benchmarks.building import measure_build
from benchmarks.client import by_post, load
from benchmarks.peers import CACHE, Server
from benchmarks.report import write_report
from service.settings import Settings

SIZES = (1, 10, 100)
ROUNDS, SLOW_ROUNDS, SLICES, SECONDS = 5, 1, 4, 2
FAST = ("shisaku", "shisaku cached", "oxigraph serve-read-only")


def say(text: str) -> None:
    """Progress."""
    print(text, file=sys.stderr, flush=True)


def started(snapshots: Path, count: int) -> list[Server]:
    """All servers over so many editions, running; those that cannot be had are left out."""
    servers = [peers.ours("shisaku", snapshots, 0), peers.native(snapshots)]
    if count == 1:
        servers += [peers.ours("shisaku cached", snapshots, 64 * 2**20)]
    servers += [peers.virtuoso(snapshots), peers.rdflib_endpoint(snapshots)]
    running = []
    for server in filter(None, servers):
        say(f"  starting {server.name}")
        try:
            server.start()
            running.append(server)
        except RuntimeError as fault:
            say(f"  {fault}")
    return running


def measure_mix(servers: list[Server], dump: Path, store: Store, graphs: list[str]) -> dict[str, Any]:
    """Median seconds by question and server: the fast ones in turns, then each of the slow ones once."""
    questions = mix.mix(dump, Settings())
    found: dict[str, dict[str, list[float]]] = {question.name: {} for question in questions}
    for question in questions:
        times = found[question.name]
        for turn in range(-1, ROUNDS):
            seconds = {server.name: asked(server, question, graphs) for server in servers if server.name in FAST}
            seconds["engine in process"] = in_process(store, question.text, graphs)[1]
            if turn >= 0:
                for name, value in seconds.items():
                    times.setdefault(name, []).append(value)
    for server in [server for server in servers if server.name not in FAST]:
        say(f"  mix: {server.name}")
        try:
            for question in questions:
                seconds_taken = asked(server, question, graphs)
                if seconds_taken:
                    found[question.name][server.name] = [seconds_taken]
        except OSError:
            say(f"  {server.name}: no answer to '{question.name}' in time; nothing more is asked of it")
            server.stop()
            servers.remove(server)
    return {name: {who: statistics.median(values) for who, values in times.items()} for name, times in found.items()}


def asked(server: Server, question: mix.Question, graphs: list[str]) -> float:
    """Seconds that an answer takes; 0 for a refusal. Raises OSError when it takes too long."""
    reply = server.connection.ask(by_post(server.path, question.text, graphs))
    return reply.total if reply.status == 200 else 0.0


def in_process(store: Store, text: str, graphs: list[str]) -> tuple[float, float]:
    """Seconds to the first write and to the end of an answer that goes nowhere."""
    sink = Sink()
    begun = time.perf_counter()
    named = [NamedNode(graph) for graph in graphs]
    results = store.query(text, use_default_graph_as_union=not named, default_graph=named or None)
    results.serialize(sink, QueryResultsFormat.JSON)  # type: ignore[union-attr, call-overload]
    return sink.first - begun, time.perf_counter() - begun


class Sink(io.RawIOBase):
    """Takes bytes and notes when the first came."""

    first = 0.0

    def write(self, data: Any) -> int:
        """Forget them."""
        self.first = self.first or time.perf_counter()
        return len(data)


def measure_many(servers: list[Server], store: Store) -> dict[str, Any]:
    """Median seconds to first byte and end of 100,000 rows; Virtuoso takes longer than anybody would wait here."""
    found: dict[str, list[tuple[float, float]]] = {}
    for turn in range(-1, ROUNDS):
        found.setdefault("engine in process", []).append(in_process(store, mix.MANY, []))
        for server in servers:
            if server.name in FAST:
                reply = server.connection.ask(by_post(server.path, mix.MANY))
                if turn >= 0:
                    found.setdefault(server.name, []).append((reply.first, reply.total))
    return {name: [statistics.median(column) for column in zip(*rows, strict=True)] for name, rows in found.items()}


def measure_load(servers: list[Server], texts: list[str]) -> dict[str, Any]:
    """Medians over slices of load, taken in turns."""
    found: dict[str, list[list[float]]] = {}
    for turn in range(SLICES):
        for server in servers:
            if server.name in FAST or turn < SLOW_ROUNDS:
                got = load(server.port, server.path, texts, SECONDS, CACHE)
                found.setdefault(server.name, []).append([got.per_second, got.p50, got.p99, got.failed, got.client])
    return {name: [statistics.median(column) for column in zip(*rows, strict=True)] for name, rows in found.items()}


def serve(count: int) -> dict[str, Any]:
    """Everything that is asked over HTTP, at one size."""
    dump = Settings().current / "dump.nq"
    snapshots = editions.write(dump, CACHE / "data", count)
    store = Store()
    store.bulk_load(path=str(snapshots / "current" / "dump.nq"), format=RdfFormat.N_QUADS)
    servers = started(snapshots, count)
    graphs = editions.dataset(0) if count > 1 else []  # the real edition among the copies
    try:
        facts: dict[str, Any] = {"start": {server.name: server.start_seconds for server in servers}}
        say("  mix")
        facts["mix"] = measure_mix(servers, dump, store, graphs)
        say("  small questions and look-ups under load")
        facts["small"] = measure_load(servers, mix.small(dump))
        facts["lookups"] = measure_load(servers, mix.lookups(dump))
        if count == 10:
            say("  100,000 rows")
            facts["many"] = measure_many(servers, store)
        facts["memory"] = {server.name: server.megabytes() for server in servers}
        facts["quads"] = (snapshots / "current" / "dump.nq").read_bytes().count(b"\n")
    finally:
        for server in servers:
            server.stop()
    return facts


def main() -> None:
    """Run the parts that were asked for and write the report."""
    parser = argparse.ArgumentParser(description="Measure, compare, report.")
    parser.add_argument("part", nargs="?", choices=["all", "serve", "build", "report"], default="all")
    parser.add_argument("editions", nargs="?", type=int, default=0)
    chosen = parser.parse_args()
    CACHE.mkdir(parents=True, exist_ok=True)
    kept = CACHE / "results.json"
    results: dict[str, Any] = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    if chosen.part in ("all", "serve"):
        for count in [chosen.editions] if chosen.editions else SIZES:
            say(f"{count} edition(s)")
            begun = time.perf_counter()
            results[str(count)] = serve(count)
            say(f"  {time.perf_counter() - begun:.0f} s")
            kept.write_text(json.dumps(results, indent=1), "utf-8")
    if chosen.part in ("all", "build"):
        say("build")
        results["build"] = measure_build(CACHE / "build")
        kept.write_text(json.dumps(results, indent=1), "utf-8")
    write_report(results, Path(__file__).with_name("RESULTS.md"))


if __name__ == "__main__":
    main()
