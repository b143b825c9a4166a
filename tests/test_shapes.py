"""Shapes to results: each fixture gives what its first line says, and a broken row is told by file, row and column."""

import random
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pyshacl
import pytest
from rdflib import RDF, SH, Graph, Literal, URIRef
from rdflib.term import Node

from service.building import build as line
from service.building.shapes import Places, apart, property_columns, read_shapes, violations
from service.building.tables import Table
from tests.building import ROOT, good, quiet, with_cell

SHAPES = sorted((ROOT / "shapes").glob("*.ttl"))
FIXTURES = sorted((ROOT / "tests" / "shapes").glob("*/*.ttl"))
INVALID = [path for path in FIXTURES if path.name.startswith("invalid.")]
EXPECT = re.compile(r"^# expect: (.+)$")
Result = tuple[str, str]


@cache
def shape_graph(name: str) -> Graph:
    return Graph().parse(ROOT / "shapes" / f"{name}.ttl")


def results(data: Graph, shapes: Graph) -> list[Result]:
    """(component, path) of each result."""
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes)
    assert isinstance(report, Graph)
    found = []
    for result in report.subjects(RDF.type, SH.ValidationResult):
        path = report.value(result, SH.resultPath)
        component = report.value(result, SH.sourceConstraintComponent)
        found.append((str(component), "" if path is None else str(path)))
    return sorted(found)


def expected(text: str) -> list[Result]:
    """What the ``# expect:`` lines at the top of a fixture say, prefixes written out."""
    found = []
    for record in text.splitlines():
        match = EXPECT.match(record)
        if match is None:
            break
        if match[1] != "nothing":
            component, _, path = match[1].partition(" ")
            found.append((good().vocabulary.term(component).value, good().vocabulary.term(path).value if path else ""))
    return sorted(found)


def test_every_shape_has_its_folder_of_fixtures_and_every_folder_its_shape() -> None:
    assert len(SHAPES) > 50
    assert {path.parent.name for path in FIXTURES} == {path.stem for path in SHAPES}
    for shape in SHAPES:
        names = {path.name.partition(".")[0] for path in FIXTURES if path.parent.name == shape.stem}
        assert names == {"valid", "invalid"}, shape.stem
        assert (ROOT / "tests" / "shapes" / shape.stem / "valid.ttl").exists()


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_fixture_gives_exactly_the_expected_results(path: Path) -> None:
    text = path.read_text("utf-8")
    assert EXPECT.match(text.partition("\n")[0]), "the first line says what to expect"
    assert (expected(text) == []) == path.name.startswith("valid")
    assert results(Graph().parse(data=text, format="turtle"), shape_graph(path.parent.name)) == expected(text)


@pytest.mark.parametrize("path", INVALID, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_an_invalid_fixture_is_the_valid_one_with_one_line_off(path: Path) -> None:
    valid = (path.parent / "valid.ttl").read_text("utf-8").splitlines()
    invalid = path.read_text("utf-8").splitlines()
    assert len(valid) == len(invalid)
    [(before, after)] = [(a, b) for a, b in zip(valid[1:], invalid[1:], strict=True) if a != b]
    assert after == f"# {before}"


@pytest.mark.parametrize("path", SHAPES, ids=lambda path: path.stem)
def test_every_message_stands_in_both_languages(path: Path) -> None:
    graph = shape_graph(path.stem)
    told = set(graph.subjects(SH.message))
    constraints = set(graph.objects(None, SH.property)) | set(graph.objects(None, SH.sparql))
    assert constraints and constraints <= told
    for subject in told:
        messages = [found for found in graph.objects(subject, SH.message) if isinstance(found, Literal)]
        assert sorted(str(found.language) for found in messages) == ["en", "ja"]
        assert all(str(found).strip() for found in messages)
    assert set(graph.objects(None, SH.severity)) <= {SH.Violation}


@pytest.mark.parametrize("path", SHAPES, ids=lambda path: path.stem)
def test_each_needed_property_is_missed_when_it_is_taken_away(path: Path) -> None:
    shapes = shape_graph(path.stem)
    valid = Graph().parse(ROOT / "tests" / "shapes" / path.stem / "valid.ttl")
    tried = 0
    for target, needed in needed_properties(shapes):
        for focus in set(valid.subjects(RDF.type, target)):
            less = Graph()
            less += valid
            less.remove((focus, needed, None))
            assert (str(SH.MinCountConstraintComponent), str(needed)) in results(less, shapes)
            tried += 1
    assert tried or not list(needed_properties(shapes))


def needed_properties(shapes: Graph) -> Iterator[tuple[Node, URIRef]]:
    """(target class, path) of each property shape with a minimum."""
    for shape, target in shapes.subject_objects(SH.targetClass):
        for constraint in shapes.objects(shape, SH.property):
            found = shapes.value(constraint, SH.path)
            if isinstance(found, URIRef) and shapes.value(constraint, SH.minCount) is not None:
                yield target, found


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_property_shapes_aimed_at_the_class_give_the_same_results(path: Path) -> None:
    data, shapes = Graph().parse(path), shape_graph(path.parent.name)
    assert set(apart(shapes).objects(None, SH.property)) == set()
    assert results(data, apart(shapes)) == results(data, shapes)


def test_every_class_of_ours_that_a_table_makes_has_a_shape() -> None:
    shapes = read_shapes(ROOT / "shapes", good().vocabulary)
    targets = {str(target) for target in shapes.objects(None, SH.targetClass)}
    term = good().vocabulary.term
    made = {
        tuple(sorted(term(curie).value for curie in table.schema["class"]))
        for table in good().tables
        if table.schema["class"]
    }
    assert [classes for classes in made if not targets & set(classes)] == []


def test_the_data_as_it_stands_breaks_no_shape_nor_check() -> None:
    line.validate(good().store, good().settings, list(good().tables), quiet)


def test_no_shapes_at_all_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_shapes(tmp_path, good().vocabulary)


def test_broken_rows_at_random_places_are_told_by_file_row_and_column() -> None:
    tables, broken = list(good().tables), set()
    for table, row, column in drawn(random.Random(11), 12):
        tables = with_cell(tables, table.path.removeprefix("data/"), row, {column: None})
        broken.add((table.path, row, column))
    store = line.assemble(tables, good().settings, quiet)
    shapes = read_shapes(ROOT / "shapes", good().vocabulary)
    found = list(violations(store, shapes, tables, good().vocabulary))
    assert {(fault.file, fault.row, fault.column) for fault in found} == broken
    assert {fault.rule for fault in found} == {"MinCountConstraintComponent"}
    assert all(fault.message.ja != fault.message.en and fault.remedy.ja for fault in found)


def drawn(draw: random.Random, count: int) -> Iterator[tuple[Table, int, str]]:
    """Cells of as many tables that a shape needs and no second column could stand in for; not keys, not pages."""
    shapes = read_shapes(ROOT / "shapes", good().vocabulary)
    needed = {(str(target), str(path)) for target, path in needed_properties(shapes)}
    term, candidates = good().vocabulary.term, []
    for table in good().tables:
        classes = [term(curie).value for curie in table.schema["class"]]
        shared = Counter(field.get("property") for field in table.fields)
        fields = [f for f in table.fields if f["name"] not in {*table.key, "page"} and shared[f.get("property")] == 1]
        columns = [
            f["name"]
            for f in fields
            if "property" in f and any((c, term(f["property"]).value) in needed for c in classes)
        ]
        if columns and "kind" not in table.schema:
            candidates.append((table, columns))
    for table, columns in draw.sample(candidates, count):
        column = draw.choice(columns)
        yield table, draw.choice([row.number for row in table.rows if column in row.cells]), column


def test_a_node_that_no_row_leads_to_has_no_place() -> None:
    places = Places(good().store, good().vocabulary)
    assert places.of(URIRef("urn:nobody")) == ("data", None)
    assert places.of(None) == ("data", None)


def test_a_quantity_has_the_place_of_its_row() -> None:
    table = good().table("2024/budget.csv")
    places = Places(good().store, good().vocabulary)
    quantities = [
        quad.object
        for quad in good().store.quads_for_pattern(None, good().vocabulary.term("shisaku:amount"), None, None)
    ]
    found = {places.of(URIRef(quantity.value)) for quantity in quantities if not isinstance(quantity, str)}
    assert {(table.path, row.number) for row in table.rows} <= found


def test_columns_are_known_by_table_and_property() -> None:
    columns = property_columns(list(good().tables), good().vocabulary)
    amount = good().vocabulary.term("shisaku:amount").value
    assert columns["data/2024/budget.csv", amount] == "amount_yen"
