"""Parts: which pages of the booklet are under which heading → a fault for each cell that names another part than its page is in.

The table whose columns have the roles ``chapter``, ``part``, ``first`` and ``last`` is the booklet's table of contents: a chapter's
parts and their pages. A field says by ``part`` of which chapter its cells name parts. On a page that the chapter covers one of the
parts there must be named; elsewhere none.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from service.building.booklet import cells_by_role
from service.building.tables import Table
from service.faults import Fault, Text

Contents = list[tuple[str, str, int, int]]


def astray(tables: list[Table]) -> Iterator[Fault]:
    """A fault for each cell that names no part of its page."""
    for edition in sorted({table.edition for table in tables}):
        of_edition = [table for table in tables if table.edition == edition]
        found = cells_by_role(of_edition, "chapter", "part", "first", "last")
        contents = [(chapter, part, int(first), int(last)) for chapter, part, first, last in found]
        for table in of_edition:
            for field in table.fields:
                if "part" in field:
                    yield from other_parts(table, field, contents)


def other_parts(table: Table, field: Mapping[str, Any], contents: Contents) -> Iterator[Fault]:
    """The rows of one table whose page is not in the part that they name."""
    [column] = field.get("pages", ["page"])
    for row in table.rows:
        page = int(row.cells.get(column, "0"))
        here = [part for chapter, part, first, last in contents if chapter == field["part"] and first <= page <= last]
        cell = row.cells.get(field["name"], "")
        if cell not in (here or [""]):
            choices = "、".join(here) or "（空）"
            ja, en = (
                f"{page}ページの見出しは「{choices}」です（「{cell}」）",
                f"page {page} is under '{choices}', not '{cell}'",
            )
            remedy = Text("見出しかページを直してください", "correct the heading or the page")
            yield Fault(table.path, row.number, field["name"], "part", Text(ja, en), remedy)
