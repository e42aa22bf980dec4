"""Wire format of the operator sockets: a one-line JSON request, answered by one or more JSON lines.

unix(7): the sockets are next to the database. The socket determines which requests are accepted, its file
mode who may connect: `control` is for root and the gateway's own user, `query` also for members of its group.
"""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

MAX_ANSWER = 4_000_000


class Door(msgspec.Struct, frozen=True):
    """One of the sockets: its file name suffix, its file mode, and the maximum request size in octets."""

    suffix: str
    mode: int
    max_question: int


# For commands. One request can carry a whole list of organisations (import_list.MAX_BYTES plus the overhead
# of JSON), so that the list is applied completely or not at all.
CONTROL: Final = Door("control", 0o600, 9_000_000)
# For statistics and public keys: nothing that changes or shows personal data.
QUERY: Final = Door("query", 0o660, 4_096)

# For the console, which signs members in and submits their actions with a code. A text has at most 1,000
# characters, each of at most 6 octets in JSON.
CONSOLE: Final = Door("console", 0o660, 32_768)


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A request: one of the known verbs, with its arguments."""

    verb: str
    arguments: dict[str, Any] = {}


class AnswerLine(msgspec.Struct, frozen=True):
    """One line of an answer; a non-empty `error` replaces the facts, `trouble` is its kind."""

    facts: Any = None
    error: str = ""
    trouble: str = ""


def socket_path(database: Path, door: Door) -> Path:
    """Return the path of a socket of the gateway that uses this database."""
    return database.with_name(f"{database.name}.{door.suffix}")


@contextlib.contextmanager
def short_path(place: Path) -> Iterator[str]:
    """Yield a short alias of a socket path, because unix(7) limits it to 107 octets. Raises OSError."""
    folder = os.open(place.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{place.name}"
    finally:
        os.close(folder)


def connect(place: Path, timeout_s: float) -> socket.socket:
    """Connect to the gateway's socket. Raises OSError."""
    channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
    channel.settimeout(timeout_s)
    try:
        with short_path(place) as name:
            channel.connect(name)
    except OSError:
        channel.close()
        raise
    return channel
