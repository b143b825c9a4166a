"""Questions that were asked before to their answers: bounded memory, the least recently asked goes first."""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass

SHARE = 16  # one answer may take this part of the cache at most


@dataclass(frozen=True)
class Key:
    """Everything that an answer depends on."""

    digest: str
    text: str
    media_type: str
    substitutions: tuple[tuple[str, str], ...] = ()
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()

    @property
    def etag(self) -> str:
        """A weak entity tag, as compression changes the bytes and not the answer."""
        return f'W/"{hashlib.sha256(repr(self).encode()).hexdigest()[:32]}"'


class ResultCache:
    """Answers by key; the digest in the key lets old snapshots fade away by themselves."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.hits = self.misses = self.size = 0
        self._answers: OrderedDict[Key, bytes] = OrderedDict()

    @property
    def largest(self) -> int:
        """Bytes of the longest answer that is kept."""
        return self.limit // SHARE

    def get(self, key: Key) -> bytes | None:
        """The answer, if it is still here."""
        body = self._answers.get(key)
        if body is None:
            self.misses += 1
            return None
        self.hits += 1
        self._answers.move_to_end(key)
        return body

    def put(self, key: Key, body: bytes) -> None:
        """Keep an answer, unless it is too long."""
        if len(body) > self.largest or key in self._answers:
            return
        self._answers[key] = body
        self.size += _cost(key, body)
        while self.size > self.limit:
            old = self._answers.popitem(last=False)
            self.size -= _cost(*old)


def _cost(key: Key, body: bytes) -> int:
    return len(body) + 2 * len(key.text) + 512
