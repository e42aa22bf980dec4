"""The processor time and the memory of a mail system: of its processes and all below them, by proc(5).

The time moves by a tenth where mails a second move by half on a machine that others use.
"""

from __future__ import annotations

import os
import re
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


def read_memory(root: int) -> int:
    """Octets that a process and its descendants have in memory, what they share counted once."""
    return sum(map(_read_pss, set(_find_descendants(root))))


def _read_pss(pid: int) -> int:
    try:
        text = (_PROC / str(pid) / "smaps_rollup").read_text(encoding="ascii")
    except OSError:  # it has ended
        return 0
    found = re.search(r"^Pss: +(\d+) kB$", text, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0
