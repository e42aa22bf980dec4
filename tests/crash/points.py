"""Named points of a running gateway, numbered in the order in which they are reached.

Nothing of this is in the gateway: a launcher wraps its classes before it calls the real command. A point
lies before every statement of the store's connection, after every commit, and around every step of the
dialog with clients, servers and DNS. At the point that is asked for the process is killed.
"""

from __future__ import annotations

import functools
import os
import re
import signal
import sqlite3
import threading
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

_VALUES = re.compile(r"x?'(?:[^']|'')*'|\b\d+(?:\.\d+)?\b")
_NAME_LENGTH = 76


class Points:
    """Writes each point to `trace`; kills the process at number `kill_at` (0: never)."""

    def __init__(self, trace: Path, kill_at: int) -> None:
        self._out = os.open(trace, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._kill_at = kill_at
        self._number = 0
        self._lock = threading.Lock()

    def reach(self, name: str) -> None:
        with self._lock:
            self._number += 1
            os.write(self._out, f"{name}\n".encode())
            if self._number == self._kill_at:
                self.die()

    def die(self) -> None:
        """As in a power cut of this process alone."""
        os.kill(os.getpid(), signal.SIGKILL)

    def statement(self, sql: str) -> None:
        """Before a statement, or before one that a trigger adds to it."""
        self.reach("SQL " + _VALUES.sub("?", " ".join(sql.split()))[:_NAME_LENGTH])


def digest(connection: sqlite3.Connection) -> str:
    """A hash of all rows of all tables."""
    found = sha256()
    names = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchall()
    for (name,) in (tuple(row) for row in names):
        found.update(name.encode())
        for row in connection.execute(f'SELECT * FROM "{name}"'):  # noqa: S608 - from the schema itself
            found.update(repr(tuple(row)).encode())
    return found.hexdigest()


def wrap(
    owner: Any, name: str, before: Callable[..., object] | None, after: Callable[..., object] | None
) -> None:
    """Let `before` and `after` be called around a method or function, with its arguments."""
    real = getattr(owner, name)

    @functools.wraps(real)
    def plain(*given: Any, **named: Any) -> Any:
        if before is not None:
            before(*given)
        result = real(*given, **named)
        if after is not None:
            after(*given)
        return result

    @functools.wraps(real)
    async def waiting(*given: Any, **named: Any) -> Any:
        if before is not None:
            before(*given)
        result = await real(*given, **named)
        if after is not None:
            after(*given)
        return result

    is_async = real.__code__.co_flags & 0x80
    setattr(owner, name, waiting if is_async else plain)


def set_points(points: Points) -> None:
    """Put the points on the three paths."""
    from gateway.net.delivery.smtp_client import Session
    from gateway.net.dns.resolver import DnsResolver
    from gateway.net.fronts.pool import FrontPool
    from gateway.net.fronts.process import Front
    from gateway.net.smtp.hooks import Hooks
    from gateway.net.smtp.listener import Listener
    from gateway.net.smtp.session import SmtpSession
    from gateway.outbound.dispatcher import Dispatcher
    from gateway.store.sqlite import store, writer

    def at(name: str) -> Callable[..., None]:
        return lambda *_: points.reach(name)

    def command(when: str) -> Callable[..., None]:
        return lambda _, line: points.reach(f"{when} {line.split(':')[0].split(' ')[0]} to the smarthost")

    wrap(store.SqliteStore, "open", at("before the store is opened"), at("the store is open"))
    wrap(Listener, "start", at("before listening"), at("listening"))
    wrap(Hooks, "handle_DATA", at("a mail is whole"), at("before the reply to a mail"))
    wrap(DnsResolver, "resolve", at("before a question to DNS"), at("DNS has answered"))
    wrap(writer, "_perform", at("before the work of a batch"), at("the work is done, the commit is not"))
    wrap(writer, "_commit", at("before a commit"), at("committed, and nobody has heard"))
    wrap(SmtpSession, "smtp_DATA", at("a mail may come"), at("after the reply to a mail"))
    wrap(Front, "hand_over", at("before a front gets a connection"), at("a front has a connection"))
    wrap(FrontPool, "_answer", at("a front's record has come"), at("a front's record is answered"))
    wrap(Dispatcher, "_hand_over", at("before a letter is written"), at("handed over, and not settled"))
    wrap(Session, "_execute", command("before"), command("after"))
    wrap(
        Session,
        "_send_data",
        at("before the letter's octets"),
        at("the letter was answered, and is not settled"),
    )


def connecting(prepare: Callable[[sqlite3.Connection], object]) -> None:
    """Let every connection that may write be prepared when it is made."""
    real = sqlite3.connect

    def connect(*given: Any, **named: Any) -> sqlite3.Connection:
        connection = real(*given, **named)
        if not named.get("uri"):
            prepare(connection)
        return connection

    sqlite3.connect = connect  # type: ignore[assignment]
