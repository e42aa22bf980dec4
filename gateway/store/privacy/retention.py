"""Erases expired personal data in small steps, so that mail never waits for it.

Every turn is one short transaction; `erase_expired` is called until a turn finds nothing more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from gateway.admission.business_days import tokyo_date
from gateway.admission.case.model import GATEWAY, OPEN, State
from gateway.store.console import sessions
from gateway.store.privacy.erasure import Eraser
from gateway.store.protocol import Connection, Transaction
from gateway.store.tables import rows

CASES_A_TURN = 20
ROWS_A_TURN = 200
# Requests live for seconds, and housekeeping records for a day; they are kept longer for troubleshooting.
COMMAND_RETENTION = timedelta(days=30)
CHORE_RETENTION = timedelta(days=400)
# A mail is never acted on twice while a key that signed it may be in use.
ACTED_RETENTION = timedelta(days=1095)


@dataclass(frozen=True, slots=True)
class Periods:
    """Retention periods, all counted from the last event.

    `raw_mail`: raw messages of closed cases (those that decided a case are kept with it); `unassigned`: mails
    without a case; `case`: personal fields of a closed case; then tombstones and backups.
    """

    raw_mail: timedelta = timedelta(days=90)
    unassigned: timedelta = timedelta(days=30)
    case: timedelta = timedelta(days=365)
    tombstone: timedelta = timedelta(days=1095)
    backup: timedelta = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class RetentionResult:
    """Number of rows erased in one turn, or in all of them."""

    cases: int = 0
    mails: int = 0
    letters: int = 0
    lines: int = 0
    raw_mails: int = 0
    others: int = 0

    def __add__(self, other: RetentionResult) -> RetentionResult:
        mine, theirs = (
            tuple(getattr(one, name) for name in RetentionResult.__slots__) for one in (self, other)
        )
        return RetentionResult(*(a + b for a, b in zip(mine, theirs, strict=True)))

    @property
    def has_any(self) -> bool:
        """Whether anything was erased."""
        return self != RetentionResult()


def erase_expired(tx: Transaction, periods: Periods, now: datetime) -> RetentionResult:
    """Erase personal data that has expired, up to a limit for each kind. One turn."""
    connection = tx.connection
    key = tx.tombstone_key
    eraser = Eraser(connection, key, now)
    for case_id in _ids(connection, _DUE_CASES, now - periods.case, CASES_A_TURN):
        eraser.case(case_id)
    loose = now - periods.unassigned
    eraser.mails(_ids(connection, _LOOSE_MAILS, loose, ROWS_A_TURN))
    eraser.letters(_ids(connection, _LOOSE_LETTERS, loose, ROWS_A_TURN))
    eraser.lines(_ids(connection, _LOOSE_LINES, loose, ROWS_A_TURN))
    eraser.sign(tx, GATEWAY, "retention")
    raw = _ids(connection, _RAW_MAILS, now - periods.raw_mail, ROWS_A_TURN)
    connection.executemany("UPDATE mails SET raw = x'' WHERE id = :id", [{"id": each} for each in raw])
    done = eraser.done
    return RetentionResult(
        len(done.cases),
        done.mails,
        done.letters,
        len(done.lines),
        len(raw),
        _others(connection, periods, now) + sessions.forget_expired(connection, now),
    )


def _others(connection: Connection, periods: Periods, now: datetime) -> int:
    """Delete whole rows that have expired, from the other tables; return how many."""
    before = {
        _TOKENS: rows.to_text(now - periods.unassigned),
        _COMMANDS: f"{(now - COMMAND_RETENTION).astimezone(UTC):%Y%m%d%H%M%S}",
        _CHORES: rows.to_text(now - CHORE_RETENTION),
        _TOMBSTONES: rows.to_text(now - periods.tombstone),
        _ACTED: rows.to_text(now - ACTED_RETENTION),
        _REFUSALS: tokyo_date(now - periods.unassigned).isoformat(),
        _BRAKE_MAILS: rows.to_text(now - periods.case),
        _SEEN_LINES: rows.to_text(now - periods.case),
        _UNPROVEN: tokyo_date(now - periods.unassigned).isoformat(),
        _PROVEN: tokyo_date(now - periods.unassigned).isoformat(),
        _LETTER_COUNTS: tokyo_date(now - periods.unassigned).isoformat(),
    }
    return sum(
        connection.execute(sql, {"before": text, "limit": ROWS_A_TURN}).rowcount
        for sql, text in before.items()
    )


def _ids(connection: Connection, sql: str, before: datetime, limit: int) -> list[int]:
    found = connection.execute(sql, {"before": rows.to_text(before), "limit": limit})
    return [row[0] for row in found]


def _list(words: Iterable[str]) -> str:
    return ", ".join(sorted(f"'{word}'" for word in words))


# An approved case waits for its invitation; all others that are not open are closed.
_CLOSED = _list(frozenset(State) - OPEN - {State.APPROVED})
_QUIET = "NOT EXISTS (SELECT 1 FROM journal j WHERE j.case_id = c.id AND j.at >= :before)"
_IN_HAND = "EXISTS (SELECT 1 FROM letters l WHERE l.case_id = c.id AND l.leased_until IS NOT NULL)"
_DUE_CASES = f"""
SELECT c.id FROM cases c INDEXED BY cases_kept
WHERE c.erased_at IS NULL AND c.opened_at < :before AND c.state IN ({_CLOSED}) AND {_QUIET}
  AND NOT {_IN_HAND}
ORDER BY c.opened_at LIMIT :limit
"""  # noqa: S608 - our own constants
_RAW_MAILS = f"""
SELECT m.id FROM mails m INDEXED BY mails_kept CROSS JOIN cases c ON c.id = m.case_id
WHERE m.raw <> x'' AND m.received_at < :before AND c.state IN ({_CLOSED}) AND {_QUIET}
  AND NOT EXISTS (SELECT 1 FROM evidence e WHERE e.mail_id = m.id)
ORDER BY m.received_at LIMIT :limit
"""  # noqa: S608 - our own constants
_LOOSE_MAILS = """
SELECT id FROM mails INDEXED BY mails_loose
WHERE case_id IS NULL AND erased_at IS NULL AND received_at < :before
  AND NOT EXISTS (SELECT 1 FROM evidence e WHERE e.mail_id = mails.id)
  AND NOT EXISTS (SELECT 1 FROM brake_mails b WHERE b.mail_id = mails.id)
ORDER BY received_at LIMIT :limit
"""
_LOOSE_LETTERS = """
SELECT id FROM letters INDEXED BY letters_loose
WHERE case_id IS NULL AND erased_at IS NULL AND queued_at < :before
  AND state IN ('sent', 'refused', 'recalled')
ORDER BY queued_at LIMIT :limit
"""
# What staff and operators did is kept; these lines are about people without a case.
_LOOSE_LINES = """
SELECT id FROM journal INDEXED BY journal_loose
WHERE case_id IS NULL AND salt IS NOT NULL AND at < :before
  AND (event IN ('unknown', 'no_case', 'token.misuse') OR event LIKE 'refused.%' OR event LIKE 'note.%'
    OR event LIKE 'letter.%')
ORDER BY at LIMIT :limit
"""
_TOKENS = """
DELETE FROM tokens WHERE digest IN (SELECT digest FROM tokens WHERE expires_at < :before LIMIT :limit)
"""
_COMMANDS = "DELETE FROM commands WHERE id IN (SELECT id FROM commands WHERE id < :before LIMIT :limit)"
_CHORES = """
DELETE FROM chores WHERE case_id = 0 AND name IN (
  SELECT name FROM chores WHERE case_id = 0 AND at < :before LIMIT :limit
)
"""
_REFUSALS = """
DELETE FROM refusals WHERE (day, reason, domain) IN (
  SELECT day, reason, domain FROM refusals WHERE day < :before LIMIT :limit
)
"""
# Signature lines seen in replies; those of the last practice reply are kept.
_SEEN_LINES = """
DELETE FROM member_lines WHERE (member_key, line, letter_id) IN (
  SELECT member_key, line, letter_id FROM member_lines WHERE letter_id > 0 AND seen_at < :before LIMIT :limit
)
"""
# Such a mail concerns every case open at the time, so it is kept until none of them is.
_BRAKE_MAILS = """
DELETE FROM brake_mails WHERE mail_id IN (
  SELECT b.mail_id FROM brake_mails b CROSS JOIN mails m ON m.id = b.mail_id
  WHERE m.received_at < :before AND NOT EXISTS (
    SELECT 1 FROM cases c INDEXED BY cases_kept WHERE c.erased_at IS NULL AND c.opened_at <= m.received_at
  ) LIMIT :limit
)
"""
_UNPROVEN = """
DELETE FROM unproven_mail WHERE (day, mailbox) IN (
  SELECT day, mailbox FROM unproven_mail WHERE day < :before LIMIT :limit
)
"""
_PROVEN = """
DELETE FROM proven_mail WHERE (day, sender) IN (
  SELECT day, sender FROM proven_mail WHERE day < :before LIMIT :limit
)
"""
_ACTED = """
DELETE FROM acted_contents WHERE content IN (
  SELECT content FROM acted_contents WHERE at < :before LIMIT :limit
)
"""
_LETTER_COUNTS = """
DELETE FROM letter_counts WHERE (day, name, scope, of) IN (
  SELECT day, name, scope, of FROM letter_counts WHERE day < :before LIMIT :limit
)
"""
_TOMBSTONES = """
DELETE FROM tombstones WHERE digest IN (SELECT digest FROM tombstones WHERE at < :before LIMIT :limit)
"""
