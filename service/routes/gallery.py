"""Stored questions as pages: ``/queries`` → the gallery, ``/queries/{name}`` → a form, a table, charts and downloads."""

from collections.abc import Mapping
from itertools import chain
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from service.catalogue import ParameterFault, Question
from service.routes.questions import unknown_question
from service.ui import charts
from service.ui.asking import ask_text, names
from service.ui.language import language
from service.ui.render import page
from service.ui.tables import destination, table

router = APIRouter(include_in_schema=False)
OURS = ("lang", "sort", "desc", "p")  # parameters of the page, not of the question


@router.get("/queries")
def gallery(request: Request) -> Response:
    """All questions by topic."""
    questions: Mapping[str, Question] = request.app.state.questions
    tags = sorted(set(chain.from_iterable(question.tags for question in questions.values())))
    topics = [(tag, [question for question in questions.values() if tag in question.tags]) for tag in tags]
    chosen = request.query_params.get("tag", "")
    shown = [topic for topic in topics if chosen in ("", topic[0])]
    return page(request, "queries.html", topics=shown, tags=tags, chosen=chosen if chosen in tags else "")


@router.get("/queries/{name}")
async def question_page(request: Request, name: str) -> Response:
    """One question: its form and, when nothing is missing, its answer."""
    question: Question | None = request.app.state.questions.get(name)
    if question is None:
        raise unknown_question(name, list(request.app.state.questions))
    asked = dict(request.query_params)
    values = {key: text for key, text in asked.items() if key not in OURS and text}
    lang = language(request)
    common: dict[str, Any] = {
        "question": question,
        "values": values,
        "asked_for": asked,
        "tag": question.tags[0] if question.tags else "",
    }
    try:
        text = question.bind(values)
    except ParameterFault as fault:
        said = fault.message.get(lang.code) if values else ""
        empty: dict[str, Any] = {
            "fault": fault.parameter if values else "",
            "message": said,
            "answer": None,
            "charts": [],
            "sparql": question.text,
        }
        known = await names(request)
        empty["english"] = lambda label: known[label].en if lang.code == "en" and label in known else ""
        return page(request, "query.html", status=400 if values else 200, **common, **empty)
    return page(request, "query.html", **common, **await answered(request, question, text, asked))


async def answered(request: Request, question: Question, text: str, asked: Mapping[str, str]) -> dict[str, Any]:
    """What the page shows of an answer: table, charts, and where its labels lead."""
    lang = language(request)
    found = await ask_text(request, text) if question.columns else None
    known, edition = await names(request), last_edition(request)

    def to(column: str, label: str) -> str:
        return destination(column, label, known, edition)

    def english(label: str) -> str:
        return known[label].en if lang.code == "en" and label in known else ""

    return {
        "answer": table(found, asked) if found else None,
        "charts": charts.charts(question.name, found) if found else [],
        "sparql": text,
        "to": to,
        "english": english,
        "fault": "",
        "message": "",
    }


def last_edition(request: Request) -> str:
    """The newest edition of the snapshot in force."""
    editions = request.app.state.pool.manifest.get("editions") or [""]
    return str(editions[-1]) if isinstance(editions, list) else ""
