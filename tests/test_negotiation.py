import pytest

from service.web.negotiation import GRAPHS, RESULT_TYPES, RESULTS, best, media_type_of, prefers_page

OFFERED = ("application/sparql-results+json", "application/sparql-results+xml", "text/csv; charset=utf-8")
CASES = {
    "no header": (None, 0),
    "empty header": ("", 0),
    "exact": ("application/sparql-results+xml", 1),
    "any": ("*/*", 0),
    "any subtype": ("text/*", 2),
    "order of the header is no preference": ("text/csv, application/sparql-results+json", 0),
    "quality": ("application/sparql-results+json;q=0.1, text/csv;q=0.2", 2),
    "quality zero excludes": ("application/sparql-results+json;q=0, */*", 1),
    "more specific wins over wildcard": ("*/*;q=1, application/sparql-results+json;q=0.5", 1),
    "type wildcard below exact": ("application/*;q=0.9, text/csv;q=0.8, */*;q=0.1", 0),
    "parameter is matched": ("text/csv;charset=utf-8", 2),
    "other parameter is not": ("text/csv;charset=utf-16", None),
    "upper case": ("TEXT/CSV", 2),
    "spaces": ("  text/csv ; q=0.5 , */* ;q=0.1 ", 2),
    "nothing fits": ("image/png", None),
    "all excluded": ("*/*;q=0", None),
    "only broken items": ("nonsense", None),
    "broken item beside a good one": ("nonsense, text/csv", 2),
    "half wildcard is no range": ("*/csv", None),
    "broken quality excludes": ("text/csv;q=high", None),
    "nan is no quality": ("text/csv;q=nan", None),
    "quality above one": ("application/sparql-results+json;q=0.9, text/csv;q=5", 2),
    "quoted comma": ('text/csv;x="a,b";q=0.1, */*;q=0.05, application/sparql-results+xml', 1),
    "browser": ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", 0),
}


@pytest.mark.parametrize(("accept", "place"), CASES.values(), ids=CASES.keys())
def test_best(accept: str | None, place: int | None) -> None:
    assert best(accept, OFFERED) == (None if place is None else OFFERED[place])


def test_nothing_is_offered() -> None:
    assert best("*/*", ()) is None


def test_browsers_prefer_pages() -> None:
    assert prefers_page("text/html,application/xhtml+xml,*/*;q=0.8")
    assert not prefers_page("*/*")
    assert not prefers_page(None)
    assert not prefers_page("text/html;q=0")
    assert not prefers_page("text/turtle;q=1, text/html;q=0.1")


def test_plain_json_is_named_as_asked() -> None:
    assert best("application/json", RESULT_TYPES) == "application/json"


@pytest.mark.parametrize("extension", ["csv", "tsv", "json", "srj", "xml", "srx"])
def test_extensions_of_tables(extension: str) -> None:
    assert media_type_of(extension, RESULTS) in {form.media_type for form in RESULTS}


@pytest.mark.parametrize("extension", ["ttl", "jsonld", "nt", "rdf"])
def test_extensions_of_graphs(extension: str) -> None:
    assert media_type_of(extension, GRAPHS) in {form.media_type for form in GRAPHS}


def test_unknown_extension() -> None:
    assert media_type_of("docx", RESULTS) is None
