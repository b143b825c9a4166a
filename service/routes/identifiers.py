"""Identifiers over HTTP: ``/id/{kind}/{slug}`` → 303 → a page for people, or the description as RDF.

Follows "Cool URIs for the Semantic Web" (W3C Note, section 4.2: 303 URIs).
"""

import re

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from service.catalogue import bind_terms
from service.faults import Problem, Text
from service.vocabulary import Vocabulary
from service.web.negotiation import GRAPH_TYPES, GRAPHS, best, graph_format, media_type_of

router = APIRouter(tags=["identifiers"])
PAGE = "text/html"
KIND, SLUG = re.compile(r"[a-z][a-z-]*"), re.compile(r"[a-z0-9][a-zA-Z0-9.-]*")
EXTENSION = {form.media_type: form.file_extension for form in GRAPHS}


@router.get("/id/{kind}/{slug}")
async def identify(request: Request, kind: str, slug: str) -> Response:
    """303 to the page or to the data, by Accept; 404 when nothing is said of the identifier."""
    await known(request, kind, slug)
    chosen = negotiated(request, (PAGE, *GRAPH_TYPES))
    if chosen == PAGE:
        target = f"/page/{kind}/{slug}"
    else:
        extension = EXTENSION.get(chosen) or EXTENSION[graph_format(chosen).media_type]
        target = f"/data/{kind}/{slug}.{extension}"
    return RedirectResponse(target, 303, {"Vary": "Accept"})


@router.get("/data/{kind}/{name}")
async def data(request: Request, kind: str, name: str) -> Response:
    """The description of a thing: its statements, their figures and the labels of what they name.

    ``name`` is a slug with the extension of a format, or a slug alone: then Accept decides.
    """
    slug, _, extension = name.rpartition(".")
    media_type = media_type_of(extension, GRAPHS)
    if media_type is None:
        slug, media_type = name, graph_format(negotiated(request, GRAPH_TYPES)).media_type
    term = await known(request, kind, slug)
    text = bind_terms(request.app.state.entity_queries["describe"], {"?p_thing": term})
    answer = await request.app.state.pool.query(text, accept_format=media_type, light=True)
    headers = {"Link": f'<{term[1:-1]}>; rel="describes"', "Vary": "Accept"}
    headers |= {"ETag": answer.etag} if answer.etag else {}
    return Response(await answer.read(), media_type=answer.media_type, headers=headers)


async def known(request: Request, kind: str, slug: str) -> str:
    """The identifier as a SPARQL term; raises Problem 404 when nothing is said of it."""
    if KIND.fullmatch(kind) and SLUG.fullmatch(slug):
        vocabulary: Vocabulary = request.app.state.vocabulary
        term = str(vocabulary.thing(kind, slug))
        text = bind_terms(request.app.state.entity_queries["exists"], {"?p_thing": term})
        answer = await request.app.state.pool.query(text, accept_format="json", light=True)
        if b"true" in await answer.read():
            return term
    raise Problem(
        "unknown-identifier",
        404,
        Text("その識別子はありません", "No such identifier"),
        Text(f"{kind}/{slug} について述べたものはありません。", f"Nothing is said of {kind}/{slug}."),
        Text("/search で名称から探してください。", "Look for the name at /search."),
    )


def negotiated(request: Request, offered: tuple[str, ...]) -> str:
    """The offered media type that Accept prefers; raises Problem 406."""
    chosen = best(request.headers.get("accept"), offered)
    if chosen is None:
        raise Problem(
            "not-acceptable",
            406,
            Text("その形式では答えられません", "Not acceptable"),
            Text("Accept の形式はどれも提供していません。", "None of the types named in Accept is offered here."),
            extra={"offered": list(offered)},
        )
    return chosen


def unknown_extension(extension: str) -> Problem:
    """No such serialisation."""
    return Problem(
        "unknown-format",
        404,
        Text("その形式はありません", "No such format"),
        Text(f"形式 {extension} はありません。", f"There is no format '{extension}'."),
        extra={"formats": [form.file_extension for form in GRAPHS]},
    )
