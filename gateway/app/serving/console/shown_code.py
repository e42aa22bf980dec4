"""A sign-in code on the operator's terminal, for when mail is down: a request of the `control` socket.

The console cannot send it. The code is not in the table of commands, and not in the log.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from gateway.admission.case.model import Desk
from gateway.app.service import Gateway
from gateway.app.serving.commands import name_operator
from gateway.app.serving.console.asking import read_text, require_codes, transact
from gateway.net.control.server import Asked, RefusedQuestionError
from gateway.store.console import sign_in
from gateway.store.console.sign_in import LiveCode
from gateway.store.protocol import Transaction

SHOW_CODE = "console_code"


def build_showing(app: Gateway) -> Callable[[Asked], Awaitable[object]]:
    """Return the handler; it refuses if the address is no member's, or no browser waits for a code."""

    async def show(asked: Asked) -> list[dict[str, str]]:
        return await _show(app, asked)

    return show


async def _show(app: Gateway, asked: Asked) -> list[dict[str, str]]:
    require_codes(app)
    given, by = read_text(asked, "address"), name_operator(read_text(asked, "by"), asked.peer)

    def run(tx: Transaction, now: datetime, desk: Desk) -> list[LiveCode] | None:
        member = sign_in.find_member(given, desk)
        return None if member is None else sign_in.show_codes(tx, member, by, now)

    found = await transact(app, run)
    if found is None:
        raise RefusedQuestionError(f"{given} is not in a [[staff]] table, or its access is revoked")
    if not found:
        raise RefusedQuestionError(
            f"no browser is waiting for a code for {given}: the member must first enter the address on "
            "the console's sign-in page, then ask you for the code"
        )
    return [_tell(one) for one in found]


def _tell(one: LiveCode) -> dict[str, str]:
    return {
        "code": one.code,
        "asked_at": one.asked_at.isoformat(),
        "expires_at": one.expires_at.isoformat(),
    }
