"""What systemd wants to hear and hands over: sd_notify(3) and sd_listen_fds(3), with the standard library."""

from __future__ import annotations

import os
import socket

FIRST_FD = 3


def notify(message: str) -> None:
    """Tell the service manager, for instance `READY=1`; nothing happens where there is none."""
    path = os.environ.get("NOTIFY_SOCKET", "")
    if not path:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
        channel.connect("\0" + path[1:] if path.startswith("@") else path)
        channel.sendall(message.encode())


def inherited_sockets() -> list[socket.socket]:
    """Listening sockets that were opened for this process; empty without socket activation."""
    if os.environ.get("LISTEN_PID") != str(os.getpid()):
        return []
    count = int(os.environ.get("LISTEN_FDS", "0"))
    return [socket.socket(fileno=fd) for fd in range(FIRST_FD, FIRST_FD + count)]
