"""Statements: typed rows → RDF, by the annotations in each table's schema.

Beside the standard keys of a Table Schema, ours say what a row and its cells mean:

table ``kind``        the rows are things that outlive the edition: ``slug`` makes ``…/id/{kind}/{slug}``; without it a
                      row is a statement of its edition and its identifier comes from its key: it survives inserted rows
table ``class``       the classes of the thing or statement
field ``property``    the property that carries the cell; a field without it is not published by itself
field ``identifier``  the cell names a thing of that kind (for ``page``, the page of this edition)
field ``scheme``      the cell is the Japanese label of a concept in that SKOS scheme
field ``names``       the cell is the Japanese label of a thing of that kind
field ``unit``        the cell is a figure: it becomes a quantity with value, unit, page and printed form
field ``printed``     the column that holds the printed form of that figure (the cell itself without it)
field ``lang``        the language of the text
field ``format``      ``uri``: the cell is an address, and names what is there
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad

from service.building.tables import Row, Table
from service.faults import Fault, Text
from service.vocabulary import Vocabulary

COMMON = "common"
DATATYPES = {
    "integer": "xsd:integer",
    "number": "xsd:decimal",
    "boolean": "xsd:boolean",
    "yearmonth": "xsd:gYearMonth",
    "year": "xsd:gYear",
    "date": "xsd:date",
}
Labels = Mapping[str, Mapping[str, NamedNode]]  # scheme, or kind of thing → Japanese label → concept or thing


@dataclass(frozen=True)
class Statements:
    """Turns tables into quads; collects the cells that name no concept and no thing as ``faults``."""

    vocabulary: Vocabulary
    concepts: Labels
    things: Labels
    faults: list[Fault]

    def of(self, table: Table) -> Iterator[Quad]:
        """All quads of one table, in its edition's graph."""
        graph = self.vocabulary.graph(table.edition)
        for row in table.rows if table.schema["class"] else ():  # a table without a class is only for the checks
            for subject, curie, value in self.row(table, row):
                yield Quad(subject, self.vocabulary.term(curie), value, graph)

    def row(self, table: Table, row: Row) -> Iterator[tuple[NamedNode, str, NamedNode | Literal]]:
        """The triples of one row: types, place in the table, and each annotated cell."""
        subject = self.subject(table, row)
        for curie in table.schema["class"]:
            yield subject, "rdf:type", self.vocabulary.term(curie)
        yield subject, "csvw:rownum", self.literal("integer", str(row.number))
        yield subject, "dcterms:source", self.vocabulary.thing("table", f"{table.edition}.{table.name}")
        if table.edition != COMMON:
            yield subject, "shisaku:edition", self.vocabulary.thing("edition", table.edition)
        for field in table.fields:
            cell = row.cells.get(field["name"])
            if cell is not None and "property" in field:
                yield from self.cell(table, row, field, subject)

    def cell(
        self, table: Table, row: Row, field: Mapping[str, str], subject: NamedNode
    ) -> Iterator[tuple[NamedNode, str, NamedNode | Literal]]:
        """The triples of one annotated cell."""
        text = row.cells[field["name"]]
        if "unit" in field:
            quantity = self.vocabulary.thing("quantity", f"{address(table, row)}.{field['name'].replace('_', '-')}")
            yield subject, field["property"], quantity
            yield quantity, "rdf:type", self.vocabulary.term("shisaku:Quantity")
            yield quantity, "schema:value", self.literal(field["type"], text)
            yield quantity, "schema:unitText", Literal(field["unit"])
            yield quantity, "shisaku:printedForm", Literal(row.cells.get(field.get("printed", ""), text), language="ja")
            if "page" in row.cells:
                yield quantity, "prov:wasQuotedFrom", self.page(table, row.cells["page"])
            return
        value = self.value(table, row, field, text)
        if value is not None:
            yield subject, field["property"], value

    def value(self, table: Table, row: Row, field: Mapping[str, str], text: str) -> NamedNode | Literal | None:
        """The term that a cell stands for, or None (and a fault) where it names nothing."""
        if field.get("identifier") == "page":
            return self.page(table, text)
        if "identifier" in field:
            return self.vocabulary.thing(field["identifier"], text)
        if "scheme" in field:
            return self.named(table, row, field, self.concepts.get(field["scheme"], {}))
        if "names" in field:
            return self.named(table, row, field, self.things.get(field["names"], {}))
        if field.get("format") == "uri":
            return NamedNode(text)
        if "lang" in field:
            return Literal(text, language=field["lang"])
        return self.literal(field["type"], text)

    def named(
        self, table: Table, row: Row, field: Mapping[str, str], labels: Mapping[str, NamedNode]
    ) -> NamedNode | None:
        """What the cell's label names; a fault with the labels to choose from if it names nothing."""
        text = row.cells[field["name"]]
        if text in labels:
            return labels[text]
        choices, among = "、".join(labels), field.get("scheme") or field["names"]
        message = Text(f"「{text}」は{among}の名称にありません", f"'{text}' is no label of {among}")
        remedy = Text(f"次から選んでください: {choices}", f"choose one of: {choices}")
        self.faults.append(Fault(table.path, row.number, field["name"], "unknown-label", message, remedy))
        return None

    def subject(self, table: Table, row: Row) -> NamedNode:
        """The identifier of the thing or statement that a row describes."""
        if "kind" in table.schema:
            return self.vocabulary.thing(table.schema["kind"], row.cells["slug"])
        return self.vocabulary.thing("row", address(table, row))

    def page(self, table: Table, number: str) -> NamedNode:
        """The page of the booklet's edition."""
        return self.vocabulary.thing("page", f"{table.edition}-{int(number)}")

    def literal(self, kind: str, text: str) -> Literal:
        """A literal of the field's type."""
        return Literal(text, datatype=self.vocabulary.term(DATATYPES[kind])) if kind in DATATYPES else Literal(text)


def address(table: Table, row: Row) -> str:
    """``{edition}.{table}.{digest of the key}``: survives inserted rows and other columns' changes."""
    key = "\x1f".join(row.cells.get(column, "") for column in table.key)
    return f"{table.edition}.{table.name}.{hashlib.sha256(key.encode()).hexdigest()[:12]}"


def labels_of_things(tables: list[Table], vocabulary: Vocabulary) -> Labels:
    """Kind → Japanese label → identifier, from the tables whose rows are things."""
    found: dict[str, dict[str, NamedNode]] = {}
    for table in tables:
        if "kind" in table.schema:
            labels = found.setdefault(table.schema["kind"], {})
            for row in table.rows:
                labels.setdefault(row.cells["label"], vocabulary.thing(table.schema["kind"], row.cells["slug"]))
    return found
