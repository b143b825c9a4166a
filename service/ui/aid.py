"""Rows of supports to one card per programme or fund: why it matched, on what terms, what is to be checked, whom to call."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.ui.rows import Row

TOWN = re.compile(r"^(?:.{1,3}郡)?(.{1,4}?[市町])")
TO_CALL = ("商工会議所", "商工会", "経営指導", "関係団体", "連合会")


@dataclass(frozen=True)
class Support:
    """One programme or fund with its tiers and whom to call."""

    kind: str
    label: str
    page: str
    tiers: Sequence[Row]
    targets: Sequence[str]
    contacts: Sequence[tuple[str, str]]
    rates: tuple[float, float] | None


def supports(rows: Sequence[Row], rates: Sequence[Row]) -> list[Support]:
    """The rows of supports-for, one card per programme or fund, in their order."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row["kind"].text, row["support"].text), []).append(row)
    found: dict[str, list[float]] = {}
    for row in rates:
        if (rate := row["rate_percent"].number) is not None:
            found.setdefault(row["fund"].text, []).append(rate)
    return [support(kind, label, part, found) for (kind, label), part in groups.items()]


def support(kind: str, label: str, rows: Sequence[Row], rates: Mapping[str, Sequence[float]]) -> Support:
    """One card."""
    columns = ("name", "tier", "rate", "cap_yen", "limit_yen", "target")
    tiers = {tuple(row[c].text for c in columns): row for row in rows if row["name"] or row["limit_yen"]}
    own = rates.get(label)
    return Support(
        kind,
        label,
        rows[0]["page"].text,
        list(tiers.values()),
        list(dict.fromkeys(row["target"].text for row in rows if row["target"])),
        list(dict.fromkeys((row["contact"].text, row["phone"].text) for row in rows if row["phone"])),
        (min(own), max(own)) if own else None,
    )


def towns(organisations: Sequence[Row]) -> list[str]:
    """The towns in the addresses of the directory."""
    found = {match[1] for row in organisations if (match := TOWN.match(row["address"].text))}
    return sorted(found)


def centres(organisations: Sequence[Row], place: str) -> list[Row]:
    """Bodies of the directory to call whose address or name has the place."""
    return [
        row
        for row in organisations
        if place in row["address"].text + row["label"].text
        and any(word in row["category"].text + row["label"].text for word in TO_CALL)
    ]


def within(row: Row, number: int) -> bool:
    """Whether a number lies between the printed bounds."""
    least, most = row["employees_min"].number, row["employees_max"].number
    return (least is None or number >= least) and (most is None or number <= most)
