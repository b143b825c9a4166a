"""What a page names to a small picture of the thing's neighbours: places on an ellipse, and the same as a list."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, zip_longest

from service.ui import layouts
from service.ui.reading import Shown
from service.ui.records import Group
from service.ui.things import Thing

MOST = 14
WIDTH, HEIGHT = 760, 420


@dataclass(frozen=True)
class Neighbour:
    """One thing that a statement names together with ours."""

    name: Shown
    how: str
    x: float
    y: float


def neighbours(thing: Thing, own: str) -> list[Neighbour]:
    """Things that statements tie to a thing, some of every kind of statement, each with what the statements are about."""
    ties: dict[str, tuple[Shown, str]] = {}
    lines = [[(value, group.title) for value in named(group)] for group in (*thing.top, *thing.groups)]
    for found in chain.from_iterable(zip_longest(*lines)):
        if found and found[0].href != own:
            ties.setdefault(found[0].href, found)
    kept = list(ties.values())[:MOST]
    return [Neighbour(name, how, *spot(number, len(kept))) for number, (name, how) in enumerate(kept)]


def named(group: Group) -> Iterable[Shown]:
    """The things with a page of their own that a group names."""
    for record in group.records:
        for values in record.values.values():
            yield from (value for value in values if layouts.pictured(value.href))


def spot(number: int, total: int) -> tuple[float, float]:
    """The place of one of ``total`` around the middle."""
    angle = 2 * math.pi * number / max(1, total) - math.pi / 2
    return round(WIDTH / 2 + 270 * math.cos(angle), 1), round(HEIGHT / 2 + 175 * math.sin(angle), 1)
