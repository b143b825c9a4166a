"""SPARQL 1.1 Graph Store HTTP Protocol, reads (5.2): ``?graph=IRI`` or ``?default`` to statements."""

from fastapi import APIRouter, Request, Response

from service.engines.workers import Pool
from service.faults import Problem, Text
from service.front.delivery import AnswerResponse, while_connected
from service.querying.asks import Ask
from service.querying.protocol import parameters
from service.routes.sparql import not_acceptable
from service.web.fields import REVALIDATE, VARY
from service.web.negotiation import GRAPH_TYPES, best
from service.web.problems import from_status

WHOLE = "CONSTRUCT WHERE { ?s ?p ?o }"

router = APIRouter(tags=["graphs"])


@router.head("/graphs", response_class=Response, include_in_schema=False)
@router.get("/graphs", response_class=Response)
async def read_graph(request: Request) -> AnswerResponse:
    """The statements of one named graph, or of the union of all."""
    pool: Pool = request.app.state.pool
    named = _graph(parameters(request.scope["query_string"]))
    if named is not None and named not in pool.graphs:
        raise from_status(404)
    media_type = best(",".join(request.headers.getlist("accept")), GRAPH_TYPES)
    if media_type is None:
        raise not_acceptable()
    ask = Ask(pool.survey(WHOLE), media_type, (), () if named is None else (named,))
    answer = await while_connected(pool.answer(ask), request.receive)
    headers = {"Vary": VARY, "Cache-Control": REVALIDATE, "ETag": answer.etag or "", "X-Snapshot": answer.digest}
    return AnswerResponse(answer, headers)


def _graph(pairs: list[tuple[str, str]]) -> str | None:
    """The graph that is asked for, None for the default graph; exactly one must be named."""
    names = [name for name, _ in pairs]
    if sorted(names) == ["default"]:
        return None
    if sorted(names) == ["graph"] and pairs[0][1]:
        return pairs[0][1]
    raise Problem(
        "one-graph-needed",
        400,
        Text("グラフを一つ指定してください", "Name one graph"),
        Text(
            "?graph=IRI か ?default のどちらか一つが必要です。",
            "The request needs either ?graph=IRI or ?default, once.",
        ),
    )
