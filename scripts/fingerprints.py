"""Make the fingerprints of a booklet's pages from its text; the text itself stays outside of the project.

    .venv/bin/python scripts/fingerprints.py TEXT scripts/page-starts-2024.csv data/2024/page-fingerprints.csv

The starts say with which line (blanks left out, or its beginning and …) each page begins, in order, and how many lines around
it may belong to either page, because the text does not show where pages end.
"""

import csv
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from service.building.fingerprints import fold, in_one_word, marks, pack, page_pieces, side_by_side, spell

MARKUP = re.compile(r"<ul [^>]*>|\*\*")  # left by the reading of the pages, not printed
NOTES = re.compile(r"\^\{※\d\}|※[\d¹²³]?")  # the tables leave the marks of footnotes out of names


def line_of(start: str, lines: list[str], first: int) -> int:
    """The place of the next line that begins a page; raises ValueError when there is none."""
    for place in range(first, len(lines)):
        found = spell(fold(lines[place]))[0]
        if found == start or (start.endswith("…") and found.startswith(start[:-1])):
            return place
    raise ValueError(f"no line is {start}")


def pages(lines: list[str], starts: list[dict[str, str]]) -> Iterator[tuple[int, list[str]]]:
    """Page and lines."""
    places, last = [], 0
    for start in starts:
        last = line_of(start["first_line"], lines, last)
        places.append(last)
        last += 1
    spare = [int(start["more_lines"]) for start in starts]
    for n, start in enumerate(starts):
        end = places[n + 1] + spare[n + 1] if n + 1 < len(starts) else len(lines)
        yield int(start["page"]), lines[max(places[n] - spare[n], 0) : end]


def columns(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Cells of a printed table, each with the next one below it that is not empty."""
    above: dict[int, str] = {}
    for line in lines:
        for place, cell in enumerate(line.split("\t")):
            if cell.strip():
                yield above.get(place, ""), cell
                above[place] = cell


def pieces(lines: list[str]) -> set[str]:
    """All pieces of a page, with its marks of footnotes and without."""
    text = "\n".join(lines)
    found = set(page_pieces(text)) | set(page_pieces(NOTES.sub("", text)))
    for upper, lower in columns(lines):
        found |= {*side_by_side(upper, lower), *in_one_word(upper, lower)}
    return found


def main(text: str, starts: str, target: str) -> None:
    """Write the table."""
    with Path(starts).open(encoding="utf-8", newline="") as file:
        cut = pages(MARKUP.sub("", Path(text).read_text("utf-8")).splitlines(), list(csv.DictReader(file)))
    with Path(target).open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["page", "fingerprint"])
        table.writerows((page, pack(marks(page, pieces(lines)))) for page, lines in cut)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
