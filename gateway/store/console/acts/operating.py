"""Orders of an operator in the console, each with a code: pause the desk, revoke a mailbox.

Both only stop something. Starting it again takes a command on the machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from gateway.admission.authority.brakes import Brake
from gateway.admission.case.model import Desk, JournalEntry
from gateway.printing.fields import Ours
from gateway.printing.outside import Outside
from gateway.printing.statement import Statement
from gateway.store.commands import brakes, staff
from gateway.store.commands.requests import RefusedError, Request
from gateway.store.console.acts import confirming
from gateway.store.console.acts.confirming import About, Act, Browser
from gateway.store.console.outcome import Member, Outcome, What
from gateway.store.protocol import Transaction

PAUSE, REVOKE = "pause", "revoke"
PAUSES = frozenset({Brake.DECISIONS.value, Brake.INVITATIONS.value})


@dataclass(frozen=True, slots=True)
class Order:
    """`pause` with a brake, or `revoke` with the address of a member."""

    word: str
    what: str

    def to_act(self) -> Act:
        """Return the act to confirm."""
        return Act(self.word, self.what)


def propose(
    tx: Transaction, member: Member, order: Order, browser: Browser, now: datetime, desk: Desk
) -> Outcome:
    """Register an order for confirmation; a code is mailed if one is needed."""
    if not member.is_operator or not _is_known(order):
        return Outcome(What.GONE)
    about = About(who=order.what)
    coded = confirming.let_wait(tx, member, order.to_act(), about, browser, now, desk)
    return Outcome(What.FULL) if coded is None else Outcome(What.READY, is_coded=coded)


def carry_out(
    tx: Transaction,
    member: Member,
    order: Order,
    browser: Browser,
    code: str,
    now: datetime,
    desk: Desk,
) -> Outcome:
    """Execute a confirmed order, once, by the handler of the command of the same name."""
    if not member.is_operator or not _is_known(order):
        return Outcome(What.GONE)
    by_code = confirming.confirm(tx, member.session, order.to_act(), browser, code, now)
    if by_code is None:
        return Outcome(What.WRONG)
    name, arguments = _to_command(order)
    handlers = {**brakes.build_handlers(desk), **staff.build_handlers(desk)}
    request = Request("", name, str(member.staff.address), arguments, now)
    try:
        handlers[name](tx, request, now)
    except RefusedError as error:
        return Outcome(What.REFUSED, Statement("as_written", text=str(error)), is_granted=by_code)
    entry = JournalEntry(
        "console.ordered",
        member.staff.address,
        {"via": Ours("web"), "word": Ours(order.word), "what": Outside(order.what)},
    )
    tx.journal((entry,), now, None, None)
    return Outcome(What.DONE, is_granted=by_code)


def _is_known(order: Order) -> bool:
    return order.word == REVOKE or (order.word == PAUSE and order.what in PAUSES)


def _to_command(order: Order) -> tuple[str, Mapping[str, object]]:
    if order.word == REVOKE:
        return staff.REVOKE, {"address": order.what}
    return brakes.PAUSE, {"brakes": [order.what]}
