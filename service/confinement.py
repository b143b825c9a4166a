"""A forked engine to a process that can do nothing but compute: no files, no network, bounded memory and time."""

import contextlib
import ctypes
import os
import resource
import signal
import sys
from pathlib import Path

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38
CHANNEL = 3  # the only descriptor that an engine keeps beside the three standard ones


def confine(channel: int, memory_bytes: int, *, files: bool = False, network: bool = False) -> int:
    """Shut the calling process in and return its channel; the walls that a platform does not have are left out.

    ``files`` and ``network`` leave a door open, for a store on disk and for SERVICE addresses that are allowed.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _no_privileges()
    if not network:
        _no_network()
    _silence()
    _bound_memory(memory_bytes)  # while /proc can still be read
    if files or network:
        return channel
    if channel != CHANNEL:
        os.dup2(channel, CHANNEL, inheritable=False)
    os.closerange(CHANNEL + 1, 4096)
    # With no descriptor to spare, neither socket() nor open() can succeed, whatever the engine is made to try.
    resource.setrlimit(resource.RLIMIT_NOFILE, (CHANNEL + 1, CHANNEL + 1))
    return CHANNEL


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
