"""Commands about staff: revoke a stolen mailbox, restore it, request a practice reply, unlink an account.

Requests come through `gateway.store.commands.requests`, so their content is validated here as untrusted
input.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from gateway.admission.case import letters
from gateway.admission.case.decide import decide
from gateway.admission.case.events import VoidCall
from gateway.admission.case.model import OPEN, Desk, JournalEntry, Staff, Transition
from gateway.admission.case.transitions.office import practice
from gateway.mail import address
from gateway.printing.outside import Outside
from gateway.store.commands.requests import Handler, RefusedError, Request
from gateway.store.console import sessions
from gateway.store.console.accounts import linking
from gateway.store.protocol import Transaction
from gateway.store.repositories import case_repository

REVOKE, RESTORE, TRY, UNLINK = "staff.revoke", "staff.restore", "staff.try", "staff.unlink"


def build_handlers(desk: Desk) -> Mapping[str, Handler]:
    """Return the handlers of the writing commands of `gateway staff`, by name."""

    def revoke(tx: Transaction, request: Request, now: datetime) -> Mapping[str, object]:
        member = _member(request, desk)
        if member.address.key in tx.revoked_staff():
            raise RefusedError(
                f"access for {member.address} has already been revoked; gateway staff restore restores it"
            )
        tokens = tx.revoke_staff(member.address, request.by, now)
        sessions.forget_member(tx.connection, member.address.key)
        tx.forget_signature(member.address)  # a thief may have taught false signature lines
        _tell_others(tx, "staff_revoked", member, request, desk, now)
        return {
            "address": str(member.address),
            "tokens": tokens,
            **_void_calls(tx, member, request, desk, now),
        }

    def restore(tx: Transaction, request: Request, now: datetime) -> Mapping[str, object]:
        member = _member(request, desk)
        if not tx.restore_staff(member.address):
            raise RefusedError(f"access for {member.address} has not been revoked; nothing to do")
        _tell_others(tx, "staff_restored", member, request, desk, now)
        return {"address": str(member.address)}

    def try_out(tx: Transaction, request: Request, now: datetime) -> Mapping[str, object]:
        return _try_out(tx, request, now, desk)

    return {REVOKE: revoke, RESTORE: restore, TRY: try_out, UNLINK: _unlink}


def _unlink(tx: Transaction, request: Request, now: datetime) -> Mapping[str, object]:
    """End the link of an account, also of somebody who is no longer staff. Raises RefusedError."""
    name = str(request.arguments.get("account", ""))
    found = linking.find_named(tx, name)
    if found is None:
        raise RefusedError(f"{name} is not a linked account; see gateway staff accounts")
    linking.end(tx, found.digest, address.parse(found.member), Outside(request.by), now)
    return {"account": found.name, "address": found.member}


def _void_calls(
    tx: Transaction, member: Staff, request: Request, desk: Desk, now: datetime
) -> Mapping[str, object]:
    """Void each telephone confirmation by the member.

    Returns the numbers of cases that go back to review, and of those decided on that basis (`decided`), which
    the operator has to review.
    """
    trusted, called = case_repository.load_desk(tx, desk, now), tx.cases_called_by(member.address.key)
    is_open = {case.number: case.state in OPEN for case in called}
    for case in called:
        done = decide(case, VoidCall(request.by), now, trusted)
        case_repository.enqueue(tx, case_repository.save(tx, case, done), done, now, None, desk.caps)
    return {
        "calls": [number for number, goes_back in is_open.items() if goes_back],
        "decided": [number for number, goes_back in is_open.items() if not goes_back],
    }


def _try_out(tx: Transaction, request: Request, now: datetime, desk: Desk) -> Mapping[str, object]:
    """Queue a practice request. Raises RefusedError if the member cannot receive it."""
    member = _member(request, desk)
    if not tx.enqueue(None, (practice.build_request(member, now, desk),), now, None, desk.caps):
        raise RefusedError(
            f"{member.address} has reached today's limit on practice requests, or has had its access revoked"
        )
    entry = JournalEntry("practice.asked", Outside(request.by), {"to": member.address})
    tx.journal((entry,), now, None, None)
    return {"address": str(member.address), "name": member.name}


def _member(request: Request, desk: Desk) -> Staff:
    given = str(request.arguments.get("address", ""))
    try:
        member = desk.member(address.parse(given))
    except address.AddressError as error:
        raise RefusedError(f"address = {given!r}: {error}") from error
    if member is None:
        raise RefusedError(f"{given} is not in a [[staff]] table; see gateway config show")
    return member


def _tell_others(
    tx: Transaction, kind: str, member: Staff, request: Request, desk: Desk, now: datetime
) -> None:
    """Notify the other staff, naming the mailbox; a revoked mailbox gets no staff letters."""
    told = letters.general_notices(desk, kind, by=request.by, who=str(member.address))
    entry = JournalEntry(kind.replace("_", "."), Outside(request.by), {"address": member.address})
    case_repository.enqueue(tx, None, Transition(None, told, (entry,)), now, None, desk.caps)
