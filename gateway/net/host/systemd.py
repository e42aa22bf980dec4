"""What systemd wants to hear and hands over, with the standard library.

sd_notify(3), sd_listen_fds(3), sd_watchdog_enabled(3).
"""

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
    """Listening sockets that were opened for this process; empty without socket activation.

    They are taken once: a child of this process must not believe that they are its own.
    """
    for_us = os.environ.pop("LISTEN_PID", "") == str(os.getpid())
    count = _parse_int(os.environ.pop("LISTEN_FDS", ""))
    os.environ.pop("LISTEN_FDNAMES", None)
    if not for_us:
        return []
    for fd in range(FIRST_FD, FIRST_FD + count):
        os.set_inheritable(fd, False)
    return [socket.socket(fileno=fd) for fd in range(FIRST_FD, FIRST_FD + count)]


def watchdog_interval_s() -> float | None:
    """How often to say `WATCHDOG=1`: three times in the limit; None when nobody watches this process."""
    if os.environ.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return None
    limit_us = _parse_int(os.environ.get("WATCHDOG_USEC", ""))
    return limit_us / 3e6 if limit_us else None


def _parse_int(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() else 0
