"""Verdicts, limits and a firm's figures to outcomes: laws with the same verdict for the same reason, and how near the firm is to each limit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.ui.rows import Row

FIGURES = ("employees", "capital_yen")
ORDER = {"該当": 0, "情報不足": 1, "非該当": 2}


@dataclass(frozen=True)
class Limit:
    """One threshold beside the firm's own figure."""

    what: str
    most: float
    own: float | None

    @property
    def room(self) -> float | None:
        """How much is left below the limit; negative when it is passed."""
        return None if self.own is None else self.most - self.own

    @property
    def share(self) -> float:
        """The firm's figure in percent of the limit, at most 100."""
        return 0.0 if self.own is None or not self.most else round(min(100.0, 100 * self.own / self.most), 1)


@dataclass(frozen=True)
class Definition:
    """One way to qualify: limits of which one is enough, and what else is asked."""

    limits: tuple[Limit, ...]
    transaction: str
    client_over: float | None
    client_max: float | None
    legal_form: str
    special: str


@dataclass(frozen=True)
class Outcome:
    """One verdict for one reason, and the laws that share it."""

    enterprise_class: str
    verdict: str
    industry: str
    satisfied: str
    definitions: tuple[Definition, ...]
    missing: tuple[str, ...]
    laws: Sequence[Row]


def outcomes(rows: Sequence[Row], limits: Sequence[Row], firm: Mapping[str, str]) -> list[Outcome]:
    """The verdicts, those of a class that rest on the same limits put together; what qualifies first."""
    found: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        applied = definitions(row, limits, firm)
        keys = (row["enterprise_class"].text, row["verdict"].text, row["industry"].text, row["satisfied"].text, applied)
        found.setdefault(keys, []).append(row)
    classes = list(dict.fromkeys(row["enterprise_class"].text for row in rows))
    made = [outcome(laws, limits, firm) for laws in found.values()]
    return sorted(made, key=lambda o: (classes.index(o.enterprise_class), ORDER[o.verdict], -len(o.laws)))


def outcome(laws: Sequence[Row], limits: Sequence[Row], firm: Mapping[str, str]) -> Outcome:
    """Laws with the same verdict on the same limits."""
    first = laws[0]
    applied = definitions(first, limits, firm)
    verdict = first["verdict"].text
    return Outcome(
        first["enterprise_class"].text,
        verdict,
        first["industry"].text,
        first["satisfied"].text,
        applied,
        missing(applied, firm) if verdict == "情報不足" else (),
        laws,
    )


def definitions(row: Row, limits: Sequence[Row], firm: Mapping[str, str]) -> tuple[Definition, ...]:
    """The definitions of one law and class for the firm's group of industries."""
    same = [
        e for e in limits if all(e[name].text == row[name].text for name in ("law", "enterprise_class", "industry"))
    ]
    return tuple(dict.fromkeys(definition(entry, firm) for entry in same))


def definition(entry: Row, firm: Mapping[str, str]) -> Definition:
    """One row of limits beside the firm's figures."""
    made = [Limit(what, entry[what].number or 0, given(firm, what)) for what in FIGURES if entry[what]]
    return Definition(
        tuple(made),
        entry["transaction"].text,
        entry["client_over_yen"].number,
        entry["client_max_yen"].number,
        entry["legal_form"].text,
        entry["special_case"].text,
    )


def given(firm: Mapping[str, str], what: str) -> float | None:
    """A figure of the firm, if it was given."""
    text = firm.get(what, "").replace(",", "").replace("，", "").strip()
    return float(text) if text.isascii() and text.isdigit() else None


def missing(applied: Sequence[Definition], firm: Mapping[str, str]) -> tuple[str, ...]:
    """What the definitions ask for and the firm did not tell."""
    asked = {limit.what for entry in applied for limit in entry.limits}
    asked |= {"legal_form" for entry in applied if entry.legal_form}
    asked |= {"client_capital_yen" for entry in applied if entry.client_over is not None}
    names = ("industry", "employees", "capital_yen", "legal_form", "client_capital_yen")
    return tuple(name for name in names if not firm.get(name) and (name in asked or name == "industry"))
