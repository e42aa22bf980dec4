"""The console's requests about accounts at the OpenID provider: link one by a mailed code, end a link.

The gateway makes, mails and checks the code, and has sealed which account it is for; the console cannot name
one itself.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from gateway.admission.authority.sign_in import MAX_SEAL
from gateway.admission.case.model import Desk
from gateway.app.service import Gateway
from gateway.app.serving.console.asking import (
    make_kept,
    read_asking,
    read_text,
    read_times,
    transact,
    welcome,
)
from gateway.log import events
from gateway.net.control.server import Asked, RefusedQuestionError
from gateway.net.openid.protocol import ASK_LINK, CHECK_LINK, UNLINK
from gateway.store.console import outcome
from gateway.store.console.accounts import linking
from gateway.store.console.accounts.linking import Sealed
from gateway.store.console.sign_in import Answering
from gateway.store.protocol import Transaction

Question = Callable[[Asked], Awaitable[object]]


def build_account_questions(app: Gateway) -> dict[str, Question]:
    """Return the handlers; those that link refuse unless `console.login` is `openid`."""

    async def ask_code(asked: Asked) -> str:
        sealed, asking = _read_sealed(app, asked), read_asking(asked)
        await transact(app, lambda tx, now, desk: linking.ask_code(tx, sealed, asking, now, desk))
        return ""  # the same for everybody

    async def check_code(asked: Asked) -> dict[str, str]:
        return await _check_code(app, _read_sealed(app, asked), asked)

    async def unlink(asked: Asked) -> bool:
        return await _unlink(app, read_text(asked, "session"), read_text(asked, "account"))

    return {ASK_LINK: ask_code, CHECK_LINK: check_code, UNLINK: unlink}


def _read_sealed(app: Gateway, asked: Asked) -> Sealed:
    if app.openid is None:
        raise RefusedQuestionError(
            f"console.login is {app.config.console.login!r}: sign-in through an OpenID provider is disabled"
        )
    return Sealed(read_text(asked, "seal", MAX_SEAL), app.config.console.openid_issuer)


async def _check_code(app: Gateway, sealed: Sealed, asked: Asked) -> dict[str, str]:
    """Return the secrets that the browser keeps; empty for a wrong code."""
    answering = Answering(read_text(asked, "ticket"), read_text(asked, "code"), make_kept())
    lasts = timedelta(hours=app.config.console.hours)
    member = await transact(
        app, lambda tx, now, desk: linking.check_code(tx, sealed, answering, now, desk, lasts)
    )
    if member is None:
        events.console_code_wrong(read_text(asked, "client"))
        return {}
    return welcome(member, answering.kept)


async def _unlink(app: Gateway, session: str, account: str) -> bool:
    """End the link of an account of the session's member, and their other sessions."""
    times = read_times(app)

    def run(tx: Transaction, now: datetime, desk: Desk) -> bool:
        who = outcome.find_member(tx, session, now, desk, times)
        if who is None:
            return False
        member = who.staff.address
        return linking.end(tx, account, member, member, now, kept=who.session.digest)

    return await transact(app, run)
