"""Answers to the geometry of bars and of a treemap, for SVG that the templates draw."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from service.ui.reading import Reader, Shown
from service.ui.rows import Result, Value

SETTINGS = Path(__file__).parent / "charts.yaml"
JOINED: Mapping[str, Callable[[list[float]], float]] = {"sum": sum, "max": max, "min": min, "count": sum}
MOST = 10


@dataclass(frozen=True)
class Bar:
    """One bar: its share of the longest, in percent of the width."""

    label: Shown
    amount: float
    width: float


@dataclass(frozen=True)
class Chart:
    """Bars of one figure over one column."""

    label: str
    value: str
    how: str
    bars: tuple[Bar, ...]
    left_out: int
    unsaid: int  # rows with a figure that do not say what it is for
    part: Shown | None  # the only rows that were taken, if not all


@dataclass(frozen=True)
class Box:
    """One rectangle of a treemap."""

    key: str
    x: float
    y: float
    width: float
    height: float


@cache
def settings() -> dict[str, list[dict[str, str]]]:
    """Question → charts, from charts.yaml."""
    loaded: dict[str, list[dict[str, str]]] = yaml.safe_load(SETTINGS.read_text("utf-8"))
    return loaded


def charts(name: str, found: Result, reader: Reader) -> list[Chart]:
    """The charts of a question's answer: at least two bars, else there is nothing to compare."""
    return [made for entry in settings().get(name, []) if len((made := chart(entry, found, reader)).bars) > 1]


def chart(entry: Mapping[str, str], found: Result, reader: Reader) -> Chart:
    """One chart: ``how`` is sum, max, min or count over the rows of each label."""
    amounts: dict[str, list[float]] = defaultdict(list)
    only, wanted, unsaid = entry.get("only", ""), entry.get("is", ""), 0
    for row in found.rows:
        if only and row[only].text != wanted:
            continue
        number = row[entry["value"]].number if entry["how"] != "count" else 1.0
        if number is not None and row[entry["label"]]:
            amounts[row[entry["label"]].text].append(number)
        elif number is not None:
            unsaid += 1
    joined = JOINED[entry["how"]]
    totals = sorted(((joined(numbers), label) for label, numbers in amounts.items()), reverse=entry["how"] != "min")
    longest = max((abs(amount) for amount, _ in totals[:MOST]), default=1) or 1
    bars = tuple(
        Bar(reader.named(Value(label, "ja")), amount, round(100 * abs(amount) / longest, 2))
        for amount, label in totals[:MOST]
    )
    part = reader.label(wanted) if only else None
    return Chart(entry["label"], entry.get("value", ""), entry["how"], bars, max(0, len(totals) - MOST), unsaid, part)


def treemap(amounts: Sequence[tuple[str, float]], box: Box) -> list[Box]:
    """Rectangles in a box whose areas are as the amounts (squarified: Bruls, Huizing and van Wijk 2000)."""
    rest = sorted(((key, amount) for key, amount in amounts if amount > 0), key=lambda item: -item[1])
    made: list[Box] = []
    left = box
    while rest:
        total = sum(amount for _, amount in rest)
        scale = left.width * left.height / total
        side = min(left.width, left.height)
        count = fitting([amount * scale for _, amount in rest], side)
        row, rest = rest[:count], rest[count:]
        boxes, left = laid(row, scale, left)
        made += boxes
    return made


def fitting(areas: Sequence[float], side: float) -> int:
    """How many of the largest areas make the best first row along a side."""
    best, count = float("inf"), 0
    for size in range(1, len(areas) + 1):
        thickness = sum(areas[:size]) / side
        worst = max(max(thickness / (area / thickness), (area / thickness) / thickness) for area in areas[:size])
        if worst > best:
            break
        best, count = worst, size
    return count


def laid(row: Sequence[tuple[str, float]], scale: float, box: Box) -> tuple[list[Box], Box]:
    """One row of rectangles along the shorter side of a box, and what is left of the box."""
    area = sum(amount for _, amount in row) * scale
    made: list[Box] = []
    if box.width >= box.height:
        thickness, y = area / box.height, box.y
        for key, amount in row:
            height = amount * scale / thickness
            made.append(Box(key, box.x, y, thickness, height))
            y += height
        return made, Box("", box.x + thickness, box.y, box.width - thickness, box.height)
    thickness, x = area / box.width, box.x
    for key, amount in row:
        width = amount * scale / thickness
        made.append(Box(key, x, box.y, width, thickness))
        x += width
    return made, Box("", box.x, box.y + thickness, box.width, box.height - thickness)
