"""What the disk may hold after a power loss, and whether SQLite makes of it all that was promised.

`disk.c` wrote down every change to the database's files, every sync, and in between what everybody had been
told by then. After each change, images are made in which whatever was not synced is there, or is not, or is
there in parts (a sector is written or it is not). Each must open, be whole, and hold exactly the rows of a
commit that is not older than the last one that was promised.
"""

from __future__ import annotations

import random
import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from tests.crash.points import digest
from tests.crash.seat import Seat
from tests.crash.story import Story

_HEAD = struct.Struct("=IIQQ")
SECTORS = (512, 4096)
# So small that the log is written back, and begun anew, many times within one story.
CHECKPOINT_PAGES = 40


@dataclass(frozen=True)
class Change:
    """`kind`: w(rite), t(runcate), c(reate), u(nlink), s(ync), d (sync of the folder), n(ote)."""

    kind: str
    part: str
    offset: int
    data: bytes


def changes(record: Path) -> Iterator[Change]:
    """The record that `disk.c` made."""
    with record.open("rb") as file:
        while head := file.read(_HEAD.size):
            kind, name_length, offset, length = _HEAD.unpack(head)
            part = file.read(name_length).decode()
            yield Change(chr(kind), part, offset, file.read(length))


@dataclass
class Part:
    """One file: what is on disk for certain (None: not there), and what may or may not be."""

    certain: bytearray | None = None
    pending: list[Change] = field(default_factory=list)

    def settle(self) -> None:
        """All that was pending is on disk."""
        for change in self.pending:
            self.certain = applied(self.certain, change)
        self.pending.clear()


def applied(content: bytearray | None, change: Change) -> bytearray | None:
    """The file after a change."""
    if change.kind == "u":
        return None
    content = bytearray() if content is None else content
    if change.kind == "t":
        content[change.offset :] = bytes(max(0, change.offset - len(content)))
    elif change.kind == "w":
        if change.offset > len(content):
            content.extend(bytes(change.offset - len(content)))
        content[change.offset : change.offset + len(change.data)] = change.data
    return content


def torn(change: Change, chance: random.Random) -> list[Change]:
    """The sectors of a write that reached the disk, in any order."""
    size = chance.choice(SECTORS)
    first = change.offset - change.offset % size
    pieces = []
    for start in range(first, change.offset + len(change.data), size):
        low, high = max(start, change.offset), min(start + size, change.offset + len(change.data))
        if chance.random() < 0.5:
            data = change.data[low - change.offset : high - change.offset]
            pieces.append(Change("w", change.part, low, data))
    chance.shuffle(pieces)
    return pieces


@dataclass
class Disk:
    """All files of the database, as a crash may find them."""

    parts: dict[str, Part] = field(default_factory=dict)
    promised: list[str] = field(default_factory=list)

    def take(self, change: Change) -> None:
        """A change, or a sync, which makes the changes before it certain."""
        if change.kind == "n":
            self.promised.append(change.data.decode())
        elif change.kind == "d":
            for part in self.parts.values():
                self._settle_names(part)
        elif change.kind == "s":
            self.parts.setdefault(change.part, Part()).settle()
        else:
            self.parts.setdefault(change.part, Part()).pending.append(change)

    def _settle_names(self, part: Part) -> None:
        """A synced folder knows which files there are; what is in them is another matter."""
        if any(change.kind == "u" for change in part.pending):
            part.settle()
        elif any(change.kind == "c" for change in part.pending):
            part.certain = bytearray() if part.certain is None else part.certain
            part.pending = [change for change in part.pending if change.kind != "c"]

    @property
    def pending(self) -> int:
        """Changes that a power loss may undo."""
        return sum(len(part.pending) for part in self.parts.values())

    def image(self, how: str, chance: random.Random) -> dict[str, bytes]:
        """Files after a power loss: `none` of what is pending, `all`, `some`, or some `torn` into sectors."""
        files = {}
        for name, part in self.parts.items():
            content = None if part.certain is None else bytearray(part.certain)
            for change in part.pending:
                if how == "all" or (how != "none" and chance.random() < 0.5):
                    content = applied(content, change)
                elif how == "torn" and change.kind == "w" and content is not None:
                    for piece in torn(change, chance):
                        content = applied(content, piece)
            if content is not None:
                files[name] = bytes(content)
        return files


@dataclass
class Losses:
    """What came of the images; `lost`: rows that were promised are not there."""

    images: int = 0
    lost: int = 0
    broken: int = 0
    problems: list[str] = field(default_factory=list)


class Judge:
    """Opens images in a folder; knows the hash of every commit in order."""

    def __init__(self, folder: Path, commits: list[str]) -> None:
        self._database = folder / "image.db"
        self._place = {commit: place for place, commit in enumerate(commits)}
        self.losses = Losses()

    def judge(self, files: dict[str, bytes], promised: int, where: str) -> None:
        """`promised` commits had been told when the power went."""
        self.losses.images += 1
        for stale in self._database.parent.glob("image.db*"):
            stale.unlink()
        for part, content in files.items():
            Path(f"{self._database}{part}").write_bytes(content)
        try:
            with closing(sqlite3.connect(self._database)) as connection:
                whole = connection.execute("PRAGMA integrity_check").fetchone()[0]
                found = self._place.get(digest(connection), -1)
        except sqlite3.DatabaseError as error:
            whole, found = str(error), -1
        if whole != "ok":
            self.losses.broken += 1
            self.losses.problems.append(f"{where}: {whole}")
        elif promised and found < promised - 1:
            self.losses.lost += 1
            self.losses.problems.append(f"{where}: holds commit {found} of {promised} that were promised")


def simulate(record: Path, folder: Path, images: int, seed: int = 1) -> Iterator[Losses]:
    """Make about so many images, judge each, and give what came of it so far after each change."""
    all_changes = list(changes(record))
    commits = list(dict.fromkeys(one.data.decode() for one in all_changes if one.kind == "n"))
    moments = sum(1 for one in all_changes if one.kind != "n")
    more = max(0, -(-images // max(1, moments)) - 1)
    chance = random.Random(seed)  # noqa: S311 - to be repeated
    disk, judge = Disk(), Judge(folder, commits)
    for number, change in enumerate(all_changes):
        disk.take(change)
        if change.kind == "n":
            continue
        hows = ["none"]
        if disk.pending:
            hows += (["torn", "some", "all", "torn"] * more)[:more]
        promised = len(dict.fromkeys(disk.promised))
        for how in hows:
            judge.judge(
                disk.image(how, chance), promised, f"change {number} ({change.kind}{change.part}), {how}"
            )
        yield judge.losses


async def record(seat: Seat, people: int, *pragmas: str) -> Path:
    """Play a story to its end while every change is written down."""
    from tests.crash.control import Mode

    assert seat.control is not None
    seat.clear()
    seat.control.order(Mode.RECORD)
    await seat.start(record=True, pragmas=[f"wal_autocheckpoint = {CHECKPOINT_PAGES}", *pragmas])
    await Story(seat, people).play()
    assert 0 == await seat.stop(), seat.log
    return seat.folder / "disk-trace"
