"""Workbooks: a SPARQL JSON result → an Excel file with typed cells and a second sheet that says where it comes from."""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import xlsxwriter

from service.catalogue import Question


@dataclass(frozen=True)
class Format:
    """A file format: extension and media type."""

    extension: str
    media_type: str


XLSX = Format("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
NUMBERS = ("integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger")
WIDEST = 60  # characters of a column


def workbook(
    question: Question,
    values: Mapping[str, str],
    result: bytes,
    manifest: Mapping[str, object],
    headings: Mapping[str, str],
) -> bytes:
    """The file's bytes. Text is written as text, never as a formula; numbers as numbers; columns under what people call them."""
    table = json.loads(result)
    columns: list[str] = table["head"]["vars"]
    rows: list[dict[str, Any]] = table["results"]["bindings"]
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        fill(book, book.add_worksheet(question.name[:31]), columns, rows, headings)
        about = book.add_worksheet("about")
        about.set_column(0, 0, 24)
        about.set_column(1, 1, 2 * WIDEST)
        bold = book.add_format({"bold": True})
        named = ("列 / columns", "、".join(f"{headings.get(column, column)} = {column}" for column in columns))
        for line, (name, value) in enumerate([*origin(question, values, manifest), named]):
            about.write_string(line, 0, name, bold)
            about.write_string(line, 1, value)
    return buffer.getvalue()


def fill(
    book: Any, sheet: Any, columns: Sequence[str], rows: Sequence[Mapping[str, Any]], headings: Mapping[str, str]
) -> None:
    """The first sheet: a row of headings that stays in sight, and the answer below it."""
    bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0"})
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        heading = headings.get(column, column)
        sheet.write_string(0, place, heading, bold)
        widths = [2 * len(row[column]["value"]) for row in rows if column in row]
        sheet.set_column(place, place, min(WIDEST, max([2 * len(heading) + 2, *widths])))
    for line, row in enumerate(rows, start=1):
        for place, column in enumerate(columns):
            if column in row:
                write_cell(sheet, (line, place), row[column], money if column.endswith("_yen") else None)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)


def write_cell(sheet: Any, place: tuple[int, int], term: Mapping[str, str], form: Any) -> None:
    """One term as a number or as text."""
    if term.get("datatype", "").rpartition("#")[2] in NUMBERS:
        sheet.write_number(*place, float(term["value"]), form)
    else:
        sheet.write_string(*place, term["value"])


def origin(question: Question, values: Mapping[str, str], manifest: Mapping[str, object]) -> list[tuple[str, str]]:
    """What the second sheet says: question, parameters, edition, snapshot, time, source, licence."""
    return [
        ("質問 / question", f"{question.title.ja} / {question.title.en}"),
        ("名前 / name", question.name),
        ("引数 / parameters", "、".join(f"{name}={value}" for name, value in values.items())),
        ("版 / edition", str(manifest.get("edition", ""))),
        ("データ / snapshot", str(manifest.get("digest", ""))),
        ("作成 / made", datetime.now(UTC).isoformat(timespec="seconds")),
        ("出典 / source", f"山口県産業労働部「{manifest.get('title', '')}」"),
        ("ライセンス / licence", "CC BY 4.0"),
    ]
