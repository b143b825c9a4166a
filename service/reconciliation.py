"""Names from a spreadsheet to the things that they may mean, by the Reconciliation Service API 0.2 (https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/).

A candidate's score runs from 0 to 100; ``match`` is set when its name is the asked one and no other candidate's is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from service.folding import fold
from service.search import Hit, search

MOST_CANDIDATES, MOST_QUERIES, MOST_KINDS, USUAL_CANDIDATES = 25, 50, 5, 5
LONGEST_NAME = 200


@dataclass(frozen=True)
class Wanted:
    """One name of a batch: the text, the kinds that are looked for (any without one), and how many candidates."""

    text: str
    kinds: tuple[str, ...]
    limit: int


def wanted(entry: Mapping[str, Any]) -> Wanted:
    """One query of a batch; raises ValueError for what the specification does not allow."""
    text, kinds, limit = entry.get("query"), entry.get("type") or [], entry.get("limit", USUAL_CANDIDATES)
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if not isinstance(text, str) or not text.strip():
        raise ValueError("query")
    if not isinstance(kinds, list) or len(kinds) > MOST_KINDS or not all(isinstance(kind, str) for kind in kinds):
        raise ValueError("type")
    if not isinstance(limit, int) or isinstance(limit, bool) or limit < 1:
        raise ValueError("limit")
    return Wanted(text[:LONGEST_NAME], tuple(dict.fromkeys(kinds)), min(limit, MOST_CANDIDATES))


def candidates(snapshot: Path, asked: Wanted, kinds: Mapping[str, str]) -> list[dict[str, Any]]:
    """The things that a name may mean, best first; ``kinds`` says what each kind is called."""
    found = list(hits(snapshot, asked))
    ranked = sorted(((score(hit, asked.text), hit) for hit in found), key=lambda pair: (-pair[0], pair[1].label_ja))
    exact = sum(hit.exact for hit in found)
    return [
        {
            "id": hit.thing,
            "name": hit.label_ja,
            "type": [{"id": hit.kind, "name": kinds.get(hit.kind, hit.kind)}],
            "score": points,
            "match": hit.exact and exact == 1,
        }
        for points, hit in ranked[: asked.limit]
    ]


def hits(snapshot: Path, asked: Wanted) -> Iterable[Hit]:
    """What the search finds of each kind that is looked for."""
    for kind in asked.kinds or ("",):
        yield from search(snapshot, asked.text, chosen={"kind": kind}, limit=MOST_CANDIDATES).hits


def score(hit: Hit, text: str) -> float:
    """100 for one of its names, else how much of the letters agree in order with its Japanese or English label."""
    if hit.exact:
        return 100.0
    letters = fold(text)
    alike = max(SequenceMatcher(None, letters, fold(label)).ratio() for label in (hit.label_ja, hit.label_en) if label)
    return round(99 * alike, 1)
