"""Random queries: what a glance lets through is what a closer look lets through, or no query at all."""

import random
import re
from collections.abc import Iterator

import pytest
from pyoxigraph import Store

from service.faults import Problem
from service.querying.guard import closely
from service.querying.surveys import Survey, glance
from service.settings import Settings
from tests.test_guard import HARMLESS, HIDDEN_SERVICES
from tests.w3c import cases

ROUNDS, SEED = 6000, 20241127
PIECES = (
    *(
        "SERVICE",
        "service<http://127.0.0.1:9/>{}",
        "SILENT",
        "<http://127.0.0.1:9/>",
        "?x",
        "$from",
        "ex:service",
        ":",
        "ex:",
    ),
    *(
        "FROM",
        "FROM NAMED",
        "FROMNAMED",
        "<urn:g>",
        "NOW()",
        "RAND()",
        "UUID ()",
        "STRUUID()",
        "BNODE#\n()",
        "FILTER",
        "BIND",
    ),
    *(
        "ORDER BY",
        "HAVING",
        "GROUP BY",
        "AS ?n",
        "DISTINCT",
        "true",
        "1",
        "1e0",
        "'a'",
        '"b"',
        "'''",
        '"""',
        "'",
        '"',
        "\\",
        "\\u0053",
    ),
    *(
        "#",
        "\n",
        "\r",
        " ",
        "\t",
        "\f",
        "\u00a0",
        "\u2028",
        "<",
        ">",
        "<<",
        ">>",
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        ".",
        ";",
        ",",
        "/",
    ),
    *(
        "|",
        "^",
        "*",
        "+",
        "!",
        "=",
        "&&",
        "||",
        "_:b",
        "@ja",
        "^^",
        "ſervice",
        "ı",
        "・",
        "é",
        "²",
        "\x00",
        "BASE <x:>",
        "PREFIX ex: <x:>",
    ),
    *(
        "INSERT DATA {}",
        "ASK",
        "SELECT",
        "DESCRIBE",
        "<http://e/SERVICE>",
        "<http://e/#>",
        "{" * 40,
        "." * 60,
        "OPTIONAL{}" * 120,
    ),
)


def mutated(seeds: list[str], chance: random.Random) -> str:
    """One text with a few small changes: pieces put in, words run together, parts cut, doubled or of another query."""
    text = chance.choice(seeds)
    for _ in range(chance.randint(1, 4)):
        place = chance.randint(0, len(text))
        edges = [found.start() for found in re.finditer(r"\b", text)] or [0]
        if chance.random() < 0.6:
            place = chance.choice(edges)
        change = chance.randrange(6)
        if change <= 1:
            space = chance.choice(("", " "))
            text = text[:place] + space + chance.choice(PIECES) + space + text[place:]
        elif change == 2:
            text = text[:place] + text[place:].replace(
                " ", chance.choice(("", "\n", "#\n", "\t")), chance.randint(1, 3)
            )
        elif change == 3:
            text = text[:place] + text[place + chance.randint(1, 8) :]
        elif change == 4:
            other = chance.choice(seeds)
            text = text[:place] + other[chance.randint(0, len(other)) :]
        else:
            text = text[:place] + text[place:].swapcase()
    return text


def is_query(text: str) -> bool:
    """Whether the engine would evaluate it."""
    try:
        Store().query(text, base_iri="https://shisaku.example/")
    except (SyntaxError, ValueError, RuntimeError) as fault:
        return not isinstance(fault, SyntaxError)
    return True


def surveyed(text: str, settings: Settings) -> Survey | str:
    """What a closer look says: a survey, or the word for why not."""
    try:
        return closely(text, settings)
    except Problem as problem:
        return problem.slug


def seeds(settings: Settings) -> Iterator[str]:
    yield from (path.read_text("utf-8") for path in sorted((settings.queries_dir).rglob("*.rq")))
    yield from (case.query.read_text("utf-8", "replace") for case in cases())
    yield from (*HIDDEN_SERVICES, *HARMLESS, "ASK { FILTER(NOW() > 0) }", "SELECT * FROM <urn:g> FROM NAMED <urn:h> {}")
    yield from (
        "SELECT ?s { ?s ?p ?o } GROUP BY ?s HAVING(RAND() > 0) ORDER BY RAND()",
        "ASK { ?s ?p ?know . ?s ?brand ?o }",
    )


@pytest.mark.parametrize(
    "limits", [{}, {"max_query_depth": 3, "max_query_patterns": 3, "max_query_steps": 2, "max_query_clauses": 2}]
)
def test_a_glance_lets_nothing_through_that_a_closer_look_refuses(limits: dict[str, int]) -> None:
    settings, chance = Settings(**limits), random.Random(SEED)  # type: ignore[arg-type]
    texts, sure = [text for text in seeds(settings) if len(text) < 3000], 0
    for _ in range(ROUNDS):
        text = mutated(texts, chance)
        found = glance(text, settings)
        if found is not None:
            sure += 1
            assert surveyed(text, settings) == found or not is_query(text), text
    assert sure > ROUNDS / 20
