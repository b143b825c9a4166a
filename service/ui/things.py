"""Rows about a thing to its page: names, facts, and the statements that name it, grouped by class and by the part it plays in them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from service.ui import layouts
from service.ui.asking import page_path
from service.ui.language import messages
from service.ui.reading import Reader, Shown, local
from service.ui.records import Group, Record, merged, newest_first
from service.ui.rows import Row

NAMES = ("prefLabel", "altLabel", "mentions")  # said even when it echoes the name of the thing


@dataclass
class Thing:
    """A page in the making."""

    iri: str
    names: dict[str, str]
    others: list[Shown]
    kind_title: str
    scheme: Shown | None
    own: Record
    top: list[Group]
    groups: list[Group]
    headings: dict[str, str]
    descriptions: list[Shown]
    editions: list[str]


def thing(rows: Sequence[Row], iri: str, reader: Reader) -> Thing:
    """The page of a thing."""
    own_rows = [row for row in rows if row["subject"].text == iri]
    kind = layouts.kind_of(page_path(own_rows[0]["subject"], reader.base)) if own_rows else ""
    names = {
        row["value"].lang: row["value"].text
        for wanted in ("title", "prefLabel")
        for row in own_rows
        if local(row["property"].text) == wanted
    }
    headings = {**reader.special(), **{local(row["property"].text): reader.heading(row, "property") for row in rows}}
    own = tidied(record(own_rows, iri, reader), reader.lang, names.values())
    echoes = {*names.values(), *(s.text for s in own.values.get("altLabel", []))}
    records = [tidied(r, reader.lang, echoes) for r in told(rows, iri, reader)]
    classes = {row["subject"].text: row for row in rows if row["class"]}
    groups = grouped(records, classes, kind, reader, headings)
    descriptions = [text for group in groups if group.keys[-1].endswith("Entry") for text in described(group, kind)]
    groups = [merged(group) for group in groups if group.columns]
    top = layouts.kind(kind).get("top", 0)
    others = others_of(own_rows, groups, reader)
    return Thing(
        iri,
        names,
        [other for other in others if other.text not in names.values()],
        next((reader.heading(row, "class") for row in own_rows if row["class"]), ""),
        next(
            (
                replace(reader.thing(row), href=f"/page/scheme/{local(row['value'].text)}")
                for row in own_rows
                if local(row["property"].text) == "inScheme"
            ),
            None,
        ),
        shown(own, next((local(row["class"].text) for row in own_rows if row["class"]), "")),
        groups[:top],
        groups[top:],
        headings,
        descriptions[:1],
        sorted({record.edition for record in records if record.edition}, reverse=True),
    )


def others_of(own_rows: Sequence[Row], groups: Sequence[Group], reader: Reader) -> list[Shown]:
    """Other names and spellings."""
    found = [reader.shown(row) for row in own_rows if local(row["property"].text) == "altLabel"]
    for group in groups:
        if group.keys[-1] == "ProgrammeName":
            found += [name for record in group.records for name in record.values.get("printedName", [])]
    return list(dict.fromkeys(found))


def told(rows: Sequence[Row], iri: str, reader: Reader) -> Iterable[Record]:
    """The statements about a thing."""
    about = [row for row in rows if row["subject"].text != iri]
    for _, part in groupby(about, key=lambda row: row["subject"].text):
        yield record(list(part), iri, reader)


def record(rows: Sequence[Row], iri: str, reader: Reader) -> Record:
    """The rows of one subject as a record; values that are the thing itself tell the part that it plays."""
    made = Record(rows[0]["subject"].text if rows else iri)
    for row in rows:
        name = local(row["property"].text)
        made.page, made.edition = row["page"].text or made.page, row["edition"].text or made.edition
        made.page_href = page_path(row["page_node"], reader.base) or made.page_href
        if layouts.restated(row["property"].text):
            continue
        if name == "parentPosition":
            made.nested = True
        elif row["value"].text == iri:
            made.role = made.role or name
        elif row["value"]:
            value = reader.shown(row)
            if value not in made.values.setdefault(name, []):
                made.values[name].append(value)
    return made


def tidied(made: Record, lang: str, echoes: Iterable[str]) -> Record:
    """A record in the language of the page, printed forms beside their values, without what it says twice."""
    values = {name: best(found, lang) for name, found in made.values.items()}
    for name, target in layouts.printed().items():
        if name in values and target in values:
            form = values.pop(name)[0].text
            values[target] = [with_printed(value, form) for value in values[target]]
    seen, said = {plain(text) for text in echoes}, {value.text for value in values.get("printedForm", [])}
    for name, found in values.items():
        if name not in NAMES:
            found = [value for value in found if value.number is not None or plain(value.text) not in seen]
        values[name] = [replace(value, printed="") if value.printed in said else value for value in found]
        seen |= {plain(value.text) for value in found if value.href.startswith("/")}
    made.values = {name: found for name, found in values.items() if found}
    return made


def with_printed(value: Shown, form: str) -> Shown:
    """A value with its printed form, unless that says the same."""
    return value if plain(form) == plain(value.text) else replace(value, printed=form)


def plain(text: str) -> str:
    """A text without spaces."""
    return text.replace(" ", "").replace("\u3000", "")


def shown(made: Record, name: str) -> Record:
    """A record of a class without what is never shown, in the order of the layout."""
    present = [key for key in made.values if not layouts.hidden(key)]
    order = [*layouts.columns(name, present), *present]
    made.values = {key: made.values[key] for key in dict.fromkeys(order)}
    return made


def best(values: list[Shown], lang: str) -> list[Shown]:
    """The values in the language of the page, if there are any such among several languages."""
    if len({value.lang for value in values}) < 2:
        return values
    return [value for value in values if value.lang in (lang, "")] or values


def grouped(
    records: Iterable[Record],
    classes: Mapping[str, Row],
    kind: str,
    reader: Reader,
    headings: Mapping[str, str],
) -> list[Group]:
    """The records by class, part and, for mentions, by the kind of what mentions; in the order of the kind's layout."""
    found: dict[tuple[str, ...], list[Record]] = {}
    titles: dict[tuple[str, ...], str] = {}
    for made in records:
        row = classes.get(made.subject)
        name = local(row["class"].text) if row else "Statement"
        keys: tuple[str, ...] = (f"{name}.{made.role}", name)
        if (name, made.role) == ("Mention", "mentions"):
            keys = (f"{name}.{made.role}.{source(made)}", *keys)
        found.setdefault(keys, []).append(made)
        titles[keys] = title(keys, kind, reader) or (
            reader.heading(row, "class") if row else headings.get(made.role, "")
        )
    groups = [Group(keys, titles[keys], newest_first(part), columns(keys, part)) for keys, part in found.items()]
    return sorted(groups, key=lambda group: layouts.rank(kind, group.keys))


def title(keys: Sequence[str], kind: str, reader: Reader) -> str:
    """What a group is called, by the most specific of its keys that has a name of its own."""
    names: dict[str, str] = messages(reader.lang)["groups"]
    wanted = [*keys[:-1], *([] if kind in ("page", "") else [keys[-1]])]
    return next((names[key] for key in wanted if key in names), "")


def source(made: Record) -> str:
    """The kind of thing that mentions another."""
    paths = [value.href for values in made.values.values() for value in values if value.href.startswith("/page/")]
    return layouts.kind_of(paths[0]) if paths else ""


def columns(keys: Sequence[str], records: Iterable[Record]) -> list[str]:
    """The columns of a group that have content."""
    present = dict.fromkeys(name for record in records for name in record.values)
    return layouts.columns(keys[-1], list(present))


def described(group: Group, kind: str) -> Iterable[Shown]:
    """What the entry of a thing says in a sentence; it stands under the name and not again among the facts."""
    if group.keys[0].endswith(f".{kind}"):
        for entry in group.records:
            yield from entry.values.pop("description", [])
        group.columns = [column for column in group.columns if column != "description"]
