"""A snapshot and one query to serialised bytes: the only user of the engine's Store on the serving side."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    Variable,
    parse,
    serialize,
)

from service.negotiation import graph_format, result_format

DUMP, STORE = "dump.nq", "store"


@dataclass(slots=True)
class Request:
    """One query as it reaches an engine."""

    text: str
    media_type: str
    base: str
    substitutions: Mapping[str, str] = field(default_factory=dict)
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    prefixes: Mapping[str, str] = field(default_factory=dict)
    own_dataset: bool = False  # the text has FROM or FROM NAMED


def open_snapshot(path: Path, mode: str = "memory") -> Store:
    """The store of a snapshot: a copy in memory, or the read-only files."""
    if mode == "disk":
        return Store.read_only(str(path / STORE))
    store = Store()
    store.bulk_load(path=str(path / DUMP), format=RdfFormat.N_QUADS)
    return store


def graph_names(store: Store) -> list[str]:
    """The IRIs of the named graphs."""
    return sorted(graph.value for graph in store.named_graphs() if isinstance(graph, NamedNode))


def warm(store: Store) -> None:
    """Touch what every query touches, so that the first one does not pay for it."""
    answer(store, Request("SELECT * { ?s ?p ?o } LIMIT 1", "text/csv", "urn:"), io.BytesIO())


def answer(store: Store, request: Request, output: IO[bytes]) -> None:
    """Evaluate one query and write its answer; here and nowhere else, as results may not leave their thread."""
    results = _evaluated(store, request)
    if not isinstance(results, QueryTriples):
        results.serialize(output, result_format(request.media_type))
        return
    form = graph_format(request.media_type)
    if form == RdfFormat.TURTLE and request.prefixes:
        serialize(results, output, form, prefixes=dict(request.prefixes))
    else:
        results.serialize(output, form)


def short_answer(store: Store, request: Request) -> bytes:
    """Evaluate one query that is known to be small and return its answer, which is quicker than writing it."""
    results = _evaluated(store, request)
    if not isinstance(results, QueryTriples):
        return results.serialize(None, result_format(request.media_type)) or b""
    form = graph_format(request.media_type)
    if form == RdfFormat.TURTLE and request.prefixes:
        return serialize(results, None, form, prefixes=dict(request.prefixes)) or b""
    return results.serialize(None, form) or b""


def _evaluated(store: Store, request: Request) -> QueryBoolean | QuerySolutions | QueryTriples:
    named = bool(request.default_graphs or request.named_graphs)
    bound = request.substitutions
    if not (named or bound or request.own_dataset):  # as most are; every argument costs
        return store.query(request.text, base_iri=request.base, use_default_graph_as_union=True)
    return store.query(
        request.text,
        base_iri=request.base,
        substitutions={Variable(name): term(text) for name, text in bound.items()} if bound else None,
        # The protocol's dataset wins over the query's (SPARQL 1.1 Protocol, 2.1.4); without either, the union.
        use_default_graph_as_union=not named and not request.own_dataset,
        default_graph=[NamedNode(name) for name in request.default_graphs] if named else None,
        named_graphs=[NamedNode(name) for name in request.named_graphs] if named else None,
    )


def term(text: str) -> NamedNode | BlankNode | Literal | Triple:
    """A term from its N-Triples form; ValueError if it is not one."""
    line = f"<urn:s> <urn:p> {text} .".encode()
    try:
        [quad] = parse(line, format=RdfFormat.N_TRIPLES)
    except SyntaxError as fault:
        raise ValueError(f"not a term: {text}") from fault
    found: NamedNode | BlankNode | Literal | Triple = quad.object
    return found
