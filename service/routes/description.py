"""The description of the HTTP interface: ``/openapi.json`` for programs, ``/docs`` for people, from the same document."""

from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from service.openapi import document
from service.ui.render import page

router = APIRouter(include_in_schema=False)


@router.get("/openapi.json")
def openapi(request: Request) -> JSONResponse:
    """The OpenAPI document."""
    return JSONResponse(described(request), headers={"Cache-Control": "no-cache"})


@router.get("/docs")
def docs(request: Request) -> Response:
    """Every operation by topic, with its parameters; for questions one entry each."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in described(request)["paths"].items():
        if path.startswith("/queries/") and path.endswith((".json", ".tsv", ".xlsx", ".jsonld", ".nt")):
            continue  # the same question in another format
        for method, operation in methods.items():
            tag = operation.get("tags", ["other"])[0]
            groups.setdefault(tag, []).append({"method": method.upper(), "path": path, **operation})
    return page(request, "docs.html", groups=dict(sorted(groups.items())))


def described(request: Request) -> dict[str, Any]:
    """The document, made once for an application."""
    state = request.app.state
    if not hasattr(state, "openapi"):
        state.openapi = document(request.app, state.questions.values(), version("shisaku"))
    made: dict[str, Any] = state.openapi
    return made
