"""Fingerprints: which words stand on a printed page, without the page's text.

A page is known by hashes of 16 bits, salted with its number: of every three neighbouring characters of its folded text, of
the two at each edge of a word, of the two on both sides of a gap between words, and of every number. Nobody can read a page
from them; of a cell it can be asked whether its words stand there.
"""

import base64
import itertools
import re
import struct
import unicodedata
from collections.abc import Iterable, Iterator
from hashlib import blake2b

# Signs of one meaning that prints and spreadsheets write in several ways; what NFKC leaves apart.
SIGNS = str.maketrans({**dict.fromkeys("‐‑‒–—―−─━", "-"), **dict.fromkeys("〜∼", "~"), **dict.fromkeys("•‧∙", "・")})
THOUSANDS = re.compile(r"(?<=\d),\s?(?=\d{3}(?!\d))")
NUMBER = re.compile(r"\d+(?:\.\d+)?")
EDGE, GAP, FIGURE = "\x1f", "\x1e", "\x1d"  # no text has these
Marks = frozenset[int]


def fold(text: str) -> str:
    """The form in which a page and a cell are compared: width and signs unified, thousands without a comma."""
    return THOUSANDS.sub("", unicodedata.normalize("NFKC", text).translate(SIGNS))


def spell(text: str) -> tuple[str, list[int]]:
    """The characters of a folded text without blanks, and the places of its edges: at blanks and around signs."""
    letters: list[str] = []
    edges = {0}
    for sign in text:
        if sign.isspace():
            edges.add(len(letters))
            continue
        if unicodedata.category(sign)[0] not in "LNM":
            edges |= {len(letters), len(letters) + 1}
        letters.append(sign)
    return "".join(letters), sorted(edges | {len(letters)})


def page_pieces(text: str) -> Iterator[str]:
    """Everything of a page's text that a cell can be asked for."""
    folded = fold(text)
    letters, edges = spell(folded)
    yield from figures(text)
    yield from trigrams(letters)
    yield from (EDGE + letters[edge : edge + 2] for edge in edges)
    ends = edges + [n for n, sign in enumerate(letters) if sign.isdecimal() and n and not letters[n - 1].isdecimal()]
    yield from (letters[max(end - 2, 0) : end] + EDGE for end in ends)  # a name may end where its figure begins
    yield from (EDGE + letters[start:end] + EDGE for start, end in itertools.pairwise(edges) if end == start + 1)
    words = list(words_of(letters, edges))
    for before, after in itertools.pairwise(words):
        yield from gap(before, after)
    for first, second, third in zip(words, words[1:], words[2:], strict=False):
        if len(second) == 1:  # spaced letters: the cell has them as one word
            yield from (*gap(first + second, third), *gap(first, second + third))


def trigrams(letters: str) -> list[str]:
    """Every three neighbouring characters."""
    return [letters[n : n + 3] for n in range(len(letters) - 2)]


def words_of(letters: str, edges: list[int]) -> Iterator[str]:
    """The words between the edges, without signs."""
    for start, end in itertools.pairwise(edges):
        if unicodedata.category(letters[start])[0] in "LNM":
            yield letters[start:end]


def gap(before: str, after: str) -> list[str]:
    """The pieces that say that two words stand side by side: their two neighbouring characters each, or the only one, twice."""
    return [before[-2:] + GAP + after[:2], before[-2:] + GAP + after[:2] + GAP]


def numbers(cell: str) -> list[str]:
    """The numbers of a cell as they are compared."""
    return NUMBER.findall(fold(cell))


def figures(cell: str) -> list[str]:
    """The pieces of a cell of which only the numbers are printed where it says; two a number, as nothing else vouches for it."""
    return [sign + number for number in numbers(cell) for sign in (FIGURE, FIGURE + FIGURE)]


def words_within(cell: str) -> list[str]:
    """The pieces of a cell that may begin and end in the middle of a printed word."""
    return [*figures(cell), *trigrams(spell(fold(cell))[0])]


def whole_words(cell: str) -> list[str]:
    """The pieces of a cell that begins and ends where a printed word does."""
    letters, _ = spell(fold(cell))
    if len(letters) == 1:
        return [EDGE + letters + EDGE]
    return [EDGE + letters[:2], *words_within(cell), letters[-2:] + EDGE]


def side_by_side(left: str, right: str) -> list[str]:
    """The piece that says that one cell is printed right after another, signs between them left out."""
    before, after = ("".join(words_of(*spell(fold(cell)))) for cell in (left, right))
    return gap(before, after)


def in_one_word(left: str, right: str) -> list[str]:
    """The pieces that say that one cell goes on in another without a gap."""
    return trigrams(spell(fold(left))[0][-2:] + spell(fold(right))[0][:2])


def mark(page: int, piece: str) -> int:
    """The hash by which a page knows a piece."""
    return int.from_bytes(blake2b(f"{page}\x1c{piece}".encode(), digest_size=2).digest(), "little")


def marks(page: int, pieces: Iterable[str]) -> Marks:
    """The hashes of many pieces."""
    return frozenset(mark(page, piece) for piece in pieces)


def pack(found: Marks) -> str:
    """Marks as one cell of a table."""
    return base64.b64encode(b"".join(number.to_bytes(2, "little") for number in sorted(found))).decode()


def unpack(cell: str) -> Marks:
    """What `pack` has packed."""
    return frozenset(number for (number,) in struct.iter_unpack("<H", base64.b64decode(cell, validate=True)))


def readable(piece: str) -> str:
    """A piece as people may read it in a message."""
    return piece.replace(EDGE, "|").replace(GAP, " ").replace(FIGURE, "")
