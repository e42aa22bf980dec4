"""In the process that has loaded the gateway: forks for each order, and becomes in the fork what was ordered.

No threads, and nothing open but the channel. Nothing of the tests goes on in the fork: `serve` returns there
what the interpreter would have been told to execute. A service has such a process of its own, for its fronts.
"""

from __future__ import annotations

import atexit
import ctypes
import fcntl
import gc
import inspect
import io
import os
import resource
import socket
import sys
import time
import warnings
from pathlib import Path

from coverage import Coverage, process_startup

from tests.support.preloaded import warm
from tests.support.preloaded.forker import Forker, fork_where_possible
from tests.support.preloaded.order import GATEWAY, LIMITS, Order, receive_order

# Above every number that a process may be given.
_ASIDE = 512
# Of the fields of proc(5) stat behind the name: where the command line is in memory.
_COMMAND_LINE = slice(45, 47)


def serve() -> str:
    """Serve the channel that is the first argument; return in each process that was ordered."""
    channel = socket.socket(fileno=int(sys.argv[1]))
    warm.load_all()
    warm.compile_all()
    _end_measuring()
    inspect.stack()  # coverage asks in each fork, which looks through all modules; what is found is kept
    gc.collect()
    gc.freeze()  # a fork that collects would copy all of it
    return _become(*_wait_for_orders(channel))


def _wait_for_orders(channel: socket.socket) -> tuple[Order, list[int]]:
    """Return in a new process what was ordered."""
    while (received := receive_order(channel)) is not None:
        if _is_the_forked(channel, received[1]):
            channel.detach()
            return received
    os._exit(0)


def _is_the_forked(channel: socket.socket, descriptors: list[int]) -> bool:
    """Fork twice: the one in between ends, so that the new process becomes a child of who ordered it."""
    between = os.fork()
    if between == 0:
        forked = os.fork()
        if forked == 0:
            return True
        channel.send(str(forked).encode())
        os._exit(0)
    os.waitpid(between, 0)
    for each in descriptors:
        os.close(each)
    channel.send(b"done")
    return False


def _become(order: Order, descriptors: list[int]) -> str:
    """Inherit all that the order says; return the code."""
    _open(dict(zip(order.descriptors, descriptors, strict=True)))
    os.environ.clear()
    os.environ.update(order.environment)
    time.tzset()
    os.chdir(order.folder)
    os.umask(order.umask)
    for limit, values in zip(LIMITS, order.limits, strict=True):
        resource.setrlimit(limit, values)
    if order.new_session:
        os.setsid()
    if order.process_group >= 0:
        os.setpgid(0, order.process_group)
    if order.code == GATEWAY and order.arguments[:1] == ["serve"]:
        received = _have_fronts_forked(order)
        if received is not None:
            return _become(*received)
    _begin(order)
    return order.code


def _begin(order: Order) -> None:
    """What the interpreter does before it executes anything."""
    _show_as(order.command)
    _open_standard_streams()
    sys.argv[1:] = order.arguments
    if order.strict:
        sys.warnoptions.append("error")
        warnings.simplefilter("error")
    _begin_measuring()


def _have_fronts_forked(order: Order) -> tuple[Order, list[int]] | None:
    """Fork the process that forks for this service; return in the fronts what was ordered, here None."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    if os.fork() == 0:
        nothing = os.open(os.devnull, os.O_RDWR)
        ours.detach()
        _open({0: nothing, 1: nothing, 2: nothing, 3: theirs.detach()})
        return _wait_for_orders(socket.socket(fileno=3))
    theirs.close()
    aside = fcntl.fcntl(ours, fcntl.F_DUPFD_CLOEXEC, _ASIDE)
    ours.close()
    forker = Forker(socket.socket(fileno=aside))
    fork_where_possible(lambda: forker, order.environment)
    return None


def _open(wanted: dict[int, int]) -> None:
    """Close everything but these, each of which gets its number."""
    aside = {number: fcntl.fcntl(held, fcntl.F_DUPFD, _ASIDE) for number, held in wanted.items()}
    os.closerange(0, _ASIDE)
    for number, held in aside.items():
        os.dup2(held, number)
    os.closerange(_ASIDE, _ASIDE + len(aside) + 1)


def _show_as(command: list[str]) -> None:
    """Let the system show these words as the command line, as many of them as there is room for."""
    status = Path("/proc/self/stat").read_text(encoding="utf-8", errors="replace")
    begin, end = map(int, status.rpartition(")")[2].split()[_COMMAND_LINE])
    words = b"".join(os.fsencode(word) + b"\0" for word in command)[: end - begin - 1]
    ctypes.memset(begin, 0, end - begin)
    ctypes.memmove(begin, words, len(words))


def _open_standard_streams() -> None:
    """As the interpreter does it (PyRun_InitializeStdio): what is no terminal has a buffer."""
    sys.stdin = sys.__stdin__ = _stream(0, "r", sys.stdin)
    sys.stdout = sys.__stdout__ = _stream(1, "w", sys.stdout)
    sys.stderr = sys.__stderr__ = _stream(2, "w", sys.stderr)


def _stream(number: int, mode: str, before: io.TextIOWrapper) -> io.TextIOWrapper:
    by_line = number == 2 or os.isatty(number)
    at_once = before.write_through  # PYTHONUNBUFFERED
    raw = os.fdopen(number, f"{mode}b", 0 if at_once else -1, closefd=False)
    return io.TextIOWrapper(raw, before.encoding, before.errors, None, by_line, at_once)


def _begin_measuring() -> None:
    """If the environment says so; those who ordered the process list the files that nobody reached."""
    running = process_startup(force=True)
    if running is not None and running._inorout is not None:
        running._inorout.find_possibly_unexecuted_files = lambda: iter(())  # type: ignore[method-assign]


def _end_measuring() -> None:
    """Keep what was reached so far; the forks are measured one by one, if they shall be."""
    running = Coverage.current()
    if running is not None:
        running.stop()
        running.save()
        running._auto_save = False
        atexit.unregister(running._atexit)
