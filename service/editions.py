"""What two editions state → what is gone, new and changed between them.

The identifier of a row comes from its key, so a row is the same in two editions when its key is; what differs then is a value.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

YEAR = re.compile(r"(?<=/row/)\d{4}\.")


@dataclass(frozen=True)
class Fact:
    """One property of one row, with its values as people read them; names are in Japanese and English."""

    row: str
    class_names: tuple[str, str]
    term: str
    term_names: tuple[str, str]
    value: str
    thing: str = ""

    @property
    def key(self) -> str:
        """The row without the year of its edition."""
        return YEAR.sub("", self.row)


@dataclass(frozen=True)
class Change:
    """One difference; ``before`` is empty for what is new, ``after`` for what is gone."""

    names: tuple[str, str]
    subject: str
    thing: str
    what: tuple[str, str]
    before: str
    after: str


@dataclass
class Changes:
    """All differences between two editions."""

    gone: list[Change] = field(default_factory=list)
    new: list[Change] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.gone or self.new or self.changed)


Properties = Mapping[str, list[Fact]]


def compare(before: Iterable[Fact], after: Iterable[Fact]) -> Changes:
    """Every row and value that one side has and the other has not, in the order of class and subject."""
    old, new = by_row(before), by_row(after)
    found = Changes()
    for key in sorted(old.keys() - new.keys()):
        found.gone.append(whole(old[key], gone=True))
    for key in sorted(new.keys() - old.keys()):
        found.new.append(whole(new[key], gone=False))
    for key in sorted(old.keys() & new.keys()):
        found.changed += values(old[key], new[key])
    for listed in (found.gone, found.new, found.changed):
        listed.sort(key=lambda change: (change.names, change.subject, change.what))
    return found


def by_row(facts: Iterable[Fact]) -> dict[str, dict[str, list[Fact]]]:
    """Row → property → facts."""
    rows: dict[str, dict[str, list[Fact]]] = {}
    for fact in facts:
        rows.setdefault(fact.key, {}).setdefault(fact.term, []).append(fact)
    return rows


def values(old: Properties, new: Properties) -> Iterable[Change]:
    """The properties of a row that have other values now."""
    for name in sorted(old.keys() | new.keys()):
        left, right = joined(old.get(name, [])), joined(new.get(name, []))
        if left != right:
            one = (new.get(name) or old[name])[0]
            subject, thing = about(new)
            yield Change(one.class_names, subject, thing, one.term_names, left, right)


def whole(row: Properties, *, gone: bool) -> Change:
    """A row as one change."""
    subject, thing = about(row)
    one = next(iter(row.values()))[0]
    said = " ／ ".join(joined(facts) for _, facts in sorted(row.items()))
    return Change(one.class_names, subject, thing, ("", ""), said if gone else "", "" if gone else said)


def about(row: Properties) -> tuple[str, str]:
    """What a row is about: the names of the things that it names, and the first of these things."""
    named = [fact for _, facts in sorted(row.items()) for fact in facts if fact.thing]
    return "、".join(list(dict.fromkeys(fact.value for fact in named))[:3]), named[0].thing if named else ""


def joined(facts: Iterable[Fact]) -> str:
    """The values of a property in a fixed order."""
    return "、".join(sorted({YEAR.sub("", fact.value) for fact in facts}))
