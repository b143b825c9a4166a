"""A snapshot and one query to serialised bytes: the only user of the engine's Store on the serving side."""

from collections.abc import Iterable, Mapping
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

from service import stored
from service.stored import DUMP, STORE
from service.web.negotiation import graph_format, result_format

SMALL_PART = 10  # an edition that is at most this part of all has a store of its own


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
    own_graphs: tuple[str, ...] = ()  # that the text names by FROM or FROM NAMED


@dataclass(frozen=True)
class Stores:
    """The graphs of a snapshot, and those of single editions once more where they are a small part of all.

    In memory a pattern is looked for among all statements with its rarest term, whatever their graph: at a hundred
    editions a question about one of them took ten times as long as in a store of its own, which costs its size again.
    """

    whole: Store
    parts: tuple[tuple[frozenset[str], Store], ...] = ()

    @property
    def graphs(self) -> list[str]:
        """The IRIs of the named graphs."""
        return sorted(graph.value for graph in self.whole.named_graphs() if isinstance(graph, NamedNode))

    def holding(self, graphs: Iterable[str]) -> Store:
        """A small store that has some graphs; the whole if none are named, which means all."""
        wanted = frozenset(graphs)
        return next((store for names, store in self.parts if wanted <= names), self.whole) if wanted else self.whole


def open_snapshot(path: Path, mode: str = "memory") -> Stores:
    """The stores of a snapshot: copies in memory, or the read-only files."""
    if mode == "disk":
        return Stores(Store.read_only(str(path / STORE)))
    whole = Store()
    whole.bulk_load(path=str(path / DUMP), format=RdfFormat.N_QUADS)
    manifest = stored.manifest(path)
    sizes: dict[str, int] = manifest["graphs"]
    datasets = [frozenset(names) for names in manifest.get("datasets", {}).values()]
    return Stores(
        whole,
        tuple(
            (names, _part(whole, names))
            for names in datasets
            if sum(sizes.get(name, 0) for name in names) * SMALL_PART <= manifest["quads"]
        ),
    )


def _part(whole: Store, names: frozenset[str]) -> Store:
    part = Store()
    for name in names:
        part.bulk_extend(whole.quads_for_pattern(None, None, None, NamedNode(name)))
    return part


def warm(stores: Stores) -> None:
    """Touch what every query touches, so that the first one does not pay for it."""
    answer(stores, Request("SELECT * { ?s ?p ?o } LIMIT 1", "text/csv", "urn:"))


def answer(stores: Stores, request: Request, output: IO[bytes] | None = None) -> bytes:
    """Evaluate one query and write its answer; without ``output`` it is returned, which is quicker for a small one.

    Here and nowhere else, as results may not leave their thread.
    """
    results = _evaluated(stores, request)
    if not isinstance(results, QueryTriples):
        return results.serialize(output, result_format(request.media_type)) or b""
    form = graph_format(request.media_type)
    if form == RdfFormat.TURTLE and request.prefixes:
        return serialize(results, output, form, prefixes=dict(request.prefixes)) or b""
    return results.serialize(output, form) or b""


def _evaluated(stores: Stores, request: Request) -> QueryBoolean | QuerySolutions | QueryTriples:
    named = bool(request.default_graphs or request.named_graphs)
    bound = request.substitutions
    if not (named or bound or request.own_graphs):  # as most are; every argument costs
        return stores.whole.query(request.text, base_iri=request.base, use_default_graph_as_union=True)
    store = stores.holding(request.default_graphs + request.named_graphs if named else request.own_graphs)
    return store.query(
        request.text,
        base_iri=request.base,
        substitutions={Variable(name): term(text) for name, text in bound.items()} if bound else None,
        # The protocol's dataset wins over the query's (SPARQL 1.1 Protocol, 2.1.4); without either, the union.
        use_default_graph_as_union=not named and not request.own_graphs,
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
