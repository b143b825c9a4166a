"""Pages for people: the start page, the files that pages need, and the routers of all other pages."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from service.catalogue import Question
from service.routes import editor, entities, firms, gallery, pictures, searching
from service.ui.asking import ask
from service.ui.reading import reader
from service.ui.render import STATIC, page

router = APIRouter(include_in_schema=False)
for part in (searching, entities, gallery, firms, pictures, editor):
    router.include_router(part.router)
FILES = StaticFiles(directory=STATIC, check_dir=False)
USEFUL = (
    "contacts-about",
    "subsidies-by-rate",
    "programs-by-section",
    "funds-by-rate",
    "program-names",
    "new-and-expanded-money",
    "events-between",
    "thresholds-near",
)
YEAR = "public, max-age=31536000, immutable"


@router.get("/")
async def start(request: Request) -> Response:
    """The start page: one search box, the ways in, the most useful questions, the edition shown."""
    counts = await ask(request, "pages/counts")
    sizes = {row["kind"].text: row["count"].text for row in counts.rows}
    known: Mapping[str, Question] = request.app.state.questions
    return page(
        request,
        "start.html",
        sizes=sizes,
        questions=[known[name] for name in USEFUL if name in known],
        purposes=known["supports-for"].parameters[0].choices if "supports-for" in known else (),
        reader=await reader(request),
    )


@router.get("/static/{path:path}")
async def static_file(request: Request, path: str) -> Response:
    """A stylesheet, script or font; an address with its digest may be kept for ever."""
    response = await FILES.get_response(path, request.scope)
    response.headers["Cache-Control"] = (
        YEAR if "v" in request.query_params or "-" in path.rpartition("/")[2] else "no-cache"
    )
    return response
