"""Outside identifiers: what they become in the graph, that id and number of a law agree, and which wrong ones stop a build."""

import csv
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from service.building.checks import broken_rules
from service.building.constructs import construct
from service.building.shapes import read_shapes, violations
from service.faults import Fault
from tests.building import ROOT, good

ERAS = {"1": "明治", "2": "大正", "3": "昭和", "4": "平成", "5": "令和"}
DIGITS = {"元": 1, **{digit: number for number, digit in enumerate("一二三四五六七八九", start=1)}}


def number(text: str) -> int:
    """百五十四 → 154."""
    total, last = 0, 0
    for sign in text:
        if sign in "十百":
            total, last = total + max(last, 1) * (10 if sign == "十" else 100), 0
        else:
            last = DIGITS[sign]
    return total + last


def cells() -> list[dict[str, str]]:
    with (ROOT / "data" / "common" / "identifiers.csv").open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def values(store: Store, subject: str, curie: str) -> set[str]:
    base, term = good().vocabulary.base, good().vocabulary.term(curie)
    return {quad.object.value for quad in store.quads_for_pattern(NamedNode(base + subject), term, None)}  # type: ignore[union-attr]


def with_identifier(kind: str, slug: str, scheme: str, text: str) -> Store:
    """The project's graph with one more row of the table, linked as the mapping links it."""
    vocabulary = good().vocabulary
    store = Store()
    store.extend(good().store)
    row = vocabulary.thing("row", "common.identifiers.added")
    told = {
        "rdf:type": vocabulary.term("shisaku:OutsideIdentifier"),
        "shisaku:targetKind": Literal(kind),
        "shisaku:targetSlug": Literal(slug),
        "shisaku:identifierScheme": vocabulary.thing("identifier-scheme", scheme),
        "skos:notation": Literal(text),
        "shisaku:nameInSource": Literal("山口市"),
        "prov:hadPrimarySource": NamedNode("https://example.org/list.csv"),
        "shisaku:lookedUp": Literal("2026-11-25", datatype=vocabulary.term("xsd:date")),
        "csvw:rownum": Literal(2),
        "dcterms:source": vocabulary.thing("table", "common.identifiers"),
    }
    store.extend(Quad(row, vocabulary.term(curie), value, vocabulary.graph("common")) for curie, value in told.items())
    store.extend(construct(store, mapping(), vocabulary, "2024", "2024"))
    return store


def mapping() -> Path:
    return ROOT / "data" / "mappings" / "identifiers.rq"


def rules(store: Store) -> set[str]:
    """The names of the checks that find something."""
    return {fault.rule for fault in broken_rules(store, ROOT / "shapes" / "checks", good().vocabulary, ["2024"])}


@cache
def own_shape_faults() -> tuple[Fault, ...]:
    """What SHACL says of a row whose thing does not exist and whose value is of no known form."""
    store = with_identifier("place", "atlantis", "wikidata", "Q0127264")
    return tuple(
        violations(store, read_shapes(ROOT / "shapes", good().vocabulary), list(good().tables), good().vocabulary)
    )


def test_numerals() -> None:
    assert [number(text) for text in ("元", "十", "十八", "百五十四", "二百六十四", "百一")] == [
        1,
        10,
        18,
        154,
        264,
        101,
    ]


def test_id_and_number_of_a_law_come_from_the_source_and_agree() -> None:
    found = {(row["slug"], row["scheme"]): row["identifier"] for row in cells() if row["kind"] == "law"}
    slugs = {slug for slug, _ in found}
    assert len(slugs) == 25
    for slug in slugs:
        identifier, printed = found[slug, "e-Gov法令ID"], found[slug, "法令番号"]
        year, _, count = printed[2:].removesuffix("号").partition("年法律第")
        assert identifier[0] in ERAS and printed.startswith(ERAS[identifier[0]])
        assert (int(identifier[1:3]), int(identifier[-9:])) == (number(year), number(count)), slug


def test_a_law_and_a_place_lead_outside() -> None:
    store = good().store
    assert values(store, "id/law/sme-basic-act", "eli:id_local") == {"338AC0000000154"}
    assert values(store, "id/law/sme-basic-act", "foaf:page") == {"https://laws.e-gov.go.jp/law/338AC0000000154"}
    assert len(values(store, "id/law/sme-basic-act", "adms:identifier")) == 2
    assert values(store, "id/place/yamaguchi-prefecture", "skos:exactMatch") == {
        "http://www.wikidata.org/entity/Q127264",
        "http://data.e-stat.go.jp/lod/sac/C35000",
    }


def test_a_corporate_number_leads_to_its_record() -> None:
    store = with_identifier("organisation", "yamaguchi-city", "corporate-number", "7000012050002")
    assert values(store, "id/organisation/yamaguchi-city", "rdfs:seeAlso") == {
        "http://hojin-info.go.jp/data/basic/7000012050002"
    }
    assert not rules(store)


def test_addresses_of_the_prefecture_lie_in_its_municipalities() -> None:
    query = """PREFIX schema: <https://schema.org/> PREFIX dcterms: <http://purl.org/dc/terms/>
        SELECT ?address (COUNT(DISTINCT ?place) AS ?places) WHERE { ?entry schema:address ?address OPTIONAL { ?entry dcterms:spatial ?place } }
        GROUP BY ?entry ?address"""
    solutions = good().store.query(query, use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    found = [(row["address"].value, int(row["places"].value)) for row in solutions]
    assert len(found) > 90 and max(places for _, places in found) == 1
    assert sorted(address[:3] for address, places in found if places == 0) == ["大阪市", "広島市"]


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (("place", "yamaguchi-city", "local-government-code", "352038"), "local-government-code-digit"),
        (("organisation", "yamaguchi-city", "corporate-number", "7000012050003"), "corporate-number-digit"),
        (("organisation", "yamaguchi-city", "corporate-number", "352039"), "identifier-forms"),
        (("place", "yamaguchi-city", "corporate-number", "7000012050002"), "identifier-forms"),
        (("place", "yamaguchi-city", "law-number", "昭和38年法律第154号"), "identifier-forms"),
        (("place", "ube-city", "local-government-code", "352039"), "identifier-names"),
    ],
)
def test_a_wrong_identifier_breaks_a_rule(row: tuple[str, str, str, str], rule: str) -> None:
    assert rule in rules(with_identifier(*row))


def test_a_right_one_breaks_none() -> None:
    assert not rules(with_identifier("place", "yamaguchi-city", "wikidata", "Q1"))


def test_a_row_about_nothing_is_told_by_file_and_row() -> None:
    told = {(fault.file, fault.row, fault.rule) for fault in own_shape_faults()}
    assert ("data/common/identifiers.csv", 2, "MinCountConstraintComponent") in told
    assert ("data/common/identifiers.csv", 2, "PatternConstraintComponent") in told
