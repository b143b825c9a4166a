"""Queries of ours to tables of values, by way of the pool."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from starlette.requests import Request

from service.catalogue import bind_terms, texts
from service.ui.rows import Result, Value, result
from service.vocabulary import Vocabulary


@cache
def stored(folder: Path, vocabulary: Vocabulary) -> dict[str, str]:
    """The queries of a folder by name."""
    return texts(folder, vocabulary)


def query_text(request: Request, name: str, terms: Mapping[str, str] | None = None) -> str:
    """The query ``folder/name`` below queries/ with serialised terms in its parameter line."""
    state = request.app.state
    folder, _, stem = name.partition("/")
    text = stored(state.settings.queries_dir / folder, state.vocabulary)[stem]
    return bind_terms(text, terms or {})


async def ask_text(request: Request, text: str, graphs: tuple[str, ...] = ()) -> Result:
    """The answer to a query as a table."""
    answer = await request.app.state.pool.query(text, accept_format="json", graphs=graphs, light=True)
    return result(await answer.read())


async def ask_edition(request: Request, text: str) -> Result:
    """The answer to a question about one edition: the one that the address names, else the newest; raises Problem."""
    return await ask_text(request, text, request.app.state.pool.graphs_of(edition_of(request)))


def edition_of(request: Request) -> str:
    """The edition that a page is about; raises Problem if the address names one that is not held."""
    return str(request.app.state.pool.edition(request.query_params.get("edition", "")))


async def ask(request: Request, name: str, terms: Mapping[str, str] | None = None) -> Result:
    """The answer to one of our queries as a table."""
    return await ask_text(request, query_text(request, name, terms))


@dataclass(frozen=True)
class Name:
    """What is known of a Japanese label: where the page of its thing is, and its English label."""

    path: str
    en: str


async def names(request: Request) -> Mapping[str, Name]:
    """Japanese label → the thing or concept that bears it, for tables that carry labels only."""
    pool = request.app.state.pool
    known: tuple[str, dict[str, Name]] | None = getattr(request.app.state, "names", None)
    if known is None or known[0] != pool.digest:
        found = await ask(request, "pages/labels")
        base: str = request.app.state.settings.base_iri
        made = {row["label"].text: Name(page_path(row["thing"], base), row["label_en"].text) for row in found.rows}
        request.app.state.names = known = (pool.digest, made)
    return known[1]


def page_path(value: Value, base: str) -> str:
    """The path of the page for an identifier of ours; empty for any other."""
    start = f"{base}id/"
    return f"/page/{value.iri.removeprefix(start)}" if value.iri.startswith(start) else ""
