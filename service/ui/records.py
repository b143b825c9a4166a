"""Statements as records, in groups: what pages of things are made of."""

from dataclasses import dataclass, field

from service.ui.reading import Shown


@dataclass
class Record:
    """One statement: its values by property, the page that it is quoted from, and the edition that says it."""

    subject: str
    page: str = ""
    page_href: str = ""
    edition: str = ""
    role: str = ""
    nested: bool = False
    values: dict[str, list[Shown]] = field(default_factory=dict)
    also: "list[Record]" = field(default_factory=list)  # what other editions say in the same words

    @property
    def sources(self) -> "list[Record]":
        """Itself and the same of other editions, for their pages."""
        return [self, *self.also]


@dataclass
class Group:
    """Statements of one class in which the thing plays the same part."""

    keys: tuple[str, ...]  # from the most specific name to the class alone
    title: str
    records: list[Record]
    columns: list[str]

    @property
    def form(self) -> str:
        """How it is shown: one record as facts, one column as a list, else as a table."""
        if len(self.columns) == 1:
            return "list"
        return "facts" if len(self.records) == 1 else "table"

    @property
    def paged(self) -> bool:
        """Whether any of it was read from a page of the booklet; what was looked up elsewhere was not."""
        return any(record.page_href for record in self.records)

    def numeric(self, column: str) -> bool:
        """Whether a column holds figures."""
        values = [value for record in self.records for value in record.values.get(column, [])]
        return bool(values) and all(value.number is not None for value in values)


def newest_first(records: list[Record]) -> list[Record]:
    """The newest edition first, else as they came."""
    return sorted(records, key=lambda record: record.edition, reverse=True)


def merged(group: Group) -> Group:
    """A group in which what several editions say in the same words stands once, with the pages of all of them."""
    kept: list[Record] = []
    known: dict[object, Record] = {}
    for record in group.records:
        said = (record.role, record.nested, tuple(tuple(record.values.get(name, ())) for name in group.columns))
        first = known.setdefault(said, record)
        if first is record or not record.edition or record.edition in {source.edition for source in first.sources}:
            kept.append(record)
        else:
            first.also.append(record)
    group.records = kept
    return group
