"""The processor time of a mail system: of its processes and all below them, by proc_pid_stat(5).

It moves by a tenth where mails a second move by half on a machine that others use.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

_PROC = Path("/proc")
_TICKS = os.sysconf("SC_CLK_TCK")


def read_used_s(roots: Iterable[int]) -> float:
    """Seconds that processes and their descendants used, those that have ended included."""
    living = {pid for root in roots for pid in _find_descendants(root)}
    return sum(map(_read_ticks, living)) / _TICKS


def find_processes(folder: Path) -> list[int]:
    """The processes whose command line names a file of `folder`."""
    found = []
    for place in _PROC.glob("[0-9]*"):
        try:
            command = (place / "cmdline").read_bytes()
        except OSError:  # it has ended
            continue
        if f"{folder}/".encode() in command:
            found.append(int(place.name))
    return found


def _find_descendants(pid: int) -> Iterator[int]:
    yield pid
    for children in _PROC.glob(f"{pid}/task/*/children"):
        try:
            below = children.read_text(encoding="ascii").split()
        except OSError:  # it has ended
            continue
        for child in below:
            yield from _find_descendants(int(child))


def _read_ticks(pid: int) -> int:
    """Own time, and that of children which have ended and were waited for."""
    try:
        text = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:  # its parent has its time now
        return 0
    return sum(map(int, text.rpartition(")")[2].split()[11:15]))
