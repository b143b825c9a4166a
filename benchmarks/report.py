"""Figures to RESULTS.md: ratios first, since times belong to one machine."""

import os
import platform
import statistics
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

US, CACHED, NATIVE, ENGINE = "shisaku", "shisaku cached", "oxigraph serve-read-only", "engine in process"
OTHERS = ("Virtuoso 7.2.5", "rdflib-endpoint")
Facts = dict[str, Any]


def write_report(results: Facts, target: Path) -> None:
    """Write what was measured; parts that have not been measured are left out."""
    sizes = [size for size in ("1", "10", "100") if size in results]
    parts = [HEAD.format(machine=f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}")]
    if sizes:
        parts += [goals(results, sizes), latency(results, sizes), by_question(results["1"]) if "1" in results else ""]
        parts += [throughput(results, sizes), many(results), scale(results, sizes)]
    if "build" in results:
        parts.append(building(results["build"]))
    target.write_text("\n".join(part for part in parts if part) + "\n", "utf-8")


def geometric(times: Facts, who: str, base: str) -> tuple[float, int]:
    """Geometric mean of the ratios over the questions that both answered, and how many these are."""
    ratios = [row[who] / row[base] for row in times.values() if who in row and base in row]
    return (statistics.geometric_mean(ratios) if ratios else float("nan")), len(ratios)


def goals(results: Facts, sizes: Sequence[str]) -> str:
    """What was aimed at, and what was reached."""
    means = [geometric(results[size]["mix"], US, NATIVE)[0] for size in sizes]
    rows = [goal("latency over the mix, uncached, to the native server", "≤ 0.6", max(means), max(means) <= 0.6)]
    for size in sizes:
        for load, label in (("small", "small questions"), ("lookups", "bare look-ups")):
            us, native = results[size][load][US], results[size][load][NATIVE]
            where = f"{label}, 8 connections, {size} edition(s)"
            rows.append(goal(f"throughput, {where}", "≥ 1", us[0] / native[0], us[0] >= native[0]))
            rows.append(goal(f"p99, {where}", "≤ 2", us[2] / native[2], us[2] <= 2 * native[2]))
    if "1" in results:
        for load, label in (("small", "small questions"), ("lookups", "bare look-ups")):
            ratio = results["1"][load][CACHED][0] / results["1"][load][NATIVE][0]
            rows.append(goal(f"throughput with the cache warm, {label}", "≥ 2", ratio, ratio >= 2))
    found = results.get("10", {}).get("many")
    if found:
        first, total = found[US][0] * 1000, found[US][1] / found[ENGINE][1]
        rows.append(goal("first byte of 100,000 rows, milliseconds", "≤ 5", first, first <= 5))
        rows.append(goal("total of 100,000 rows to the engine in process", "≤ 1.1", total, total <= 1.1))
    return section(
        "Aims",
        "All ratios are ours to the other; the worst of the sizes where there are several.",
        ("what", "aim", "measured", ""),
        rows,
    )


def goal(what: str, aim: str, value: float, reached: bool) -> tuple[str, ...]:
    """One row of the aims."""
    return what, aim, f"{value:.2f}", "reached" if reached else "**missed**"


def latency(results: Facts, sizes: Sequence[str]) -> str:
    """Geometric means by server and size."""
    rows = []
    for who in (US, CACHED, ENGINE, *OTHERS):
        cells = []
        for size in sizes:
            ratio, count = geometric(results[size]["mix"], who, NATIVE)
            cells.append(f"{ratio:.2f} ({count})" if count else "–")
        rows.append((who, *cells))
    text = (
        "Geometric mean of the ratios to the native server, question by question, one connection; in brackets the questions "
        "that both answered. One edition: over the union of all graphs. More: the real edition among its copies, named by "
        "`default-graph-uri` (at a hundred ours asks its store of that edition, the bare engine one store of all)."
    )
    return section("Latency over the mix", text, ("server", *(f"{size} edition(s)" for size in sizes)), rows)


def by_question(facts: Facts) -> str:
    """Each question at one edition."""
    rows = []
    for name, times in facts["mix"].items():
        native = times.get(NATIVE)
        if native:
            ratios = (f"{times[who] / native:.2f}" if who in times else "–" for who in (US, CACHED, ENGINE, *OTHERS))
            rows.append((name, f"{native * 1000:.1f}", *ratios))
    return section(
        "Question by question, one edition", "", ("question", "native, ms", US, CACHED, ENGINE, *OTHERS), rows
    )


def throughput(results: Facts, sizes: Sequence[str]) -> str:
    """Load with eight connections."""
    rows = []
    for load, label in (("small", "small questions"), ("lookups", "bare look-ups")):
        for size in sizes:
            native = results[size][load][NATIVE]
            rows.append(
                (
                    label,
                    size,
                    NATIVE,
                    f"{native[0]:.0f}/s",
                    f"{native[1] * 1000:.1f} ms",
                    f"{native[2] * 1000:.1f} ms",
                    *rest(native),
                )
            )
            for who in (US, CACHED, *OTHERS):
                got = results[size][load].get(who)
                if got:
                    rows.append(
                        (
                            label,
                            size,
                            who,
                            *(f"{a / b:.2f}" for a, b in zip(got[:3], native[:3], strict=True)),
                            *rest(got),
                        )
                    )
    text = (
        "wrk, one thread, 8 kept-alive connections, each question another text. The native server in figures, the others as "
        "ratios to it: throughput (more is better), p50, p99 (less is better). The client's share shows that it is not the limit."
    )
    return section(
        "Throughput", text, ("load", "editions", "server", "throughput", "p50", "p99", "failed", "client, cores"), rows
    )


def rest(got: Sequence[float]) -> tuple[str, str]:
    """Failed requests and the client's share."""
    return f"{got[3]:.0f}", f"{got[4]:.2f}"


def many(results: Facts) -> str:
    """A long answer."""
    found = results.get("10", {}).get("many")
    if not found:
        return ""
    engine = found[ENGINE][1]
    rows = [(who, f"{first * 1000:.1f}", f"{total / engine:.2f}") for who, (first, total) in found.items()]
    return section(
        "100,000 rows", "Ten editions, JSON.", ("server", "first byte, ms", "total to engine in process"), rows
    )


def scale(results: Facts, sizes: Sequence[str]) -> str:
    """What grows with the editions."""
    rows = []
    for who in (US, NATIVE, *OTHERS):
        for size in sizes:
            facts = results[size]
            if who in facts["start"] and who in facts["memory"]:
                point = facts["mix"]["all of one thing"].get(who)
                cells = (
                    f"{facts['start'][who]:.1f}",
                    f"{facts['memory'][who]:.0f}",
                    f"{point * 1000:.2f}" if point else "–",
                )
                rows.append((who, size, f"{facts['quads']:,}", *cells))
    head = ("server", "editions", "quads", "start, s", "memory, MB (PSS)", "all of one thing, ms")
    return section(
        "Start, memory, look-ups by size",
        "The native server and Virtuoso read a store that was loaded before; ours loads at start.",
        head,
        rows,
    )


def building(found: Facts) -> str:
    """The build by editions."""
    names = list(dict.fromkeys(name for steps in found.values() for name in steps))
    counts = list(found)
    rows = []
    for name in names:
        times = [found[count].get(name, 0.0) for count in counts]
        growth = times[-1] / times[0] / int(counts[-1]) if times[0] else float("nan")
        rows.append((name, *(f"{seconds:.1f}" for seconds in times), f"{growth:.2f}"))
    text = (
        "Seconds by step; the last column: time an edition at the largest size, to that at one edition (1 is linear)."
    )
    return section("Build and SHACL by editions", text, ("step", *counts, "growth"), rows)


def section(title: str, text: str, head: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    """A heading, a paragraph and a table."""
    head = tuple(head)
    lines = [f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rows)]
    return "\n".join((f"## {title}", "", *([text, ""] if text else []), *lines, ""))


HEAD = """# Results

Made by `benchmarks/setup && .venv/bin/python -m benchmarks.run`; do not edit. Machine: {machine};
the client runs on the same cores. Ratios count, times do not.

Compared: ourselves without and with the result cache; the native `oxigraph serve-read-only` (same engine in Rust, store on
disk, `--union-default-graph`); Debian's Virtuoso; rdflib-endpoint (rdflib in memory, one edition only); and the engine in
this process, without any HTTP, as the limit. The data: the real edition copied for 47 prefectures and years (`editions.py`,
seeded). The questions: `mix.py`.
"""
