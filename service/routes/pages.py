"""Pages for people: the start page, a page for each identifier, and the questions with their forms. No script is needed."""

import json
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from service.catalogue import bind_terms
from service.routes.identifiers import known

router = APIRouter(include_in_schema=False)
TEMPLATES = Path(__file__).parents[1] / "ui" / "templates"
ENVIRONMENT = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
Row = Mapping[str, str]


@router.get("/")
def start(request: Request) -> Response:
    """The start page: what this is, the edition shown, the questions by topic."""
    questions = request.app.state.questions.values()
    return page("start.html", language(request), questions=list(questions), manifest=request.app.state.pool.manifest)


@router.get("/page/{kind}/{slug}")
async def entity(request: Request, kind: str, slug: str) -> Response:
    """What is said of a thing, each value with its page of the booklet."""
    term = await known(request, kind, slug)
    text = bind_terms(request.app.state.entity_queries["statements"], {"?p_thing": term})
    answer = await request.app.state.pool.query(text, accept_format="json", light=True)
    rows = simple_rows(await answer.read())
    own = [row for row in rows if row["subject"] == term[1:-1]]
    about = [row for row in rows if row["subject"] != term[1:-1]]
    groups = {key: list(part) for key, part in groupby(about, key=lambda row: row["subject"])}
    base = request.app.state.settings.base_iri
    return page("entity.html", language(request), iri=term[1:-1], own=own, groups=groups, base=base, kind=kind, slug=slug)


def simple_rows(result: bytes) -> list[Row]:
    """The bindings of a SPARQL JSON result as plain dictionaries; an unbound variable is an empty string."""
    table: dict[str, Any] = json.loads(result)
    names: Iterable[str] = table["head"]["vars"]
    return [{name: row.get(name, {}).get("value", "") for name in names} for row in table["results"]["bindings"]]


def language(request: Request) -> str:
    """``ja`` or ``en``: what ``?lang=`` says, else what the browser prefers, else Japanese."""
    asked = request.query_params.get("lang")
    if asked in ("ja", "en"):
        return asked
    first = request.headers.get("accept-language", "ja").strip()[:2].lower()
    return "en" if first == "en" else "ja"


def page(template: str, lang: str, **values: object) -> HTMLResponse:
    """A rendered template."""
    return HTMLResponse(ENVIRONMENT.get_template(template).render(lang=lang, **values), headers={"Vary": "Accept-Language"})
