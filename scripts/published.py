"""Add the identifiers of the tables to data/published.csv: from then on a check demands that they stay.

.venv/bin/python scripts/published.py
"""

import csv
from pathlib import Path

from service.building.published import FILE, identifiers, published
from service.building.tables import ENCODING, read_tables

DATA = Path(__file__).resolve().parents[1] / "data"


def main() -> None:
    """Write the table anew, what was in it included."""
    rows = sorted({*published(DATA), *identifiers(read_tables(DATA))})
    with (DATA / FILE).open("w", encoding=ENCODING, newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([("kind", "slug"), *rows])


if __name__ == "__main__":
    main()
