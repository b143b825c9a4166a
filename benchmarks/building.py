"""Copies of the tables as further editions to the time that each step of the build takes."""

import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

from service.building import build
from service.settings import Settings

COUNTS = (1, 2, 4)
REAL = "2024"


def project(folder: Path, count: int) -> Settings:
    """The project with its edition copied for the years after it."""
    shutil.rmtree(folder, ignore_errors=True)
    data = folder / "data"
    shutil.copytree(Settings().data_dir, data)
    package = data / "datapackage.json"
    descriptor = json.loads(package.read_text("utf-8"))
    own = [entry for entry in descriptor["resources"] if entry["path"].startswith(f"{REAL}/")]
    with (data / "common" / "editions.csv").open("a", encoding="utf-8") as rows:
        for number in range(1, count):
            year = str(int(REAL) + number)
            shutil.copytree(data / REAL, data / year)
            for table in (data / year / "check-exceptions.csv", data / year / "decisions.csv"):  # they name tables
                table.write_text(table.read_text("utf-8").replace(f"{REAL}/", f"{year}/"), "utf-8")
            descriptor["resources"] += json.loads(json.dumps(own).replace(REAL, year))
            rows.write(
                f"{year},令和{int(year) - 2018}年度産業労働部事業概要,,山口県産業労働部,{year}-04-01,{int(year) + 1}-03-31\n"
            )
    package.write_text(json.dumps(descriptor, ensure_ascii=False), "utf-8")
    return Settings(data_dir=data, snapshots_dir=folder / "snapshots")


def measure_build(folder: Path) -> dict[str, Any]:
    """Seconds by step for each number of editions."""
    return {str(count): steps(project(folder / str(count), count)) for count in COUNTS}


def steps(settings: Settings) -> dict[str, float]:
    """The build, step by step."""
    found: dict[str, float] = {}
    marks: list[tuple[str, float]] = []
    begun = time.perf_counter()
    with timed(found, "whole build"):
        build.build(settings, lambda text: marks.append((text.partition(":")[0], time.perf_counter())))
    marks.append(("end", begun + found["whole build"]))
    for (name, start), (_, end) in pairwise(marks):
        found[name] = found.get(name, 0.0) + end - start
    return found


@contextmanager
def timed(found: dict[str, float], name: str) -> Iterator[None]:
    """Note how long something takes."""
    begun = time.perf_counter()
    yield
    found[name] = time.perf_counter() - begun
