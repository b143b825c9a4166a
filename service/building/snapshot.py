"""Snapshots: validated quads → a directory that is written whole, then switched to; nothing in it ever changes again.

``{snapshots}/{name}/`` (a digest of quads and inputs) holds ``dump.nq`` (canonical N-Quads, sorted), ``store/`` (Oxigraph on disk), the search index
and ``manifest.json``; ``{snapshots}/current`` is a symbolic link to the one in force. A build that is killed at any
moment leaves a ``.building-*`` directory at most, which the next build removes.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pyoxigraph import CanonicalizationAlgorithm, Dataset, NamedNode, Quad, RdfFormat, Store, serialize

from service import stored
from service.stored import CURRENT, DUMP, MANIFEST, STORE

DIGEST_LENGTH = 16  # hexadecimal digits of the directory's name
Extra = Callable[[Store, Path], None]


@dataclass(frozen=True)
class Snapshot:
    """One written snapshot."""

    path: Path

    @property
    def manifest(self) -> dict[str, Any]:
        """What the snapshot holds: digest, inputs, created, editions, quads, graphs."""
        return stored.manifest(self.path)

    @property
    def digest(self) -> str:
        """The name of the directory."""
        return self.path.name


def canonical(quads: list[Quad]) -> bytes:
    """RDFC-1.0 canonical N-Quads, sorted: the same statements give the same bytes."""
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    lines = (serialize(dataset, format=RdfFormat.N_QUADS) or b"").splitlines(keepends=True)
    return b"".join(sorted(lines))


def current(snapshots_dir: Path) -> Snapshot | None:
    """The snapshot in force, or None before the first build."""
    link = snapshots_dir / CURRENT
    return Snapshot(link.resolve()) if link.exists() else None


def list_snapshots(snapshots_dir: Path) -> list[Snapshot]:
    """All whole snapshots, oldest first."""
    found = [Snapshot(path.parent) for path in snapshots_dir.glob(f"*/{MANIFEST}") if not path.parent.is_symlink()]
    return sorted(found, key=lambda snapshot: snapshot.manifest["created"])


@contextlib.contextmanager
def building(snapshots_dir: Path) -> Iterator[None]:
    """Hold the lock of the snapshots directory: two builds never interleave; what a killed one left is removed."""
    snapshots_dir.mkdir(parents=True, exist_ok=True)
    with (snapshots_dir / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for leftover in snapshots_dir.glob(".building-*"):
            shutil.rmtree(leftover)
        yield


def write(snapshots_dir: Path, quads: list[Quad], facts: dict[str, Any], extra: Extra) -> Snapshot:
    """Write a snapshot whole; the one in force is not touched. ``facts``, with ``inputs``, go into the manifest."""
    dump = canonical(quads)
    digest = hashlib.sha256(dump).hexdigest()
    name = hashlib.sha256(f"{digest} {facts['inputs']}".encode()).hexdigest()[:DIGEST_LENGTH]
    target = snapshots_dir / name
    draft = snapshots_dir / f".building-{os.getpid()}"
    draft.mkdir()
    (draft / DUMP).write_bytes(dump)
    store = Store(str(draft / STORE))
    store.bulk_load(input=dump, format=RdfFormat.N_QUADS)
    store.optimize()
    store.flush()
    extra(store, draft)
    manifest = {"digest": digest, "created": datetime.now(UTC).isoformat(timespec="seconds"), "quads": len(store)}
    manifest["graphs"] = {
        str(graph.value): count(store, graph) for graph in store.named_graphs() if isinstance(graph, NamedNode)
    }
    del store  # lets go of the store's files before the rename
    (draft / MANIFEST).write_text(
        json.dumps({**manifest, **facts}, ensure_ascii=False, indent=1, sort_keys=True), "utf-8"
    )
    sync_tree(draft)
    if target.exists():  # the same quads from the same inputs: what is there is as good
        shutil.rmtree(draft)
    else:
        draft.rename(target)
    sync(snapshots_dir)
    return Snapshot(target)


def count(store: Store, graph: NamedNode) -> int:
    """Number of quads in a graph."""
    return sum(1 for _ in store.quads_for_pattern(None, None, None, graph))


def switch(snapshots_dir: Path, snapshot: Snapshot) -> None:
    """Make a snapshot the one in force, in one step that cannot be seen half done."""
    draft = snapshots_dir / f".{CURRENT}-{os.getpid()}"
    draft.unlink(missing_ok=True)
    draft.symlink_to(snapshot.digest)
    draft.replace(snapshots_dir / CURRENT)
    sync(snapshots_dir)


def prune(snapshots_dir: Path, keep: int) -> list[str]:
    """Remove all but the newest ``keep`` snapshots and the one in force; the names of those removed."""
    in_force = current(snapshots_dir)
    removed = [s for s in list_snapshots(snapshots_dir)[:-keep] if in_force is None or s.digest != in_force.digest]
    for snapshot in removed:
        shutil.rmtree(snapshot.path)
    return [snapshot.digest for snapshot in removed]


def sync_tree(root: Path) -> None:
    """Have every file and folder below ``root`` on disk before it is renamed."""
    for path in (*root.rglob("*"), root):
        sync(path)


def sync(path: Path) -> None:
    """fsync one file or folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
