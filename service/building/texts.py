"""Texts: a cell → what may be printed for it: the names of the thing that it names, or the cell itself.

Beside the keys that ``statements`` explains: field ``named_by`` is the column that says of which kind the thing is that the cell
names; field ``name_of`` is the column that names the thing of which the cell is another name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.building.tables import Row, Table

NAMES = {"skos:prefLabel", "skos:altLabel"}
Field = Mapping[str, Any]


@dataclass(frozen=True)
class Texts:
    """The names of every thing, by its kind and slug and by its kind and each name."""

    names: Mapping[tuple[str, str], list[str]]

    def of(self, row: Row, field: Field) -> list[str]:
        """What may be printed for a cell; nothing for an empty one."""
        cell = row.cells.get(field["name"])
        if cell is None:
            return []
        kind = field.get("names") or field.get("identifier") or row.cells.get(field.get("named_by", ""))
        return self.names.get((kind or "", cell), [cell])


def texts_of(tables: list[Table]) -> Texts:
    """The names of the tables' things, other spellings in print included."""
    found: dict[tuple[str, str], list[str]] = {}
    for table in (each for each in tables if "kind" in each.schema):
        columns = [f["name"] for f in table.fields if f.get("lang") == "ja" and f.get("property") in NAMES]
        for row in table.rows:
            names = [row.cells[column] for column in columns if column in row.cells]
            found[table.schema["kind"], row.cells["slug"]] = names
            for name in names:
                found.setdefault((table.schema["kind"], name), names)
    for table, field in [(each, field) for each in tables for field in each.fields if "name_of" in field]:
        thing = field_of(table, field["name_of"])
        for row in table.rows:
            found.get((thing["identifier"], row.cells[thing["name"]]), []).append(row.cells[field["name"]])
    return Texts(found)


def field_of(table: Table, column: str) -> Field:
    """The declaration of a column."""
    return next(field for field in table.fields if field["name"] == column)
