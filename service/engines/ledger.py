"""What a lane does and has done, in memory that it shares with the front: a lane may be killed, its ledger stays."""

import contextlib
import mmap
import os
from bisect import bisect_left
from collections.abc import Sequence

from service.querying.surveys import FINGERPRINT
from service.web.access import pieces

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)  # seconds
IDLE, READING, EVALUATING, SENDING = range(4)
STATE, GUEST_NUMBER, RECEIVED, GETS, POSTS, BYTES, MICROSECONDS, HITS, MISSES, CACHED, LOGGED = range(11)
COUNTERS = range(GETS, LOGGED)
FIRST_BUCKET = 16
WORDS = 64
QUERY = 8 * WORDS  # where the fingerprint of the query under way stands
LOG, LOG_SIZE = 4096, 60 * 1024
REQUEST, REQUEST_SIZE = LOG + LOG_SIZE, 64 * 1024  # what has come from the guest
SIZE = REQUEST + REQUEST_SIZE


class Ledger:
    """One lane's words, the query under way, and the lines of its access log that are not written yet."""

    def __init__(self, descriptor: int) -> None:
        self._memory = mmap.mmap(descriptor, SIZE)
        self.words = memoryview(self._memory).cast("Q")[:WORDS]

    @staticmethod
    def create() -> int:
        """A descriptor of fresh memory."""
        descriptor = os.memfd_create("shisaku-ledger")
        os.ftruncate(descriptor, SIZE)
        return descriptor

    @property
    def state(self) -> int:
        """IDLE, READING, EVALUATING or SENDING."""
        return self.words[STATE]

    @property
    def guest(self) -> int:
        """The number of the connection that the state is about."""
        return self.words[GUEST_NUMBER]

    def begin(self, guest: int, request: bytes) -> None:
        """A request is read from now on; it is lost nowhere, whatever becomes of the lane."""
        self._memory[REQUEST : REQUEST + len(request)] = request
        words = self.words
        words[GUEST_NUMBER], words[RECEIVED], words[STATE] = guest, len(request), READING

    @property
    def request(self) -> bytes:
        """The request that is being answered."""
        return self._memory[REQUEST : REQUEST + self.words[RECEIVED]]

    @property
    def query(self) -> str:
        """The fingerprint of the query under way, or of the last one that was evaluated."""
        return self._memory[QUERY : QUERY + FINGERPRINT].decode("ascii")

    @query.setter
    def query(self, fingerprint: str) -> None:
        self._memory[QUERY : QUERY + FINGERPRINT] = fingerprint.encode("ascii")

    def count(self, place: int, seconds: float, sent: int, line: bytes) -> None:
        """Note an answer, with its line of the access log."""
        words = self.words
        words[place] += 1
        words[BYTES] += sent
        words[MICROSECONDS] += int(seconds * 1e6)
        words[FIRST_BUCKET + bisect_left(BUCKETS, seconds)] += 1
        start = words[LOGGED]
        self._memory[LOG + start : LOG + start + len(line)] = line
        words[LOGGED] = start + len(line)

    @property
    def pending(self) -> bool:
        """Whether there are lines that are not written yet."""
        return self.words[LOGGED] > 0

    @property
    def full(self) -> bool:
        """Whether the log should be written before anything else happens."""
        return self.words[LOGGED] > LOG_SIZE // 2

    def write_log(self, descriptor: int) -> None:
        """Write the lines that are not written yet; a full disk must not end a lane."""
        if self.words[LOGGED]:
            with contextlib.suppress(OSError):
                for piece in pieces(self.take_log()):
                    os.write(descriptor, piece)

    def take_log(self) -> bytes:
        """The lines that are not written yet; they are forgotten here."""
        lines = bytes(self._memory[LOG : LOG + self.words[LOGGED]])
        self.words[LOGGED] = 0
        return lines


def added(ledgers: Sequence[Sequence[int]]) -> list[int]:
    """All words of some ledgers together; only COUNTERS and buckets mean anything then."""
    return [sum(column) for column in zip([0] * WORDS, *ledgers, strict=True)]
