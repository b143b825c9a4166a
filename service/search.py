"""Search: the documents of a snapshot → a full-text index beside it, and words → the things that match, best first."""

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import Store

from service.documents import Document, documents
from service.folding import bigrams, fold, fold_number, letters

FILE = "search.sqlite"
SCHEMA = """
CREATE TABLE document (id INTEGER PRIMARY KEY, thing TEXT, kind TEXT, label_ja TEXT, label_en TEXT, names TEXT, body TEXT, facets TEXT);
CREATE VIRTUAL TABLE gram USING fts5 (names, body, numbers, letters, tokenize = "unicode61 categories 'L* N* Co S* P* M*'");
"""
MOST_WORDS, MOST_LETTERS, SNIPPET = 12, 200, 60
# Kinds that staff look for come before those that merely name something.
WEIGHTS = {
    "programme": 12,
    "fund": 10,
    "organisation": 9,
    "law": 9,
    "unit": 8,
    "council": 7,
    "facility": 7,
    "plan": 4,
    "person": 3,
    "event": 0,
}
# Those who answer a telephone; the number stands with all that they answer for.
ANSWERING, NUMBER = ("unit", "organisation", "facility"), 6


@dataclass(frozen=True)
class Hit:
    """One thing that matches."""

    thing: str
    kind: str
    label_ja: str
    label_en: str
    snippet: str
    score: float
    exact: bool = False  # one of its names is what was asked for


@dataclass(frozen=True)
class Found:
    """What a search gives: a page of hits, how many there are, and how many in each facet."""

    hits: list[Hit]
    total: int
    facets: dict[str, list[tuple[str, str, int]]] = field(default_factory=dict)
    loose: bool = False  # nothing has all the words: these have some of their letters


def write_index(store: Store, folder: Path) -> None:
    """Write ``search.sqlite`` into a snapshot that is being made."""
    with closing(sqlite3.connect(folder / FILE)) as index:
        index.executescript(SCHEMA)
        for number, document in enumerate(documents(store), start=1):
            insert(index, number, document)
        index.execute("INSERT INTO gram (gram) VALUES ('optimize')")
        index.commit()
        index.execute("VACUUM")


def insert(index: sqlite3.Connection, number: int, document: Document) -> None:
    """One document."""
    names = [fold(name) for name in dict.fromkeys(document.names)]
    body = "\n".join(dict.fromkeys([*document.texts, *document.numbers]))
    numbers = " ".join(fold_number(text) for text in document.numbers)
    facets = json.dumps(sorted(document.facets), ensure_ascii=False)
    row = (number, document.thing, document.kind, document.label_ja, document.label_en, "\n".join(names), body, facets)
    index.execute("INSERT INTO document VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
    folded = fold(body)
    grams = (number, bigrams(" ".join(names)), bigrams(folded), bigrams(numbers), letters(" ".join([*names, folded])))
    index.execute("INSERT INTO gram (rowid, names, body, numbers, letters) VALUES (?, ?, ?, ?, ?)", grams)


def words_of(text: str) -> list[str]:
    """The words of a query, folded."""
    return [word for word in fold_number(text[:MOST_LETTERS]).split(" ") if word][:MOST_WORDS]


def search(
    path: Path, text: str, *, chosen: Mapping[str, str] | None = None, limit: int = 20, offset: int = 0
) -> Found:
    """Things that have all the words of ``text``, within the chosen facets; none of them: those nearest to it."""
    words = words_of(text)
    if not words or not (path / FILE).exists():
        return Found([], 0)
    with closing(sqlite3.connect(f"file:{path / FILE}?mode=ro&immutable=1", uri=True)) as index:
        rows = matches(index, " AND ".join(map(phrase, words)))
        loose = not rows
        if loose:
            rows = matches(index, " OR ".join(quoted(gram) for gram in bigrams(" ".join(words)).split(" ")))[:50]
    ranked = sorted(rows, key=lambda row: (-score(row, words, loose=loose), row["label_ja"]))
    counts = facet_counts(ranked)
    kept = [row for row in ranked if fits(row, chosen or {})]
    hits = [hit(row, words) for row in kept[offset : offset + limit]]
    return Found(hits, len(kept), counts, loose)


def matches(index: sqlite3.Connection, expression: str) -> list[sqlite3.Row]:
    """The documents that a full-text expression finds, with its own rank."""
    index.row_factory = sqlite3.Row
    statement = (
        "SELECT d.*, bm25(gram, 8.0, 1.0, 6.0, 0.5) AS rank FROM gram JOIN document d ON d.id = gram.rowid "
        "WHERE gram MATCH ? ORDER BY rank LIMIT 2000"
    )
    return list(index.execute(statement, (expression,)))


def phrase(word: str) -> str:
    """A word as a phrase of pairs; one letter is looked for among the letters."""
    if len(word) == 1:
        return f"letters : {quoted(word)}"
    return quoted(bigrams(word))


def quoted(text: str) -> str:
    """A string of the full-text language."""
    return '"' + text.replace('"', '""') + '"'


def score(row: sqlite3.Row, words: Sequence[str], *, loose: bool) -> float:
    """How well a document answers: whole names first, then their beginnings, then their parts, then the text."""
    names = row["names"].split("\n")
    whole = "".join(words)
    points: float = WEIGHTS.get(row["kind"], 2) - (3 * row["rank"] if loose else min(0, row["rank"]))
    if whole.isdigit() and len(whole) >= NUMBER and row["kind"] in ANSWERING:
        points += 20
    if named(row, whole):
        points += 200
    elif any(name.startswith(words[0]) for name in names):
        points += 60
    elif any(all(word in name for word in words) for name in names):
        points += 45
    elif any(word in name for word in words for name in names):
        points += 15
    if all(word in fold(row["label_ja"]) for word in words):
        points += 10  # its name of today, not one that it was once given
    return (
        points / 2 if row["kind"] == "event" else points
    )  # the chronology names everything: what it is about comes first


def named(row: sqlite3.Row, whole: str) -> bool:
    """Whether one of the names of a document is just these letters, spaces aside."""
    return any(name.replace(" ", "") == whole for name in row["names"].split("\n"))


def facet_counts(rows: Sequence[sqlite3.Row]) -> dict[str, list[tuple[str, str, int]]]:
    """Facet → (Japanese label, English label, hits); kinds by their key."""
    kinds = Counter(row["kind"] for row in rows)
    counts: dict[str, Counter[tuple[str, str]]] = {}
    for row in rows:
        for facet, label_ja, label_en in json.loads(row["facets"]):
            counts.setdefault(facet, Counter())[label_ja, label_en] += 1
    found = {facet: [(ja, en, n) for (ja, en), n in counter.most_common(12)] for facet, counter in counts.items()}
    return {"kind": [(kind, kind, number) for kind, number in kinds.most_common()], **found}


def fits(row: sqlite3.Row, chosen: Mapping[str, str]) -> bool:
    """Whether a document lies in the chosen facets."""
    own = {(facet, label) for facet, label, _ in json.loads(row["facets"])} | {("kind", row["kind"])}
    return all((facet, label) in own for facet, label in chosen.items() if label)


def hit(row: sqlite3.Row, words: Sequence[str]) -> Hit:
    """A document as a hit, with the line of its text that has a word."""
    lines = [line for line in row["body"].split("\n") if any(word in fold_number(line) for word in words)]
    line = lines[0] if lines else ""
    if len(line) > SNIPPET:
        start = max(0, min((fold(line).find(word) for word in words if word in fold(line)), default=0) - SNIPPET // 3)
        line = ("…" if start else "") + line[start : start + SNIPPET] + "…"
    exact = named(row, "".join(words))
    return Hit(row["thing"], row["kind"], row["label_ja"], row["label_en"], line, round(row["rank"], 3), exact)


def suggest(path: Path, text: str, limit: int = 8) -> list[Hit]:
    """Things whose names have what has been typed so far."""
    found = search(path, text, limit=limit * 4)
    words = words_of(text)
    bearing = [
        hit for hit in found.hits if any(word in fold(name) for word in words for name in (hit.label_ja, hit.label_en))
    ]
    return (bearing or found.hits)[:limit] if not found.loose else []


def marked(text: str, query: str) -> list[tuple[str, bool]]:
    """A text in pieces, each with whether it is one of the words of the query (where folding keeps places)."""
    folded = fold(text)
    words = [re.escape(word) for word in words_of(query)]
    if len(folded) != len(text) or not words:
        return [(text, False)]
    pieces, end = [], 0
    for match in re.finditer("|".join(sorted(words, key=len, reverse=True)), folded):
        pieces += [(text[end : match.start()], False), (text[match.start() : match.end()], True)]
        end = match.end()
    return [piece for piece in [*pieces, (text[end:], False)] if piece[0]]
