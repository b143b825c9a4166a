from collections.abc import Iterator
from pathlib import Path

import pytest

from service.building.build import build
from service.settings import Settings
from tests.building import ROOT, quiet
from tests.serving import Server, quads, serve, write_snapshot


@pytest.fixture(scope="session")
def snapshots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one small real snapshot in force."""
    folder = tmp_path_factory.mktemp("snapshots")
    write_snapshot(folder, "0123456789abcdef", quads())
    return folder


@pytest.fixture(scope="session")
def settings(snapshots: Path) -> Settings:
    """Settings of an installation that serves the small snapshot."""
    return Settings(snapshots_dir=snapshots, workers=2, light_workers=1, query_deadline_seconds=2)


@pytest.fixture(scope="session")
def server(snapshots: Path) -> Iterator[Server]:
    """One real server for every test that does not change it."""
    with serve(snapshots, {"SHISAKU_WORKERS": "3", "SHISAKU_QUERY_DEADLINE_SECONDS": "2"}) as running:
        yield running


@pytest.fixture(scope="session")
def booklet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a snapshot of the project's own data in force, built by the whole line."""
    folder = tmp_path_factory.mktemp("booklet")
    build(Settings(data_dir=ROOT / "data", snapshots_dir=folder), quiet)
    return folder


@pytest.fixture(scope="session")
def real(booklet: Path) -> Iterator[Server]:
    """A server over the project's own data, for every test that does not change it."""
    with serve(booklet, {"SHISAKU_WORKERS": "2"}) as running:
        yield running
