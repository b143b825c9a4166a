"""Queries that ran too long before to a memory of them: while others wait, they are not tried again at once.

A query is known by its skeleton (its tokens without the spelling of variables, strings and numbers), so that a changed
comment or limit does not make it a stranger.
"""

import time
from collections import OrderedDict

REMEMBERED = 4096


class Reputation:
    """The skeletons of heavy queries, each for some minutes."""

    def __init__(self, seconds: float = 600) -> None:
        self._seconds = seconds
        self._until: OrderedDict[tuple[str, str], float] = OrderedDict()

    def note(self, digest: str, skeleton: str) -> None:
        """Remember that a query was heavy on a snapshot."""
        self._until[digest, skeleton] = time.monotonic() + self._seconds
        self._until.move_to_end((digest, skeleton))
        if len(self._until) > REMEMBERED:
            self._until.popitem(last=False)

    def __len__(self) -> int:
        return len(self._until)

    def heavy(self, digest: str, skeleton: str) -> bool:
        """Whether a query is known to be heavy."""
        return self._until.get((digest, skeleton), 0) > time.monotonic()
