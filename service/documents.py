"""A snapshot's store to the documents that people search: one per thing, with its names, readings, text and telephone numbers."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from service.vocabulary import CANONICAL_BASE

QUERIES = Path(__file__).parents[1] / "queries" / "search"
FACETS = ("pillar", "section")


@dataclass
class Document:
    """What is findable of one thing."""

    thing: str
    kind: str
    label_ja: str = ""
    label_en: str = ""
    names: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    facets: set[tuple[str, str, str]] = field(default_factory=set)


def documents(store: Store) -> list[Document]:
    """All documents of a store, things with a page only."""
    base = base_of(store)
    found: dict[str, Document] = {}
    for thing, role, text, lang in rows(store, "texts", base):
        kind = thing.removeprefix(f"{base}id/").partition("/")[0]
        document = found.setdefault(thing, Document(thing, kind))
        place(document, role, text, lang)
    for thing, facet, label_ja, label_en in rows(store, "facets", base):
        if thing in found:
            found[thing].facets.add((facet, label_ja, label_en or label_ja))
    return [document for document in found.values() if document.label_ja]


def place(document: Document, role: str, text: str, lang: str) -> None:
    """Put one text where it is searched."""
    if role == "label":
        if lang == "ja":
            document.label_ja = text
        elif lang == "en":
            document.label_en = text
        document.names.append(text)
    elif role == "name":
        document.names.append(text)
    elif role == "number":
        document.numbers.append(text)
    else:
        document.texts.append(text)


def rows(store: Store, name: str, base: str) -> Iterator[tuple[str, str, str, str]]:
    """The rows of a query of queries/search: four texts each."""
    text = (QUERIES / f"{name}.rq").read_text("utf-8").replace(CANONICAL_BASE, base)
    solutions = store.query(text, use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    for solution in solutions:
        cells = [term.value if isinstance(term, NamedNode | Literal) else "" for term in solution]
        yield cells[0], cells[1], cells[2], cells[3]


def base_of(store: Store) -> str:
    """The base IRI that the store was built with, read off the name of its ontology's graph."""
    names = [graph.value for graph in store.named_graphs() if isinstance(graph, NamedNode)]
    return next(
        (name.removesuffix("graph/ontology") for name in names if name.endswith("graph/ontology")), CANONICAL_BASE
    )
