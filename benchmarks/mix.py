"""The questions that are asked: stored questions of the project, look-ups of one thing, and many small ones for load."""

import random
import re
from dataclasses import dataclass
from pathlib import Path

from service.catalogue import HEADER, bind_terms, load, texts
from service.settings import Settings
from service.vocabulary import Vocabulary

STORED = {
    "sme-check": {"industry": "小売業", "employees": "60", "capital_yen": "40000000"},
    "supports-for": {"purpose": "創業"},
    "organisation": {"label": "信用保証協会"},
    "law": {"label": "中小企業基本法"},
    "events-between": {"from": "2014-04", "to": "2015-03"},
    "funds-by-rate": {"maximum_percent": "1.5"},
    "program-search": {"text": "創業"},
    "programs-by-section": {"section": "経営金融課"},
    "councils": {},
    "subsidies": {},
    "programs": {},
    "budget": {},
}
PREFIXES = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX schema: <https://schema.org/>
PREFIX prov: <http://www.w3.org/ns/prov#> PREFIX dcterms: <http://purl.org/dc/terms/> PREFIX shisaku: <https://shisaku.example/ns#>
"""
# What a page, a form or a script asks of one thing: by kind of thing, with the thing as %s.
SMALL = {
    "programme": (
        "SELECT ?amount ?page { ?entry shisaku:programme %s ; shisaku:amount/schema:value ?amount ; "
        "prov:wasQuotedFrom/shisaku:pageNumber ?page }",
        "SELECT ?section ?unit ?phone { ?line a shisaku:ProgrammeContact ; shisaku:programme %s ; schema:telephone ?phone "
        "OPTIONAL { ?line shisaku:sectionName ?section } OPTIONAL { ?line shisaku:unitName ?unit } }",
        "SELECT ?name ?tier ?cap { ?terms a shisaku:SubsidyTerms ; shisaku:programme %s ; dcterms:title ?name "
        "OPTIONAL { ?terms shisaku:tier ?tier } OPTIONAL { ?terms shisaku:cap/schema:value ?cap } } ORDER BY ?name",
    ),
    "fund": (
        "SELECT ?term ?rate ?page { ?entry a shisaku:LoanRate ; shisaku:fund %s ; shisaku:interestRate/schema:value ?rate ; "
        "prov:wasQuotedFrom/shisaku:pageNumber ?page OPTIONAL { ?entry shisaku:term ?term } } ORDER BY ?rate",
    ),
    "organisation": (
        "SELECT ?person ?page { ?holder a shisaku:OfficeHolder ; shisaku:organisation %s ; shisaku:personPrinted ?person ; "
        "prov:wasQuotedFrom/shisaku:pageNumber ?page }",
        "SELECT ?phone ?use { ?line a shisaku:OrganisationPhone ; shisaku:organisation %s ; schema:telephone ?phone "
        "OPTIONAL { ?line shisaku:use ?use } }",
    ),
    "law": (
        "SELECT ?label (COUNT(?definition) AS ?definitions) { ?definition a shisaku:SizeDefinition ; shisaku:law %s ; "
        "shisaku:enterpriseClass ?class . "
        "?class skos:prefLabel ?label FILTER(LANG(?label) = 'ja') } GROUP BY ?label",
    ),
    "unit": ("SELECT ?duty { ?row a shisaku:Duty ; shisaku:unit %s ; shisaku:duty ?duty }",),
}
ROWS = 100_000
MANY = f"SELECT ?s ?p ?o {{ ?s ?p ?o }} LIMIT {ROWS}"
SUBJECT = re.compile(r"^<(https://shisaku\.example/id/([a-z-]+)/[^>]+)>", re.MULTILINE)


@dataclass(frozen=True)
class Question:
    """One question of the mix."""

    name: str
    text: str


def things(dump: Path) -> dict[str, list[str]]:
    """Identifiers by kind, of the real edition."""
    found: dict[str, list[str]] = {}
    for iri, kind in sorted(set(SUBJECT.findall(dump.read_text("utf-8")))):
        found.setdefault(kind, []).append(f"<{iri}>")
    return found


def mix(dump: Path, settings: Settings) -> list[Question]:
    """Stored questions and look-ups of single things."""
    vocabulary = Vocabulary(settings.base_iri, settings.ontology_dir)
    questions, known = load(settings.queries_dir, vocabulary), things(dump)
    found = [Question(name, plain(questions[name].bind(values))) for name, values in STORED.items()]
    programme, fund = known["programme"][7], known["fund"][3]
    page = bind_terms(texts(settings.queries_dir / "entity", vocabulary)["statements"], {"?p_thing": programme})
    return [
        Question("all of one thing", f"SELECT ?property ?value {{ {programme} ?property ?value }}"),
        Question("label of one thing", f"{PREFIXES}SELECT ?label {{ {fund} skos:prefLabel ?label }}"),
        Question("is it there", f"ASK {{ {programme} ?property ?value }}"),
        *found,
        Question("page of a programme", plain(page)),
    ]


def plain(text: str) -> str:
    """A query without its header."""
    return HEADER.sub("", text).strip()


def small(dump: Path) -> list[str]:
    """Small questions in a fixed random order, each another text."""
    known = things(dump)
    found = [
        PREFIXES + text.replace("%s", iri) for kind, forms in SMALL.items() for iri in known[kind] for text in forms
    ]
    random.Random(1).shuffle(found)
    return found


def lookups(dump: Path) -> list[str]:
    """The smallest question there is, for every identifier."""
    found = [f"SELECT ?property ?value {{ {iri} ?property ?value }}" for iris in things(dump).values() for iri in iris]
    random.Random(1).shuffle(found)
    return found
