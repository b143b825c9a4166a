"""Every stored question over the real data: its columns, its rows, what it must contain and what it must refuse."""

import csv
import io
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from pyoxigraph import QueryResultsFormat, Store

from service.building.build import check
from service.catalogue import ParameterFault, Question, load
from service.settings import Settings
from service.vocabulary import Vocabulary
from tests.building import quiet

CASES = Path(__file__).parent / "queries"
NAMES = sorted(path.stem for path in CASES.glob("*.yaml"))
CONTRACT = yaml.safe_load((Path(__file__).parent / "contract.yaml").read_text("utf-8"))
SETTINGS = Settings()
VOCABULARY = Vocabulary(SETTINGS.base_iri, SETTINGS.ontology_dir)
QUESTIONS = load(SETTINGS.queries_dir, VOCABULARY)


@pytest.fixture(scope="session")
def store() -> Store:
    """The whole graph, built from the tables."""
    made = Store()
    made.extend(check(SETTINGS, quiet).quads)
    return made


def run(store: Store, question: Question, values: Mapping[str, str]) -> list[list[str]]:
    """The rows of an answer as its CSV has them, header first."""
    results = store.query(question.bind(values), use_default_graph_as_union=True)
    body = results.serialize(format=QueryResultsFormat.CSV)
    assert body is not None
    return list(csv.reader(io.StringIO(body.decode())))


def test_every_question_has_its_test() -> None:
    assert sorted(QUESTIONS) == NAMES
    assert len(NAMES) >= 50


@pytest.mark.parametrize("name", NAMES)
def test_question(store: Store, name: str) -> None:
    expected: dict[str, Any] = yaml.safe_load((CASES / f"{name}.yaml").read_text("utf-8"))
    question = QUESTIONS[name]
    assert list(question.columns) == expected["columns"]
    assert all(text for text in (question.title.ja, question.title.en, question.summary.ja, question.summary.en))
    for case in expected["cases"]:
        header, *rows = run(store, question, case["parameters"])
        assert header == expected["columns"]
        assert len(rows) == case["rows"]
        for row in case.get("contains", ()):
            assert row in rows
    for values in expected.get("refused", ()):
        with pytest.raises(ParameterFault):
            question.bind(values)


@pytest.mark.parametrize("name", sorted(CONTRACT))
def test_contract(name: str) -> None:
    assert list(QUESTIONS[name].columns) == CONTRACT[name]


def test_text_of_a_user_stays_text(store: Store) -> None:
    for attack in ('" } #', "'; DROP", "\\u0022 } UNION { ?s ?p ?o }", '") FILTER(true) #', "事業\n}"):
        for name, parameter in (("program-search", "text"), ("organisation", "label"), ("law", "label")):
            assert len(run(store, QUESTIONS[name], {parameter: attack})) == 1


# An oracle of its own for the SME check, written from the tables alone.

WIDER = {
    "ソフトウェア業・情報処理サービス業": ["サービス業", "商業・サービス業"],
    "旅館業": ["宿泊業及び娯楽業", "サービス業", "商業・サービス業"],
    "宿泊業及び娯楽業": ["サービス業", "商業・サービス業"],
    "サービス業": ["商業・サービス業"],
    "卸売業": ["商業・サービス業"],
    "小売業": ["商業・サービス業"],
    "ゴム製品製造業(一部)": ["製造業・建設業等", "工業等"],
    "製造業・建設業等": ["工業等"],
}
Firm = dict[str, int | str | None]


def table(name: str) -> list[dict[str, str]]:
    """A table of the edition."""
    with (SETTINGS.data_dir / "2024" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def definitions() -> list[dict[str, str]]:
    """Stated definitions and those that a reference brings."""
    stated = table("sme-definitions")
    made = list(stated)
    for reference in table("sme-references"):
        for row in stated:
            if (row["law"], row["enterprise_class"]) != (reference["refers_to"], reference["refers_to_class"]):
                continue
            if reference["scope"] != "全部" and row["special_case"] != "政令による特例":
                continue
            if reference["special_numbers"] and row["special_number"] not in reference["special_numbers"]:
                continue
            made.append({**row, "law": reference["law"], "enterprise_class": reference["enterprise_class"]})
    return made


def within(value: int | str | None, most: str) -> bool | None:
    """Whether a value is at most a limit; None when it is not known."""
    return None if value is None else int(value) <= int(most)


def holds(row: Mapping[str, str], firm: Firm) -> bool | None:
    """Whether one definition holds: three-valued."""
    parts: list[bool | None] = []
    if row["employees_max"]:
        parts.append(within(firm["employees"], row["employees_max"]))
    if row["capital_max_yen"]:
        parts.append(within(firm["capital_yen"], row["capital_max_yen"]))
    if row["capital_none"]:
        parts.append(within(firm["capital_yen"], "0"))
    if row["legal_form"] or row["client_capital_over_yen"]:
        parts.append(None)  # neither is given in these cases
    needs_all = any(row[name] for name in ("capital_none", "legal_form", "client_capital_over_yen"))
    decided = not needs_all
    if decided in parts:
        return decided
    return None if None in parts else not decided


def verdicts(firm: Firm) -> dict[tuple[str, str], str]:
    """(law, class) → verdict."""
    groups: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in definitions():
        groups.setdefault((row["law"], row["enterprise_class"]), []).append(row)
    found = {}
    for key, rows in groups.items():
        scores = [score(row, rows, firm) for row in rows]
        found[key] = "該当" if True in scores else "情報不足" if None in scores else "非該当"
    return found


def score(row: Mapping[str, str], rows: list[dict[str, str]], firm: Firm) -> bool | None:
    """One definition's verdict, its industry included."""
    value = holds(row, firm)
    if not row["industry"]:
        return value
    if firm["industry"] is None:
        return None if value is not False else False
    line = [str(firm["industry"]), *WIDER.get(str(firm["industry"]), [])]
    narrowest = next((name for name in line if any(other["industry"] == name for other in rows)), None)
    return value if row["industry"] == narrowest else False


def test_sme_check_agrees_with_the_tables(store: Store) -> None:
    labels = {row["slug"]: row["label"] for row in laws()}
    for firm in firms():
        values = {name: str(value) for name, value in firm.items() if value is not None}
        _, *rows = run(store, QUESTIONS["sme-check"], values)
        found = {(row[0], row[1]): row[2] for row in rows}
        expected = {(labels[law], kind): verdict for (law, kind), verdict in verdicts(firm).items()}
        assert found == expected, firm


def laws() -> list[dict[str, str]]:
    """The laws with their labels."""
    with (SETTINGS.data_dir / "common" / "laws.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def firms() -> list[Firm]:
    """Every threshold and one beyond it, and seeded firms with and without gaps."""
    rows = table("sme-definitions")
    employees = sorted({int(row["employees_max"]) for row in rows if row["employees_max"]})
    capitals = sorted({int(row["capital_max_yen"]) for row in rows if row["capital_max_yen"]})
    industries = sorted({row["industry"] for row in rows if row["industry"]})
    dice = random.Random(20241)
    made: list[Firm] = []
    for people in (*employees, *(n + 1 for n in employees)):
        made.append({"industry": dice.choice(industries), "employees": people, "capital_yen": capitals[-1] + 1})
    for money in (*capitals, *(n + 1 for n in capitals)):
        made.append({"industry": dice.choice(industries), "employees": employees[-1] + 1, "capital_yen": money})
    for _ in range(200):
        made.append(
            {
                "industry": dice.choice([*industries, None]),
                "employees": dice.choice([None, *employees, dice.randrange(1, 1100)]),
                "capital_yen": dice.choice([None, *capitals, dice.randrange(0, 400_000_000)]),
            }
        )
    return made


def test_missing_input_never_says_yes(store: Store) -> None:
    _, *rows = run(store, QUESTIONS["sme-check"], {})
    assert {row[2] for row in rows} == {"情報不足"}
