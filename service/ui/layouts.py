"""layouts.yaml → which groups a page shows in which order, with which columns."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

SETTINGS = Path(__file__).parent / "layouts.yaml"


@cache
def settings() -> dict[str, Any]:
    """The whole file."""
    loaded: dict[str, Any] = yaml.safe_load(SETTINGS.read_text("utf-8"))
    return loaded


def columns(name: str, present: Sequence[str]) -> list[str]:
    """The columns of a class of statements, of those that have content."""
    wanted: Sequence[str] = settings()["classes"].get(name) or [column for column in present if not hidden(column)]
    return [column for column in wanted if column in present]


def kind(name: str) -> dict[str, Any]:
    """The layout of a kind of things; empty when it has none of its own."""
    found: dict[str, Any] = settings()["kinds"].get(name, {})
    return found


def rank(kind_name: str, keys: Sequence[str]) -> tuple[int, int]:
    """Where a group stands, by the most specific of its keys that the kind's layout names; the others come after."""
    first, last = kind(kind_name).get("groups", []), kind(kind_name).get("last", [])
    for part, names in ((0, first), (2, last)):
        for key in keys:
            if key in names:
                return part, names.index(key)
    return 1, 0


def hidden(name: str) -> bool:
    """Whether a property is never shown."""
    return name in settings()["hidden"]


def restated(iri: str) -> bool:
    """Whether a property says again what one of ours says."""
    return iri.startswith(tuple(settings()["restated"]))


def printed() -> dict[str, str]:
    """Properties that are the printed form of another one, and of which."""
    found: dict[str, str] = settings()["printed"]
    return found


def linked(path: str) -> bool:
    """Whether a page is worth a link wherever its thing is named."""
    return kind_of(path) not in settings()["plain"]


def pictured(path: str) -> bool:
    """Whether a thing belongs into the picture of neighbours."""
    return kind_of(path) in settings()["pictured"]


def kind_of(path: str) -> str:
    """``/page/law/x`` → ``law``."""
    parts = path.split("/")
    return parts[2] if path.startswith("/page/") and len(parts) > 3 else ""
