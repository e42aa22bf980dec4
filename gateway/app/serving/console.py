"""What the console may ask the running gateway, on a socket of its own: to mail a code, to check it, to end a
session. Whoever holds the console holds no more than that, and what they see.
"""

from __future__ import annotations

import grp
import os
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from gateway.admission.case.model import Desk
from gateway.app.service import Gateway
from gateway.log import events
from gateway.net.control.protocol import CONSOLE
from gateway.net.control.server import Answer, Asked, ControlSocket, RefusedQuestionError, answer_once
from gateway.net.host.desk_units import find_units
from gateway.store import private_files
from gateway.store.console import sessions, sign_in
from gateway.store.console.sign_in import Answering, Asking
from gateway.store.protocol import StoreUnavailableError, Transaction

ASK_CODE, CHECK_CODE = "console.ask_code", "console.check_code"
TOUCH, END = "console.touch", "console.end"
MAX_TEXT = 400
_SECRET_OCTETS = 32
T = TypeVar("T")


class ConsoleSocket(ControlSocket):
    """The socket of the console, whose account may read the database while the gateway runs.

    A file that SQLite makes has the mode of the database (`-wal`, `-shm`), and the group of whoever made it.
    """

    def __init__(self, app: Gateway, database: Path, group: int | None) -> None:
        super().__init__(database, CONSOLE, build_console_questions(app), group)
        self._database = database
        self._readers = group

    async def start(self) -> None:
        """Listen, and let the group read. Raises OSError."""
        if self._readers is not None:
            files = (self._database.with_name(f"{self._database.name}{end}") for end in ("", "-wal", "-shm"))
            for each in filter(Path.is_file, files):  # none where PostgreSQL keeps the desk
                private_files.share(each, self._readers)
        await super().start()


def build_console_socket(app: Gateway, database: Path) -> ConsoleSocket:
    """The socket, for the group of the console's own account where there is one."""
    return ConsoleSocket(app, database, find_console_group(database))


def find_console_group(database: Path) -> int | None:
    """The group of the console's own account, `gateway-console`, where this process is a member of it."""
    try:
        number = grp.getgrnam(f"{find_units(database).user}-console").gr_gid
    except KeyError:
        return None
    return number if os.geteuid() == 0 or number in os.getgroups() else None


def build_console_questions(app: Gateway) -> dict[str, Answer]:
    """The closed list."""

    async def ask_code(asked: Asked) -> str:
        asking = _read_asking(asked)
        await _transact(app, lambda tx, now, desk: sign_in.ask_code(tx, asking, now, desk))
        return ""  # the same whoever asks

    async def check_code(asked: Asked) -> dict[str, str]:
        return await _check_code(app, asked)

    async def touch(asked: Asked) -> bool:
        secret = _text(asked, "session")
        return await _transact(app, lambda tx, now, _: sessions.touch(tx.connection, secret, now))

    async def end(asked: Asked) -> bool:
        secret, other = _text(asked, "session"), _text(asked, "digest")
        return await _transact(app, lambda tx, _now, _desk: _end(tx, secret, other))

    questions: dict[str, Callable[[Asked], Awaitable[object]]] = {
        ASK_CODE: ask_code,
        CHECK_CODE: check_code,
        TOUCH: touch,
        END: end,
    }
    return {verb: answer_once(work) for verb, work in questions.items()}


async def _check_code(app: Gateway, asked: Asked) -> dict[str, str]:
    """The secrets that the browser shall keep; nothing for a code that is not the right one."""
    answering = Answering(_text(asked, "ticket"), _text(asked, "code"), _make_secret(), _make_secret())
    lasts = timedelta(hours=app.config.console.hours)
    member = await _transact(app, lambda tx, now, desk: sign_in.check_code(tx, answering, now, desk, lasts))
    if member is None:
        events.console_code_wrong(_text(asked, "client"))
        return {}
    events.console_signed_in(member.address)
    return {"session": answering.session, "browser": answering.browser}


def _end(tx: Transaction, secret: str, other: str) -> bool:
    """A session ends itself, or another one of the same member by its digest."""
    mine = sessions.find(tx.connection, secret)
    return mine is not None and sessions.end(tx.connection, other or mine.digest, mine.member)


def _make_secret() -> str:
    return secrets.token_urlsafe(_SECRET_OCTETS)


def _read_asking(asked: Asked) -> Asking:
    return Asking(*(_text(asked, name) for name in ("ticket", "browser", "client", "address")))


def _text(asked: Asked, name: str) -> str:
    text = asked.text(name)
    if len(text) > MAX_TEXT:
        raise RefusedQuestionError(f"{name}: allowed are {MAX_TEXT} characters")
    return text


async def _transact(app: Gateway, work: Callable[[Transaction, datetime, Desk], T]) -> T:
    try:
        return await app.transact_console(work)
    except StoreUnavailableError as error:
        events.store_unavailable(error)
        raise RefusedQuestionError(f"{error}; nothing was changed") from error
