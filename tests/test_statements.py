"""Rows to quads by the schemas' annotations; a cell that names nothing is a fault at its place."""

import csv
import random
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions

from service.building import build as line
from service.building.statements import Statements, address, labels_of_things
from service.building.tables import Row, Table
from service.faults import DataFault, Fault
from tests.building import faults, good, project, quiet, set_cell, with_cell

SCHEMA: dict[str, Any] = {
    "class": ["shisaku:LoanRate"],
    "primaryKey": ["fund", "position"],
    "fields": [
        {"name": "fund", "type": "string", "property": "shisaku:fund", "identifier": "fund"},
        {"name": "position", "type": "integer", "property": "shisaku:position"},
        {"name": "mark", "type": "string", "property": "shisaku:mark", "scheme": "mark"},
        {"name": "rate", "type": "number", "property": "shisaku:interestRate", "unit": "%", "printed": "printed"},
        {"name": "printed", "type": "string", "property": "shisaku:printedForm", "lang": "ja"},
        {"name": "note", "type": "string"},
        {"name": "page", "type": "integer", "property": "prov:wasQuotedFrom", "identifier": "page"},
    ],
}
CELLS = {"fund": "sme", "position": "1", "mark": "新", "rate": "1.70", "printed": "1.7%", "note": "x", "page": "29"}


def table(*rows: dict[str, str], edition: str = "2024", schema: dict[str, Any] = SCHEMA) -> Table:
    numbered = tuple(Row(number, cells) for number, cells in enumerate(rows, start=2))
    return Table(edition, "rates", f"data/{edition}/rates.csv", schema, numbered)


def statements() -> Statements:
    concepts = {"mark": {"新": NamedNode("urn:mark:new")}}
    return Statements(good().vocabulary, concepts, {}, [])


def test_a_row_becomes_a_statement_of_its_edition() -> None:
    vocabulary, term = good().vocabulary, good().vocabulary.term
    made = table(CELLS)
    quads = list(statements().of(made))
    subject = vocabulary.thing("row", address(made, made.rows[0]))
    found = {(quad.predicate, quad.object) for quad in quads if quad.subject == subject}
    quantity = next(value for predicate, value in found if predicate == term("shisaku:interestRate"))
    assert found == {
        (term("rdf:type"), term("shisaku:LoanRate")),
        (term("csvw:rownum"), Literal("2", datatype=term("xsd:integer"))),
        (term("dcterms:source"), vocabulary.thing("table", "2024.rates")),
        (term("shisaku:edition"), vocabulary.thing("edition", "2024")),
        (term("shisaku:fund"), vocabulary.thing("fund", "sme")),
        (term("shisaku:position"), Literal("1", datatype=term("xsd:integer"))),
        (term("shisaku:mark"), NamedNode("urn:mark:new")),
        (term("shisaku:interestRate"), quantity),
        (term("shisaku:printedForm"), Literal("1.7%", language="ja")),
        (term("prov:wasQuotedFrom"), vocabulary.thing("page", "2024-29")),
    }
    assert {(quad.predicate, quad.object) for quad in quads if quad.subject == quantity} == {
        (term("rdf:type"), term("shisaku:Quantity")),
        (term("schema:value"), Literal("1.70", datatype=term("xsd:decimal"))),
        (term("schema:unitText"), Literal("%")),
        (term("shisaku:printedForm"), Literal("1.7%", language="ja")),
        (term("prov:wasQuotedFrom"), vocabulary.thing("page", "2024-29")),
    }
    assert {quad.graph_name for quad in quads} == {vocabulary.graph("2024")}


def test_a_row_keeps_its_identifier_when_rows_are_put_before_it_and_other_cells_change() -> None:
    alone = table(CELLS)
    later = table({**CELLS, "position": "9"}, {**CELLS, "rate": "2.0"})
    assert address(alone, alone.rows[0]) == address(later, later.rows[1]) != address(later, later.rows[0])


def test_keys_whose_cells_run_together_stay_apart() -> None:
    made = table({**CELLS, "fund": "a", "position": "11"}, {**CELLS, "fund": "a1", "position": "1"})
    assert address(made, made.rows[0]) != address(made, made.rows[1])


def test_things_have_the_identifier_of_their_slug_and_no_edition() -> None:
    schema = {"kind": "law", "class": ["eli:LegalResource"], "primaryKey": ["slug"], "fields": [{"name": "slug"}]}
    quads = list(statements().of(table({"slug": "sme-basic-act"}, edition="common", schema=schema)))
    assert {quad.subject for quad in quads} == {good().vocabulary.thing("law", "sme-basic-act")}
    assert good().vocabulary.term("shisaku:edition") not in {quad.predicate for quad in quads}


def test_a_label_that_no_concept_has_is_a_fault_with_the_labels_to_choose_from() -> None:
    turning = statements()
    list(turning.of(table({**CELLS, "mark": "新規"})))
    [fault] = turning.faults
    assert (fault.file, fault.row, fault.column, fault.rule) == ("data/2024/rates.csv", 2, "mark", "unknown-label")
    assert "新規" in fault.message.ja and "新規" in fault.message.en
    assert fault.remedy.ja.endswith(": 新") and fault.remedy.en.endswith(": 新")


@pytest.mark.parametrize("kind", ["scheme", "names"])
def test_unknown_labels_at_random_places_are_found_there(kind: str) -> None:
    draw = random.Random(7)
    columns = {(found.path, field["name"]) for found in good().tables for field in found.fields if kind in field}
    tables, expected = list(good().tables), set()
    for path, column in draw.sample(sorted(columns), 5):
        found = next(table for table in tables if table.path == path)
        row = draw.choice([row for row in found.rows if column in row.cells])
        tables = with_cell(tables, path.removeprefix("data/"), row.number, {column: "どこにもない名"})
        expected.add((path, row.number, column, "unknown-label"))
    with pytest.raises(DataFault) as caught:
        line.assemble(tables, good().settings, quiet)
    assert {(fault.file, fault.row, fault.column, fault.rule) for fault in caught.value.faults} == expected


def test_an_unknown_label_in_the_file_stops_the_check(tmp_path: Path) -> None:
    settings = project(tmp_path)
    set_cell(settings.data_dir / "2024" / "loan-funds.csv", 3, "mark", "新規")
    [fault] = faults(settings)
    assert isinstance(fault, Fault)
    assert (fault.file, fault.row, fault.column) == ("data/2024/loan-funds.csv", 3, "mark")


def test_the_labels_of_things_are_those_of_tables_with_a_kind() -> None:
    labels = labels_of_things(list(good().tables), good().vocabulary)
    kinds = {found.schema["kind"] for found in good().tables if "kind" in found.schema}
    assert set(labels) == kinds >= {"law", "programme", "organisation", "unit", "council", "plan", "fund", "event"}
    assert labels["law"]["中小企業基本法"] == good().vocabulary.thing("law", "sme-basic-act")


def test_no_two_rows_of_the_data_have_the_same_identifier() -> None:
    for found in good().tables:
        addresses = {address(found, row) for row in found.rows}
        assert len(addresses) == len(found.rows), found.path


def test_every_figure_of_the_tables_is_in_the_graph_with_its_page() -> None:
    """The files read by the csv module alone, against a query: the same figures at the same rows."""
    data, vocabulary = good().settings.data_dir, good().vocabulary
    expected = set()
    for found in good().tables:
        properties = {
            field["name"]: vocabulary.term(field["property"]).value for field in found.fields if "unit" in field
        }
        with (data / found.path.removeprefix("data/")).open(encoding="utf-8-sig", newline="") as file:
            for number, cells in enumerate(csv.DictReader(file), start=2):
                figures = {column: cells[column].strip() for column in properties if cells[column].strip()}
                for column, text in figures.items():
                    expected.add((found.path, number, properties[column], Decimal(text), int(cells["page"])))
    assert len(expected) > 900
    assert set(figures_of_the_graph()) == expected


def figures_of_the_graph() -> Iterator[tuple[str, int, str, Decimal, int]]:
    query = """
    PREFIX csvw: <http://www.w3.org/ns/csvw#> PREFIX dcterms: <http://purl.org/dc/terms/>
    PREFIX schema: <https://schema.org/> PREFIX prov: <http://www.w3.org/ns/prov#>
    PREFIX shisaku: <https://shisaku.example/ns#>
    SELECT ?file ?row ?property ?value ?page {
      ?quantity a shisaku:Quantity ; schema:value ?value ; prov:wasQuotedFrom/shisaku:pageNumber ?page .
      ?subject ?property ?quantity ; csvw:rownum ?row ; dcterms:source/csvw:url ?file .
    }"""
    solutions = good().store.query(query, use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    for found in solutions:
        file, row, name, value, page = (found[place].value for place in ("file", "row", "property", "value", "page"))
        yield file, int(row), name, Decimal(value), int(page)
