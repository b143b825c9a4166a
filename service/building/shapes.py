"""Shapes: the quads of a build and shapes/*.ttl → nothing, or the SHACL results as faults at file, row and column."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pyshacl
from pyoxigraph import BlankNode, Literal, NamedNode, Store, Triple
from pyshacl.graph_abstraction import OxigraphDataGraph
from rdflib import SH, Graph, URIRef
from rdflib.term import Node

from service.building.tables import Table
from service.faults import Fault, Text
from service.vocabulary import Vocabulary

REMEDY = Text(
    "メッセージの条件を満たすように、その行を直してください", "correct the row so that it meets the condition"
)
Place = tuple[str, int | None]
Subject = NamedNode | BlankNode | Triple


def read_shapes(shapes_dir: Path, vocabulary: Vocabulary) -> Graph:
    """All shapes as one graph; raises FileNotFoundError when the folder holds none."""
    paths = sorted(shapes_dir.glob("*.ttl"))
    if not paths:
        raise FileNotFoundError(f"no shapes in {shapes_dir}")
    graph = Graph()
    for path in paths:
        graph.parse(data=vocabulary.read(path), format="turtle")
    return graph


def apart(shapes: Graph) -> Graph:
    """The same shapes with each property shape aimed at the class itself instead of hanging on the class's shape.

    By the specification both say the same; pySHACL looks up a hanging shape again for every node of the class, and an
    aimed one once: 1.1 s instead of 5.1 s of processor over the whole booklet.
    """
    aimed = Graph()
    aimed += shapes
    for shape, target in shapes.subject_objects(SH.targetClass):
        for constraint in shapes.objects(shape, SH.property):
            aimed.add((constraint, SH.targetClass, target))
            aimed.remove((shape, SH.property, constraint))
    return aimed


class Quads(OxigraphDataGraph):
    """A store as pySHACL sees it. pySHACL asks a few times for each result whether there are data, by counting all of them; there are."""

    def __bool__(self) -> bool:
        return True


def violations(store: Store, shapes: Graph, tables: list[Table], vocabulary: Vocabulary) -> Iterator[Fault]:
    """A fault for each SHACL result of severity sh:Violation."""
    conforms, report, _ = pyshacl.validate(Quads(store), shacl_graph=apart(shapes), allow_warnings=True, inplace=True)
    if conforms:
        return
    if not isinstance(report, Graph):
        raise TypeError(f"no validation report: {report!r}")
    places = Places(store, vocabulary)
    columns = property_columns(tables, vocabulary)
    for result in report.subjects(SH.resultSeverity, SH.Violation):
        focus, path = report.value(result, SH.focusNode), report.value(result, SH.resultPath)
        file, row = places.of(focus)
        shape = str(report.value(result, SH.sourceConstraintComponent)).rpartition("#")[2]
        column = columns.get((file, str(path))) if path is not None else None
        yield Fault(file, row, column, shape, messages(report, result, focus), REMEDY)


def messages(report: Graph, result: Node, focus: Node | None) -> Text:
    """The result's message in both languages, with the value that broke the rule."""
    found = {getattr(m, "language", None): str(m) for m in report.objects(result, SH.resultMessage)}
    value = report.value(result, SH.value)
    shown = f" ({value})" if value is not None else f" ({focus})"
    fallback = next(iter(found.values()), "")
    return Text(found.get("ja", fallback) + shown, found.get("en", fallback) + shown)


def property_columns(tables: list[Table], vocabulary: Vocabulary) -> Mapping[tuple[str, str], str]:
    """(file, property IRI) → column, from the schemas' annotations."""
    return {
        (table.path, vocabulary.term(field["property"]).value): field["name"]
        for table in tables
        for field in table.fields
        if "property" in field
    }


class Places:
    """Finds the file and row that a node comes from: its own, or those of the row that has it as a value."""

    def __init__(self, store: Store, vocabulary: Vocabulary) -> None:
        self.store = store
        self.prefix = vocabulary.thing("table", "").value
        self.rownum, self.source = vocabulary.term("csvw:rownum"), vocabulary.term("dcterms:source")

    def of(self, focus: Node | None) -> Place:
        """(file, row) of a focus node; ("data", None) when nothing of a table leads to it."""
        if not isinstance(focus, URIRef):
            return "data", None
        node = NamedNode(str(focus))
        owners = (quad.subject for quad in self.store.quads_for_pattern(None, None, node, None))
        for candidate in (node, *owners):
            number, table = self.value(candidate, self.rownum), self.value(candidate, self.source)
            if number and table:
                return self.file(table), int(number)
        return "data", None

    def value(self, subject: Subject, predicate: NamedNode) -> str | None:
        """The first value of a property, as text."""
        for quad in self.store.quads_for_pattern(subject, predicate, None, None):
            if isinstance(quad.object, NamedNode | Literal):
                return quad.object.value
        return None

    def file(self, table: str) -> str:
        """``…/id/table/2024.loan-rates`` → ``data/2024/loan-rates.csv``."""
        edition, _, name = table.removeprefix(self.prefix).partition(".")
        return f"data/{edition}/{name}.csv"
