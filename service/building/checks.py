"""Checks: shapes/checks/*.rq over the quads of a build → faults; what sums, pages and phones must agree on.

Each file is a SELECT that returns the rows that break one rule: ``?row`` (a statement), ``?found`` and ``?expected``;
the header gives its message. A documented exception is a row of ``check-exceptions.csv``, which the query itself leaves out.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pyoxigraph import QuerySolution, QuerySolutions, Store
from rdflib import URIRef

from service.building.constructs import edition_graphs
from service.building.shapes import Places
from service.catalogue import header
from service.faults import Fault, Text
from service.vocabulary import Vocabulary


def broken_rules(store: Store, folder: Path, vocabulary: Vocabulary, editions: Iterable[str]) -> Iterator[Fault]:
    """A fault for each row that one of the checks returns."""
    chosen = list(editions)
    for path in sorted(folder.glob("*.rq")):
        yield from broken_rule(store, path, vocabulary, chosen)


def broken_rule(store: Store, path: Path, vocabulary: Vocabulary, editions: Iterable[str]) -> Iterator[Fault]:
    """A fault for each row that a check returns; each edition is checked by itself, as it must agree with itself."""
    text, places = vocabulary.read(path), Places(store, vocabulary)
    for edition in editions:
        solutions = store.query(text, default_graph=edition_graphs(vocabulary, edition))
        if not isinstance(solutions, QuerySolutions):
            raise TypeError(f"{path.name} is no SELECT")
        for solution in solutions:
            yield fault(solution, path.stem, header(text), places)


def fault(solution: QuerySolution, rule: str, about: Mapping[str, Any], places: Places) -> Fault:
    """One row of a check as a fault at its place in the tables."""
    file, row = places.of(URIRef(solution["row"].value))
    found, expected = solution["found"], solution["expected"]
    shown = f" ({found.value if found else '-'} ≠ {expected.value if expected else '-'})"
    message = Text(about["summary"]["ja"] + shown, about["summary"]["en"] + shown)
    return Fault(file, row, about.get("column"), rule, message, Text(about["remedy"]["ja"], about["remedy"]["en"]))
