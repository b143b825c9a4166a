"""Constructs: CONSTRUCT queries of the project over the quads so far → the quads that they add.

``data/mappings`` restates rows in standard vocabularies (what was said, in its own graph); ``shapes/rules`` derives
what follows from what was said (graph ``{edition}-derived``).
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, QueryTriples, Store

from service.vocabulary import Vocabulary


class NothingConstructed(Exception):
    """A query of the project made no triple: its pattern no longer fits the data."""


def edition_graphs(vocabulary: Vocabulary, edition: str) -> list[NamedNode | BlankNode | DefaultGraph]:
    """An edition with all that is common: what a query about that edition sees."""
    return [vocabulary.graph(name) for name in edition_parts(edition)]


def edition_parts(edition: str) -> tuple[str, ...]:
    """The names of the graphs that are everything about one edition."""
    return ("ontology", "common", edition, f"{edition}-derived")


def construct(store: Store, path: Path, vocabulary: Vocabulary, edition: str, target: str) -> list[Quad]:
    """Run one file over an edition with all that is common; its triples as quads of graph ``target``.

    Raises NothingConstructed when there is none, SyntaxError when the file is no SPARQL.
    """
    triples = store.query(vocabulary.read(path), default_graph=edition_graphs(vocabulary, edition))
    if not isinstance(triples, QueryTriples):
        raise TypeError(f"{path.name} is no CONSTRUCT")
    quads = [Quad(t.subject, t.predicate, t.object, vocabulary.graph(target)) for t in triples]
    if not quads:
        raise NothingConstructed(f"{path.name} made no triple for {edition}")
    return quads


def constructs(store: Store, folder: Path, vocabulary: Vocabulary, edition: str, target: str) -> Iterator[Quad]:
    """Run all files of a folder in the order of their names, each seeing what the ones before it made."""
    for path in sorted(folder.glob("*.rq")):
        quads: Iterable[Quad] = construct(store, path, vocabulary, edition, target)
        store.extend(quads)
        yield from quads
