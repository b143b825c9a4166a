"""The W3C's SPARQL 1.0 and 1.1 query suites, each test a request to a real server that holds all their data."""

import csv
import io
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
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    parse,
    parse_query_results,
)

from tests.serving import Server, serve, write_snapshot
from tests.w3c import Case, cases, fetch, iri, quads, same

COPY = "?default"  # ends the name of the second load of a file
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
SHARED = "FROM and FROM NAMED of one file: the engine loads it once, so that the blank nodes are the same"
REDUCED = "the expected file lists what REDUCED may keep; another number of rows is right too"
KNOWN: dict[str, str] = {
    "dawg-data-r2/dataset/dawg-dataset-09": SHARED,
    "dawg-data-r2/dataset/dawg-dataset-10": SHARED,
    "dawg-data-r2/dataset/dawg-dataset-12": SHARED,
    "dawg-data-r2/reduced/reduced-1": REDUCED,
    "dawg-data-r2/reduced/reduced-2": REDUCED,
    "sparql11/aggregates/agg-empty-group": "the engine makes no group where there are no rows",
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
            "sparql11/csv-tsv-res/csv03",
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
    files = {path for case in EVALUATION for path in (*case.data, *case.graphs, *sourced(case))}
    content = [Quad(NamedNode("urn:nothing"), NamedNode("urn:is"), Literal("here"), NamedNode(EMPTY))]
    for path in sorted(files):
        found = list(quads(path))
        content += found
        FULL.update({path} if found else ())
    for path in sorted({path for case in EVALUATION for path in both(case)}):
        content += [Quad(q.subject, q.predicate, q.object, NamedNode(iri(path) + COPY)) for q in quads(path)]
    write_snapshot(folder, "cccccccccccccccc", content)
    with serve(folder, {"SHISAKU_WORKERS": "2", "SHISAKU_MAX_QUERY_PATTERNS": "200"}) as running:
        yield running


def both(case: Case) -> set[Path]:
    """The files that are default and named graph at once: two loads, whose blank nodes are not the same."""
    return set(case.data) & set(case.graphs)


def sourced(case: Case) -> set[Path]:
    """The data files that the query itself names by FROM."""
    names = re.findall(r"FROM\s+(?:NAMED\s+)?<([^>]+)>", case.query.read_text("utf-8"))
    return {path for name in names if (path := case.query.parent / name).is_file()}


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
    assert as_expected(case, answer.content, answer.headers["content-type"])


def as_expected(case: Case, body: bytes, media_type: str) -> bool:
    """Whether an answer is the one that the suite wants."""
    assert case.result is not None
    if case.result.suffix == ".csv":
        return same(rows_of_csv(body.decode()), rows_of_csv(case.result.read_text("utf-8")))
    return same(graph_of(body, media_type), expected(case.result))


def rows_of_csv(text: str) -> list[Quad]:
    """A CSV table as a graph; blank nodes are what looks like them, as CSV keeps no kinds of terms."""
    names, *rows = csv.reader(io.StringIO(text))
    terms = [
        {n: BlankNode(cell[2:]) if cell.startswith("_:") else Literal(cell) for n, cell in zip(names, row, strict=True)}
        for row in rows
    ]
    return row_quads(names, terms)


def test_the_bare_engine_passes_no_more() -> None:
    """Each case in a store of its own, without a server: what fails over HTTP fails there as well, and nothing else."""
    failed = {case.name for case in EVALUATION if not passes_bare(case)}
    assert failed == {case.name for case in EVALUATION if case.name in KNOWN}


def passes_bare(case: Case) -> bool:
    """Whether the engine alone answers as the suite wants."""
    store, base = Store(), iri(case.query)
    for path in case.data:
        store.extend(Quad(quad.subject, quad.predicate, quad.object) for quad in quads(path))
    for path in (*case.graphs, *sourced(case)):
        store.extend(quads(path))
    body = io.BytesIO()
    try:
        results = store.query(case.query.read_text("utf-8"), base_iri=base)
        if isinstance(results, QueryTriples):
            results.serialize(body, RdfFormat.TURTLE)
            return as_expected(case, body.getvalue(), TURTLE)
        table = case.result is not None and case.result.suffix == ".csv"
        results.serialize(body, QueryResultsFormat.CSV if table else QueryResultsFormat.JSON)
        return as_expected(case, body.getvalue(), JSON)
    except (SyntaxError, ValueError, RuntimeError):
        return False


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
            "default-graph-uri": [
                iri(path) + (COPY if path in both(case) else "") for path in case.data if path in FULL
            ],
            "named-graph-uri": [iri(path) for path in case.graphs if path in FULL],
        }
        if not any(dataset.values()):
            dataset["named-graph-uri"] = [EMPTY]  # leaves the default graph empty
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
