"""Signing in: a code is asked for and mailed, then typed in the browser that asked. The writer does both.

An address that is no member's takes the same steps as one that is, but for the letter, so that nobody can
tell them apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.admission.authority import sign_in
from gateway.admission.case.model import Desk, JournalEntry, Letter, OutgoingLetter, Staff
from gateway.mail import address
from gateway.printing.fields import ours
from gateway.store import rows
from gateway.store.console import sessions
from gateway.store.protocol import Transaction

CODE_LASTS = timedelta(minutes=20)
TRIES = 5
ADDRESS_AN_HOUR, ADDRESS_A_DAY, CLIENT_AN_HOUR, ALL_A_DAY = 5, 10, 20, 2_000
NOBODY = "nobody@invalid.invalid"
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Asking:
    """A browser that wants a code: its ticket and what it keeps are its secrets, `client` is where it is."""

    ticket: str
    browser: str
    client: str
    address: str


@dataclass(frozen=True, slots=True)
class Answering:
    """A browser that has a code; `session` and `browser` are what it shall keep from now on."""

    ticket: str
    code: str
    session: str
    browser: str


def ask_code(tx: Transaction, asking: Asking, now: datetime, desk: Desk) -> bool:
    """Owe a member the letter with the code; whether there is one, which the browser must not hear."""
    digest, member = sign_in.hash_secret(asking.ticket), _find_member(asking.address, desk)
    counted = _counted(tx, asking, member)
    if _has_code(tx, digest) or _is_full(tx, counted, now):
        return False
    key = member.address.key if member else ""
    values = {"digest": digest, "member": key, "at": rows.to_text(now), **counted}
    tx.connection.execute(_INSERT, {**values, "expires": rows.to_text(now + CODE_LASTS)})
    if member is None:
        return False
    minutes = int(CODE_LASTS.total_seconds()) // 60
    facts = {"to_name": member.name, "browser": digest, "minutes": minutes}
    letter = OutgoingLetter(Letter.CONSOLE_CODE, member.address, facts)
    return tx.enqueue(None, (letter,), now, None, desk.caps) > 0


def check_code(
    tx: Transaction, answering: Answering, now: datetime, desk: Desk, lasts: timedelta
) -> Staff | None:
    """The member whose code that is, with a session from now on; None for any other code, and at the sixth
    try."""
    digest = sign_in.hash_secret(answering.ticket)
    values = {"digest": digest, "now": rows.to_text(now), "tries": TRIES}
    row = tx.connection.execute(_FIND, values).fetchone()
    is_live = tx.connection.execute(_TRY, values).rowcount == 1
    asked_by = row["member"] if row is not None else ""
    is_right = sign_in.is_code(tx.tombstone_key, digest, asked_by or NOBODY, answering.code)
    member = _find_member(asked_by, desk)
    if not (is_live and is_right and member is not None and tx.tombstone_key):
        return None
    tx.connection.execute("UPDATE console_codes SET expires_at = :now WHERE digest = :digest", values)
    key = member.address.key
    role = name_role(member, desk)
    sessions.begin(tx.connection, answering.session, answering.browser, key, role, now, lasts)
    tx.journal((JournalEntry("console.signed_in", member.address, {"via": ours("code")}),), now, None, None)
    return member


def find_code(tx: Transaction, digest: str, member: str) -> str:
    """The code that a letter tells."""
    return sign_in.make_code(tx.tombstone_key, digest, member)


def name_role(member: Staff, desk: Desk) -> str:
    """What a session may do: the role of the staff, and whether an operator's."""
    return f"{member.role.value}+operator" if member.address.key in desk.operators else member.role.value


def list_roles(desk: Desk) -> frozenset[tuple[str, str]]:
    """Each member's key with the role of their sessions."""
    return frozenset((one.address.key, name_role(one, desk)) for one in desk.staff)


def _find_member(text: str, desk: Desk) -> Staff | None:
    try:
        return desk.member(address.parse(text.strip()))
    except address.AddressError:
        return None


def _counted(tx: Transaction, asking: Asking, member: Staff | None) -> dict[str, str]:
    """By what a request is counted: the address, the client, and a browser known to be the member's."""
    sought = member.address.key if member else asking.address.strip().lower()
    browser = sign_in.hash_secret(asking.browser)
    is_known = sessions.knows_browser(tx.connection, browser, sought)
    return {
        "sought": sign_in.make_digest(tx.tombstone_key, "address", sought),
        "client": sign_in.make_digest(tx.tombstone_key, "client", asking.client),
        "browser": browser if is_known else "",
    }


def _has_code(tx: Transaction, digest: str) -> bool:
    """Whether this browser has a code already: it stays good, and no second letter leaves."""
    sql = "SELECT 1 FROM console_codes WHERE digest = :digest"
    return tx.connection.execute(sql, {"digest": digest}).fetchone() is not None


def _is_full(tx: Transaction, counted: dict[str, str], now: datetime) -> bool:
    """Whether somebody asks too often: an address from browsers it never signed in with, or from one it did;
    a client; all together."""
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
_COUNT = """
SELECT sum(CASE WHEN sought = :sought AND browser = :browser AND asked_at > :hour THEN 1 ELSE 0 END)
         AS address_hour,
       sum(CASE WHEN sought = :sought AND browser = :browser THEN 1 ELSE 0 END) AS address_day,
       sum(CASE WHEN client = :client AND asked_at > :hour THEN 1 ELSE 0 END) AS client_hour,
       count(*) AS all_day
FROM console_codes WHERE asked_at > :day
"""
