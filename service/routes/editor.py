"""The SPARQL editor: its page, and what it knows of this installation: prefixes, terms with labels, examples."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from service.catalogue import HEADER, Question
from service.ui.asking import ask, query_text
from service.ui.language import Language, language
from service.ui.render import page

router = APIRouter(include_in_schema=False)
WORDS = (
    *(
        "running",
        "stopped",
        "copied",
        "error",
        "table",
        "raw",
        "chart",
        "no_number",
        "tab_new",
        "tab_close",
        "download",
    ),
    *("result", "yes", "no", "query", "more", "chart_label", "chart_value", "no_answer"),
)
PHRASES = {
    "Control character": "制御文字",
    "Completions": "候補",
    "Diagnostics": "誤り",
    "No diagnostics": "誤りはありません",
    "Find": "検索",
    "Replace": "置換",
    "next": "次へ",
    "previous": "前へ",
    "all": "すべて",
    "match case": "大文字小文字を区別",
    "regexp": "正規表現",
    "by word": "語単位",
    "replace": "置換",
    "replace all": "すべて置換",
    "close": "閉じる",
    "Go to line": "行へ移動",
    "go": "移動",
    "Fold line": "行を折りたたむ",
    "Unfold line": "折りたたみを開く",
    "Folded lines": "折りたたまれた行",
    "Unfolded lines": "開いた行",
    "folded code": "折りたたまれた部分",
    "unfold": "開く",
    "to": "から",
    "current match": "現在の一致",
    "on line": "行",
    "Selection deleted": "選択範囲を削除しました",
}


async def editor_page(request: Request) -> Response:
    """The editor, with a plain form where there are no scripts."""
    topics: dict[str, list[Question]] = {}
    for question in runnable(request.app.state.questions):
        topics.setdefault(question.tags[0] if question.tags else "", []).append(question)
    return page(request, "sparql.html", topics=topics, first=first(request))


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
            "first": first(request),
            "labels": query_text(request, "pages/names-of"),
            "words": words(lang),
            "phrases": PHRASES if lang.code == "ja" else {},
        },
        headers={"Vary": "Accept-Language", "Cache-Control": "no-cache"},
    )


def first(request: Request) -> str:
    """What a first visitor finds: a short question in the language of the page."""
    text = query_text(request, "pages/first")
    return "\n".join(line for line in text.split("\n") if not line.startswith("#")).replace(
        '"ja"', f'"{language(request).code}"'
    )


def words(lang: Language) -> dict[str, str]:
    """The editor's texts; ``#`` and ``@`` stand where it puts numbers."""
    found = {name: lang.say(f"sparql_{name}") for name in WORDS}
    found["rows"] = lang.say("sparql_rows", n="#", ms="@")
    found |= {
        "tab": lang.say("sparql_tab", n="#"),
        "unknown_term": lang.say("sparql_unknown_term", term="#"),
        "unknown_term_near": lang.say("sparql_unknown_term_near", term="#", near="@"),
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


def runnable(questions: Mapping[str, Question]) -> list[Question]:
    """The questions that run as they stand."""
    return [question for question in questions.values() if not any(p.required for p in question.parameters)]


def plain(text: str) -> str:
    """A question without its header."""
    return "\n".join(line for line in text.split("\n") if not HEADER.fullmatch(line)).strip() + "\n"
