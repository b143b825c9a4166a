"""A firm's particulars to verdicts and supports: ``/sme`` and ``/supports``."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from service.catalogue import ParameterFault, Question
from service.routes.gallery import last_edition
from service.ui import firms
from service.ui.asking import ask_text, names
from service.ui.language import language
from service.ui.render import page
from service.ui.rows import Row

router = APIRouter(include_in_schema=False)
MAN = 10_000  # capital is spoken of in units of 10,000 yen


@router.get("/sme")
async def sme(request: Request) -> Response:
    """Under which laws a firm is an SME; how near it is to each limit."""
    question: Question = request.app.state.questions["sme-check"]
    asked = {key: text for key, text in request.query_params.items() if key != "lang" and text}
    values, fault, message, found = figures(asked), "", "", []
    if values:
        try:
            answer = await ask_text(request, question.bind(values))
            definitions = await ask_text(request, request.app.state.questions["sme-definitions"].text)
            found = firms.verdicts(answer.rows, definitions.rows, values)
        except ParameterFault as wrong:
            fault, message = wrong.parameter, wrong.message.get(language(request).code)
    shown: dict[str, Any] = {
        "question": question,
        "values": values,
        "asked_for": asked,
        "found": found,
        "classes": list(dict.fromkeys(verdict.enterprise_class for verdict in found)),
        "tally": Counter(verdict.row["verdict"].text for verdict in found),
        "fault": fault,
        "message": message,
    }
    known = await names(request)
    return page(request, "sme.html", status=400 if fault else 200, known=known, edition=last_edition(request), **shown)


def figures(asked: Mapping[str, str]) -> dict[str, str]:
    """The question's values; amounts that were given in 10,000 yen become yen."""
    values = {key: text for key, text in asked.items() if not key.endswith("_man")}
    for key, text in asked.items():
        if key.endswith("_man"):
            plain = text.replace(",", "").replace("，", "").strip()
            whole = plain.isascii() and plain.isdigit() and len(plain) < 12
            values.setdefault(key.removesuffix("_man") + "_yen", str(int(plain) * MAN) if whole else text)
    return values


@router.get("/supports")
async def supports(request: Request) -> Response:
    """What a firm can use for a purpose: programmes, tiers, funds, whom to call, and why."""
    question: Question = request.app.state.questions["supports-for"]
    asked = {key: text for key, text in request.query_params.items() if key != "lang" and text}
    values = {p.name: asked[p.name] for p in question.parameters if p.name in asked}
    fault, message, found, centres, lending = "", "", [], [], []
    if values.get("purpose"):
        try:
            found = firms.supports((await ask_text(request, question.bind(values))).rows)
            lending = await equipment(request, asked.get("employees", ""))
        except ParameterFault as wrong:
            fault, message = wrong.parameter, wrong.message.get(language(request).code)
    if asked.get("place"):
        centres = await called(request, asked["place"])
    sme_question: Question = request.app.state.questions["sme-check"]
    shown: dict[str, Any] = {
        "question": question,
        "asked_for": asked,
        "found": found,
        "centres": centres,
        "fault": fault,
        "message": message,
    }
    known = await names(request)
    return page(
        request,
        "supports.html",
        **shown,
        known=known,
        lending=lending,
        industries=sme_question.parameters[0].choices,
        edition=last_edition(request),
    )


async def called(request: Request, place: str) -> list[Row]:
    """Bodies of the directory whose address or name has the place."""
    found = await ask_text(request, request.app.state.questions["organisations"].text)
    wanted = ("商工会議所", "商工会", "経営指導", "関係団体", "連合会")
    return [
        r
        for r in found.rows
        if place in r["address"].text + r["label"].text
        and any(w in r["category"].text + r["label"].text for w in wanted)
    ]


async def equipment(request: Request, employees: str) -> list[tuple[Row, bool | None]]:
    """The equipment lending schemes, each with whether the number of employees lies within its range; None when it is not known."""
    found = await ask_text(request, request.app.state.questions["equipment-lending"].text)
    number = int(employees) if employees.isascii() and employees.isdigit() and len(employees) < 7 else None
    return [(row, None if number is None else within(row, number)) for row in found.rows]


def within(row: Row, number: int) -> bool:
    """Whether a number lies between the printed bounds."""
    least, most = row["employees_min"].number, row["employees_max"].number
    return (least is None or number >= least) and (most is None or number <= most)
