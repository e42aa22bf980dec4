"""systemd notifications and socket activation, with the standard library only.

sd_notify(3), sd_listen_fds(3), sd_watchdog_enabled(3).
"""

from __future__ import annotations

import contextlib
import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path

from gateway.net.host.desk_units import FIRST_DESK, DeskUnits

FIRST_FD = 3
PATIENCE_S = 1.0
UNIT = "gateway.service"
# systemd.unit(5): the first folder with the unit file wins; drop-ins are merged from all folders, by name.
UNIT_FOLDERS = (Path("/etc/systemd/system"), Path("/run/systemd/system"), Path("/usr/lib/systemd/system"))
_MEMORY_MAX = re.compile(r"^\s*MemoryMax\s*=\s*(\w*)\s*$", re.MULTILINE | re.ASCII)
_SUFFIXES = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3, "T": 1024**4}


def notify(message: str) -> None:
    """Notify the service manager, for instance with `READY=1`.

    Nothing happens without a service manager, or if its queue stays full: mail must not wait for it.
    """
    path = os.environ.get("NOTIFY_SOCKET", "")
    if not path:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
        channel.settimeout(PATIENCE_S)
        with contextlib.suppress(TimeoutError):
            channel.connect("\0" + path[1:] if path.startswith("@") else path)
            channel.sendall(message.encode())


def inherited_sockets() -> list[socket.socket]:
    """Return the listening sockets passed to this process; empty without socket activation.

    The variables are removed, so that a child process does not take the sockets for its own.
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
    """Return the interval for `WATCHDOG=1`, a third of the limit; None if there is no watchdog."""
    if os.environ.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return None
    limit_us = _parse_int(os.environ.get("WATCHDOG_USEC", ""))
    return limit_us / 3e6 if limit_us else None


def unit_memory_max(folders: tuple[Path, ...] = UNIT_FOLDERS, units: DeskUnits = FIRST_DESK) -> int | None:
    """Return MemoryMax of a desk's unit and its drop-ins, in octets; None if unset or no such unit."""
    found = [value for text in _unit_texts(folders, units) for value in _MEMORY_MAX.findall(text)]
    number, suffix = (found[-1][:-1], found[-1][-1:]) if found else ("", "")
    if suffix.isdecimal():
        number, suffix = number + suffix, ""
    return _parse_int(number) * _SUFFIXES[suffix] or None if suffix in _SUFFIXES else None


def _unit_texts(folders: tuple[Path, ...], units: DeskUnits) -> Iterator[str]:
    """Yield the unit file, then its drop-ins in order of precedence: the template's, then the instance's."""
    file = units.file(UNIT)
    found = [place for folder in folders if (place := folder / file).is_file()]
    drop_ins: dict[str, Path] = {}
    for unit in dict.fromkeys((file, units.name(UNIT))):
        for folder in reversed(folders):
            drop_ins |= {place.name: place for place in folder.glob(f"{unit}.d/*.conf")}
    for place in (*found[:1], *(drop_ins[name] for name in sorted(drop_ins))):
        yield place.read_text(encoding="utf-8", errors="replace")


def _parse_int(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() else 0
