"""The servers that are compared: how each is given the data, started, asked, weighed and ended; all on loopback."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.client import Connection, by_post

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".cache" / "benchmarks"
PATIENCE = 180.0  # seconds that a server may take to start
LOADING = 400.0  # seconds that a peer may take to load the data


@dataclass
class Server:
    """One server under measurement."""

    name: str
    path: str
    command: Sequence[str]
    port: int
    environment: Mapping[str, str] = field(default_factory=dict)
    start_seconds: float = 0.0
    process: "subprocess.Popen[bytes] | None" = None
    connection: Connection = field(init=False)

    def __post_init__(self) -> None:
        self.connection = Connection(self.port)

    def start(self) -> None:
        """Start it and wait for its first answer."""
        log = (CACHE / f"{self.name.replace(' ', '-')}.log").open("wb")
        variables = {**os.environ, **self.environment}
        started = time.perf_counter()
        self.process = subprocess.Popen(
            self.command, cwd=ROOT, env=variables, stdout=log, stderr=log, start_new_session=True
        )
        while True:
            try:
                if self.connection.ask(by_post(self.path, "ASK { ?s ?p ?o }")).status == 200:
                    break
            except (OSError, ValueError):
                self.connection.close()
            if self.process.poll() is not None or time.perf_counter() - started > PATIENCE:
                self.stop()
                raise RuntimeError(f"{self.name} did not start")
            time.sleep(0.01)
        self.start_seconds = time.perf_counter() - started

    def megabytes(self) -> float:
        """Memory of all its processes, what they share counted once (PSS)."""
        assert self.process is not None
        return sum(map(_pss, _family(self.process.pid))) / 1024

    def stop(self) -> None:
        """End it and what it has started."""
        self.connection.close()
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait(5)


def ours(name: str, snapshots: Path, cache_bytes: int) -> Server:
    """Ourselves, as an installation runs us."""
    port = free_port()
    variables = {
        "SHISAKU_SNAPSHOTS_DIR": str(snapshots),
        "SHISAKU_PORT": str(port),
        "SHISAKU_CACHE_BYTES": str(cache_bytes),
        "SHISAKU_QUERY_DEADLINE_SECONDS": "60",
        "SHISAKU_GUARANTEED_SECONDS": "60",
    }
    return Server(name, "/sparql", [sys.executable, "-m", "service.server"], port, variables)


def native(snapshots: Path) -> Server | None:
    """The native server over its own store on disk, loaded and optimised once."""
    program, store = CACHE / "oxigraph" / "bin" / "oxigraph", snapshots / "oxigraph"
    if not program.exists():
        return None
    if not store.exists():
        dump = str(snapshots / "current" / "dump.nq")
        for step in (["load", "--location", str(store), "--file", dump], ["optimize", "--location", str(store)]):
            subprocess.run([str(program), *step], check=True, capture_output=True, timeout=LOADING)
    port = free_port()
    options = ["--location", str(store), "--bind", f"127.0.0.1:{port}", "--union-default-graph"]
    return Server("oxigraph serve-read-only", "/query", [str(program), "serve-read-only", *options], port)


def virtuoso(snapshots: Path) -> Server | None:
    """Debian's Virtuoso, with buffers for all the data."""
    if shutil.which("virtuoso-t") is None:
        return None
    home = snapshots / "virtuoso"
    port, sql = free_port(), free_port()
    fresh = not (home / ".loaded").exists()
    if fresh:
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir()
    (home / "virtuoso.ini").write_text(
        VIRTUOSO.format(home=home, data=(snapshots / "current").resolve(), port=port, sql=sql), "utf-8"
    )
    server = Server(
        "Virtuoso 7.2.5", "/sparql", ["virtuoso-t", "+foreground", "+configfile", str(home / "virtuoso.ini")], port
    )
    if fresh:
        server.start()
        steps = f"ld_dir('{(snapshots / 'current').resolve()}', '*.nq', 'urn:unnamed'); rdf_loader_run(); checkpoint;"
        try:
            subprocess.run(
                ["isql-vt", f"127.0.0.1:{sql}", "dba", "dba", f"exec={steps}"],
                check=True,
                capture_output=True,
                timeout=LOADING,
            )
            (home / ".loaded").touch()
        finally:
            server.stop()
    return server


def rdflib_endpoint(snapshots: Path) -> Server | None:
    """rdflib-endpoint over rdflib's own store in memory; beyond one edition its start takes minutes."""
    program = CACHE / "rdflib-endpoint" / "bin" / "rdflib-endpoint"
    if not program.exists() or not snapshots.name.endswith("-001"):
        return None
    port = free_port()
    options = ["serve", "--host", "127.0.0.1", "--port", str(port), str((snapshots / "current" / "dump.nq").resolve())]
    return Server("rdflib-endpoint", "/", [str(program), *options], port)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _family(pid: int) -> list[int]:
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text("ascii").split():
            found += _family(int(child))
    return found


def _pss(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


VIRTUOSO = """[Database]
DatabaseFile = {home}/virtuoso.db
ErrorLogFile = {home}/virtuoso.log
LockFile = {home}/virtuoso.lck
TransactionFile = {home}/virtuoso.trx
xa_persistent_file = {home}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {home}/virtuoso-temp.db
TransactionFile = {home}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
DirsAllowed = {home}, {data}
NumberOfBuffers = 170000
MaxDirtyBuffers = 130000
MaxQueryMem = 1G
ThreadsPerQuery = 2
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = {home}
ServerThreads = 16
MaxKeepAlives = 16
KeepAliveTimeout = 60
[SPARQL]
ResultSetMaxRows = 1000000
"""
