"""Rows about a thing to a table that people read in a spreadsheet: labels first, identifiers last."""

import csv
import io
from collections.abc import Sequence

from service.ui.language import Language
from service.ui.reading import Reader, local
from service.ui.rows import Row

COLUMNS = (
    "class",
    "property",
    "value",
    "number",
    "unit",
    "printed",
    "page",
    "edition",
    "subject",
    "property_iri",
    "value_iri",
)


def sheet(rows: Sequence[Row], reader: Reader, lang: Language) -> bytes:
    """What is said of a thing, one value a line; the lines of one statement share their subject. Types are left to RDF."""
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(lang.column(name, "sheet") for name in COLUMNS)
    lines.writerows(line(row, reader) for row in rows if local(row["property"].text) != "type")
    return text.getvalue().encode("utf-8-sig")  # with the byte order mark, by which Excel knows UTF-8


def line(row: Row, reader: Reader) -> list[str]:
    """One value."""
    return [
        reader.heading(row, "class") if row["class"] else "",
        reader.heading(row, "property"),
        reader.shown(row).text,
        *(row[name].text for name in ("number", "unit", "printed", "page", "edition")),
        row["subject"].text,
        row["property"].text,
        row["value"].iri,
    ]
