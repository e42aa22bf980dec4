"""Accepted connections on their way from the writer to a front (SCM_RIGHTS of unix(7)).

They have a channel of their own, SOCK_SEQPACKET, which no transport reads: one that reads a stream drops
descriptors in silence.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator

import msgspec

_MAX_BYTES = 512
_MAX_AT_ONCE = 64


class DescriptorLostError(OSError):
    """The kernel could not give us the descriptor: no room in our table of files."""


class Seat(msgspec.Struct, array_like=True, frozen=True):
    """What goes with a descriptor: the session, the mails that its client may begin, all sessions."""

    session: int
    mails: int
    sessions: int


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Seat).decode


def build_pair() -> tuple[socket.socket, socket.socket]:
    """The two ends of a channel, the writer's first."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.setblocking(False)
    theirs.setblocking(False)
    return ours, theirs


def send(channel: socket.socket, seat: Seat, connection: socket.socket) -> None:
    """Hand a connection over. Raises OSError when the channel is full or its other end has gone."""
    socket.send_fds(channel, [_encode(seat)], [connection.fileno()])


def receive(channel: socket.socket) -> Iterator[tuple[Seat, socket.socket | DescriptorLostError]]:
    """All that has come; an error in place of a connection that the kernel dropped (MSG_CTRUNC)."""
    for _ in range(_MAX_AT_ONCE):
        try:
            octets, fds, flags, _address = socket.recv_fds(channel, _MAX_BYTES, 1, socket.MSG_CMSG_CLOEXEC)
        except OSError:  # nothing more, or the other end has gone: the record stream tells
            return
        if not octets:
            return
        yield _decode(octets), _adopt(fds, flags)


def _adopt(fds: list[int], flags: int) -> socket.socket | DescriptorLostError:
    if len(fds) != 1 or flags & socket.MSG_CTRUNC:
        for fd in fds:
            os.close(fd)
        return DescriptorLostError("no file descriptor is left for the connection")
    connection = socket.socket(fileno=fds[0])
    connection.setblocking(False)
    return connection
