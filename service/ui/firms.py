"""Verdicts, definitions and a firm's figures to how near the firm is to each limit; supports to groups with their reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.ui.rows import Row

FIGURES = (("employees", "employees_max"), ("capital_yen", "capital_max_yen"))


@dataclass(frozen=True)
class Limit:
    """One threshold beside the firm's own figure."""

    what: str
    most: float
    own: float | None
    industry: str
    special: str

    @property
    def room(self) -> float | None:
        """How much is left below the limit; negative when it is passed."""
        return None if self.own is None else self.most - self.own

    @property
    def share(self) -> float:
        """The firm's figure in percent of the limit, at most 100."""
        return 0.0 if self.own is None or not self.most else round(min(100.0, 100 * self.own / self.most), 1)


@dataclass(frozen=True)
class Verdict:
    """One law and class: what holds, and the limits that decide it."""

    row: Row
    limits: Sequence[Limit]

    @property
    def enterprise_class(self) -> str:
        """The class that the verdict is about."""
        return self.row["enterprise_class"].text


def verdicts(rows: Sequence[Row], definitions: Sequence[Row], firm: Mapping[str, str]) -> list[Verdict]:
    """Each verdict with the limits of the definitions that apply to the firm."""
    return [Verdict(row, limits(row, definitions, firm)) for row in rows]


def limits(row: Row, definitions: Sequence[Row], firm: Mapping[str, str]) -> list[Limit]:
    """The limits of one law and class for the firm's group of industries."""
    found: list[Limit] = []
    for entry in definitions:
        same = all(entry[name].text == row[name].text for name in ("law", "enterprise_class", "industry"))
        for own, most in FIGURES if same else ():
            limit = entry[most].number
            if limit is not None:
                given = firm.get(own, "").replace(",", "")
                number = float(given) if given.isascii() and given.isdigit() else None
                found.append(Limit(own, limit, number, entry["industry"].text, entry["special_case"].text))
    return list(dict.fromkeys(found))


@dataclass(frozen=True)
class Support:
    """One programme or fund with its tiers and whom to call."""

    kind: str
    label: str
    page: str
    reason: str
    tiers: Sequence[Row]
    contacts: Sequence[tuple[str, str]]
    unknown: Sequence[str]


def supports(rows: Sequence[Row]) -> list[Support]:
    """The rows of supports-for, one group per programme or fund, in their order."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row["kind"].text, row["support"].text), []).append(row)
    return [support(kind, label, part) for (kind, label), part in groups.items()]


def support(kind: str, label: str, rows: Sequence[Row]) -> Support:
    """One group."""
    tiers = list(
        {
            tuple(row[c].text for c in ("name", "tier", "rate", "cap_yen", "limit_yen", "target")): row for row in rows
        }.values()
    )
    calls = [(row["contact"].text, row["phone"].text) for row in rows if row["phone"]]
    unknown = [row["unknown"].text for row in rows if row["unknown"]]
    first = rows[0]
    shown = [t for t in tiers if t["name"] or t["limit_yen"]]
    return Support(
        kind,
        label,
        first["page"].text,
        first["reason"].text,
        shown,
        list(dict.fromkeys(calls)),
        list(dict.fromkeys(unknown)),
    )
