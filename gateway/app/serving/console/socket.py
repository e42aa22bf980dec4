"""The console's own socket to the running gateway.

Its requests are to mail a code, to check it, to sign in a member named by the proxy, to end a session, and
those in `acts`, `openid`, `accounts` and `checks`. Somebody in control of the console can do no more, besides
what they see.
"""

from __future__ import annotations

import grp
import hmac
import os
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from gateway.app.service import Gateway
from gateway.app.serving.console.accounts import build_account_questions
from gateway.app.serving.console.acts import build_act_questions
from gateway.app.serving.console.asking import (
    make_kept,
    read_asking,
    read_text,
    require_codes,
    transact,
    welcome,
)
from gateway.app.serving.console.checks import build_check_questions
from gateway.app.serving.console.openid import build_openid_questions
from gateway.log import events
from gateway.net.control.protocol import CONSOLE
from gateway.net.control.server import Answer, Asked, ControlSocket, answer_once
from gateway.net.host.desk_units import find_units
from gateway.store import private_files
from gateway.store.console import sessions, sign_in
from gateway.store.console.sign_in import Answering
from gateway.store.protocol import Transaction

ASK_CODE, CHECK_CODE = "console.ask_code", "console.check_code"
ENTER_NAMED = "console.enter_named"
TOUCH, END = "console.touch", "console.end"


class ConsoleSocket(ControlSocket):
    """Socket of the console, whose account may read the database while the gateway runs.

    Files created by SQLite (`-wal`, `-shm`) have the mode of the database, and the group of the process.
    """

    def __init__(self, app: Gateway, database: Path, group: int | None) -> None:
        super().__init__(database, CONSOLE, build_console_questions(app), group)
        self._database = database
        self._readers = group

    async def start(self) -> None:
        """Listen, and give the group read access to the database.

        If that fails, the console cannot be used; the sockets for operators stay.
        """
        try:
            await self._share_and_listen()
        except OSError as error:
            events.task_failed("console socket", error)

    async def _share_and_listen(self) -> None:
        if self._readers is not None:
            files = (self._database.with_name(f"{self._database.name}{end}") for end in ("", "-wal", "-shm"))
            for each in filter(Path.is_file, files):  # none if the desk is on PostgreSQL
                private_files.share(each, self._readers)
        await super().start()


def build_console_socket(app: Gateway, database: Path) -> ConsoleSocket:
    """Build the socket for the group of the console's own account, if there is one."""
    return ConsoleSocket(app, database, find_console_group(database))


def find_console_group(database: Path) -> int | None:
    """Return the group of the account `gateway-console` if this process is a member of it; None otherwise."""
    try:
        number = grp.getgrnam(find_units(database).console_user).gr_gid
    except KeyError:
        return None
    return number if os.geteuid() == 0 or number in os.getgroups() else None


def build_console_questions(app: Gateway) -> dict[str, Answer]:
    """Return the handlers of all permitted requests."""

    async def ask_code(asked: Asked) -> str:
        require_codes(app)
        asking = read_asking(asked)
        await transact(app, lambda tx, now, desk: sign_in.ask_code(tx, asking, now, desk))
        return ""  # the same for everybody

    async def check_code(asked: Asked) -> dict[str, str]:
        return await _check_code(app, asked)

    async def enter_named(asked: Asked) -> dict[str, str]:
        return await _enter_named(app, asked)

    async def touch(asked: Asked) -> bool:
        secret = read_text(asked, "session")
        return await transact(app, lambda tx, now, _: sessions.touch(tx.connection, secret, now))

    async def end(asked: Asked) -> bool:
        secret, other = read_text(asked, "session"), read_text(asked, "digest")
        return await transact(app, lambda tx, _now, _desk: _end(tx, secret, other))

    questions: dict[str, Callable[[Asked], Awaitable[object]]] = {
        ASK_CODE: ask_code,
        CHECK_CODE: check_code,
        ENTER_NAMED: enter_named,
        TOUCH: touch,
        END: end,
        **build_openid_questions(app),
        **build_account_questions(app),
        **build_act_questions(app),
        **build_check_questions(app),
    }
    return {verb: answer_once(work) for verb, work in questions.items()}


async def _check_code(app: Gateway, asked: Asked) -> dict[str, str]:
    """Return the secrets that the browser keeps; empty for a wrong code."""
    require_codes(app)
    answering = Answering(read_text(asked, "ticket"), read_text(asked, "code"), make_kept())
    lasts = timedelta(hours=app.config.console.hours)
    member = await transact(app, lambda tx, now, desk: sign_in.check_code(tx, answering, now, desk, lasts))
    if member is None:
        events.console_code_wrong(read_text(asked, "client"))
        return {}
    return welcome(member, answering.kept)


async def _enter_named(app: Gateway, asked: Asked) -> dict[str, str]:
    """Sign in a member named by the proxy with its secret, as `_check_code` does; empty for anybody else."""
    kept, name = make_kept(), read_text(asked, "name")
    lasts = timedelta(hours=app.config.console.hours)
    shown, wanted = read_text(asked, "secret").encode(), app.console_secret.encode()
    member = None
    if wanted and hmac.compare_digest(shown, wanted):
        member = await transact(
            app, lambda tx, now, desk: sign_in.enter_named(tx, name, kept, now, desk, lasts)
        )
    if member is None:
        events.console_proxy_refused(read_text(asked, "client"))
        return {}
    return welcome(member, kept)


def _end(tx: Transaction, secret: str, other: str) -> bool:
    """End a session, or by its digest another one of the same member."""
    mine = sessions.find(tx.connection, secret)
    return mine is not None and sessions.end(tx.connection, other or mine.digest, mine.member)
