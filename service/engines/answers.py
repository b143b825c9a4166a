"""A job or a remembered answer to bytes in order, which break off loudly if they must."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from service.engines.cache import ResultCache
from service.engines.jobs import Job
from service.engines.verdicts import HUNG_UP, verdict
from service.settings import Settings

SMALL = 256 * 1024


@dataclass
class Answer:
    """What a query gives: its kind (select, ask, construct, describe), its type, and its bytes as they come."""

    kind: str
    media_type: str
    etag: str | None  # None if the same question may give another answer next time
    digest: str
    settings: Settings = field(repr=False)
    remembered: bytes | None = field(default=None, repr=False)
    job: Job | None = field(default=None, repr=False)
    memory: ResultCache[str, bytes] | None = field(
        default=None, repr=False
    )  # where to keep the answer once it is whole

    @property
    def length(self) -> int | None:
        """Number of bytes, if all have come; else None."""
        if self.remembered is not None:
            return len(self.remembered)
        return self.job.spool.size if self.job and self.job.whole else None

    @property
    def small(self) -> bool:
        """Whether all bytes are here and few enough to be sent as one piece."""
        return self.length is not None and self.length <= SMALL

    def __aiter__(self) -> AsyncIterator[bytes]:
        """The bytes in order; raises Problem if the answer breaks off."""
        return self._remembered(self.remembered) if self.remembered is not None else self._coming()

    async def _remembered(self, body: bytes) -> AsyncIterator[bytes]:
        yield body

    async def _coming(self) -> AsyncIterator[bytes]:
        assert self.job is not None
        job, kept = self.job, bytearray()
        try:
            while True:
                await job.news()
                chunk = job.spool.take()
                if not chunk:
                    break
                job.resume()
                if self.memory and len(kept) <= self.memory.largest:
                    kept += chunk
                yield chunk
            if not job.whole:
                raise verdict(job, self.settings)
            if self.memory and self.etag:
                self.memory.put(self.etag, bytes(kept))
        finally:
            self.cancel()

    async def settled(self) -> None:
        """Wait until the answer is whole; raises Problem if it never will be."""
        if self.job is not None:
            await self.job.settled()
            if not self.job.whole:
                self.cancel()
                raise verdict(self.job, self.settings)

    async def read(self) -> bytes:
        """All bytes at once, for answers that are known to be small."""
        return self.taken() if self.small else b"".join([chunk async for chunk in self])

    def taken(self) -> bytes:
        """All bytes of a small answer, which are here already."""
        if self.job is None:
            return self.remembered or b""
        body = b"".join(iter(self.job.spool.take, b""))
        if self.memory and self.etag:
            self.memory.put(self.etag, body)
        return body

    def cancel(self) -> None:
        """Nobody wants the rest: free the engine and what was spooled."""
        if self.job is not None:
            if not self.job.over:
                self.job.end(HUNG_UP)
            self.job.spool.close()
