import pytest

from service.querying.diagnosis import diagnose

SLIPS = {
    "undeclared prefix": ("SELECT * {\n  ?s ex:p ?o }", 2, 6, "PREFIX ex:"),
    "declared later than used": ("SELECT * { ?s a:b ?o }", 1, 15, "PREFIX a:"),
    "misspelt keyword": ("SELEC ?s { ?s ?p ?o }", 1, 1, "SELECT"),
    "misspelt clause": ("SELECT * { ?s ?p ?o FILTR(?o > 1) }", 1, 21, "FILTER"),
    "bare word": ("SELECT * { ?s ?p 岐阜 }", 1, 18, "quote"),
    "open brace": ("SELECT * {\n ?s ?p ?o", 1, 10, "closed"),
    "nothing to compare with": ("SELECT * {\n  ?s ?p ?o\n  FILTER(?o > )\n}", 3, 13, "followed"),
    "stray bracket": ("SELECT * { ?s ?p ?o ) }", 1, 21, "closed"),
}


@pytest.mark.parametrize(("text", "line", "column", "remedy"), SLIPS.values(), ids=SLIPS.keys())
def test_slips(text: str, line: int, column: int, remedy: str) -> None:
    found = diagnose(text, "error at 9:9: expected everything")
    assert (found.line, found.column) == (line, column)
    assert remedy in found.remedy.en


def test_otherwise_as_the_engine_says() -> None:
    found = diagnose("SELECT ?x WHERE { ?s ?p ?o } GROUP ?s", "error at 1:36: expected BY")
    assert (found.line, found.column) == (1, 36)


def test_ungrouped_variable() -> None:
    found = diagnose(
        "SELECT ?x {} GROUP BY ?s", "error at 1:25: expected The SELECT contains a variable that is unbound"
    )
    assert "GROUP BY" in found.remedy.en


def test_unreadable_text() -> None:
    assert diagnose("ASK { 'open", "no place").line == 1
