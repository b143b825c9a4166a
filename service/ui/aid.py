"""Rows of supports to one card per programme or fund: why it matched, on what terms, what is to be checked, whom to call."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.ui.rows import Row

TOWN = re.compile(r"^(?:.{1,3}郡)?(.{1,4}?[市町])")
LOCAL = "商工会議所・商工会"  # the category of those that advise firms of their town
# … of the whole prefecture
WIDE = ("産業振興財団", "商工会連合会", "中小企業団体中央会", "信用保証協会", "中小企業診断協会")
RELATED = "関係団体"


@dataclass(frozen=True)
class Support:
    """One programme or fund with its tiers and whom to call."""

    kind: str
    label: str
    page: str
    tiers: Sequence[Row]
    targets: Sequence[str]
    tabled: bool  # whether the tiers tell whom they are for
    contacts: Sequence[tuple[str, str]]
    rates: tuple[float, float] | None

    @property
    def most(self) -> float:
        """The highest cap of its tiers; 0 when none is printed."""
        return max((row["cap_yen"].number or 0 for row in self.tiers), default=0)

    @property
    def shares(self) -> list[str]:
        """The rates of its tiers as printed."""
        return list(dict.fromkeys(row["rate"].text for row in self.tiers if row["rate"]))


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
    shown = {row["target"].text for row in tiers.values()}
    return Support(
        kind,
        label,
        rows[0]["page"].text,
        list(tiers.values()),
        list(dict.fromkeys(row["target"].text for row in rows if row["target"])),
        any(shown),
        list(dict.fromkeys((row["contact"].text, row["phone"].text) for row in rows if row["phone"])),
        (min(own), max(own)) if own else None,
    )


def towns(organisations: Sequence[Row]) -> list[str]:
    """The towns in the addresses of the directory."""
    found = {match[1] for row in organisations if (match := TOWN.match(row["address"].text))}
    return sorted(found)


def centres(organisations: Sequence[Row], place: str) -> tuple[list[Row], list[Row]]:
    """Bodies of the directory that advise firms of a place: its own, then the prefecture's; and the other related bodies that are there."""
    there = [row for row in organisations if place in row["address"].text + row["label"].text]
    near = [row for row in there if LOCAL in row["category"].text]
    wide = [row for row in organisations if any(word in row["label"].text for word in WIDE)]
    rest = [row for row in there if RELATED in row["category"].text and row not in wide]
    return near + [row for row in wide if row not in near], rest


def named(targets: Sequence[str], classes: Sequence[str]) -> list[str]:
    """The classes of enterprises that a support says it is for, by the beginning of their names (中小企業者, 中小企業)."""
    return [name for name in classes if any(name[:4] in target for target in targets)]


def within(row: Row, number: int) -> bool:
    """Whether a number lies between the printed bounds."""
    least, most = row["employees_min"].number, row["employees_max"].number
    return (least is None or number >= least) and (most is None or number <= most)
