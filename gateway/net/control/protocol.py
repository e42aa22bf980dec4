"""What question and answer look like: one line of JSON for the question, one or more for the answer.

unix(7): the sockets lie beside the database. What one of them takes is decided by the socket, who may connect
by its mode: `control` is for root and the gateway's own user, `query` for the members of its group too.
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
    """One of the sockets: the end of its name, its mode, and how many octets a question may have."""

    suffix: str
    mode: int
    max_question: int


# Commands come by it. A list of organisations (import_list.MAX_BYTES, and what JSON adds) is one, so that it
# counts whole or not at all.
CONTROL: Final = Door("control", 0o600, 9_000_000)
# Figures and public keys: nothing that changes or shows a person.
QUERY: Final = Door("query", 0o660, 4_096)

# What the console may ask: it signs members in, and shows; it decides nothing.
CONSOLE: Final = Door("console", 0o660, 4_096)


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked: one of the known verbs, and its arguments."""

    verb: str
    arguments: dict[str, Any] = {}


class AnswerLine(msgspec.Struct, frozen=True):
    """One line of an answer; `error` says why there is none."""

    facts: Any = None
    error: str = ""


def socket_path(database: Path, door: Door) -> Path:
    """Where the gateway of a database listens to operators."""
    return database.with_name(f"{database.name}.{door.suffix}")


@contextlib.contextmanager
def short_path(place: Path) -> Iterator[str]:
    """The same place with a name that fits: unix(7) has room for 107 octets. Raises OSError."""
    folder = os.open(place.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{place.name}"
    finally:
        os.close(folder)


def connect(place: Path, timeout_s: float) -> socket.socket:
    """A connection to the gateway. Raises OSError."""
    channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
    channel.settimeout(timeout_s)
    try:
        with short_path(place) as name:
            channel.connect(name)
    except OSError:
        channel.close()
        raise
    return channel
