"""Events to years: what passes the filters, grouped by year, and how many there are each year."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from service.folding import fold
from service.ui.rows import Row


@dataclass(frozen=True)
class Year:
    """One year of the chronology."""

    year: str
    events: Sequence[Row]
    all: int
    height: float

    @property
    def decade(self) -> str:
        """1994 → 199."""
        return self.year[:3]


def years(rows: Sequence[Row], start: str, end: str, text: str) -> list[Year]:
    """Every year from the first to the last event, with the events that pass the filters."""
    words = fold(text).split()
    everything = Counter(row["date"].text[:4] for row in rows)
    most = max(everything.values(), default=1)
    kept: dict[str, list[Row]] = {}
    for row in rows:
        date = row["date"].text
        inside = (not start or date >= start) and (not end or date[: len(end)] <= end)
        if inside and all(word in fold(row["label"].text) for word in words):
            kept.setdefault(date[:4], []).append(row)
    return [
        Year(year, kept.get(year, ()), everything[year], round(100 * everything[year] / most, 1))
        for year in sorted(everything)
    ]
