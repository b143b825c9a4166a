"""Small tables made of rows of cells, for the rules that look at tables alone."""

from typing import Any

from service.building.fingerprints import marks, pack, page_pieces
from service.building.tables import Row, Table

Field = dict[str, Any]
PAGE: Field = {"name": "page", "type": "integer", "identifier": "page"}


def column(name: str, **keys: Any) -> Field:
    """A text column with some keys."""
    return {"name": name, "type": "string", **keys}


def table(name: str, fields: list[Field], *rows: dict[str, str], edition: str = "2024", **schema: Any) -> Table:
    """A table with its rows, numbered as in a file."""
    numbered = tuple(Row(number, {k: v for k, v in cells.items() if v}) for number, cells in enumerate(rows, start=2))
    described = {"class": [], "primaryKey": [fields[0]["name"]], "fields": fields, **schema}
    return Table(edition, name, f"data/{edition}/{name}.csv", described, numbered)


def pages(texts: dict[int, str]) -> Table:
    """The fingerprints of pages with these texts."""
    rows = [{"page": str(page), "print": pack(marks(page, page_pieces(text)))} for page, text in texts.items()]
    return table("pages", [PAGE, column("print", role="fingerprint")], *rows)


def decisions(*rows: dict[str, str]) -> Table:
    """Reading decisions."""
    return table("decided", [PAGE, column("said", role="says"), column("read", role="taken")], *rows)


def exceptions(*rows: tuple[str, str, str, str, str]) -> Table:
    """Exceptions: check, table, column, cell, page."""
    roles = ("check", "table", "column", "cell")
    fields = [*(column(role, role=role) for role in roles), PAGE]
    return table("excused", fields, *(dict(zip((*roles, "page"), row, strict=True)) for row in rows))
