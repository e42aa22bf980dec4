"""Listening sockets of our own, for when the service manager hands none over."""

from __future__ import annotations

import socket

BACKLOG = 512


def bind(host: str, port: int) -> socket.socket:
    """A listening socket. Raises OSError, for instance when the port is taken or needs privileges."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((host, port))
        opened.listen(BACKLOG)
    except OSError:
        opened.close()
        raise
    opened.setblocking(False)
    return opened
