"""A firm's particulars to verdicts and supports: ``/sme`` and ``/supports``."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from service.catalogue import ParameterFault, Question
from service.ui import aid, firms
from service.ui.asking import ask_edition, edition_of, query_text
from service.ui.language import language
from service.ui.reading import reader
from service.ui.render import page
from service.ui.rows import Row

router = APIRouter(include_in_schema=False)
MAN = 10_000  # capital is spoken of in units of 10,000 yen
BASIC_ACT = "中小企業基本法"  # the general definition, by which supports speak of small firms


@router.get("/sme")
async def sme(request: Request) -> Response:
    """Under which laws a firm is an SME; how near it is to each limit."""
    question: Question = request.app.state.questions["sme-check"]
    asked = given(request)
    values, shown = figures(asked), nothing()
    if values:
        try:
            answer = await ask_edition(request, question.bind(values))
            limits = await ask_edition(request, query_text(request, "pages/limits"))
            found = firms.outcomes(answer.rows, limits.rows, values)
            classes = dict.fromkeys(o.enterprise_class for o in found)
            counted = {
                c: Counter(r["verdict"].text for r in answer.rows if r["enterprise_class"].text == c) for c in classes
            }
            shown |= {"found": found, "tally": counted}
        except ParameterFault as wrong:
            shown |= {"fault": wrong.parameter, "message": wrong.message.get(language(request).code)}
    return page(
        request,
        "sme.html",
        status=400 if shown["fault"] else 200,
        question=question,
        values=values,
        asked_for=asked,
        edition=edition_of(request),
        reader=await reader(request),
        **shown,
    )


def nothing() -> dict[str, Any]:
    """An answer before it is known."""
    return {"found": [], "tally": {}, "fault": "", "message": ""}


def given(request: Request) -> dict[str, str]:
    """What the form was sent with."""
    return {key: text for key, text in request.query_params.items() if key != "lang" and text}


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
    asked, shown = given(request), nothing()
    values = {p.name: asked[p.name] for p in question.parameters if p.name in asked}
    directory = (await stored(request, "organisations")) if asked.get("place") or not asked else []
    verdicts: list[Row] = []
    if values.get("purpose"):
        try:
            verdicts = await classes(request, asked)
            rows = (await ask_edition(request, question.bind(values))).rows
            shown["found"] = aid.supports(rows, await stored(request, "loan-rates"))
        except ParameterFault as wrong:
            shown |= {"fault": wrong.parameter, "message": wrong.message.get(language(request).code)}
    sme_question: Question = request.app.state.questions["sme-check"]
    return page(
        request,
        "supports.html",
        status=400 if shown["fault"] else 200,
        question=question,
        asked_for=asked,
        verdicts=verdicts,
        centres=aid.centres(directory, asked["place"]) if asked.get("place") else ([], []),
        named=aid.named,
        classes_of_firm=own_classes(asked, verdicts),
        towns=aid.towns(directory or await stored(request, "organisations")),
        lending=await equipment(request, asked.get("employees", "")) if shown["found"] else [],
        industries=sme_question.parameters[0].choices,
        edition=edition_of(request),
        reader=await reader(request),
        **shown,
    )


async def stored(request: Request, name: str) -> list[Row]:
    """The rows of a stored question without parameters."""
    return list((await ask_edition(request, request.app.state.questions[name].text)).rows)


async def classes(request: Request, asked: Mapping[str, str]) -> list[Row]:
    """What the basic act says of a firm whose industry and size were told."""
    question: Question = request.app.state.questions["sme-check"]
    wanted = {p.name for p in question.parameters}
    values = {key: text for key, text in figures(asked).items() if key in wanted}
    if not values.get("industry") or not ({"employees", "capital_yen"} & values.keys()):
        return []
    answer = await ask_edition(request, question.bind(values))
    return [row for row in answer.rows if row["law"].text == BASIC_ACT]


def own_classes(asked: Mapping[str, str], verdicts: list[Row]) -> list[str]:
    """The class that was chosen, and those that the firm belongs to by the basic act."""
    chosen = [asked["enterprise_class"]] if asked.get("enterprise_class") else []
    found = [row["enterprise_class"].text for row in verdicts if row["verdict"].text == "該当"]
    return list(dict.fromkeys(chosen + found))


async def equipment(request: Request, employees: str) -> list[tuple[Row, bool | None]]:
    """The equipment lending schemes, each with whether the number of employees lies within its range; None when it is not known."""
    number = int(employees) if employees.isascii() and employees.isdigit() and len(employees) < 7 else None
    found = await stored(request, "equipment-lending")
    return [(row, None if number is None else aid.within(row, number)) for row in found]
