"""``/reconcile``: the Reconciliation Service API 0.2 over HTTP, as OpenRefine speaks it."""

import json
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from service.faults import Problem, Text
from service.reconciliation import MOST_QUERIES, candidates, wanted
from service.routes.searching import index_of
from service.search import suggest
from service.ui.language import Language

router = APIRouter(tags=["reconciliation"])
KINDS = ("programme", "organisation", "law", "fund", "unit", "council", "plan", "facility", "place", "person", "event")


@router.get("/reconcile")
def manifest_or_answers(request: Request, queries: str | None = None) -> Response:
    """What the service offers; with ``queries`` the candidates for a batch of names."""
    return JSONResponse(manifest(request)) if queries is None else answers(request, queries)


@router.post("/reconcile")
async def batch(request: Request) -> Response:
    """The candidates for a batch of names, sent as a form."""
    form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
    return await run_in_threadpool(answers, request, form.get("queries", ""))


@router.get("/reconcile/suggest/entity")
def suggest_entity(request: Request, prefix: str = "") -> JSONResponse:
    """Things whose names have what has been typed."""
    found = [
        {
            "id": hit.thing,
            "name": hit.label_ja,
            "description": Language("ja", False).kind(hit.kind),
            "notable": [kind(hit.kind)],
        }
        for hit in suggest(index_of(request), prefix)
    ]
    return JSONResponse({"result": found})


@router.get("/reconcile/suggest/type")
def suggest_type(prefix: str = "") -> JSONResponse:
    """The kinds of thing whose Japanese or English name has what has been typed."""
    fitting = [name for name in KINDS if prefix.casefold() in f"{name} {Language('ja', False).kind(name)}".casefold()]
    return JSONResponse({"result": [kind(name) for name in fitting]})


def kind(name: str) -> dict[str, str]:
    """A kind of thing as a type of the API."""
    return {"id": name, "name": Language("ja", False).kind(name)}


def manifest(request: Request) -> dict[str, Any]:
    """What the service offers (section 4 of the specification)."""
    base: str = request.app.state.settings.base_iri
    return {
        "versions": ["0.2"],
        "name": "施策 Shisaku",
        "identifierSpace": f"{base}id/",
        "schemaSpace": f"{base}ns#",
        "defaultTypes": [kind(name) for name in KINDS],
        "view": {"url": "{{id}}"},
        "suggest": {
            "entity": {"service_url": base.rstrip("/"), "service_path": "/reconcile/suggest/entity"},
            "type": {"service_url": base.rstrip("/"), "service_path": "/reconcile/suggest/type"},
        },
        "batchSize": MOST_QUERIES,
    }


def answers(request: Request, text: str) -> JSONResponse:
    """The candidates for each query of a batch, under its key; raises Problem 400."""
    try:
        batch = json.loads(text)
        if not isinstance(batch, dict) or not all(isinstance(entry, dict) for entry in batch.values()):
            raise ValueError("queries")
        asked = {key: wanted(entry) for key, entry in batch.items()}
    except (ValueError, RecursionError) as fault:
        raise not_a_batch(str(fault)) from fault
    if len(asked) > MOST_QUERIES:
        raise not_a_batch(f"{len(asked)} > {MOST_QUERIES}")
    index, names = index_of(request), {name: kind(name)["name"] for name in KINDS}
    return JSONResponse({key: {"result": candidates(index, entry, names)} for key, entry in asked.items()})


def not_a_batch(what: str) -> Problem:
    """The batch is not of the specification's form."""
    return Problem(
        "invalid-queries",
        400,
        Text("queries の形が正しくありません", "The batch of queries is not well formed"),
        Text(f"読めないところ: {what}", f"What could not be read: {what}"),
        Text(
            'queries={"q0":{"query":"名称","type":"organisation","limit":3}} の形で送ってください。',
            'Send queries={"q0":{"query":"a name","type":"organisation","limit":3}}.',
        ),
    )
