"""Stored questions over HTTP: name, format and parameters → the answer as a table, a graph or a workbook.

``/queries`` lists them; ``/queries/{name}.{format}`` runs one with its parameters from the query string.
"""

from collections.abc import AsyncIterator
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from service import held
from service.catalogue import ParameterFault, Question, parameter_dict
from service.engines.answers import Answer
from service.engines.workers import Pool
from service.faults import Problem, Text
from service.ui.language import language
from service.web.negotiation import GRAPHS, RESULTS, media_type_of
from service.workbook import XLSX, workbook

router = APIRouter(tags=["questions"])
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
EDITION = "edition"  # not a question's parameter: which edition is asked, the newest unless it is named
EXCEL = "excel"  # not a question's parameter: asks for a byte order mark, by which Excel knows UTF-8


@router.get("/queries.json")
def list_questions(request: Request) -> JSONResponse:
    """Name, titles, summaries, tags, parameters and columns of every stored question."""
    return JSONResponse([describe(question) for question in request.app.state.questions.values()])


@router.get("/queries/{name}.{extension}")
async def run_question(request: Request, name: str, extension: str) -> Response:
    """The answer to a stored question; raises Problem for an unknown name, format or value."""
    question: Question | None = request.app.state.questions.get(name)
    if question is None:
        raise unknown_question(name, list(request.app.state.questions))
    values = dict(parse_qsl(request.url.query, keep_blank_values=True))
    excel = values.pop(EXCEL, "") not in ("", "0")
    values.pop("lang", None)  # says in which language a workbook has its headings
    pool: Pool = request.app.state.pool
    edition = pool.edition(values.pop(EDITION, ""))
    graphs = pool.graphs_of(edition)
    text = bound(question, values)
    if extension == XLSX.extension and question.columns:
        answer = await pool.query(text, accept_format="json", graphs=graphs, light=True)
        lang = language(request)
        headings = {column: lang.column(column, name) for column in question.columns}
        found, about = (
            b"".join([chunk async for chunk in answer]),
            {**pool.manifest, EDITION: edition, "title": held.title(pool.manifest, edition)},
        )
        body = workbook(question, values, found, about, headings)
        return Response(body, media_type=XLSX.media_type, headers=attachment(name, extension))
    media_type = media_type_of(extension, RESULTS if question.columns else GRAPHS)
    if media_type is None:
        raise unknown_format(extension, question)
    answer = await pool.query(text, accept_format=media_type, graphs=graphs, light=True)
    headers = {"ETag": answer.etag} if answer.etag else {}
    start = BYTE_ORDER_MARK if excel else b""
    return StreamingResponse(chunks(answer, start), media_type=answer.media_type, headers=headers)


async def chunks(answer: Answer, start: bytes) -> AsyncIterator[bytes]:
    """The bytes of an answer, after ``start``."""
    if start:
        yield start
    async for chunk in answer:
        yield chunk


def bound(question: Question, values: dict[str, str]) -> str:
    """The question's SPARQL for the given values; raises Problem."""
    try:
        return question.bind(values)
    except ParameterFault as fault:
        raise Problem(
            "invalid-parameter",
            400,
            Text("引数が正しくありません", "A parameter does not fit"),
            Text(f"{fault.parameter}: {fault.message.ja}", f"{fault.parameter}: {fault.message.en}"),
            extra={"parameter": fault.parameter},
        ) from fault


def describe(question: Question) -> dict[str, object]:
    """A question as JSON."""
    return {
        "name": question.name,
        "title": {"ja": question.title.ja, "en": question.title.en},
        "summary": {"ja": question.summary.ja, "en": question.summary.en},
        "tags": list(question.tags),
        "parameters": [parameter_dict(parameter) for parameter in question.parameters],
        "columns": list(question.columns),
    }


def attachment(name: str, extension: str) -> dict[str, str]:
    """The header that makes a browser save the answer under the question's name."""
    return {"Content-Disposition": f'attachment; filename="{name}.{extension}"', "Vary": "Accept-Language"}


def unknown_question(name: str, names: list[str]) -> Problem:
    """There is no question of that name."""
    return Problem(
        "unknown-question",
        404,
        Text("その質問はありません", "No such question"),
        Text(f"「{name}」という質問はありません。", f"There is no stored question '{name}'."),
        Text("/queries の一覧から選んでください。", "Choose one of the list at /queries."),
        {"questions": names},
    )


def unknown_format(extension: str, question: Question) -> Problem:
    """The question does not come in that format."""
    formats = ["csv", "tsv", "json", "xml", "xlsx"] if question.columns else ["ttl", "jsonld", "nt", "rdf"]
    return Problem(
        "unknown-format",
        404,
        Text("その形式はありません", "No such format"),
        Text(f"形式 {extension} では答えられません。", f"The answer does not come as '{extension}'."),
        extra={"formats": formats},
    )
