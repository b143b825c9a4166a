"""Chunks of an answer, faster than its reader, to chunks in order: in memory first, then in an unnamed file."""

import tempfile
from collections import deque
from typing import IO

CHUNK = 64 * 1024


class Budget:
    """Bytes on disk that all spools may take together."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.used = 0

    @property
    def spent(self) -> bool:
        """Whether nothing more should be spooled for now."""
        return self.used >= self.limit


class Spool:
    """One answer on its way: a slow reader costs a file, never an engine."""

    def __init__(self, memory: int, budget: Budget) -> None:
        self.size = 0  # all bytes ever put
        self._memory, self._budget = memory, budget
        self._chunks: deque[bytes] = deque()
        self._held = 0
        self._file: IO[bytes] | None = None
        self._written = self._read = 0

    def __bool__(self) -> bool:
        """Whether there is something to take."""
        return bool(self._chunks) or self._read < self._written

    @property
    def overfull(self) -> bool:
        """Whether the memory is full and no disk is left either: the writer should pause."""
        return self._held > self._memory and self._budget.spent

    def put(self, chunk: bytes) -> None:
        """Add a chunk at the end."""
        self.size += len(chunk)
        if self._read < self._written or (self._held + len(chunk) > self._memory and not self._budget.spent):
            self._write(chunk)
        else:
            self._chunks.append(chunk)
            self._held += len(chunk)

    def take(self) -> bytes:
        """Remove a chunk from the front; empty if there is none."""
        if self._chunks:
            chunk = self._chunks.popleft()
            self._held -= len(chunk)
            return chunk
        if self._file is None or self._read >= self._written:
            return b""
        self._file.seek(self._read)
        chunk = self._file.read(min(CHUNK, self._written - self._read))
        self._read += len(chunk)
        if self._read == self._written:
            self._drop_file()
        return chunk

    def peek(self) -> bytes:
        """All bytes, if they are in memory still and none has been taken."""
        return b"".join(self._chunks) if self._held == self.size else b""

    def close(self) -> None:
        """Give everything back."""
        self._chunks.clear()
        self._held = 0
        self._drop_file()

    def _write(self, chunk: bytes) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="shisaku-")  # noqa: SIM115  closed in _drop_file
        self._file.seek(self._written)
        self._file.write(chunk)
        self._written += len(chunk)
        self._budget.used += len(chunk)

    def _drop_file(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
            self._budget.used -= self._written
            self._written = self._read = 0
