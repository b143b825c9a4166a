"""Values: a printed form and what was read from it → a fault where one says what the other does not.

Every number of a printed form is the value of a figure that names the form by ``printed`` (or stands in words of the row, such as a
condition); a text that names it occurs in it; and a row has both or neither.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from service.building.booklet import booklet
from service.building.fingerprints import fold
from service.building.tables import Row, Table
from service.faults import Fault, Text

REMEDY = Text("値と印字の形を原本と見比べてください", "compare the value and the printed form with the booklet")
NOTES = re.compile(r"※\d")
NUMBER = re.compile(r"(\d+(?:\.\d+)?)(億|千万|百万|万|千)?")
SCALE = {"億": 10**8, "千万": 10**7, "百万": 10**6, "万": 10**4, "千": 10**3, "": 1}
YEAR = 1900  # a year is printed in its era, which a check of its own compares
Fields = list[dict[str, Any]]


def unaccounted(tables: list[Table]) -> Iterator[Fault]:
    """A fault for each printed form that says more, or less, than its figures."""
    books = {edition: booklet(tables, edition) for edition in {table.edition for table in tables}}
    for table in tables:
        for printed, fields in printed_forms(table).items():
            for row in table.rows:
                found = unread(row, printed, fields, words(table, printed))
                if found and not books[table.edition].excused_on("printed-figures", table, row, printed):
                    ja = f"「{row.cells.get(printed, '')}」の {found} に当たる値がありません"
                    en = f"no value for {found} of '{row.cells.get(printed, '')}'"
                    yield Fault(table.path, row.number, printed, "printed-figures", Text(ja, en), REMEDY)


def printed_forms(table: Table) -> Mapping[str, Fields]:
    """The columns with printed forms and the figures that name them."""
    found: dict[str, Fields] = {}
    for field in table.fields:
        if "printed" in field:
            found.setdefault(field["printed"], []).append(field)
    return found


def words(table: Table, printed: str) -> list[str]:
    """The other columns of printed words, in which a number of the form may stand."""
    return [field["name"] for field in table.fields if "lang" in field and field["name"] != printed]


def unread(row: Row, printed: str, fields: Fields, others: list[str]) -> str:
    """The first of a printed form and its readings that the other side does not have."""
    form = row.cells.get(printed, "")
    values = [(abs(Decimal(row.cells[f["name"]])), f["unit"]) for f in fields if f["name"] in row.cells and "unit" in f]
    texts = [row.cells[f["name"]] for f in fields if f["name"] in row.cells and "unit" not in f]
    if bool(form) != bool(values or texts):
        return form or "…"
    strange = [text for text in texts if plain(text) not in plain(form)]
    if strange or not any("unit" in field for field in fields):
        return "".join(strange[:1])
    found = numbers(NOTES.sub("", form))
    if "×" in form and len(found) == 2 and found[0] * found[1] in {value for value, _ in values}:
        return ""
    if any(unit == "年" and value > YEAR for value, unit in values):
        return ""
    elsewhere = {number for column in others for number in numbers(row.cells.get(column, ""))}
    return unmatched(found, [{value, value / 12} if unit == "月" else {value} for value, unit in values], elsewhere)


def unmatched(found: list[Decimal], values: list[set[Decimal]], elsewhere: set[Decimal]) -> str:
    """The first number that is neither a value of its own nor stands elsewhere."""
    left = list(values)
    for number in found:
        value = next((value for value in left if number in value), None)
        if value is not None:
            left.remove(value)
        elif number not in elsewhere:
            return str(number)
    return ""


def plain(text: str) -> str:
    """A text folded and without blanks."""
    return "".join(fold(text).split())


def numbers(text: str) -> list[Decimal]:
    """The numbers of a text, 億 and the like multiplied out."""
    return [Decimal(number) * SCALE[scale] for number, scale in NUMBER.findall(fold(text))]
