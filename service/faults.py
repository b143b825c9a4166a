"""Faults: what is wrong with the data, where, and what to do about it, as lines for people.

A fault names the file, the row (line of the file, the header being 1), the column, the rule that was broken and the
remedy, in Japanese and in English.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """One message in both languages."""

    ja: str
    en: str

    def get(self, lang: str) -> str:
        """The message in ``lang`` (``ja`` or ``en``)."""
        return self.en if lang == "en" else self.ja


@dataclass(frozen=True)
class Fault:
    """One error of the data at one place."""

    file: str
    row: int | None
    column: str | None
    rule: str
    message: Text
    remedy: Text

    def line(self, lang: str = "ja") -> str:
        """One printable line: place, rule, message, remedy."""
        row, column = ("row", "column") if lang == "en" else ("行", "列")
        place = [self.file]
        if self.row is not None:
            place.append(f"{row} {self.row}")
        if self.column:
            place.append(f"{column} {self.column}")
        return f"{' '.join(place)} [{self.rule}] {self.message.get(lang)} → {self.remedy.get(lang)}"


class DataFault(Exception):
    """The data is at fault: carries every fault found, never only the first."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(set(faults), key=lambda f: (f.file, f.row or 0, f.column or "", f.rule))
        super().__init__("\n".join(fault.line() for fault in self.faults))
