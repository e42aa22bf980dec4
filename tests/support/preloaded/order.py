"""What the process that forks is asked for, and how the question and its file descriptors get there."""

from __future__ import annotations

import json
import os
import resource
import socket
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from gateway.net.fronts import process

# An order holds the environment.
LONGEST_BYTES = 100_000
MOST_DESCRIPTORS = 64

LIMITS = sorted({value for name, value in vars(resource).items() if name.startswith("RLIMIT_")})

# What the preloaded process can become: a command of the gateway, and one of its fronts.
GATEWAY = "from gateway.cli import main; main()"
CODES = (GATEWAY, process._COMMAND)


@dataclass(frozen=True, slots=True)
class Order:
    """What a process inherits; `descriptors` are their numbers there, in the order in which they are sent."""

    command: list[str]
    environment: dict[str, str]
    folder: str
    umask: int
    limits: list[tuple[int, int]]
    descriptors: list[int]
    new_session: bool
    process_group: int

    @property
    def strict(self) -> bool:
        """Whether warnings are errors there."""
        return "-W" in self.command[: self._at]

    @property
    def code(self) -> str:
        """What to execute."""
        return self.command[self._at + 1]

    @property
    def arguments(self) -> list[str]:
        """What follows it."""
        return self.command[self._at + 2 :]

    @property
    def _at(self) -> int:
        return self.command.index("-c")


def is_known(args: Any) -> bool:
    """Whether the preloaded process can become what `subprocess` is told to start."""
    if isinstance(args, str | bytes | os.PathLike):
        return False
    program, *words = args
    if words[:2] == ["-W", "error"]:
        del words[:2]
    return sys.executable == program and words[:1] == ["-c"] and words[1:2] and words[1] in CODES


def build_order(asked: dict[str, Any]) -> tuple[Order, list[int]]:
    """What `subprocess` was asked for as an order, and the descriptors that go with it."""
    ends = (asked["p2cread"], asked["c2pwrite"], asked["errwrite"])
    sent = {number: number if end == -1 else end for number, end in enumerate(ends)}
    sent |= {number: number for number in map(int, asked["pass_fds"]) if number > 2}
    order = Order(
        command=[*map(os.fspath, asked["args"])],
        environment=dict(os.environ if asked["env"] is None else asked["env"]),
        folder=str(Path(asked["cwd"] or ".").absolute()),
        umask=_umask(),
        limits=[*map(resource.getrlimit, LIMITS)],
        descriptors=list(sent),
        new_session=bool(asked["start_new_session"]),
        process_group=asked["process_group"],
    )
    return order, list(sent.values())


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def send_order(channel: socket.socket, order: Order, descriptors: list[int]) -> None:
    """Send it with what is open here under these numbers."""
    socket.send_fds(channel, [json.dumps(asdict(order)).encode()], descriptors)


def receive_order(channel: socket.socket) -> tuple[Order, list[int]] | None:
    """Receive one, and under which numbers its descriptors are open; None if there will be no other."""
    text, descriptors, _, _ = socket.recv_fds(channel, LONGEST_BYTES, MOST_DESCRIPTORS)
    return (Order(**json.loads(text)), descriptors) if text else None
