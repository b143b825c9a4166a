"""The SPARQL editor: its page, and what it knows of this installation: prefixes, terms with labels, examples."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from service.catalogue import HEADER, Question
from service.ui.asking import ask, query_text
from service.ui.language import Language, language
from service.ui.render import page

router = APIRouter(include_in_schema=False)
FIRST = "programs"
WORDS = {
    "running": "sparql_running", "stopped": "sparql_stopped", "copied": "sparql_copied", "error": "sparql_error", "table": "sparql_table",
    "raw": "sparql_raw", "chart": "sparql_chart", "noNumber": "sparql_no_number", "tabNew": "sparql_tab_new", "tabClose": "sparql_tab_close",
    "download": "sparql_download", "result": "sparql_result", "yes": "sparql_yes", "no": "sparql_no", "query": "sparql_query",
}  # fmt: skip
PHRASES = {
    "Control character": "制御文字",
    "Completions": "候補",
    "Diagnostics": "誤り",
    "No diagnostics": "誤りはありません",
    "Find": "検索",
    "Close": "閉じる",
}


async def editor_page(request: Request) -> Response:
    """The editor, with a plain form where there are no scripts."""
    return page(request, "sparql.html", questions=runnable(request.app.state.questions))


@router.get("/editor.json")
async def facts(request: Request) -> JSONResponse:
    """What the editor needs, in the language of its page."""
    lang = language(request)
    vocabulary = request.app.state.vocabulary
    questions = runnable(request.app.state.questions)
    return JSONResponse(
        {
            "lang": lang.code,
            "base": request.app.state.settings.base_iri,
            "prefixes": dict(vocabulary.prefixes),
            "terms": await terms(request, lang),
            "examples": [{"name": q.name, "text": plain(q.text)} for q in questions],
            "first": plain(request.app.state.questions[FIRST].text) if FIRST in request.app.state.questions else "",
            "labels": query_text(request, "pages/names-of"),
            "words": words(lang),
            "phrases": PHRASES if lang.code == "ja" else {},
        },
        headers={"Vary": "Accept-Language", "Cache-Control": "no-cache"},
    )


def words(lang: Language) -> dict[str, str]:
    """The editor's texts; ``#`` and ``@`` stand where it puts numbers."""
    found = {key: lang.say(message) for key, message in WORDS.items()}
    found["rows"] = lang.say("sparql_rows", n="#", ms="@")
    found |= {
        "tab": lang.say("sparql_tab", n="#"),
        "line": lang.say("sparql_line", line="#"),
        "first": lang.say("sparql_first", n="#"),
    }
    return found


async def terms(request: Request, lang: Language) -> list[dict[str, str]]:
    """The terms of the ontology, written short, with labels and definitions."""
    found = await ask(request, "entity/terms")
    namespace: str = request.app.state.vocabulary.prefixes["shisaku"]
    return [
        {
            "curie": f"shisaku:{row['term'].iri.removeprefix(namespace)}",
            "label": row[lang.code].text,
            "about": row[f"definition_{lang.code}"].text,
            "kind": "class" if row["kind"].text == "class" else "property",
        }
        for row in found.rows
        if row["term"].iri.startswith(namespace)
    ]


def runnable(questions: Mapping[str, Question]) -> list[Any]:
    """The questions that run as they stand."""
    return [question for question in questions.values() if not any(p.required for p in question.parameters)]


def plain(text: str) -> str:
    """A question without its header."""
    return "\n".join(line for line in text.split("\n") if not HEADER.fullmatch(line)).strip() + "\n"
