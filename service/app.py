"""Settings to the web application: its parts in the order in which a request meets them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from service.catalogue import load, texts
from service.engines.workers import Pool
from service.front.metrics import Metrics
from service.front.middleware import Heads, Limits, Manners, Plain
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
from service.routes.mcp import protocol
from service.routes.sparql import Editor, Sparql
from service.settings import Settings
from service.ui.render import problem_page
from service.vocabulary import Vocabulary
from service.web import problems
from service.web.access import AccessLog
from service.web.coding import Compressing

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


class Service(FastAPI):
    """The framework's application with the query endpoint beside it: what the framework does for a route costs as much
    as a small query.
    """

    sparql: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] == "http" and scope["path"] == "/sparql":
            scope["app"] = self
            await self.sparql(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def create_app(
    settings: Settings | None = None, *, routers: Sequence[APIRouter] = ROUTERS, editor: Editor | None = None
) -> Service:
    """The application; its engines start and end with it."""
    settings = settings or Settings()
    pool = Pool(settings)
    metrics, log = Metrics(pool), AccessLog()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await pool.start()
        async with running:
            yield
        await pool.close()
        log.flush()

    app = Service(title="Shisaku", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.settings, app.state.pool, app.state.metrics = settings, pool, metrics
    app.state.vocabulary = vocabulary = Vocabulary(settings.base_iri, settings.ontology_dir)
    app.state.questions = load(settings.queries_dir, vocabulary)
    app.state.entity_queries = texts(settings.queries_dir / "entity", vocabulary)
    inner = (Middleware(Limits, settings=settings), Middleware(problems.LastResort))
    outer = (
        Middleware(
            CORSMiddleware, allow_origins=["*"], allow_methods=["*"], allow_headers=["*"], expose_headers=EXPOSED
        ),
        Middleware(Compressing),
    )
    manners = Middleware(Manners, metrics=metrics, log=log)
    app.user_middleware = [manners, *outer, Middleware(Heads), *inner]
    plain = wrapped(Sparql(settings, pool, editor or editor_page), inner)
    app.sparql = wrapped(Plain(wrapped(plain, outer), plain), (manners,))
    problems.install(app, problem_page)
    routes, running = protocol(app)
    app.router.routes.extend(routes)
    for router in routers:
        app.include_router(router)
    return app


def wrapped(endpoint: ASGIApp, around: Sequence[Middleware]) -> ASGIApp:
    """An endpoint inside its middleware, the first outermost."""
    for layer in reversed(around):
        endpoint = layer.cls(endpoint, *layer.args, **layer.kwargs)
    return endpoint
