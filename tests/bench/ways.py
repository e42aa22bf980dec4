"""The ways in which mails come to a system in the bench, and what it has to do besides."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Way:
    """`per_connection`: mails over one connection (0: all); `slow_disk_ms`: what every fsync takes longer."""

    name: str
    per_connection: int = 0
    starttls: bool = False
    slow_disk_ms: int = 0
    letters: bool = False


WAYS = {
    way.name: way
    for way in (
        Way("kept"),
        Way("starttls", per_connection=1, starttls=True),
        Way("slow disk", slow_disk_ms=3),
        Way("letters", letters=True),
    )
}


def preload(way: Way, library: Path) -> dict[str, str]:
    """The environment of every system that is measured."""
    if not way.slow_disk_ms:
        return {}
    return {"LD_PRELOAD": str(library), "SLOWSYNC_US": str(way.slow_disk_ms * 1000)}
