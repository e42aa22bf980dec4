"""The side that asks: `subprocess` forks the process that has loaded the gateway, where it can."""

from __future__ import annotations

import ctypes
import inspect
import os
import socket
import subprocess
import threading
from collections.abc import Callable, Mapping
from typing import Any

from tests.support.preloaded.order import Order, build_order, is_known, send_order

_PR_SET_CHILD_SUBREAPER = 36
_ANSWER_BYTES = 32

# What the interpreter, its libraries or a module read when they are loaded, and never again.
READ_WHEN_LOADED = ("LANG", "LC_", "LD_", "NO_COLOR", "OPENSSL_", "PROMETHEUS_", "PSYCOPG_", "PYTHON")
_PIPES = ("p2cread", "p2cwrite", "c2pread", "c2pwrite", "errread", "errwrite")
# Of the arguments to `subprocess`, those that an order has no word for, with the value that it stands for.
_WITHOUT_WORDS: dict[str, object] = {
    "executable": None,
    "preexec_fn": None,
    "close_fds": True,
    "shell": False,
    "gid": None,
    "gids": None,
    "uid": None,
    "umask": -1,
    "restore_signals": True,
}


class Forker:
    """The end of a channel at whose other end a process forks."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._one_by_one = threading.Lock()

    def fork(self, order: Order, descriptors: list[int]) -> int:
        """Have it fork; the number of a new child of this process."""
        with self._one_by_one:
            _adopt_orphans(True)
            try:
                send_order(self._channel, order, descriptors)
                pid = int(self._channel.recv(_ANSWER_BYTES))
                assert b"done" == self._channel.recv(_ANSWER_BYTES)
            finally:
                _adopt_orphans(False)
        return pid

    def close(self) -> None:
        """Let it end."""
        self._channel.close()


def fork_where_possible(find_forker: Callable[[], Forker], began_with: Mapping[str, str]) -> None:
    """From now on, where `subprocess` or asyncio start the gateway in an environment that loads the same."""
    real = subprocess.Popen._execute_child  # type: ignore[attr-defined]
    signature = inspect.signature(real)

    def execute(process: Any, *given: Any, **named: Any) -> None:
        asked = signature.bind(process, *given, **named).arguments
        if not can_be_forked(asked, began_with):
            real(process, *given, **named)
            return
        process.pid = find_forker().fork(*build_order(asked))
        process._child_created = True
        process._close_pipe_fds(*(asked[name] for name in _PIPES))

    subprocess.Popen._execute_child = execute  # type: ignore[attr-defined]


def can_be_forked(asked: dict[str, Any], began_with: Mapping[str, str]) -> bool:
    """Whether it is the gateway, with nothing that only a start from the beginning gives it."""
    environment = os.environ if asked["env"] is None else asked["env"]
    return (
        bool(is_known(asked["args"]))
        and _read_when_loaded(environment) == _read_when_loaded(began_with)
        and all(asked.get(name, value) == value for name, value in _WITHOUT_WORDS.items())
    )


def _read_when_loaded(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name.startswith(READ_WHEN_LOADED)}


def _adopt_orphans(yes: bool) -> None:
    """Become the parent of what our children leave behind, or no longer (prctl(2))."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, int(yes), 0, 0, 0)
