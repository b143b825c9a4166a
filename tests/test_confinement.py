"""The second wall: an engine or a lane reaches nothing even if a query gets past the guard."""

import socket
import subprocess
import sys

import pytest

from tests.serving import ROOT

ENGINE = """
import os, socket, sys
from pyoxigraph import Store, QueryResultsFormat
from service.engines.confinement import confine, confine_lane
ours, theirs = socket.socketpair()
store = Store()
if os.fork() == 0:
    channel = socket.socket(fileno={confined})
    try:
        {attempt}
        channel.sendall(b"got through")
    except BaseException as fault:
        channel.sendall(b"stopped: " + repr(fault).encode())
    os._exit(0)
theirs.close()
print(ours.recv(1000).decode())
os.wait()
"""
ATTEMPTS = {
    "service": "list(store.query('SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}'))",
    "load": "store.update('LOAD <http://127.0.0.1:{port}/>')",
    "socket": "socket.create_connection(('127.0.0.1', {port}))",
    "file": "open('/etc/passwd')",
    "memory": "bytearray(512 * 2**20)",
}


CONFINED = {
    "engine": "confine(theirs.fileno(), 256 * 2**20)",
    "lane": "confine_lane(theirs.fileno(), 1, 256 * 2**20)[0]",
}


@pytest.mark.parametrize("confined", CONFINED.values(), ids=CONFINED)
@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS)
def test_nothing_gets_through(attempt: str, confined: str) -> None:
    with socket.socket() as canary:
        canary.bind(("127.0.0.1", 0))
        canary.listen()
        canary.settimeout(0.2)
        code = ENGINE.format(attempt=attempt.format(port=canary.getsockname()[1]), confined=confined)
        told = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=30, check=True
        )
        assert told.stdout.startswith("stopped"), told
        with pytest.raises(TimeoutError):
            canary.accept()
