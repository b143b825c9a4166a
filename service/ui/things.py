"""Rows about a thing to its page: names, facts, and the statements that name it, grouped by class and by the part it plays in them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

from service.ui.asking import Name, page_path
from service.ui.figures import figure
from service.ui.language import messages
from service.ui.rows import Row, Value

LAYOUTS = Path(__file__).parent / "layouts.yaml"
LABELS = ("prefLabel", "altLabel", "type")
HIDDEN = ("side", "organization", "member-iri", "targetKind", "targetSlug")


@dataclass(frozen=True)
class Shown:
    """One value as it stands on the page."""

    text: str
    lang: str = ""
    href: str = ""
    printed: str = ""
    number: float | None = None


@dataclass
class Record:
    """One statement: its values by property, and the page that it is quoted from."""

    subject: str
    page: str = ""
    page_href: str = ""
    role: str = ""
    values: dict[str, list[Shown]] = field(default_factory=dict)


@dataclass
class Group:
    """Statements of one class in which the thing plays the same part."""

    name: str
    title: str
    role: str
    records: list[Record]
    columns: list[str]
    as_facts: bool


@dataclass
class Thing:
    """A page in the making."""

    iri: str
    names: dict[str, str]
    others: list[Shown]
    kind_title: str
    own: Record
    groups: list[Group]
    headings: dict[str, str]
    descriptions: list[Shown]


@dataclass(frozen=True)
class Reader:
    """Turns rows into values for one language and one base."""

    lang: str
    base: str
    known: Mapping[str, Name]

    def shown(self, row: Row) -> Shown:
        """The value of a row."""
        value = row["value"]
        if row["number"]:
            text = figure(row["number"].text, row["unit"].text, self.lang)
            printed = row["printed"].text
            same = printed.replace(",", "") in (row["number"].text, text.replace(",", ""))
            return Shown(text, printed="" if same else printed, number=row["number"].number)
        if value.iri:
            label = row["value_en"] if self.lang == "en" and row["value_en"] else row["value_ja"]
            text = label.text or value.iri.rpartition("/")[2]
            return Shown(text, label.lang, page_path(value, self.base) or value.safe_iri)
        if row["property"].text.endswith(("telephone", "Phone", "faxNumber")):
            return Shown(value.text, href="tel:" + value.text.split(";")[0].strip())
        if value.datatype == "boolean":
            yes = {"ja": "はい", "en": "yes"}
            return Shown(yes[self.lang] if value.text == "true" else "—")
        return self.named(value)

    def named(self, value: Value) -> Shown:
        """A text; one that is the label of a thing leads to its page, in the reader's language."""
        name = self.known.get(value.text) if value.lang == "ja" else None
        if name is None or not name.path:
            return Shown(value.text, value.lang, number=value.number)
        english = self.lang == "en" and name.en
        return Shown(name.en if english else value.text, "en" if english else "ja", name.path)

    def heading(self, row: Row, what: str) -> str:
        """The label of a row's class or property."""
        name = local(row[what].text)
        words: dict[str, str] = messages(self.lang)["properties"]
        return row[f"{what}_{self.lang}"].text or words.get(name, name)


def thing(rows: Sequence[Row], iri: str, reader: Reader) -> Thing:
    """The page of a thing."""
    lang, base = reader.lang, reader.base
    own_rows = [row for row in rows if row["subject"].text == iri]
    about = [row for row in rows if row["subject"].text != iri]
    kind = iri.removeprefix(f"{base}id/").partition("/")[0]
    headings = {local(row["property"].text): reader.heading(row, "property") for row in rows}
    groups = list(grouped(about, iri, kind, reader, headings))
    names = {row["value"].lang: row["value"].text for row in own_rows if local(row["property"].text) == "prefLabel"}
    others = [reader.shown(row) for row in own_rows if local(row["property"].text) == "altLabel"]
    others += [
        s
        for g in groups
        for r in g.records
        for p in ("printedName",)
        for s in r.values.get(p, [])
        if g.name == "ProgrammeName"
    ]
    own = record(own_rows, iri, reader, skip=(*LABELS, *HIDDEN))
    descriptions = best(list(described(groups, kind)), lang)
    title = next((reader.heading(row, "class") for row in own_rows if row["class"]), "")
    own.values = {name: best(values, lang) for name, values in own.values.items()}
    return Thing(iri, names, unique(others), title, own, ordered(groups, kind), headings, descriptions[:1])


def described(groups: Iterable[Group], kind: str) -> Iterable[Shown]:
    """What the entry of a thing says in a sentence; it stands under the name and not again among the facts."""
    for group in groups:
        if group.role == kind and group.name.endswith("Entry"):
            group.columns = [column for column in group.columns if column != "description"]
            for entry in group.records:
                yield from entry.values.pop("description", [])


def grouped(rows: Sequence[Row], iri: str, kind: str, reader: Reader, headings: Mapping[str, str]) -> Iterable[Group]:
    """Statements by class and part played, each group with the columns that have content."""
    records: dict[tuple[str, str], list[Record]] = {}
    titles: dict[str, str] = {}
    for subject, part in groupby(rows, key=lambda row: row["subject"].text):
        lines = list(part)
        made = record(lines, iri, reader, skip=HIDDEN)
        name = local(lines[0]["class"].text) or "Statement"
        titles[name] = reader.heading(lines[0], "class") if lines[0]["class"] else subject
        records.setdefault((name, made.role), []).append(made)
    for (name, role), found in records.items():
        for entry in found:
            entry.values = {key: best(values, reader.lang) for key, values in entry.values.items()}
        present = list(dict.fromkeys(key for entry in found for key in entry.values))
        wanted = layout(kind).get(name, {}).get("columns", [])
        columns = [c for c in wanted if c in present] + [c for c in present if c not in wanted and not wanted]
        title = (
            titles[name] + (f"（{headings[role]}）" if reader.lang == "ja" else f" ({headings[role]})")
            if named(role, kind)
            else titles[name]
        )
        yield Group(name, title, role, found, columns, len(found) == 1)


def record(rows: Sequence[Row], iri: str, reader: Reader, skip: Sequence[str]) -> Record:
    """The rows of one subject as a record; values that are the thing itself tell the part that it plays."""
    made = Record(rows[0]["subject"].text) if rows else Record(iri)
    for row in rows:
        name = local(row["property"].text)
        made.page = row["page"].text or made.page
        made.page_href = page_path(row["page_node"], reader.base) or made.page_href
        if row["value"].text == iri:
            made.role = made.role or name
        elif name not in skip:
            shown = reader.shown(row)
            if shown not in made.values.setdefault(name, []):
                made.values[name].append(shown)
    return made


def named(role: str, kind: str) -> bool:
    """Whether a part needs saying: not when the statement is simply about the thing."""
    plain = {
        "programme",
        "fund",
        "law",
        "council",
        "organisation",
        "plan",
        "unit",
        "form",
        "facility",
        "identifies",
        "event",
        "person",
        "",
        "section",
    }
    return role not in plain or (kind == "programme" and role not in ("programme", ""))


def best(values: list[Shown], lang: str) -> list[Shown]:
    """The values in the language of the page, if there are any such among several languages."""
    if len({value.lang for value in values}) < 2:
        return values
    return [value for value in values if value.lang in (lang, "")] or values


def unique(values: Iterable[Shown]) -> list[Shown]:
    """Each value once."""
    return list(dict.fromkeys(values))


def ordered(groups: list[Group], kind: str) -> list[Group]:
    """The groups in the order of the kind's layout; what it does not name comes after, what it hides is left out."""
    order = list(layout(kind))
    shown = [group for group in groups if not layout(kind).get(group.name, {}).get("hide")]
    return sorted(shown, key=lambda g: (named(g.role, kind), order.index(g.name) if g.name in order else len(order)))


@cache
def layouts() -> dict[str, dict[str, Any]]:
    """Kind → class → columns, from layouts.yaml."""
    loaded: dict[str, dict[str, Any]] = yaml.safe_load(LAYOUTS.read_text("utf-8"))
    return loaded


def layout(kind: str) -> dict[str, Any]:
    """The layout of one kind; empty when it has none of its own."""
    return layouts().get(kind) or layouts()["other"]


def local(iri: str) -> str:
    """The last part of an address: ``…/ns#amount`` → ``amount``."""
    return iri.rpartition("#")[2] if "#" in iri else iri.rpartition("/")[2]
