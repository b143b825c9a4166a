"""Checks: shapes/checks/*.rq over the quads of a build → faults; what sums, pages and phones must agree on.

Each file is a SELECT that returns the rows that break one rule: ``?row`` (a statement), ``?found`` and ``?expected``;
the header gives its message. A documented exception is a row of ``check-exceptions.csv``, which the query itself leaves out.
"""

from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import QuerySolutions, Store
from rdflib import URIRef

from service.catalogue import header
from service.faults import Fault, Text
from service.shapes import Places
from service.vocabulary import Vocabulary


def broken_rules(store: Store, folder: Path, vocabulary: Vocabulary) -> Iterator[Fault]:
    """A fault for each row that a check returns."""
    places = Places(store, vocabulary)
    for path in sorted(folder.glob("*.rq")):
        text = vocabulary.read(path)
        about = header(text)
        solutions = store.query(text, use_default_graph_as_union=True)
        if not isinstance(solutions, QuerySolutions):
            raise TypeError(f"{path.name} is no SELECT")
        for solution in solutions:
            file, row = places.of(URIRef(solution["row"].value))
            found, expected = solution["found"], solution["expected"]
            shown = f" ({found.value if found else '-'} ≠ {expected.value if expected else '-'})"
            message = Text(about["summary"]["ja"] + shown, about["summary"]["en"] + shown)
            yield Fault(
                file, row, about.get("column"), path.stem, message, Text(about["remedy"]["ja"], about["remedy"]["en"])
            )
