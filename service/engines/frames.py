"""Frames on a byte stream: kind and length, then so many bytes; how the front and the engines talk."""

import struct
from collections.abc import Iterator

HEADER = struct.Struct("!cI")
ASK, HEAD, DATA, END, FAULT, HELLO = b"Q", b"H", b"D", b"E", b"X", b"O"
ENGINE, LANE = b"e", b"l"  # what the parent forks
FRAME = 128 * 1024
LARGEST = 16 * 1024 * 1024


class Broken(Exception):
    """The bytes are not frames of ours."""


def pack(kind: bytes, body: bytes = b"") -> bytes:
    """One frame."""
    return HEADER.pack(kind, len(body)) + body


class Frames:
    """Collects bytes as they come and hands out the whole frames among them."""

    def __init__(self) -> None:
        self._pending = b""

    def feed(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        """The frames that are complete with these bytes."""
        if self._pending:
            data, self._pending = self._pending + data, b""
        start, size = 0, len(data)
        while size - start >= HEADER.size:
            kind, length = HEADER.unpack_from(data, start)
            if length > LARGEST:
                raise Broken(f"a frame of {length} bytes")
            end = start + HEADER.size + length
            if size < end:
                break
            yield kind, data[start + HEADER.size : end]
            start = end
        self._pending = data[start:]
