"""Confirmation: what a member requests in the console is bound to a seal, and counts once, with a fresh code.

The seal covers the browser's secrets, the case as shown, the command and the text: a code confirms these and
nothing else. For half an hour, the browser that gave a code needs no other; a session alone is not
sufficient.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.admission.authority import sign_in
from gateway.admission.case.model import Case, Desk, Letter, OutgoingLetter
from gateway.store.console.outcome import Member
from gateway.store.console.sessions import Session
from gateway.store.protocol import Transaction
from gateway.store.tables import rows

CODE_LASTS = timedelta(minutes=10)
GRANT_LASTS = timedelta(minutes=30)
TRIES = 5
CODES_A_DAY = 10
ACTS_A_DAY = 1_000
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Browser:
    """Secrets of a browser: `slip` of the requesting page, `grant` of the last correct code (or empty)."""

    slip: str
    grant: str


@dataclass(frozen=True, slots=True)
class Act:
    """An act to be confirmed: a command, its subject as shown (a mark), its text, and a date."""

    word: str
    about: str
    shown: str = ""
    text: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """Details for the letter with the code, besides the act.

    A case and the registered name of the applicant's organisation, who is revoked or what is paused, or the
    lines of several cases.
    """

    case: Case | None = None
    body: str = ""
    who: str = ""
    listed: tuple[str, ...] = ()


def let_wait(
    tx: Transaction, member: Member, act: Act, about: About, browser: Browser, now: datetime, desk: Desk
) -> bool | None:
    """Register an act for confirmation, and mail the code if one is needed; return whether it is.

    None if there were too many today.
    """
    coded = not has_grant(tx, member.session, browser.grant, now)
    seal = make_seal(tx, member.session, browser.slip, act)
    is_due = put_up(tx, member.session, seal, now, coded=coded)
    if is_due:
        letter = _build_code_letter(member, seal, act, about)
        tx.enqueue(about.case, (letter,), now, None, desk.caps)
    return None if is_due is None else coded


def _build_code_letter(member: Member, seal: str, act: Act, about: About) -> OutgoingLetter:
    """Build the letter with the code, which describes everything that it confirms."""
    facts = {
        "to_name": member.staff.name,
        "seal": seal,
        "minutes": int(CODE_LASTS.total_seconds()) // 60,
        "number": "" if about.who or about.listed else act.about,
        "register_name": about.body,
        "word": act.word,
        "note": "\n".join(filter(None, (act.until, act.text, *about.listed))),
        "who": about.who,
    }
    return OutgoingLetter(Letter.CONSOLE_CONFIRMATION, member.staff.address, facts)


def make_seal(tx: Transaction, session: Session, slip: str, act: Act) -> str:
    """Return the name of this act on this page in this session."""
    whole = (
        *(session.digest, session.member, sign_in.hash_secret(slip)),
        *(act.word, act.about, act.shown, act.text, act.until),
    )
    return sign_in.make_digest(tx.tombstone_key, "seal", json.dumps(whole))


def has_grant(tx: Transaction, session: Session, grant: str, now: datetime) -> bool:
    """Return whether this browser gave a correct code in this session within the last half hour."""
    values = {
        "digest": sign_in.hash_secret(grant),
        "session": session.digest,
        "member": session.member,
        "now": rows.to_text(now),
    }
    return tx.connection.execute(_GRANT, values).fetchone() is not None


def put_up(tx: Transaction, session: Session, seal: str, now: datetime, *, coded: bool) -> bool | None:
    """Register an act for confirmation; return whether to mail a code now, None if too many today."""
    found = tx.connection.execute("SELECT 1 FROM console_confirmations WHERE seal = :seal", {"seal": seal})
    if found.fetchone() is not None:
        return False
    counted = {"member": session.member, "day": rows.to_text(now - _DAY)}
    row = tx.connection.execute(_COUNT, counted).fetchone()
    if row["acts"] >= ACTS_A_DAY or (coded and (row["codes"] or 0) >= CODES_A_DAY):
        return None
    values = {
        "seal": seal,
        "session": session.digest,
        "member": session.member,
        "coded": int(coded),
        "at": rows.to_text(now),
        "expires": rows.to_text(now + CODE_LASTS),
    }
    tx.connection.execute(_PUT, values)
    return coded


def confirm(
    tx: Transaction, session: Session, act: Act, browser: Browser, code: str, now: datetime
) -> bool | None:
    """Use up an act: True with its correct code, False by the grant of the browser, None if neither.

    An act that was never registered takes the same steps as one with a wrong code.
    """
    seal = make_seal(tx, session, browser.slip, act)
    values = {"seal": seal, "now": rows.to_text(now), "tries": TRIES}
    row = tx.connection.execute(_FIND, values).fetchone()
    is_live = tx.connection.execute(_TRY, values).rowcount == 1
    is_right = sign_in.is_code(tx.tombstone_key, seal, session.member, code)
    is_granted = has_grant(tx, session, browser.grant, now)
    is_coded = row is not None and bool(row["coded"])
    if not (is_live and tx.tombstone_key and (is_granted or (is_right and is_coded))):
        return None
    tx.connection.execute("UPDATE console_confirmations SET expires_at = :now WHERE seal = :seal", values)
    return is_right and is_coded


def grant(tx: Transaction, session: Session, secret: str, now: datetime) -> None:
    """Record that this browser gave a correct code; it keeps `secret`."""
    values = {
        "digest": sign_in.hash_secret(secret),
        "session": session.digest,
        "member": session.member,
        "ends": rows.to_text(now + GRANT_LASTS),
    }
    tx.connection.execute(_GIVE, values)


_FIND = "SELECT coded FROM console_confirmations WHERE seal = :seal"
_TRY = """
UPDATE console_confirmations SET tries = tries + 1
WHERE seal = :seal AND expires_at > :now AND tries < :tries
"""
_GRANT = """
SELECT 1 FROM console_grants
WHERE digest = :digest AND session = :session AND member = :member AND ends_at > :now
"""
_GIVE = """
INSERT INTO console_grants (digest, session, member, ends_at) VALUES (:digest, :session, :member, :ends)
"""
_PUT = """
INSERT INTO console_confirmations (seal, session, member, coded, asked_at, expires_at, tries)
VALUES (:seal, :session, :member, :coded, :at, :expires, 0)
"""
_COUNT = """
SELECT count(*) AS acts, sum(coded) AS codes FROM console_confirmations
WHERE member = :member AND asked_at > :day
"""
