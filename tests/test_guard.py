import contextlib
import time

import pytest

from service.faults import Problem
from service.querying.guard import closely, known_graphs, survey
from service.querying.surveys import Survey, glance
from service.settings import Settings
from tests.w3c import cases


@pytest.fixture(scope="module")
def plain() -> Settings:
    return Settings()


def refusal(text: str, settings: Settings) -> Problem:
    with pytest.raises(Problem) as caught:
        survey(text, settings)
    return caught.value


@pytest.mark.parametrize("form", ["SELECT * {}", "ASK {}", "CONSTRUCT {} {}", "DESCRIBE <x>"])
def test_forms(form: str, plain: Settings) -> None:
    text = f"# SERVICE\nBASE <http://e/> PREFIX : <#>\nprefix ex: <http://x/>\n{form.lower()}"
    assert survey(text, plain).kind == form.split()[0].lower()


def test_dataset_is_resolved(plain: Settings) -> None:
    found = survey("BASE <http://e/a/> PREFIX x: <http://x/> SELECT * FROM <g> FROM NAMED x:h {}", plain)
    assert (found.default_graphs, found.named_graphs) == (("http://e/a/g",), ("http://x/h",))


def test_dataset_without_spaces(plain: Settings) -> None:
    assert survey("SELECT *FROM<x:g>FROMNAMED<x:h>{}", plain)[3:5] == (("x:g",), ("x:h",))


def test_prefixes_are_reported(plain: Settings) -> None:
    assert survey("PREFIX ex: <http://x/> CONSTRUCT {} {}", plain).prefixes == (("ex", "http://x/"),)


VOLATILE = [
    ("ASK{FILTER(now()>0)}", True),
    ("ASK{FILTERRAND()}", True),
    ("SELECT*{}ORDER BYSTRUUID#\n()", True),
    ("ASK{?now ?p 'RAND()'}", False),
    ("SELECT ?brand (COUNT(*) AS ?n) { ?s e:know ?brand }", False),
]


@pytest.mark.parametrize(("text", "volatile"), VOLATILE)
def test_volatile(text: str, volatile: bool, plain: Settings) -> None:
    assert survey(text, plain).volatile is volatile


HIDDEN_SERVICES = [
    "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT * { service <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT * { SeRvIcE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT * { SERVICESILENT<http://127.0.0.1:9/>{ ?s ?p ?o } }",
    "SELECT * { SERVICE#x\n<http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT * { SERVICE\t<http://127.0.0.1:9/> { ?s ?p ?o } }",
    r"SELECT * { S\u0045RVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    r"SELECT * { \U00000053ERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT * { VALUES ?x { <http://127.0.0.1:9/> } SERVICE ?x { ?s ?p ?o } }",
    "PREFIX e: <http://127.0.0.1:> SELECT * { SERVICE e:9 { ?s ?p ?o } }",
    "PREFIX : <http://127.0.0.1:9/> SELECT * { SERVICE:x{?s ?p ?o} }",
    "PREFIX : <http://127.0.0.1:9/> SELECT * { ?s ?p trueSERVICE:x{?s ?p ?o} }",
    "PREFIX trueSERVICE: <http://x/> PREFIX : <http://127.0.0.1:9/> SELECT * { ?s ?p trueSERVICE:x{?s ?p ?o} }",
    "SELECT * { ?s ?p trueSERVICE<http://127.0.0.1:9/>{?s ?p ?o} }",
    "BASE <http://127.0.0.1:9/> SELECT * { SERVICE <> { ?s ?p ?o } }",
    "SELECT * { { SELECT * { OPTIONAL { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } } } } }",
    "ASK { FILTER EXISTS { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } } }",
    "SELECT * { ?a ?b ?c FILTER(?a<?b)SERVICE?x#>\n{?s ?p ?o} }",
    "PREFIX ex: <http://x/> SELECT * { ?a ?b ex:\\' SERVICE <http://127.0.0.1:9/> {?s ?p ?o} #'\n }",
    "SELECT * { ?a ?b 'x\\' SERVICE' . SERVICE <http://127.0.0.1:9/> {?s ?p ?o} }",
    'SELECT * { ?a ?b """x"""@en. SERVICE <http://127.0.0.1:9/> {?s ?p ?o} }',
    "SELECT * { # it's\n SERVICE <http://127.0.0.1:9/> {?s ?p ?o} }",
]


@pytest.mark.parametrize("text", HIDDEN_SERVICES)
def test_service_is_refused(text: str, plain: Settings) -> None:
    assert refusal(text, plain).slug == "service-refused"


HARMLESS = [
    "SELECT ?service { ?service ?p 'SERVICE <http://x/> {}' }",
    'SELECT * { ?s ?p "SERVICE" }  # SERVICE <x> {}',
    "PREFIX e: <http://e/> SELECT * { ?s e:service e:SERVICE }",
    "PREFIX service: <http://e/> SELECT * { ?s service:x ?o }",
    "SELECT * { ?s <http://e/a_(b)_service> ?o }",
    "SELECT * { ?s ?p ?o FILTER(?s < ?o && ?o > 3) }",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_words_that_look_like_it_are_not(text: str, plain: Settings) -> None:
    assert isinstance(survey(text, plain), Survey)


def test_allowed_service() -> None:
    settings = Settings(service_allow_list=("http://e/sparql",))
    assert survey("SELECT * { SERVICE SILENT <http://e/sparql> {} }", settings).kind == "select"
    assert refusal("SELECT * { SERVICE <http://e/sparql2> {} }", settings).slug == "service-refused"
    assert refusal("SELECT * { SERVICE ?x {} }", settings).slug == "service-refused"


UPDATES = ["LOAD <http://e/>", "insert data {}", "PREFIX e: <x:> DELETE WHERE {}", "CLEAR ALL", "DROP GRAPH <g>"]


@pytest.mark.parametrize("text", UPDATES)
def test_updates_are_refused(text: str, plain: Settings) -> None:
    assert refusal(text, plain).slug == "read-only"


@pytest.mark.parametrize(
    "text",
    [
        "ASK {" * 3000 + "}" * 3000,
        "ASK { FILTER(" + "(" * 3000 + "1" + ")" * 3000 + ") }",
        "ASK {" + "?s ?p ?o. " * 200 + "}",
        "ASK {" + "?s ?p ?o; " * 200 + "}",
        "ASK {" + "OPTIONAL{} " * 3000 + "}",
        "ASK { ?s <p>" + "/<p>" * 1000 + " ?o }",
        "SELECT " + "?x " * 6000 + "{}",
        "ASK { ?s ?p '" + "x" * 40_000 + "' }",
        "ASK { ?s ?p '" + "x" * 60_000_000 + "' }",
    ],
    ids=["braces", "parentheses", "patterns", "predicates", "clauses", "path", "tokens", "length", "huge"],
)
def test_size_is_bounded(text: str, plain: Settings) -> None:
    started = time.monotonic()
    assert refusal(text, plain).slug == "query-too-large"
    assert time.monotonic() - started < 1


@pytest.mark.parametrize("unit", ["a-", "a.", "<a", "'a", '"""a', "ex:a.", "?a", "\\u0041", "1.", "_:a.", "@a-", "#"])
def test_reading_takes_linear_time(unit: str, plain: Settings) -> None:
    started = time.monotonic()
    with contextlib.suppress(Problem):
        survey("ASK { " + unit * (30_000 // len(unit)), plain)
    assert time.monotonic() - started < 0.2


@pytest.mark.parametrize("text", ["", " # nothing", "SELEC * {}", "PREFIX ex: <x:>", "{}", "'ASK'"])
def test_no_query(text: str, plain: Settings) -> None:
    assert refusal(text, plain).slug == "query-syntax"


def test_place_of_an_open_string(plain: Settings) -> None:
    found = refusal("ASK {\n ?s ?p 'open }", plain)
    assert (found.extra["line"], found.extra["column"]) == (2, 8)


def test_graphs_must_exist() -> None:
    known_graphs(("a",), frozenset("ab"))
    with pytest.raises(Problem, match="unknown-graph"):
        known_graphs(("a", "c"), frozenset("ab"))


def test_a_glance_says_what_a_closer_look_says(plain: Settings) -> None:
    """Over all queries of the W3C, the stored ones, and all that must be refused: the same survey, or none at a glance."""
    stored = [path.read_text("utf-8") for path in sorted((plain.root / "queries").rglob("*.rq"))]
    suites = [case.query.read_text("utf-8", "replace") for case in cases()]
    sure = 0
    for text in (*stored, *suites, *HIDDEN_SERVICES, *HARMLESS):
        found = glance(text, plain)
        if found is not None:
            sure += 1
            with contextlib.suppress(Problem):  # not well-formed, which the engine will tell
                assert found == closely(text, plain)
    assert sure > 300
    assert not [text for text in HIDDEN_SERVICES if glance(text, plain)]


@pytest.mark.parametrize(
    "text",
    [
        "ASK {" + "{" * 70 + "}" * 70 + "}",
        "ASK {" + "?s ?p ?o ." * 101 + "}",
        "ASK { ?s " + "/".join(["<x:>"] * 52) + " ?o }",
        "ASK {" + "FILTER(1)" * 201 + "}",
        "ASK { ?s ?p '" + "x" * 9000 + "' }",
        "INSERT DATA { <s> <p> 1 }",
        "BASE <http://e/> ASK {}",
        "# comment\nASK {}",
        "ASK { ?s ?p ?o FILTER(NOW() > 0) }",
        r"ASK { ?s \u0070 ?o }",
        "SELECT * FROM <x> {}",
    ],
)
def test_what_needs_a_closer_look(text: str, plain: Settings) -> None:
    assert glance(text, plain) is None
