"""Published identifiers: data/published.csv and the tables → a fault for each identifier that no row has any more.

An address that was given out stays: others have stored it. ``scripts/published.py`` adds new ones when an edition is published.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from service.building.tables import ENCODING, Table
from service.faults import Fault, Text

FILE = "published.csv"
REMEDY = Text(
    "識別子を元に戻してください。本当に無くすときは data/published.csv の行を消してください",
    "restore the identifier; to withdraw it for good, remove its line from data/published.csv",
)


def vanished(tables: list[Table], data_dir: Path) -> Iterator[Fault]:
    """A fault for each published identifier that no table has; the file may be missing before the first publication."""
    present = identifiers(tables)
    for number, (kind, slug) in enumerate(published(data_dir), start=2):
        if (kind, slug) not in present:
            ja, en = f"公開した {kind}/{slug} がありません", f"the published {kind}/{slug} is gone"
            yield Fault(f"data/{FILE}", number, "slug", "vanished-identifier", Text(ja, en), REMEDY)


def published(data_dir: Path) -> list[tuple[str, str]]:
    """Kind and slug of every identifier that was given out, in the order of the file."""
    if not (data_dir / FILE).exists():
        return []
    with (data_dir / FILE).open(encoding=ENCODING, newline="") as file:
        return [(row["kind"], row["slug"]) for row in csv.DictReader(file)]


def identifiers(tables: list[Table]) -> set[tuple[str, str]]:
    """Kind and slug of every thing of the tables."""
    things = [table for table in tables if "kind" in table.schema]
    return {(table.schema["kind"], row.cells["slug"]) for table in things for row in table.rows}
