"""Editions over HTTP: ``/editions`` → which are held, ``/editions/{a}...{b}`` → what changed between two; pages or JSON."""

from dataclasses import asdict

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from service.editions import Changes, Fact, compare
from service.routes.identifiers import PAGE, negotiated
from service.ui.asking import ask, page_path
from service.ui.language import messages
from service.ui.render import page
from service.ui.rows import Row, Value
from service.web.problems import from_status

router = APIRouter(tags=["editions"])
JSON = "application/json"
SHOWN = 500  # rows of each list on a page; the JSON has all


@router.get("/editions")
async def editions(request: Request) -> Response:
    """The editions with their periods and how much each states."""
    held = (await ask(request, "editions/list")).rows
    if negotiated(request, (PAGE, JSON)) == JSON:
        return JSONResponse([{name: value.text for name, value in row.items()} for row in held])
    return page(request, "editions.html", held=held)


@router.get("/editions/{before}...{after}")
async def changes(request: Request, before: str, after: str) -> Response:
    """What the second edition states otherwise than the first; 404 if either is not held."""
    held = {row["slug"].text: row["edition"] for row in (await ask(request, "editions/list")).rows}
    if before not in held or after not in held:
        raise from_status(404)
    found = compare(await facts(request, held[before]), await facts(request, held[after]))
    if negotiated(request, (PAGE, JSON)) == JSON:
        return JSONResponse({"before": before, "after": after, **asdict(found)})
    return page(
        request, "changes.html", before=before, after=after, lists=lists(found), shown=SHOWN, path_of=path_of(request)
    )


async def facts(request: Request, edition: Value) -> list[Fact]:
    """All that an edition states."""
    found = await ask(request, "editions/facts", {"?p_edition": f"<{edition.iri}>"})
    return [fact(row) for row in found.rows]


def fact(row: Row) -> Fact:
    """One row of the query as a fact; a term without labels is called as on the pages of things, else by its own name."""

    def names(what: str) -> tuple[str, str]:
        local = row[what].text.replace("#", "/").rpartition("/")[2]
        known = [messages(lang)["properties"].get(local, local) for lang in ("ja", "en")]
        return row[f"{what}_ja"].text or known[0], row[f"{what}_en"].text or known[1]

    return Fact(
        row["row"].text, names("class"), row["property"].text, names("property"), row["value"].text, row["thing"].iri
    )


def lists(found: Changes) -> dict[str, object]:
    """The three lists by the key of their heading."""
    return {"changes_changed": found.changed, "changes_new": found.new, "changes_gone": found.gone}


def path_of(request: Request) -> object:
    """From a thing to the path of its page."""
    base = request.app.state.settings.base_iri
    return lambda iri: page_path(Value(iri, iri=iri), base)
