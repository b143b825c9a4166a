"""What a page names to a small picture of the thing's neighbours: places on an ellipse, and the same as a list."""

import math
from dataclasses import dataclass

from service.ui.things import Shown, Thing

MOST = 14
WIDTH, HEIGHT = 760, 420


@dataclass(frozen=True)
class Neighbour:
    """One thing that a statement names together with ours."""

    name: Shown
    how: str
    x: float
    y: float


def neighbours(thing: Thing) -> list[Neighbour]:
    """The first things that statements tie to a thing, each with the class of the statement."""
    ties: dict[str, tuple[Shown, str]] = {}
    for group in thing.groups:
        for record in group.records:
            for values in record.values.values():
                for value in values:
                    if value.href.startswith("/page/") and not value.href.startswith("/page/page/"):
                        ties.setdefault(value.href, (value, group.title))
    found = list(ties.values())[:MOST]
    return [Neighbour(name, how, *spot(number, len(found))) for number, (name, how) in enumerate(found)]


def spot(number: int, total: int) -> tuple[float, float]:
    """The place of one of ``total`` around the middle."""
    angle = 2 * math.pi * number / max(1, total) - math.pi / 2
    return round(WIDTH / 2 + 270 * math.cos(angle), 1), round(HEIGHT / 2 + 175 * math.sin(angle), 1)
