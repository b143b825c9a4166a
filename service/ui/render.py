"""Templates and values to HTML responses, each in one language and under the same layout."""

import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from service.ui import figures
from service.ui.language import address, language, switched

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
    made.globals.update(figure=figures.figure, plain=figures.plain, cell=figures.cell, static=static)
    made.globals.update(short_yen=figures.short_yen, man=figures.man, address=address, there=there)
    made.filters["japanese"] = lambda text: any(char > "\u3000" for char in text)
    return made


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
