"""kill -9 at random moments of build, switch and service: what is left works and is old or new, never a mixture.

Seeded and bounded; the moments are random all the same, as the processes run at their own pace.
"""

import concurrent.futures
import hashlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx2
import pytest
from pyoxigraph import Store

from service.building import snapshot
from tests.building import ROOT, project
from tests.serving import PROGRAMMES, quads, serve, write_snapshot
from tests.test_server import eventually

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
ALL, FEW = 3 * PROGRAMMES + 2, 10
WRITES, SWITCHES, BUILDS, SERVICES = 15, 20, 2, 5
# Writes two contents in turn, as the build does, or only switches between them; says so when it has begun.
WRITER = """
import sys
from pathlib import Path
from service.building import snapshot
from tests.serving import quads
folder, print_ = Path(sys.argv[1]), lambda text: print(text, flush=True)
print_("begun")
for number in range(1000):
    with snapshot.building(folder):
        content = list(quads())[: None if number % 2 else 10]
        written = snapshot.write(folder, content, {"inputs": str(number)}, lambda store, draft: None)
        snapshot.switch(folder, written)
"""
SWITCHER = """
import sys
from pathlib import Path
from service.building import snapshot
folder = Path(sys.argv[1])
print("begun", flush=True)
for number in range(100_000):
    snapshot.switch(folder, snapshot.Snapshot(folder / ("a" * 16 if number % 2 else "b" * 16)))
"""


def killed(script: str, folder: Path, longest: float, chance: random.Random) -> None:
    """Run a script and kill it at a random moment after it has begun."""
    with subprocess.Popen([sys.executable, "-c", script, str(folder)], cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"begun\n"
        time.sleep(chance.uniform(0, longest))
        process.kill()
        process.wait(10)
        assert process.returncode == -signal.SIGKILL


def whole(found: snapshot.Snapshot) -> int:
    """Number of quads of a snapshot that is what it says it is."""
    dump = (found.path / snapshot.DUMP).read_bytes()
    assert hashlib.sha256(dump).hexdigest() == found.manifest["digest"]
    count = len(Store.read_only(str(found.path / snapshot.STORE)))
    assert count == found.manifest["quads"] == dump.count(b"\n")
    return count


def test_killed_writes(tmp_path: Path) -> None:
    chance, seen = random.Random(1), set()
    for _ in range(WRITES):
        killed(WRITER, tmp_path, 0.5, chance)
        in_force = snapshot.current(tmp_path)
        seen.add(whole(in_force) if in_force else 0)
        for found in snapshot.list_snapshots(tmp_path):
            assert whole(found) in (ALL, FEW)
    assert seen <= {0, ALL, FEW}
    assert len(seen) > 1, "killed too early every time: nothing was tried"
    with snapshot.building(tmp_path):  # the lock is free, and what the killed ones left is gone
        assert not list(tmp_path.glob(".building-*"))


def test_killed_switches(tmp_path: Path) -> None:
    for digest, content in (("a" * 16, list(quads())), ("b" * 16, list(quads())[:FEW])):
        write_snapshot(tmp_path, digest, content)
    chance, seen = random.Random(2), []
    with serve(tmp_path, {"SHISAKU_WORKERS": "1", "SHISAKU_SNAPSHOT_POLL_SECONDS": "0.05"}) as server:
        for _ in range(SWITCHES):
            killed(SWITCHER, tmp_path, 0.05, chance)
            in_force = snapshot.current(tmp_path)
            assert in_force is not None
            seen.append(in_force.digest)
            answer = server.query(COUNT)
            assert answer.status_code == 200
            expected = ALL if answer.headers["x-snapshot"] == "a" * 16 else FEW
            assert f'"{expected}"' in answer.text
    assert set(seen) == {"a" * 16, "b" * 16}


def test_killed_builds(tmp_path: Path) -> None:
    """The real build over the real data: an installation that had a snapshot keeps it, to the byte."""
    settings = project(tmp_path)
    old = write_snapshot(settings.snapshots_dir, "c" * 16, quads())
    before = {path: path.read_bytes() for path in sorted(old.rglob("*")) if path.is_file()}
    variables = os.environ | {
        "SHISAKU_DATA_DIR": str(settings.data_dir),
        "SHISAKU_SNAPSHOTS_DIR": str(settings.snapshots_dir),
    }
    chance = random.Random(3)
    for _ in range(BUILDS):
        with subprocess.Popen(
            [sys.executable, "-m", "service", "build"], cwd=ROOT, env=variables, stderr=subprocess.DEVNULL
        ) as process:
            time.sleep(chance.uniform(1, 8))
            process.kill()
        in_force = snapshot.current(settings.snapshots_dir)
        assert in_force is not None
        if in_force.path == old.resolve():  # or the build was faster than that
            assert {path: path.read_bytes() for path in before} == before
        else:
            assert whole(in_force) > 10_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_snapshot(tmp_path, "a" * 16, quads())
    return tmp_path


def test_killed_services(folder: Path) -> None:
    """One of the processes at random: the answers that came whole are right, and the service is there again."""
    chance = random.Random(4)
    for _ in range(SERVICES):
        with serve(folder, {"SHISAKU_WORKERS": "2", "SHISAKU_CACHE_BYTES": "0"}) as server:
            stop, right, wrong = threading.Event(), [0], []

            def ask(
                url: str = server.url, stop: threading.Event = stop, right: list[int] = right, wrong: list[str] = wrong
            ) -> None:
                with httpx2.Client(base_url=url, timeout=10) as client:
                    while not stop.is_set():
                        try:
                            answer = client.get("/sparql", params={"query": COUNT})
                        except httpx2.TransportError:
                            continue
                        if answer.status_code == 200 and f'"{ALL}"' in answer.text:
                            right[0] += 1
                        elif answer.status_code not in (500, 503):
                            wrong.append(answer.text)

            with concurrent.futures.ThreadPoolExecutor(2) as clients:
                asking = [clients.submit(ask) for _ in range(2)]
                time.sleep(chance.uniform(0.1, 0.4))
                family = sorted(server.engines())
                victim = chance.choice([server.process.pid, family[0], *family[1:]])
                os.kill(victim, signal.SIGKILL)
                if victim != server.process.pid:
                    answers(server.url, server.process.pid)
                stop.set()
            for done in asking:
                done.result()
            assert right[0]
            assert not wrong
    with serve(folder, {"SHISAKU_WORKERS": "1"}) as server:
        assert f'"{ALL}"' in server.query(COUNT).text


def answers(url: str, pid: int) -> None:
    """Wait until the service answers again, by the same front."""
    for _ in range(100):
        assert Path(f"/proc/{pid}").exists()
        try:
            if httpx2.get(f"{url}/sparql", params={"query": COUNT}, timeout=5).status_code == 200:
                return
        except httpx2.TransportError:
            pass
        time.sleep(0.05)
    raise AssertionError("it never answered again")


def test_a_graceful_end_answers_what_was_asked(folder: Path) -> None:
    """On SIGTERM the query under way is answered whole, nobody new is let in, and everything ends."""
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    with serve(folder, {"SHISAKU_WORKERS": "2", "SHISAKU_QUERY_DEADLINE_SECONDS": "20"}) as server:
        idle = httpx2.Client(base_url=server.url)
        assert idle.get("/health").status_code == 200  # a connection that stays open holds nothing up
        family = server.engines()
        with concurrent.futures.ThreadPoolExecutor(1) as other:
            asked = other.submit(lambda: httpx2.get(f"{server.url}/sparql", params={"query": slow}, timeout=20))
            eventually(lambda: "shisaku_running_queries 1.0" in idle.get("/metrics").text)
            server.process.send_signal(signal.SIGTERM)
            answer = asked.result()
        assert (answer.status_code, f'"{ALL**3}"' in answer.text) == (200, True)
        assert server.process.wait(15) in (0, -signal.SIGTERM)
        with pytest.raises(httpx2.TransportError):
            httpx2.get(f"{server.url}/health")
        idle.close()
    eventually(lambda: not [pid for pid in family if Path(f"/proc/{pid}").exists()])
