"""What question and answer look like: one line of JSON for the question, one or more for the answer.

unix(7): the socket lies beside the database. Its mode lets the gateway's user and group in, and SO_PEERCRED
says which of them asks.
"""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

MAX_QUESTION = 4_096
MAX_ANSWER = 4_000_000


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked: one of the known verbs, and its arguments."""

    verb: str
    arguments: dict[str, str] = {}


class AnswerLine(msgspec.Struct, frozen=True):
    """One line of an answer; `error` says why there is none."""

    facts: Any = None
    error: str = ""


def socket_path(database: Path) -> Path:
    """Where the gateway of a database listens to operators."""
    return database.with_name(f"{database.name}.control")


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
