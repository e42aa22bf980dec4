"""Sign-in: a code is requested and mailed, then typed in the same browser. The writer does both.

An address that is no member's takes the same steps as a member's, except for the letter, so that they cannot
be distinguished.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.admission.authority import sign_in
from gateway.admission.authority.sign_in import Account
from gateway.admission.case.model import Desk, JournalEntry, Letter, OutgoingLetter, Staff
from gateway.mail import address
from gateway.printing.fields import Fact, Ours, ours
from gateway.printing.outside import Outside
from gateway.store.console import sessions
from gateway.store.protocol import Transaction
from gateway.store.tables import rows
from gateway.store.tables.staff import revocations

CODE_LASTS = timedelta(minutes=20)
TRIES = 5
ADDRESS_AN_HOUR, ADDRESS_A_DAY, CLIENT_AN_HOUR, ALL_A_DAY = 5, 10, 20, 2_000
NOBODY = "nobody@invalid.invalid"
OPERATOR = "+operator"
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Asking:
    """A browser that requests a code: `ticket` and `browser` are its secrets, `client` is its address."""

    ticket: str
    browser: str
    client: str
    address: str


@dataclass(frozen=True, slots=True)
class Kept:
    """Two secrets that a browser keeps from now on."""

    session: str
    browser: str


@dataclass(frozen=True, slots=True)
class Answering:
    """A browser that has a code, and what it gets for it."""

    ticket: str
    code: str
    kept: Kept


def ask_code(
    tx: Transaction, asking: Asking, now: datetime, desk: Desk, account: Account | None = None
) -> bool:
    """Queue the letter with the code for a member; return whether there is one.

    The browser must not learn that. If the code is to link an `account`, the letter says so, and requests are
    counted by it too.
    """
    digest, member = sign_in.hash_secret(asking.ticket), find_member(asking.address, desk)
    counted = [_counted(tx, asking, member), *_counted_account(tx, account)]
    if _has_code(tx, digest) or any(_is_full(tx, each, now) for each in counted):
        return False
    _record(tx, digest, member, counted, now)
    if member is None:
        return False
    minutes = int(CODE_LASTS.total_seconds()) // 60
    facts = {"to_name": member.name, "browser": digest, "minutes": minutes}
    facts |= {"links_account": True, **describe(account)} if account else {}
    letter = OutgoingLetter(Letter.CONSOLE_CODE, member.address, facts)
    return tx.enqueue(None, (letter,), now, None, desk.caps) > 0


def check_code(
    tx: Transaction, answering: Answering, now: datetime, desk: Desk, lasts: timedelta
) -> Staff | None:
    """Return the member whose code it is, now with a session; None for a wrong code or the sixth try."""
    member = use_code(tx, answering, now, desk)
    if member is not None:
        begin(tx, member, answering.kept, ours("code"), now, desk, lasts)
    return member


def use_code(tx: Transaction, answering: Answering, now: datetime, desk: Desk) -> Staff | None:
    """Return the member whose code it is, once; None for a wrong code or the sixth try."""
    digest = sign_in.hash_secret(answering.ticket)
    values = {"digest": digest, "now": rows.to_text(now), "tries": TRIES}
    row = tx.connection.execute(_FIND, values).fetchone()
    is_live = tx.connection.execute(_TRY, values).rowcount == 1
    asked_by = row["member"] if row is not None else ""
    is_right = sign_in.is_code(tx.tombstone_key, digest, asked_by or NOBODY, answering.code)
    member = find_member(asked_by, desk)
    if not (is_live and is_right and member is not None and tx.tombstone_key):
        return None
    tx.connection.execute("UPDATE console_codes SET expires_at = :now WHERE digest = :digest", values)
    return member


@dataclass(frozen=True, slots=True)
class LiveCode:
    """A code that can still be entered, in the browser that requested it."""

    code: str
    asked_at: datetime
    expires_at: datetime


def show_codes(tx: Transaction, member: Staff, by: str, now: datetime) -> list[LiveCode]:
    """Return the codes of the browsers that requested one for a member, the newest first; journal it.

    These are the mailed codes, for when no mail arrives: their time and tries are not extended.
    """
    key = member.address.key
    values = {"member": key, "now": rows.to_text(now), "since": rows.to_text(now - CODE_LASTS)}
    found = tx.connection.execute(_LIVE, {**values, "tries": TRIES}).fetchall() if tx.tombstone_key else []
    codes = [
        LiveCode(
            find_code(tx, row["digest"], key), *(rows.from_text(row[at]) for at in ("asked_at", "expires_at"))
        )
        for row in found
    ]
    if codes:
        detail: dict[str, Fact] = {"address": member.address, "codes": len(codes)}
        tx.journal((JournalEntry("console.code_shown", Outside(by), detail),), now, None, None)
    return codes


def enter_named(
    tx: Transaction, name: str, kept: Kept, now: datetime, desk: Desk, lasts: timedelta
) -> Staff | None:
    """Return the member with this address, proven by a proxy, now with a session.

    None for anybody else, and for a revoked mailbox.
    """
    member = find_member(name, desk)
    if member is None or member.address.key in revocations.load(tx.connection):
        return None
    begin(tx, member, kept, ours("proxy"), now, desk, lasts)
    return member


def begin(
    tx: Transaction, member: Staff, kept: Kept, via: Ours, now: datetime, desk: Desk, lasts: timedelta
) -> None:
    """Begin the session of a member who proved themselves by `via`."""
    role = name_role(member, desk)
    sessions.begin(tx.connection, kept.session, kept.browser, member.address.key, role, now, lasts)
    tx.journal((JournalEntry("console.signed_in", member.address, {"via": via}),), now, None, None)


def describe(account: Account) -> dict[str, str]:
    """Return the facts of a letter about an account: its provider, and the address and name that it says."""
    return {
        "provider": account.issuer,
        "account_address": account.address,
        "account_name": account.name,
    }


def find_code(tx: Transaction, digest: str, member: str) -> str:
    """Return the code for a letter."""
    return sign_in.make_code(tx.tombstone_key, digest, member)


def name_role(member: Staff, desk: Desk) -> str:
    """Return what a session may do: the staff role, and whether it is an operator's."""
    return f"{member.role.value}{OPERATOR}" if member.address.key in desk.operators else member.role.value


def list_roles(desk: Desk) -> frozenset[tuple[str, str]]:
    """Return each member's key with the role of their sessions."""
    return frozenset((one.address.key, name_role(one, desk)) for one in desk.staff)


def find_member(text: str, desk: Desk) -> Staff | None:
    """Return the member with an address; None for anybody else."""
    try:
        return desk.member(address.parse(text.strip()))
    except address.AddressError:
        return None


def _counted(tx: Transaction, asking: Asking, member: Staff | None) -> dict[str, str]:
    """Return what a request is counted by: address, client, and a browser known to be the member's."""
    sought = member.address.key if member else asking.address.strip().lower()
    browser = sign_in.hash_secret(asking.browser)
    is_known = sessions.knows_browser(tx.connection, browser, sought)
    return {
        "sought": sign_in.make_digest(tx.tombstone_key, "address", sought),
        "client": sign_in.make_digest(tx.tombstone_key, "client", asking.client),
        "browser": browser if is_known else "",
    }


def _counted_account(tx: Transaction, account: Account | None) -> list[dict[str, str]]:
    """Return what a request is counted by as well if it is to link an account, as an address is."""
    if account is None:
        return []
    sought = sign_in.make_digest(tx.tombstone_key, "codes of account", account.digest)
    return [{"sought": sought, "client": sought, "browser": ""}]


def _record(
    tx: Transaction, digest: str, member: Staff | None, counted: list[dict[str, str]], now: datetime
) -> None:
    """Store the code of a browser, and a row without a code for whatever else is counted."""
    key, at = member.address.key if member else "", rows.to_text(now)
    first, *others = counted
    ends = rows.to_text(now + CODE_LASTS)
    tx.connection.execute(_INSERT, {"digest": digest, "member": key, "at": at, "expires": ends, **first})
    for each in others:
        unused = sign_in.make_digest(tx.tombstone_key, "counted", digest)
        values = {"digest": unused, "member": "", "at": at, "expires": at, **each}
        tx.connection.execute(_INSERT, values)


def _has_code(tx: Transaction, digest: str) -> bool:
    """Return whether this browser already has a code: it stays valid, and no second letter is sent."""
    sql = "SELECT 1 FROM console_codes WHERE digest = :digest"
    return tx.connection.execute(sql, {"digest": digest}).fetchone() is not None


def _is_full(tx: Transaction, counted: dict[str, str], now: datetime) -> bool:
    """Return whether there are too many requests.

    They are counted for an address from unknown browsers, or from a known one; for a client; and in total.
    """
    values = {**counted, "hour": rows.to_text(now - _HOUR), "day": rows.to_text(now - _DAY)}
    row = tx.connection.execute(_COUNT, values).fetchone()
    most = {
        "address_hour": ADDRESS_AN_HOUR,
        "address_day": ADDRESS_A_DAY,
        "client_hour": CLIENT_AN_HOUR,
        "all_day": ALL_A_DAY,
    }
    return any((row[name] or 0) >= limit for name, limit in most.items())


_INSERT = """
INSERT INTO console_codes (digest, member, sought, client, browser, asked_at, expires_at, tries)
VALUES (:digest, :member, :sought, :client, :browser, :at, :expires, 0)
"""
_FIND = "SELECT member FROM console_codes WHERE digest = :digest"
_TRY = """
UPDATE console_codes SET tries = tries + 1 WHERE digest = :digest AND expires_at > :now AND tries < :tries
"""
_LIVE = """
SELECT digest, asked_at, expires_at FROM console_codes
WHERE asked_at > :since AND member = :member AND expires_at > :now AND tries < :tries
ORDER BY asked_at DESC, digest
"""
_COUNT = """
SELECT sum(CASE WHEN sought = :sought AND browser = :browser AND asked_at > :hour THEN 1 ELSE 0 END)
         AS address_hour,
       sum(CASE WHEN sought = :sought AND browser = :browser THEN 1 ELSE 0 END) AS address_day,
       sum(CASE WHEN client = :client AND asked_at > :hour THEN 1 ELSE 0 END) AS client_hour,
       count(*) AS all_day
FROM console_codes WHERE asked_at > :day
"""
