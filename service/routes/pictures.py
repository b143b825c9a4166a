"""Answers to pictures that need no script: money, the organisation, the chronology."""

from collections import defaultdict
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from service.ui.asking import ask_edition, edition_of, query_text
from service.ui.charts import Box, treemap
from service.ui.reading import reader
from service.ui.render import page
from service.ui.rows import Row
from service.ui.timeline import years

router = APIRouter(include_in_schema=False)
SHAPES = {"wide": (1000.0, 620.0), "tall": (420.0, 840.0)}  # for desks and for telephones
BAND = 26.0
Tree = dict[str, dict[str, list[Row]]]


@router.get("/pictures/money")
async def money(request: Request) -> Response:
    """Where money goes: pillar → area → programme, as areas and as a list."""
    found = await ask_edition(request, request.app.state.questions["programs"].text)
    kind = request.query_params.get("kind", "予算")
    rows = [row for row in found.rows if row["amount_yen"] and row["amount_kind"].text == kind]
    kinds = sorted({row["amount_kind"].text for row in found.rows if row["amount_kind"]})
    tree: Tree = defaultdict(lambda: defaultdict(list))
    for row in sorted(rows, key=lambda r: -(r["amount_yen"].number or 0)):
        tree[row["pillar"].text][row["policy_area"].text].append(row)  # what belongs to no pillar is money all the same
    sums = {pillar: sum(total(rows) for rows in inner.values()) for pillar, inner in tree.items()}
    shown: dict[str, Any] = {
        "tree": tree,
        "sums": sums,
        "pictures": {shape: boxed(tree, *size) for shape, size in SHAPES.items()},
        "sizes": SHAPES,
        "kinds": kinds,
        "kind": kind,
    }
    return page(request, "money.html", **shown, reader=await reader(request), edition=edition_of(request))


def boxed(tree: Tree, width: float, height: float) -> list[tuple[str, str, Box, list[tuple[Row, Box]]]]:
    """Pillar, area, the area's rectangle, and the rectangles of its programmes within it."""
    areas = {(pillar, area): total(rows) for pillar, inner in tree.items() for area, rows in inner.items()}
    keys = {f"{pillar}\n{area}": (pillar, area) for pillar, area in areas}
    outer = treemap([(key, areas[names]) for key, names in keys.items()], Box("", 0, 0, width, height))
    made = []
    for box in outer:
        pillar, area = keys[box.key]
        by_name = {row["label"].text: row for row in tree[pillar][area]}
        inner = Box("", box.x + 2, box.y + BAND, max(1.0, box.width - 4), max(1.0, box.height - BAND - 2))
        parts = treemap([(name, row["amount_yen"].number or 0) for name, row in by_name.items()], inner)
        made.append((pillar, area, box, [(by_name[part.key], part) for part in parts]))
    return made


def total(rows: list[Row]) -> float:
    """The sum of the amounts."""
    return sum(row["amount_yen"].number or 0 for row in rows)


@router.get("/pictures/organisation")
async def organisation(request: Request) -> Response:
    """The department as a tree, each unit with its telephone."""
    found = await ask_edition(request, query_text(request, "pages/units"))
    children: dict[str, list[Row]] = defaultdict(list)
    labels = {row["label"].text for row in found.rows}
    for row in found.rows:
        children[row["parent"].text if row["parent"].text in labels else ""].append(row)
    return page(request, "organisation.html", children=children, reader=await reader(request))


@router.get("/pictures/events")
async def events(request: Request) -> Response:
    """The chronology by year, with filters."""
    found = await ask_edition(request, request.app.state.questions["events"].text)
    asked = {name: request.query_params.get(name, "").strip()[:100] for name in ("from", "to", "q", "year")}
    start, end = (asked["year"], asked["year"]) if asked["year"] else (asked["from"], asked["to"])
    shown = years(found.rows, start, end, asked["q"])
    return page(
        request,
        "events.html",
        years=shown,
        asked_for=asked,
        reader=await reader(request),
        edition=edition_of(request),
        total=len(found.rows),
    )
