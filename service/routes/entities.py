"""Pages of things: ``/page/{kind}/{slug}`` → what the editions say of it, each value with its page of the booklet."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from service.routes.identifiers import known
from service.ui import things
from service.ui.asking import ask_text, names, query_text
from service.ui.language import language
from service.ui.network import neighbours
from service.ui.render import page

router = APIRouter(include_in_schema=False)
FORMATS = ("ttl", "jsonld", "nt", "rdf")


@router.get("/page/{kind}/{slug}.csv")
async def table(request: Request, kind: str, slug: str) -> Response:
    """All that is said of a thing, as a table that Excel opens."""
    term = await known(request, kind, slug)
    text = query_text(request, "entity/statements", {"?p_thing": term})
    answer = await request.app.state.pool.query(text, accept_format="csv", light=True)
    headers = {"Content-Disposition": f'attachment; filename="{kind}-{slug}.csv"'}
    return Response(b"\xef\xbb\xbf" + await answer.read(), media_type="text/csv", headers=headers)


@router.get("/page/{kind}/{slug}")
async def entity(request: Request, kind: str, slug: str) -> Response:
    """The page of a thing; for a page of the booklet, all that is quoted from it."""
    term = await known(request, kind, slug)
    text = query_text(request, "entity/statements", {"?p_thing": term})
    found = await ask_text(request, text)
    lang, base = language(request), request.app.state.settings.base_iri
    reader = things.Reader(lang.code, base, await names(request))
    shown = things.thing(found.rows, term[1:-1], reader)
    return page(
        request,
        "entity.html",
        thing=shown,
        kind=kind,
        slug=slug,
        formats=FORMATS,
        sparql=text,
        near=neighbours(shown),
        name=shown.names.get(lang.code) or shown.names.get("ja") or slug,
    )
