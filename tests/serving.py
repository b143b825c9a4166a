"""Quads and settings to a real server on a free port: what the tests of the serving side share."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

ROOT = Path(__file__).resolve().parents[1]
BASE = "https://shisaku.example/"
EDITION, OTHER, ODD = f"{BASE}graph/2024", f"{BASE}graph/ontology", f"{BASE}graph/施策"
PROGRAMMES = 40


def quads() -> Iterator[Quad]:
    """A small edition: programmes with labels and amounts, a chain of links, and two further graphs."""
    edition = NamedNode(EDITION)
    for number in range(PROGRAMMES):
        programme = NamedNode(f"{BASE}id/program/p{number}")
        yield Quad(programme, NamedNode(f"{BASE}ns#label"), Literal(f"施策{number}", language="ja"), edition)
        yield Quad(programme, NamedNode(f"{BASE}ns#amount"), Literal(number * 1000), edition)
        follower = NamedNode(f"{BASE}id/program/p{(number + 1) % PROGRAMMES}")
        yield Quad(programme, NamedNode(f"{BASE}ns#next"), follower, edition)
    yield Quad(NamedNode(f"{BASE}ns#label"), NamedNode(f"{BASE}ns#kind"), Literal("property"), NamedNode(OTHER))
    yield Quad(
        NamedNode(f"{BASE}id/施策/一"), NamedNode(f"{BASE}ns#label"), Literal("一", language="ja"), NamedNode(ODD)
    )


def write_snapshot(folder: Path, digest: str, content: Iterable[Quad]) -> Path:
    """A snapshot as the build leaves it, switched to."""
    target = folder / digest
    target.mkdir(parents=True)
    store = Store(str(target / "store"))
    store.bulk_extend(content)
    store.flush()
    (target / "dump.nq").write_bytes(store.dump(format=RdfFormat.N_QUADS) or b"")
    graphs = {graph.value: 1 for graph in store.named_graphs() if isinstance(graph, NamedNode)}
    manifest = {"digest": digest, "created": "2024-01-01T00:00:00+00:00", "editions": ["2024"]}
    (target / "manifest.json").write_text(json.dumps({**manifest, "quads": len(store), "graphs": graphs}), "utf-8")
    draft = folder / ".current"
    draft.symlink_to(digest)
    draft.replace(folder / "current")
    return target


@dataclass
class Server:
    """One running server."""

    url: str
    port: int
    process: "subprocess.Popen[bytes]"
    client: httpx2.Client

    def query(self, text: str, accept: str = "application/sparql-results+json", **extra: str) -> httpx2.Response:
        """Ask by GET."""
        return self.client.get("/sparql", params={"query": text, **extra}, headers={"Accept": accept})

    def engines(self) -> set[int]:
        """The processes of the engines and their parents."""
        found, fresh = {self.process.pid}, {self.process.pid}
        while fresh:
            fresh = {child for pid in fresh for child in _children(pid)} - found
            found |= fresh
        return found - {self.process.pid}


def _children(pid: int) -> list[int]:
    try:
        tasks = Path(f"/proc/{pid}/task").iterdir()
        return [int(child) for task in tasks for child in (task / "children").read_text("ascii").split()]
    except OSError:
        return []


@contextmanager
def serve(snapshots: Path, environment: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Run the real application in a process of its own until it is ready."""
    port = free_port()
    command = [sys.executable, "-m", "service.server"]
    variables = {
        **os.environ,
        "SHISAKU_SNAPSHOTS_DIR": str(snapshots),
        "SHISAKU_PORT": str(port),
        **(environment or {}),
    }
    log = (snapshots / f"server-{port}.log").open("wb")
    with (
        log,
        subprocess.Popen(command, cwd=ROOT, env=variables, stdout=log, stderr=log) as process,
    ):
        url = f"http://127.0.0.1:{port}"
        with httpx2.Client(base_url=url, timeout=30) as client:
            try:
                _wait(client, process)
                yield Server(url, port, process, client)
            finally:
                process.terminate()
                process.wait(20)


def _wait(client: httpx2.Client, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(200):
        assert process.poll() is None, "the server ended while starting"
        try:
            if client.get("/ready").status_code == 200:
                return
        except httpx2.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError("the server was not ready in time")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
