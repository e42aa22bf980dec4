"""A front that somebody else has taken over: it does one thing that no front does; its successors are honest.

python -c COMMAND RECORDS HANDED PAGE LOG_LEVEL, as the writer starts it; see `command`.
"""

from __future__ import annotations

import mmap
import os
import socket
import struct
import time
from collections.abc import Callable
from pathlib import Path

from gateway.net.fronts import messages
from gateway.net.fronts.suspects import MARK_BYTES, PAGE_BYTES
from tests.support.paths import ROOT


def command(way: str, folder: Path) -> str:
    """What the writer runs instead of its own fronts; the first ones behave as `way` says."""
    return (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); from tests.support.hostile_front import main; "
        f"main({way!r}, {str(folder)!r}, sys.argv[1:])  # gateway.net.fronts"
    )


def main(way: str, folder: str, arguments: list[str]) -> None:
    """Live as one of the first, or honestly."""
    records, handed, page = map(int, arguments[:3])
    done = Path(folder) / "done"
    if done.exists():
        from gateway.net.fronts import worker

        worker.main(records, handed, page, arguments[3])
        return
    channel = socket.socket(fileno=records)
    send(channel, messages.encode(messages.Ready(1)))
    done.touch()
    WAYS[way](channel, page)
    time.sleep(3600)


def send(channel: socket.socket, octets: bytes) -> None:
    """One frame."""
    channel.sendall(struct.pack("!I", len(octets)) + octets)


def _say(*said: messages.Message | bytes) -> Callable[[socket.socket, int], None]:
    def act(channel: socket.socket, _: int) -> None:
        for each in said:
            send(channel, each if isinstance(each, bytes) else messages.encode(each))

    return act


def _announce_much(channel: socket.socket, _: int) -> None:
    channel.sendall(struct.pack("!I", 2**32 - 1) + b"x" * 100)


def _shrink_the_page(_: socket.socket, page: int) -> None:
    os.ftruncate(page, 0)


def _blame_nobody(_: socket.socket, page: int) -> None:
    mmap.mmap(page, PAGE_BYTES)[:MARK_BYTES] = b"\xff\n\x1b" * (MARK_BYTES // 3)
    os._exit(1)


def _leave_a_child(_: socket.socket, __: int) -> None:
    if os.fork():
        os._exit(0)
    time.sleep(60)


WAYS: dict[str, Callable[[socket.socket, int], None]] = {
    "garbage": _say(bytes(range(256))),
    "nothing": _say(b""),
    "what the writer says": _say(messages.Granted(1, 1)),
    "mails less than none": _say(messages.Ended(1, -1)),
    "a code that is a line": _say(messages.Pong({'451"} 1\ngateway_sessions 0': 1})),
    "a count below zero": _say(messages.Pong({"451": -1})),
    "a frame of 4 GB": _announce_much,
    "a smaller page": _shrink_the_page,
    "a page of rubbish": _blame_nobody,
    "a child": _leave_a_child,
}
