"""Stored questions as pages: ``/queries`` → the gallery, ``/queries/{name}`` → a form, a table, charts and downloads."""

from collections.abc import Mapping
from itertools import chain
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from service.catalogue import ParameterFault, Question
from service.routes.questions import unknown_question
from service.ui import charts
from service.ui.asking import ask_edition, edition_of
from service.ui.language import language
from service.ui.reading import reader
from service.ui.render import page
from service.ui.tables import table

router = APIRouter(include_in_schema=False)
OURS = ("lang", "sort", "desc", "p", "edition")  # parameters of the page, not of the question


@router.get("/queries")
def gallery(request: Request) -> Response:
    """All questions by topic."""
    questions: Mapping[str, Question] = request.app.state.questions
    tags = sorted(set(chain.from_iterable(question.tags for question in questions.values())))
    wanted = request.query_params.get("tag", "")
    chosen = wanted if wanted in tags else ""
    topics: dict[str, list[Question]] = {tag: [] for tag in tags}
    for question in questions.values():
        for tag in question.tags[
            : None if chosen else 1
        ]:  # in the whole list each question stands once, at its first topic
            topics[tag].append(question)
    shown = [(tag, found) for tag, found in topics.items() if found and chosen in ("", tag)]
    return page(request, "queries.html", topics=shown, tags=tags, chosen=chosen)


@router.get("/queries/{name}")
async def question_page(request: Request, name: str) -> Response:
    """One question: its form and, when nothing is missing, its answer."""
    question: Question | None = request.app.state.questions.get(name)
    if question is None:
        raise unknown_question(name, list(request.app.state.questions))
    asked = dict(request.query_params)
    values = {key: text for key, text in asked.items() if key not in OURS and text}
    lang = language(request)
    chosen = {"edition": edition_of(request)} if asked.get("edition") else {}
    common: dict[str, Any] = {
        "question": question,
        "values": values | chosen,
        "asked_for": asked,
        "tag": question.tags[0] if question.tags else "",
    }
    told = await reader(request)
    try:
        text = question.bind(values)
    except ParameterFault as fault:
        said = fault.message.get(lang.code) if values else ""
        empty: dict[str, Any] = {"answer": None, "charts": [], "sparql": question.text, "message": said}
        empty["fault"] = fault.parameter if values else ""
        return page(request, "query.html", status=400 if values else 200, reader=told, **common, **empty)
    found = await ask_edition(request, text) if question.columns else None
    shown: dict[str, Any] = {
        "answer": table(found, asked, told, edition_of(request)) if found else None,
        "charts": charts.charts(question.name, found, told) if found else [],
        "sparql": text,
        "message": "",
        "fault": "",
    }
    return page(request, "query.html", reader=told, **common, **shown)
