"""Words to things over HTTP: ``/search`` as a page or as JSON, ``/search/suggest`` while typing."""

from dataclasses import asdict
from pathlib import Path

from fastapi import APIRouter, Request
from pyoxigraph import Literal
from starlette.responses import JSONResponse, Response

from service import search
from service.ui.asking import page_path, query_text
from service.ui.language import language
from service.ui.render import page
from service.ui.rows import Value
from service.web.negotiation import best

router = APIRouter(tags=["search"])
FACETS = ("kind", "pillar", "section")
PER_PAGE = 20


@router.get("/search/suggest")
def suggestions(request: Request, q: str = "") -> JSONResponse:
    """Up to eight things whose names have what has been typed."""
    hits = search.suggest(index_of(request), q)
    return JSONResponse([described(request, hit) for hit in hits], headers={"Cache-Control": "max-age=60"})


@router.get("/search")
def results(request: Request, q: str = "", p: int = 1, format: str = "") -> Response:
    """Things that have all the words, with counts by kind, pillar and section; ``format=json`` or Accept for JSON."""
    chosen = {facet: request.query_params.get(facet, "") for facet in FACETS}
    number = min(max(1, p), 1000)
    found = search.search(index_of(request), q, chosen=chosen, limit=PER_PAGE, offset=(number - 1) * PER_PAGE)
    wanted = best(request.headers.get("accept"), ("text/html", "application/json"))
    if format == "json" or wanted == "application/json":
        hits = [described(request, hit) for hit in found.hits]
        return JSONResponse(
            {"q": q, "total": found.total, "page": number, "near": found.loose, "facets": found.facets, "hits": hits}
        )
    lang = language(request)
    return page(
        request,
        "search.html",
        q=q,
        found=found,
        chosen=chosen,
        number=number,
        pages=max(1, -(-found.total // PER_PAGE)),
        marked=search.marked,
        path_of=lambda iri: path_of(request, iri),
        label=lambda hit: hit.label_en if lang.code == "en" and hit.label_en else hit.label_ja,
        sparql=query_text(request, "pages/search", {"?p_text": str(Literal(q))}),
    )


def index_of(request: Request) -> Path:
    """The folder of the snapshot in force."""
    settings = request.app.state.settings
    folder: Path = settings.snapshots_dir / request.app.state.pool.digest
    return folder


def path_of(request: Request, iri: str) -> str:
    """The path of a hit's page."""
    return page_path(Value(iri, iri=iri), request.app.state.settings.base_iri)


def described(request: Request, hit: search.Hit) -> dict[str, object]:
    """A hit as JSON."""
    return {**asdict(hit), "path": path_of(request, hit.thing), "kind_name": language(request).kind(hit.kind)}
