"""The description of the HTTP interface: ``/openapi.json`` for programs, ``/docs`` for people, from the same document."""

from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from service.openapi import document
from service.ui.language import language, messages
from service.ui.render import page

SEPARATOR = "\n\n"
router = APIRouter(include_in_schema=False)


@router.get("/openapi.json")
def openapi(request: Request) -> JSONResponse:
    """The OpenAPI document."""
    return JSONResponse(described(request), headers={"Cache-Control": "no-cache"})


@router.get("/docs")
def docs(request: Request) -> Response:
    """Every operation by topic, with its parameters; for questions one entry each."""
    lang = language(request).code
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in described(request)["paths"].items():
        if path.startswith("/queries/") and path.endswith((".json", ".tsv", ".xlsx", ".jsonld", ".nt")):
            continue  # the same question in another format
        for method, operation in methods.items():
            shown = entry(path, method, operation, lang)
            groups.setdefault(operation.get("tags", ["other"])[0], []).append(shown)
    return page(request, "docs.html", groups=dict(sorted(groups.items())))


def entry(path: str, method: str, operation: dict[str, Any], lang: str) -> dict[str, Any]:
    """One operation in the reader's language; what is told in English only says so."""
    summary, description = operation.get("summary", ""), operation.get("description", "")
    bilingual = " / " in summary and SEPARATOR in description
    side = 0 if lang == "ja" else -1
    parameters = [
        {
            "name": given["name"],
            "required": given.get("required", False),
            "title": given.get("description", "").split(" / ")[side],
        }
        for given in operation.get("parameters", ())
    ]
    call = f"{method.upper()} {path}"
    told = messages(lang)["operations"].get(call, "")
    return {
        "call": call,
        "lang": lang if bilingual or told else "en",
        "summary": told or summary.split(" / ")[side],
        "description": description.split(SEPARATOR)[side] if bilingual else "" if told else description,
        "parameters": parameters,
        "try": path.rpartition(".")[0] if bilingual else "",
    }


def described(request: Request) -> dict[str, Any]:
    """The document, made once for an application."""
    state = request.app.state
    if not hasattr(state, "openapi"):
        state.openapi = document(request.app, state.questions.values(), version("shisaku"))
    made: dict[str, Any] = state.openapi
    return made
