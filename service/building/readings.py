"""Readings: a name and how it is read → a fault where the kana of the name do not occur in the reading, in their order."""

import re
import unicodedata
from collections.abc import Iterator

from service.building.tables import Table
from service.faults import Fault, Text
from service.folding import HIRAGANA

RUNS = re.compile(r"[ぁ-ゖー]+|[^ぁ-ゖー]+")
REMEDY = Text("名称と読みを見比べて直してください", "compare name and reading, and correct one of them")


def misread(tables: list[Table]) -> Iterator[Fault]:
    """A fault for each reading (``lang`` ``ja-Hrkt``) that cannot be that of the row's label."""
    for table in tables:
        for field in table.fields if "kind" in table.schema else ():
            if field.get("lang") == "ja-Hrkt":
                for row in table.rows:
                    name, reading = row.cells["label"], row.cells.get(field["name"])
                    if reading and not re.fullmatch(pattern(name), kana(reading)):
                        ja, en = (
                            f"「{reading}」は「{name}」の読みに合いません",
                            f"'{reading}' is no reading of '{name}'",
                        )
                        yield Fault(table.path, row.number, field["name"], "reading", Text(ja, en), REMEDY)


def kana(text: str) -> str:
    """A text with its katakana as hiragana."""
    return unicodedata.normalize("NFKC", text).translate(HIRAGANA)


def pattern(name: str) -> str:
    """What a reading of a name looks like: its kana as they are, at least one kana for each other letter, signs or not."""
    parts = []
    for run in RUNS.findall(kana(name)):
        letters = sum(unicodedata.category(sign)[0] in "LN" for sign in run)
        parts.append(run if RUNS.match(run) and run[0] in KANA else f".{{{letters},}}")
    return "".join(parts)


KANA = {chr(code) for code in range(ord("ぁ"), ord("ゖ") + 1)} | {"ー"}
