"""What harvesters look for: ``/catalog`` (DCAT 3), ``/.well-known/void`` (VoID) and ``/dumps/`` (the whole graph as files)."""

from pathlib import Path

from fastapi import APIRouter, Request
from pyoxigraph import Literal
from starlette.responses import FileResponse, JSONResponse, Response

from service.building.dumps import FOLDER
from service.routes.identifiers import PAGE, negotiated
from service.settings import Settings
from service.ui.asking import query_text
from service.ui.render import page
from service.web.negotiation import GRAPH_TYPES
from service.web.problems import from_status

router = APIRouter(tags=["publishing"])


@router.get("/catalog")
async def catalogue(request: Request) -> Response:
    """The editions as DCAT datasets with their distributions and services; a page for browsers."""
    chosen = negotiated(request, (*GRAPH_TYPES, PAGE))
    if chosen == PAGE:
        return page(request, "catalog.html", files=files(request))
    return await described(request, "publishing/catalog", chosen)


@router.get("/.well-known/void")
async def void(request: Request) -> Response:
    """How large the dataset is, which classes and properties it uses, and where its dumps and endpoint are."""
    return await described(request, "publishing/void", negotiated(request, GRAPH_TYPES))


@router.get("/dumps/")
def list_dumps(request: Request) -> JSONResponse:
    """The files of the snapshot in force with their sizes in bytes."""
    return JSONResponse({"snapshot": request.app.state.pool.digest, "files": files(request)})


@router.get("/dumps/{name}")
def dump(request: Request, name: str) -> FileResponse:
    """One file of the snapshot in force; 404 for any other name."""
    if name not in {entry["name"] for entry in files(request)}:
        raise from_status(404)
    headers = {"X-Snapshot": request.app.state.pool.digest, "Cache-Control": "no-cache"}
    return FileResponse(folder(request) / name, media_type="application/gzip", filename=name, headers=headers)


def folder(request: Request) -> Path:
    """Where the dumps of the snapshot in force are."""
    settings: Settings = request.app.state.settings
    return settings.snapshots_dir / str(request.app.state.pool.digest) / FOLDER


def files(request: Request) -> list[dict[str, object]]:
    """Name, size and address of each dump."""
    found = sorted(folder(request).glob("*.gz"))
    return [{"name": path.name, "bytes": path.stat().st_size, "path": f"/dumps/{path.name}"} for path in found]


async def described(request: Request, name: str, media_type: str) -> Response:
    """A description of the dataset, made by a query of ours."""
    pool = request.app.state.pool
    facts = {"?p_modified": pool.manifest.get("created", ""), "?p_digest": pool.digest}
    text = query_text(request, name, {variable: str(Literal(value)) for variable, value in facts.items()})
    answer = await pool.query(text, accept_format=media_type, light=True)
    headers = {"Vary": "Accept", "Cache-Control": "no-cache"} | ({"ETag": answer.etag} if answer.etag else {})
    return Response(await answer.read(), media_type=answer.media_type, headers=headers)
