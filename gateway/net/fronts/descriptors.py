"""Accepted connections passed from the writer to a front (SCM_RIGHTS of unix(7)).

They use a separate SOCK_SEQPACKET channel that no asyncio transport reads, because a stream transport
silently drops descriptors.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator

import msgspec

_MAX_BYTES = 512
_MAX_AT_ONCE = 64


class DescriptorLostError(OSError):
    """The kernel could not pass the descriptor, because this process's descriptor table is full."""


class Seat(msgspec.Struct, array_like=True, frozen=True):
    """Metadata of a descriptor: the session's number, the mails granted to its client, all sessions."""

    session: int
    mails: int
    sessions: int


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Seat).decode


def build_pair() -> tuple[socket.socket, socket.socket]:
    """Return the two ends of a channel, the writer's first."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.setblocking(False)
    theirs.setblocking(False)
    return ours, theirs


def send(channel: socket.socket, seat: Seat, connection: socket.socket) -> None:
    """Pass a connection to a front. Raises OSError if the channel is full or its other end is closed."""
    try:
        socket.send_fds(channel, [_encode(seat)], [connection.fileno()])
    except BlockingIOError as error:
        raise OSError(error.errno, "the channel to the front-end process is full") from error
    except ConnectionError as error:
        raise OSError(error.errno, "the front-end process has exited") from error


def receive(channel: socket.socket) -> Iterator[tuple[Seat, socket.socket | DescriptorLostError]]:
    """Yield everything received; an error replaces a connection that the kernel dropped (MSG_CTRUNC)."""
    for _ in range(_MAX_AT_ONCE):
        try:
            octets, fds, flags, _address = socket.recv_fds(channel, _MAX_BYTES, 1, socket.MSG_CMSG_CLOEXEC)
        except OSError:  # nothing more, or the other end is closed, which the record stream reports
            return
        if not octets:
            return
        yield _decode(octets), _adopt(fds, flags)


def _adopt(fds: list[int], flags: int) -> socket.socket | DescriptorLostError:
    if len(fds) != 1 or flags & socket.MSG_CTRUNC:
        for fd in fds:
            os.close(fd)
        return DescriptorLostError("no file descriptor was available for the connection")
    connection = socket.socket(fileno=fds[0])
    connection.setblocking(False)
    return connection
