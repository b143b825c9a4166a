"""The W3C's SPARQL 1.0 and 1.1 query suites, each test a request to a real server that holds all their data."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from tests.serving import Server, serve, write_snapshot
from tests.w3c import Case, cases, fetch, iri, quads, same

EMPTY = "http://w3c.test/empty"  # stands for files without triples: a graph must have one to be there
FULL: set[Path] = set()  # the data files that have triples
CASES = cases()
EVALUATION = [case for case in CASES if case.kind in ("QueryEvaluationTest", "CSVResultFormatTest")]
SYNTAX = [case for case in CASES if "SyntaxTest" in case.kind]
JSON, TURTLE = "application/sparql-results+json", "text/turtle"
FORMATS = {".srx": QueryResultsFormat.XML, ".srj": QueryResultsFormat.JSON, ".tsv": QueryResultsFormat.TSV}
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
# Well-formed, but asks for a graph or a function that is not there: told after parsing.
NOT_SYNTAX = ("/problems/unknown-graph", "/problems/evaluation-failed")
# Every test that fails, and why; the list is strict: one that passes must leave it.
VALUE = "the engine keeps numbers and dates by value, not by their lexical form, or differs from SPARQL 1.0"
SHARED = "one file is default and named graph at once: here it is one graph, whose blank nodes are shared"
REDUCED = "the expected file lists what REDUCED may keep; another number of rows is right too"
LABELS = "compared as text: blank node labels, row order or lexical forms differ"
KNOWN: dict[str, str] = {
    "dawg-data-r2/dataset/dawg-dataset-09": SHARED,
    "dawg-data-r2/dataset/dawg-dataset-10": SHARED,
    "dawg-data-r2/dataset/dawg-dataset-12": SHARED,
    "dawg-data-r2/graph/dawg-graph-10": SHARED,
    "dawg-data-r2/i18n/normalization-1": "the data file needs IRI normalisation that RDF does not define",
    "dawg-data-r2/reduced/reduced-1": REDUCED,
    "dawg-data-r2/reduced/reduced-2": REDUCED,
    "sparql11/aggregates/agg-empty-group": "an empty graph cannot be named in a dataset of N-Quads",
    "sparql11/csv-tsv-res/csv01": LABELS,
    "sparql11/csv-tsv-res/csv02": LABELS,
    "sparql11/csv-tsv-res/csv03": LABELS,
    **dict.fromkeys(
        (
            "dawg-data-r2/basic/term-6",
            "dawg-data-r2/basic/term-7",
            "dawg-data-r2/distinct/distinct-1",
            "dawg-data-r2/distinct/distinct-2",
            "dawg-data-r2/distinct/distinct-9",
            "dawg-data-r2/expr-builtin/dawg-datatype-2",
            "dawg-data-r2/expr-builtin/dawg-str-1",
            "dawg-data-r2/expr-builtin/dawg-str-2",
            "dawg-data-r2/expr-builtin/sameTerm-eq",
            "dawg-data-r2/expr-builtin/sameTerm-not-eq",
            "dawg-data-r2/expr-builtin/sameTerm-simple",
            "dawg-data-r2/expr-equals/eq-graph-1",
            "dawg-data-r2/expr-equals/eq-graph-2",
            "dawg-data-r2/open-world/date-2",
            "dawg-data-r2/open-world/open-eq-01",
            "dawg-data-r2/optional-filter/dawg-optional-filter-005-simplified",
            "sparql11/functions/strdt03",
            "sparql11/functions/strlang03",
            "sparql11/functions/bnode01",
            "dawg-data-r2/syntax-sparql1/syntax-lit-08",
            "dawg-data-r2/syntax-sparql3/syn-bad-26",
        ),
        VALUE,
    ),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server over the data of every evaluation test, a graph per file, and an empty-ish graph of its own."""
    folder = tmp_path_factory.mktemp("w3c")
    files = {path for case in EVALUATION for path in (*case.data, *case.graphs)} | sourced()
    content = [Quad(NamedNode("urn:nothing"), NamedNode("urn:is"), Literal("here"), NamedNode(EMPTY))]
    for path in sorted(files):
        found = list(quads(path))
        content += found
        FULL.update({path} if found else ())
    write_snapshot(folder, "cccccccccccccccc", content)
    with serve(folder, {"SHISAKU_WORKERS": "2", "SHISAKU_MAX_QUERY_PATTERNS": "200"}) as running:
        yield running


def sourced() -> set[Path]:
    """The data files that queries themselves name by FROM."""
    found = set()
    for case in EVALUATION:
        for name in re.findall(r"FROM\s+(?:NAMED\s+)?<([^>]+)>", case.query.read_text("utf-8")):
            path = case.query.parent / name
            if path.is_file():
                found.add(path)
    return found


def test_the_suites_are_whole() -> None:
    assert (len(EVALUATION) > 400, len(SYNTAX) > 200, fetch().is_dir()) == (True, True, True)


@pytest.mark.parametrize("case", EVALUATION, ids=lambda case: case.name)
def test_evaluation(server: Server, case: Case, request: pytest.FixtureRequest) -> None:
    if case.name in KNOWN:
        request.applymarker(pytest.mark.xfail(strict=True, reason=KNOWN[case.name]))
    text = f"BASE <{iri(case.query)}>\n{case.query.read_text('utf-8')}"
    answer = ask(server, case, text)
    assert answer.status_code == 200, answer.text[:300]
    assert case.result is not None
    if case.result.suffix == ".csv":
        assert sorted(answer.text.split()) == sorted(case.result.read_text("utf-8").split())
    else:
        assert same(graph_of(answer.content, answer.headers["content-type"]), expected(case.result))


@pytest.mark.parametrize("case", SYNTAX, ids=lambda case: case.name)
def test_syntax(server: Server, case: Case, request: pytest.FixtureRequest) -> None:
    if case.name in KNOWN:
        request.applymarker(pytest.mark.xfail(strict=True, reason=KNOWN[case.name]))
    raw = case.query.read_bytes()
    try:
        answer = server.client.post("/sparql", content=raw, headers={"Content-Type": "application/sparql-query"})
    except httpx2.RemoteProtocolError:  # well-formed, but joins all data of all tests: broken off at the deadline
        assert case.kind.startswith("Positive")
        return
    refused = answer.status_code == 400 and answer.json()["type"] not in NOT_SYNTAX
    assert refused == case.kind.startswith("Negative"), answer.text[:300]


def ask(server: Server, case: Case, text: str) -> httpx2.Response:
    """Send a test's query with its dataset by the protocol's parameters, unless it names one itself."""
    dataset: dict[str, list[str]] = {}
    if not re.search(r"\bFROM\b", text):
        dataset = {
            "default-graph-uri": [iri(path) if path in FULL else EMPTY for path in case.data],
            "named-graph-uri": [iri(path) for path in case.graphs if path in FULL],
        }
    accept = "text/csv" if case.result and case.result.suffix == ".csv" else f"{JSON}, {TURTLE}"
    form = {"query": text, **{name: values for name, values in dataset.items() if values}}
    return server.client.post("/sparql", data=form, headers={"Accept": accept})


def expected(path: Path) -> list[Quad]:
    """A result file as a graph that compares."""
    if path.suffix in FORMATS:
        return solutions(parse_query_results(path=str(path), format=FORMATS[path.suffix]))
    form = RdfFormat.RDF_XML if path.suffix == ".rdf" else RdfFormat.TURTLE
    found = list(parse(path=str(path), format=form, base_iri=iri(path)))
    return result_set(found) if any(RS in quad.predicate.value for quad in found) else found


def graph_of(body: bytes, media_type: str) -> list[Quad]:
    """An answer as a graph that compares."""
    if media_type.startswith(TURTLE):
        return list(parse(body, format=RdfFormat.TURTLE))
    return solutions(parse_query_results(body, format=QueryResultsFormat.JSON))


def solutions(results: QuerySolutions | QueryBoolean) -> list[Quad]:
    """A table as a graph: one node a row, so that blank nodes may be renamed and rows may repeat."""
    if isinstance(results, QueryBoolean):
        return [Quad(NamedNode("urn:answer"), NamedNode("urn:is"), Literal(bool(results)))]
    names = [variable.value for variable in results.variables]
    rows = [{name: value for name in names if (value := row[name]) is not None} for row in results]
    return row_quads(names, rows)


Term = NamedNode | BlankNode | Literal | Triple


def row_quads(names: list[str], rows: list[dict[str, Term]]) -> list[Quad]:
    """Rows as a graph."""
    made = [Quad(NamedNode("urn:table"), NamedNode("urn:column"), Literal(name)) for name in names]
    for number, row in enumerate(sorted(rows, key=lambda row: str(sorted(map(str, row))))):
        node = BlankNode()
        made.append(Quad(NamedNode("urn:table"), NamedNode("urn:row"), node))
        made.extend(Quad(node, NamedNode(f"urn:variable:{name}"), value) for name, value in row.items())
        if not row:
            made.append(Quad(node, NamedNode("urn:empty"), Literal(number)))
    return made


def result_set(found: list[Quad]) -> list[Quad]:
    """A table that is written in the DAWG result set vocabulary."""

    def values(subject: Term, name: str) -> list[Term]:
        return [q.object for q in found if q.subject == subject and q.predicate.value == RS + name]

    [table] = {q.subject for q in found if q.object == NamedNode(RS + "ResultSet")}
    truth = values(table, "boolean")
    if truth:
        return [Quad(NamedNode("urn:answer"), NamedNode("urn:is"), Literal(str(truth[0]).startswith('"true')))]
    names = [value.value for value in values(table, "resultVariable") if isinstance(value, Literal)]
    rows: list[dict[str, Term]] = []
    for solution in values(table, "solution"):
        pairs = [(values(b, "variable")[0], values(b, "value")[0]) for b in values(solution, "binding")]
        rows.append({name.value: value for name, value in pairs if isinstance(name, Literal)})
    return row_quads(names, rows)
