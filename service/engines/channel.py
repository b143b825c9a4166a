"""What the front and a lane tell each other: one kind, one number and some bytes a message, with a connection where one is handed over.

Messages are packets of a local socket (SOCK_SEQPACKET), so that each comes whole, with the descriptor that belongs to it.
A closed channel ends a lane.
"""

import socket
import struct

GUEST, HEAVY = b"G", b"H"  # to a lane: a connection to serve; queries that are no use trying
HELLO, CLOSED, REST, OTHERS = b"O", b"C", b"R", b"N"
# from a lane: it is ready; a connection has ended; bytes that should be sent first; a connection whose request is for others to answer
MESSAGE, DESCRIPTOR = struct.Struct("!cQ"), struct.Struct("i")
LONGEST = 65 * 1024


def pair() -> tuple[socket.socket, socket.socket]:
    """Both ends of a new channel."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def send(channel: socket.socket, kind: bytes, number: int, rest: bytes = b"", descriptor: int | None = None) -> None:
    """Tell the other side; raises OSError if it is gone, or its packets are not taken and the channel does not wait."""
    message = MESSAGE.pack(kind, number) + rest
    if descriptor is None:
        channel.send(message)
    else:
        socket.send_fds(channel, [message], [descriptor])


def receive(channel: socket.socket) -> tuple[bytes, int, bytes, int | None]:
    """The next message: kind, number, rest and descriptor. Raises EOFError if the other side is gone, BlockingIOError if there is none."""
    # socket.recv_fds would ignore the flag
    data, extra, _, _ = channel.recvmsg(LONGEST, socket.CMSG_LEN(DESCRIPTOR.size), socket.MSG_DONTWAIT)
    if not data:
        raise EOFError
    kind, number = MESSAGE.unpack_from(data)
    descriptor = next((DESCRIPTOR.unpack(sent)[0] for _, what, sent in extra if what == socket.SCM_RIGHTS), None)
    return kind, number, data[MESSAGE.size :], descriptor
