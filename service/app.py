"""Settings to the web application: its parts in the order in which a request meets them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Route
from starlette_compress import CompressMiddleware, add_compress_type

from service import problems
from service.catalogue import load, texts
from service.metrics import Metrics
from service.middleware import Heads, Limits, Manners
from service.negotiation import GRAPH_TYPES, RESULT_TYPES
from service.routes import (
    description,
    editions,
    graphs,
    identifiers,
    ontology,
    operations,
    pages,
    publishing,
    questions,
    reconciliation,
)
from service.routes.editor import editor_page
from service.routes.sparql import Editor, Sparql
from service.settings import Settings
from service.ui.render import problem_page
from service.vocabulary import Vocabulary
from service.workers import Pool

ROUTERS: Sequence[APIRouter] = (
    operations.router,
    graphs.router,
    identifiers.router,
    ontology.router,
    publishing.router,
    editions.router,
    questions.router,
    reconciliation.router,
    description.router,
    pages.router,
)
EXPOSED = ("ETag", "X-Request-ID", "X-Snapshot", "Retry-After")


def create_app(
    settings: Settings | None = None, *, routers: Sequence[APIRouter] = ROUTERS, editor: Editor | None = None
) -> FastAPI:
    """The application; its engines start and end with it."""
    settings = settings or Settings()
    pool = Pool(settings)
    metrics = Metrics(pool)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await pool.start()
        yield
        await pool.close()

    app = FastAPI(title="Shisaku", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.settings, app.state.pool, app.state.metrics = settings, pool, metrics
    app.state.vocabulary = vocabulary = Vocabulary(settings.base_iri, settings.ontology_dir)
    app.state.questions = load(settings.queries_dir, vocabulary)
    app.state.entity_queries = texts(settings.queries_dir / "entity", vocabulary)
    for media_type in (*GRAPH_TYPES, *RESULT_TYPES, problems.PROBLEM_JSON):
        add_compress_type(media_type.partition(";")[0])
    app.add_middleware(problems.LastResort)  # the last one added is the first to meet a request
    app.add_middleware(Limits, settings=settings)
    app.add_middleware(Heads)
    app.add_middleware(CompressMiddleware, minimum_size=1024)
    app.add_middleware(
        CORSMiddleware, allow_origins=["*"], allow_methods=["*"], allow_headers=["*"], expose_headers=EXPOSED
    )
    app.add_middleware(Manners, metrics=metrics)
    problems.install(app, problem_page)
    app.router.routes.append(Route("/sparql", Sparql(settings, pool, editor or editor_page)))
    for router in routers:
        app.include_router(router)
    return app
