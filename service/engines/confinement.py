"""A forked engine or lane to a process that can do nothing but compute: no files, no network, bounded memory and time."""

import contextlib
import ctypes
import fcntl
import os
import resource
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38
FIRST = 3  # the first descriptor after the three standard ones


def confine(channel: int, memory_bytes: int, *, files: bool = False, network: bool = False) -> int:
    """Shut the calling engine in and return its channel; the walls that a platform does not have are left out.

    ``files`` and ``network`` leave a door open, for a store on disk and for SERVICE addresses that are allowed.
    """
    _shut_in(memory_bytes, network=network)
    if files or network:
        return channel
    [channel] = _keep_only(channel)
    # With no descriptor to spare, neither socket() nor open() can succeed, whatever the engine is made to try.
    resource.setrlimit(resource.RLIMIT_NOFILE, (channel + 1, channel + 1))
    return channel


def confine_lane(channel: int, log: int, memory_bytes: int) -> tuple[int, int]:
    """Shut the calling lane in and return its channel and its log; new descriptors come in only while ``admitting``."""
    _shut_in(memory_bytes, network=False)
    channel, log = _keep_only(channel, log)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    return channel, log


@contextlib.contextmanager
def admitting() -> Iterator[None]:
    """A moment in which this process may be handed descriptors."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, most))


def _shut_in(memory_bytes: int, *, network: bool) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _no_privileges()
    if not network:
        _no_network()
    _silence()
    _bound_memory(memory_bytes)  # while /proc can still be read


def _keep_only(*descriptors: int) -> list[int]:
    """Close every descriptor but the three standard ones and these, which get the numbers from FIRST on."""
    spare = [fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, FIRST + len(descriptors)) for descriptor in descriptors]
    kept = [os.dup2(copy, FIRST + place, inheritable=False) for place, copy in enumerate(spare)]
    os.closerange(FIRST + len(kept), 4096)
    return kept


def _no_privileges() -> None:
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _no_network() -> None:
    """An own network namespace has no interface that is up; refused on some hosts, which is tolerated."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0:
            libc.unshare(CLONE_NEWNET)


def _silence() -> None:
    """What a dying engine prints is of no use to anybody and may quote the query."""
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    os.close(null)


def _bound_memory(memory_bytes: int) -> None:
    """So much on top of what the process has now, which is the graph that it shares with its parent."""
    with contextlib.suppress(OSError, ValueError):
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        limit = pages * resource.getpagesize() + memory_bytes
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
