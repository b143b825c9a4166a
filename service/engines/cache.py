"""Questions that were asked before to their answers: bounded memory, the least recently asked goes first."""

from collections import OrderedDict
from typing import Generic, TypeVar

SHARE = 16  # one answer may take this part of the cache at most
OVERHEAD = 512  # bytes that an entry takes beside its answer


Name = TypeVar("Name", str, bytes)
Kept = TypeVar("Kept", bound=bytes)


class ResultCache(Generic[Name, Kept]):
    """Answers by a name for everything that they depend on, such as an entity tag; those of old snapshots fade away by themselves."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.hits = self.misses = self.size = 0
        self._answers: OrderedDict[Name, Kept] = OrderedDict()

    @property
    def largest(self) -> int:
        """Bytes of the longest answer that is kept."""
        return self.limit // SHARE

    def get(self, name: Name) -> Kept | None:
        """The answer, if it is still here."""
        body = self._answers.get(name)
        if body is None:
            self.misses += 1
            return None
        self.hits += 1
        self._answers.move_to_end(name)
        return body

    def put(self, name: Name, body: Kept) -> None:
        """Keep an answer, unless it is too long."""
        if len(body) > self.largest or name in self._answers:
            return
        self._answers[name] = body
        self.size += len(name) + len(body) + OVERHEAD
        while self.size > self.limit:
            gone, answer = self._answers.popitem(last=False)
            self.size -= len(gone) + len(answer) + OVERHEAD
