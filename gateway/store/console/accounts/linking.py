"""Sign-in by an account at the OpenID provider, which is linked once to a staff address by a mailed code.

Nothing in the account but its issuer and subject counts: its mail address may be unverified, or have been
another person's. The code is one of `sign_in`, valid only for this account in the browser that asked for it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from gateway.admission.authority.sign_in import (
    Account,
    make_account_digest,
    make_digest,
    open_seal,
    seal_account,
)
from gateway.admission.case.model import GATEWAY, Desk, JournalEntry, Letter, OutgoingLetter, Staff
from gateway.mail import address
from gateway.mail.address import Address
from gateway.printing.fields import Fact, Ours, ours
from gateway.printing.outside import Outside
from gateway.store.console import sessions, sign_in
from gateway.store.console.accounts import identities
from gateway.store.console.accounts.identities import LinkedAccount
from gateway.store.console.sign_in import Answering, Asking, Kept
from gateway.store.protocol import Transaction

_OPENID = ours("openid")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom the provider `issuer` calls `subject`; their account also says an address and a name."""

    issuer: str
    subject: str
    address: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Unlinked:
    """An account that is linked to nobody; `seal` is what its browser shows to have it linked."""

    seal: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """An account to be linked: what the browser shows, and the provider that the desk trusts."""

    seal: str
    issuer: str


def enter(
    tx: Transaction, person: Person, kept: Kept, now: datetime, desk: Desk, lasts: timedelta
) -> Staff | Unlinked | None:
    """Return the member to whom an account is linked, now with a session; None if they are no longer staff.

    The provider has just proven who is at the browser.
    """
    account = make_account_digest(tx.tombstone_key, person.issuer, person.subject)
    linked = identities.find_member(tx.connection, account)
    if not linked:
        found = Account(account, person.issuer, person.address, person.name)
        return Unlinked(seal_account(tx.tombstone_key, found, now))
    member = sign_in.find_member(linked, desk)
    if member is not None:
        identities.note_use(tx.connection, account, now)
        sign_in.begin(tx, member, kept, _OPENID, now, desk, lasts)
    return member


def ask_code(tx: Transaction, sealed: Sealed, asking: Asking, now: datetime, desk: Desk) -> bool:
    """Queue the letter with the code for a member, as `sign_in.ask_code` does; nothing without a seal."""
    account = open_seal(tx.tombstone_key, sealed.seal, sealed.issuer, now)
    if account is None:
        return False
    bound = replace(asking, ticket=_bind(tx, asking.ticket, account))
    return sign_in.ask_code(tx, bound, now, desk, account)


def check_code(
    tx: Transaction, sealed: Sealed, answering: Answering, now: datetime, desk: Desk, lasts: timedelta
) -> Staff | None:
    """Return the member whose code it is, now linked to the account, and with a session.

    None for a wrong code, as in `sign_in.check_code`, and for an account that was linked meanwhile.
    """
    account = open_seal(tx.tombstone_key, sealed.seal, sealed.issuer, now)
    bound = replace(answering, ticket=_bind(tx, answering.ticket, account))
    member = sign_in.use_code(tx, bound, now, desk)
    if member is None or account is None:
        return None
    if not identities.link(tx.connection, account.digest, member.address.key, account.issuer, now):
        return None
    _tell(tx, member, account, now, desk)
    sign_in.begin(tx, member, answering.kept, _OPENID, now, desk, lasts)
    return member


def end(
    tx: Transaction, account: str, member: Address, by: Address | Outside, now: datetime, kept: str = ""
) -> bool:
    """End the link of an account and the sessions of its member, except `kept`; False if there is none.

    Any of the sessions may have been begun by that account.
    """
    if not identities.unlink(tx.connection, account, member.key):
        return False
    sessions.end_of_member(tx.connection, member.key, kept)
    _note_end(tx, account, member.key, by, now)
    return True


def sign_out_former(tx: Transaction, desk: Desk, now: datetime) -> None:
    """End the sessions of everybody who is no longer staff, or in another role, and their accounts' links.

    Whoever gets the address of a former member later does not let them in again.
    """
    sessions.end_others(tx.connection, sign_in.list_roles(desk))
    for each in identities.unlink_others(tx.connection, {one.address.key for one in desk.staff}):
        _note_end(tx, each.digest, each.member, GATEWAY, now)


def find_named(tx: Transaction, name: str) -> LinkedAccount | None:
    """Return the account with this name, as listed."""
    return next((one for one in identities.find_all(tx.connection) if one.name == name), None)


def _bind(tx: Transaction, ticket: str, account: Account | None) -> str:
    """Return the secret of a browser for the code of an account.

    That of another account is another code, and no browser can send this one as its own.
    """
    return make_digest(tx.tombstone_key, "link", f"{ticket} {account.digest if account else ''}")


def _tell(tx: Transaction, member: Staff, account: Account, now: datetime, desk: Desk) -> None:
    name = account.digest[: identities.SHOWN]
    facts = {"number": "", "to_name": member.name, "kind": "account_linked", "account": name}
    letter = OutgoingLetter(Letter.CASE_NOTICE, member.address, facts | sign_in.describe(account))
    tx.enqueue(None, (letter,), now, None, desk.caps)
    detail = {"account": Outside(name), "issuer": Outside(account.issuer)}
    tx.journal((JournalEntry("console.account_linked", member.address, detail),), now, None, None)


def _note_end(
    tx: Transaction, account: str, member: str, by: Ours | Address | Outside, now: datetime
) -> None:
    detail: dict[str, Fact] = {
        "account": Outside(account[: identities.SHOWN]),
        "address": address.parse(member),
    }
    tx.journal((JournalEntry("console.account_unlinked", by, detail),), now, None, None)
