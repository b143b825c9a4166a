"""Pages of things: ``/page/{kind}/{slug}`` → what the editions say of it, each value with its page of the booklet."""

from collections.abc import Sequence

from fastapi import APIRouter, Request
from pyoxigraph import Literal
from starlette.exceptions import HTTPException
from starlette.responses import Response

from service.routes.identifiers import known
from service.ui import layouts, things
from service.ui.asking import ask, ask_text, query_text
from service.ui.language import language
from service.ui.network import neighbours
from service.ui.reading import reader
from service.ui.render import page
from service.ui.sheet import sheet

router = APIRouter(include_in_schema=False)
OF_PAPER = ("page", "edition")  # what the decisions are about stands on their pages by itself


@router.get("/page/{kind}/{slug}.csv")
async def table(request: Request, kind: str, slug: str) -> Response:
    """All that is said of a thing, as a table that Excel opens."""
    term = await known(request, kind, slug)
    found = await ask(request, "entity/statements", {"?p_thing": term})
    headers = {"Content-Disposition": f'attachment; filename="{kind}-{slug}.csv"', "Vary": "Accept-Language"}
    return Response(sheet(found.rows, await reader(request), language(request)), media_type="text/csv", headers=headers)


@router.get("/browse/{kind}")
async def browse(request: Request, kind: str) -> Response:
    """All things of a kind; what a way in without a question of its own leads to."""
    found = await ask(request, "pages/things", {"?p_kind": f'"{kind}"'} if kind.replace("-", "").isalpha() else {})
    if not found.rows:
        raise HTTPException(404)
    return page(request, "browse.html", rows=found.rows, kind=kind, browsable=layouts.settings()["pictured"])


@router.get("/page/{kind}/{slug}")
async def entity(request: Request, kind: str, slug: str) -> Response:
    """The page of a thing; for a page of the booklet, all that is quoted from it."""
    term = await known(request, kind, slug)
    text = query_text(request, "entity/statements", {"?p_thing": term})
    found = await ask_text(request, text)
    told = await reader(request)
    shown = things.thing(found.rows, term[1:-1], told)
    decided = await ask(request, "pages/decisions", {"?p_slug": str(Literal(slug))}) if kind not in OF_PAPER else None
    edition = slug if kind == "edition" else slug.rpartition("-")[0]
    numbers = await booklet(request, edition) if kind in OF_PAPER else []
    return page(
        request,
        "entity.html",
        thing=shown,
        kind=kind,
        slug=slug,
        sparql=text,
        near=neighbours(shown, f"/page/{kind}/{slug}"),
        decisions=decided.rows if decided else (),
        members=(await ask(request, "pages/members", {"?p_scheme": term})).rows if kind == "scheme" else (),
        browsable=layouts.settings()["pictured"],
        around=around(slug, numbers) if kind == "page" else [],
        pages=[(n, f"/page/page/{edition}-{n}") for n in numbers] if kind == "edition" else [],
        name=shown.names.get(told.lang) or shown.names.get("ja") or shown.kind_title or slug,
    )


async def booklet(request: Request, edition: str) -> list[int]:
    """The numbers of an edition's pages."""
    term = str(request.app.state.vocabulary.thing("edition", edition))
    found = await ask(request, "pages/booklet", {"?p_edition": term})
    return [int(row["number"].number or 0) for row in found.rows]


def around(slug: str, numbers: Sequence[int]) -> list[tuple[int, str]]:
    """The pages of the booklet before and after one, with what the link to each says."""
    number = slug.rpartition("-")[2]
    near = [(int(number) - 1, "page_previous"), (int(number) + 1, "page_next")] if number.isdigit() else []
    return [(n, key) for n, key in near if n in numbers]
