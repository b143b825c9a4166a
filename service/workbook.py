"""Workbooks: a SPARQL JSON result → an Excel file with typed cells and a second sheet that says where it comes from."""

import io
import json
from collections.abc import Mapping
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


def workbook(question: Question, values: Mapping[str, str], result: bytes, manifest: Mapping[str, object]) -> bytes:
    """The file's bytes. Text is written as text, never as a formula; numbers as numbers."""
    table = json.loads(result)
    columns: list[str] = table["head"]["vars"]
    rows: list[dict[str, Any]] = table["results"]["bindings"]
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet(question.name[:31])
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column, bold)
            widths = [2 * len(row[column]["value"]) for row in rows if column in row]
            sheet.set_column(place, place, min(WIDEST, max([len(column) + 2, *widths])))
        for line, row in enumerate(rows, start=1):
            for place, column in enumerate(columns):
                if column in row:
                    write_cell(sheet, (line, place), row[column])
        if rows:
            sheet.autofilter(0, 0, len(rows), len(columns) - 1)
        about = book.add_worksheet("about")
        about.set_column(0, 0, 24)
        about.set_column(1, 1, 2 * WIDEST)
        for line, (name, value) in enumerate(origin(question, values, manifest)):
            about.write_string(line, 0, name, bold)
            about.write_string(line, 1, value)
    return buffer.getvalue()


def write_cell(sheet: Any, place: tuple[int, int], term: Mapping[str, str]) -> None:
    """One term as a number or as text."""
    if term.get("datatype", "").rpartition("#")[2] in NUMBERS:
        sheet.write_number(*place, float(term["value"]))
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
        ("出典 / source", "山口県産業労働部「令和6年度 産業労働部事業概要」"),
        ("ライセンス / licence", "CC BY 4.0"),
    ]
