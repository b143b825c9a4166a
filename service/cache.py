"""Questions that were asked before to their answers: bounded memory, the least recently asked goes first."""

from collections import OrderedDict

SHARE = 16  # one answer may take this part of the cache at most
OVERHEAD = 512  # bytes that an entry takes beside its answer


class ResultCache:
    """Answers by entity tag, which names everything that they depend on; those of old snapshots fade away by themselves."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.hits = self.misses = self.size = 0
        self._answers: OrderedDict[str, bytes] = OrderedDict()

    @property
    def largest(self) -> int:
        """Bytes of the longest answer that is kept."""
        return self.limit // SHARE

    def get(self, tag: str) -> bytes | None:
        """The answer, if it is still here."""
        body = self._answers.get(tag)
        if body is None:
            self.misses += 1
            return None
        self.hits += 1
        self._answers.move_to_end(tag)
        return body

    def put(self, tag: str, body: bytes) -> None:
        """Keep an answer, unless it is too long."""
        if len(body) > self.largest or tag in self._answers:
            return
        self._answers[tag] = body
        self.size += len(body) + OVERHEAD
        while self.size > self.limit:
            self.size -= len(self._answers.popitem(last=False)[1]) + OVERHEAD
