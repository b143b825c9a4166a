"""Faults: what is wrong with the data or with a request, where, and what to do about it, in Japanese and in English.

A fault of the data names the file, the row (line of the file, the header being 1), the column, the rule that was broken
and the remedy; a problem is what the caller of the service is told (RFC 9457).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

TYPE_BASE = "/problems/"


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


@dataclass(eq=False)
class Problem(Exception):
    """A fault that is told to the caller: what went wrong and how to mend it."""

    slug: str
    status: int
    title: Text
    detail: Text
    remedy: Text | None = None
    extra: Mapping[str, object] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    about: str | None = None  # for the log: what the access log calls the query

    def __str__(self) -> str:
        return f"{self.status} {self.slug}: {self.detail.en}"

    def members(self) -> dict[str, object]:
        """The JSON object; the plain RFC 9457 members are English, the Japanese ones stand beside them."""
        body: dict[str, object] = {
            "type": TYPE_BASE + self.slug,
            "title": self.title.en,
            "title_ja": self.title.ja,
            "status": self.status,
            "detail": self.detail.en,
            "detail_ja": self.detail.ja,
        }
        if self.remedy:
            body |= {"remedy": self.remedy.en, "remedy_ja": self.remedy.ja}
        return body | dict(self.extra)
