"""Listening sockets, opened here or passed by the service manager, that survive descriptor exhaustion."""

from __future__ import annotations

import contextlib
import errno
import os
import resource
import socket
from collections.abc import Mapping
from types import MappingProxyType

from gateway.mail.smtp.smtp_reply import TOO_MANY_CONNECTIONS, SmtpReply

BACKLOG = 512
# How many connections are rejected at a time when no descriptor is left; the rest waits for the next turn.
_MAX_REJECTED = 64
_BIND_ERRORS: Mapping[int | None, str] = MappingProxyType(
    {
        errno.EADDRINUSE: "the port is in use; ss -ltnp sport = :{port} shows which process is using it",
        errno.EACCES: "permission denied; use gateway.socket, or change listen.port",
        errno.EADDRNOTAVAIL: "this machine has no such address; correct listen.host",
    }
)
_NO_DESCRIPTOR_ERRORS = frozenset({errno.EMFILE, errno.ENFILE})


class ListeningSocket(socket.socket):
    """A listening socket that reserves one file descriptor for descriptor exhaustion.

    Without it, the event loop retries an accept that cannot succeed, and logs each failure.
    """

    def __init__(self, *, fileno: int) -> None:
        super().__init__(fileno=fileno)
        self.rejected_clients = 0
        self._spare_fd: int | None = None
        self._reserve_fd()

    @classmethod
    def from_socket(cls, listening: socket.socket) -> ListeningSocket:
        """Return another handle of a socket that is already bound or listening."""
        made = cls(fileno=os.dup(listening.fileno()))
        made.setblocking(False)
        return made

    def accept(self) -> tuple[socket.socket, object]:
        """Accept a connection.

        Without free descriptors, reject the waiting clients and raise BlockingIOError.
        """
        try:
            return super().accept()
        except OSError as error:
            if error.errno not in _NO_DESCRIPTOR_ERRORS:
                raise
        self._reject_waiting()
        raise BlockingIOError(errno.EAGAIN, "the process has no free file descriptors")

    def close(self) -> None:
        """Close the socket and the spare descriptor."""
        super().close()
        self._release_fd()

    def _reject_waiting(self) -> None:
        self._release_fd()
        with contextlib.suppress(OSError):
            for _ in range(_MAX_REJECTED):
                client, _address = super().accept()
                turn_away(client, TOO_MANY_CONNECTIONS)
                self.rejected_clients += 1
        self._reserve_fd()

    def _reserve_fd(self) -> None:
        with contextlib.suppress(OSError):
            self._spare_fd = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)

    def _release_fd(self) -> None:
        if self._spare_fd is not None:
            os.close(self._spare_fd)
            self._spare_fd = None


def turn_away(connection: socket.socket, reply: SmtpReply) -> None:
    """Send the reason and close the connection, without waiting."""
    with connection, contextlib.suppress(OSError):
        connection.setblocking(False)
        connection.send(f"{reply}\r\n".encode("ascii"))


def bind(host: str, port: int) -> socket.socket:
    """Return a listening socket. Raises OSError with the port, the cause and a remedy."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sets TCP_NODELAY on accepted connections only if the socket's protocol is IPPROTO_TCP.
    opened = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((host, port))
        opened.listen(BACKLOG)
    except OSError as error:
        opened.close()
        why = _BIND_ERRORS.get(error.errno, "{said}").format(said=error.strerror or error, port=port)
        raise OSError(error.errno, f"{host} port {port}: {why}") from error
    opened.setblocking(False)
    return opened


def raise_open_file_limit() -> int:
    """Raise the limit of open files to the hard limit and return it; no code here uses select()."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        soft = hard
    return soft
