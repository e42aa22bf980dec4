"""The shared file by which `disk.c` is told what to do, while the process that it watches runs."""

from __future__ import annotations

import errno
import mmap
import shutil
import struct
import subprocess
from enum import IntEnum
from pathlib import Path

SOURCE = Path(__file__).with_name("disk.c")
_FIELDS = ("mode", "at", "span", "error", "seen", "struck")
_SIZE = 8 * len(_FIELDS)


class Mode(IntEnum):
    """As in `disk.c`, in the same order."""

    OFF = 0
    COUNT = 1
    KILL = 2
    KILL_HALFWAY = 3
    FAIL = 4
    RECORD = 5
    SLOW = 6


class Control:
    """`at` counts from 1, from the moment of the order; `span` calls from there on are hit. Of SLOW `error`
    is the milliseconds that each sync of the database takes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.write_bytes(bytes(_SIZE))
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), _SIZE)

    def order(self, mode: Mode, at: int = 0, span: int = 1, error: int = errno.EIO) -> None:
        """What is to happen from now on."""
        self._put("mode", Mode.OFF)
        for name, value in (("at", at), ("span", span), ("error", error), ("seen", 0), ("struck", 0)):
            self._put(name, value)
        self._put("mode", mode)

    @property
    def seen(self) -> int:
        """Calls since the order."""
        return self._get("seen")

    @property
    def struck(self) -> int:
        """Calls that were hit since the order."""
        return self._get("struck")

    def close(self) -> None:
        """Give the file back."""
        self._map.close()

    def _put(self, name: str, value: int) -> None:
        struct.pack_into("q", self._map, 8 * _FIELDS.index(name), value)

    def _get(self, name: str) -> int:
        return int(struct.unpack_from("q", self._map, 8 * _FIELDS.index(name))[0])


def compiler() -> str | None:
    """The C compiler of this machine, if there is one."""
    return shutil.which("cc") or shutil.which("gcc")


def build(folder: Path, source: Path = SOURCE) -> Path:
    """Compile `disk.c`, or another library to be loaded before all others. Raises CalledProcessError."""
    library = folder / f"{source.stem}.so"
    command = (compiler() or "cc", "-shared", "-fPIC", "-O2", "-pthread", "-o", library, source, "-ldl")
    subprocess.run(command, check=True)
    return library
