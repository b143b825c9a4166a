"""Templates and values to HTML responses, each in one language and under the same layout."""

import hashlib
import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from service.faults import Problem
from service.ui import figures
from service.ui.language import address, language, switched

JAPANESE = re.compile(r"([\u3000-\u9fff\uff00-\uffef]+)")
HERE = Path(__file__).parent
STATIC = HERE / "static"


@cache
def environment() -> Environment:
    """The templates; everything is escaped."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        figure=figures.figure, plain=figures.plain, month=figures.month, cell=figures.cell, static=static
    )
    made.globals.update(short_yen=figures.short_yen, in_man=figures.man, address=address, there=there)
    made.tests["mentions"] = lambda text, word: word in text
    made.filters.update(japanese=is_japanese, pieces=pieces)
    return made


def is_japanese(text: str) -> bool:
    """Whether a text has Japanese letters."""
    return JAPANESE.search(text) is not None


def pieces(text: str) -> list[tuple[str, bool]]:
    """A text in pieces, each with whether it is Japanese."""
    return [(piece, is_japanese(piece)) for piece in JAPANESE.split(text) if piece]


@cache
def static(name: str) -> str:
    """The address of a file of ours, changed whenever its content changes."""
    path = STATIC / name
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:10] if path.exists() else "missing"
    return f"/static/{name}?v={digest}"


@cache
def there(name: str) -> bool:
    """Whether a file that set-up makes has been made; pages work without."""
    return (STATIC / name).exists()


def problem_page(request: Request, problem: Problem) -> HTMLResponse:
    """A fault as a page, with the ways out."""
    made = page(request, "problem.html", status=problem.status, problem=problem)
    made.headers.update({"Cache-Control": "no-store", **problem.headers})
    return made


def page(request: Request, template: str, *, status: int = 200, **values: object) -> HTMLResponse:
    """A rendered template with what every page needs."""
    lang = language(request)
    manifest = request.app.state.pool.manifest
    body = (
        environment()
        .get_template(template)
        .render(
            lang=lang.code,
            say=lang.say,
            column=lang.column,
            kind_name=lang.kind,
            tag_name=lang.tag,
            link=lang.link,
            asked=lang.asked,
            switch=switched(request, lang),
            other=lang.other,
            path=request.url.path,
            editions=manifest.get("editions", []),
            created=str(manifest.get("created", ""))[:10],
            snapshot=str(manifest.get("digest", ""))[:12],
            base=request.app.state.settings.base_iri,
            **values,
        )
    )
    headers = {"Vary": "Accept, Accept-Language", "Cache-Control": "no-cache"}
    return HTMLResponse(body, status, headers)
