"""The ontology over HTTP: ``/ns`` → its documentation for people, or RDF; the graphs' names → their triples."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from pyoxigraph import serialize
from starlette.responses import RedirectResponse, Response

from service.building.build import ontology
from service.routes.identifiers import PAGE, negotiated, unknown_extension
from service.ui.asking import ask
from service.ui.render import page
from service.vocabulary import Vocabulary
from service.web.negotiation import GRAPH_TYPES, GRAPHS, graph_format, media_type_of

router = APIRouter(tags=["ontology"])


@router.get("/ns")
async def namespace(request: Request) -> Response:
    """Every term with its labels and definition, each at its fragment; or the ontology as RDF, by Accept."""
    chosen = negotiated(request, (PAGE, *GRAPH_TYPES))
    if chosen != PAGE:
        return ontology_as(request, chosen)
    terms = await ask(request, "entity/terms")
    schemes, prefixes = await ask(request, "pages/schemes"), request.app.state.vocabulary.prefixes
    return page(
        request,
        "ontology.html",
        terms=terms.rows,
        schemes=schemes.rows,
        namespace=prefixes["shisaku"],
        curie=lambda iri: shortened(iri, prefixes),
    )


@router.get("/ns.{extension}")
def ontology_file(request: Request, extension: str) -> Response:
    """The ontology, its alignments and schemes in one format."""
    media_type = media_type_of(extension, GRAPHS)
    if media_type is None:
        raise unknown_extension(extension)
    return ontology_as(request, media_type)


@router.get("/ns/{version}")
def ontology_version(version: str) -> Response:  # noqa: ARG001 - there is one version so far, and it is the current one
    """A version of the ontology → the current one."""
    return RedirectResponse("/ns", 303)


@router.get("/graph/{name}")
def graph(request: Request, name: str) -> Response:
    """The name of a graph → its triples by the Graph Store Protocol."""
    vocabulary: Vocabulary = request.app.state.vocabulary
    return RedirectResponse(f"/graphs?graph={vocabulary.graph(name).value}", 303)


def shortened(iri: str, prefixes: Mapping[str, str]) -> str:
    """An IRI with its prefix, if it has one of ours."""
    found = next((name for name, start in prefixes.items() if iri.startswith(start)), None)
    return iri if found is None else f"{found}:{iri.removeprefix(prefixes[found])}"


def ontology_as(request: Request, media_type: str) -> Response:
    """The ontology, its alignments and schemes, serialised."""
    vocabulary: Vocabulary = request.app.state.vocabulary
    triples = (quad.triple for quad in ontology(vocabulary.ontology_dir, vocabulary))
    body = serialize(triples, format=graph_format(media_type), prefixes=dict(vocabulary.prefixes))
    return Response(body, media_type=media_type, headers={"Vary": "Accept"})
