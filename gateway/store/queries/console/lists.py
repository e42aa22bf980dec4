"""What the console lists beside the queue: a case with its past, mails of no case, letters, what is found."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from gateway.admission.authority.tokens import find_number
from gateway.admission.case.model import Case
from gateway.mail.text import fold
from gateway.store import rows
from gateway.store.protocol import Connection, LetterState

PAGE = 50
MAX_EARLIER = 10
MAX_WORDS = 12  # mails of a case whose words are read, the newest
MAX_FOUND = 50
MAX_LOOKED_AT = 20_000  # newest cases that a search reads
Row = dict[str, Any]


def find_case(connection: Connection, number: str) -> Case | None:
    """A case by its number; None also for one that was erased."""
    sql = "SELECT * FROM cases WHERE number = :number AND erased_at IS NULL"
    row = connection.execute(sql, {"number": number}).fetchone()
    return None if row is None else rows.to_case(row)


def list_earlier(connection: Connection, case: Case) -> list[Row]:
    """Other cases of the same address, the newest first."""
    values = {"key": case.applicant.key, "id": case.id, "limit": MAX_EARLIER}
    return _all(connection, _EARLIER, values)


def list_words(connection: Connection, case: Case) -> dict[int, bytes]:
    """The octets of a case's newest mails by id, as far as they were kept."""
    found = connection.execute(_RAW, {"case": case.id, "limit": MAX_WORDS})
    return {row["id"]: bytes(row["raw"]) for row in found}


def list_letters_of(connection: Connection, case: Case) -> list[Row]:
    """A case's letters with their words as last sent, the oldest first."""
    return _all(connection, _LETTERS_OF, {"case": case.id})


def list_mails_of(connection: Connection, case: Case) -> list[Row]:
    """A case's mails, the oldest first."""
    return _all(connection, _MAILS_OF, {"case": case.id})


def list_journal(connection: Connection, case: Case) -> list[Row]:
    """A case's lines of the journal, typed, the oldest first; `by` is who acted."""
    found = _all(connection, _JOURNAL, {"case": case.id})
    return [{**rows.type_journal_row(row), "by": row["actor"]} for row in found]


def find_mail(connection: Connection, mail_id: int, number: str) -> Row | None:
    """One mail of a case (an empty number: of none), with its octets."""
    found = _all(connection, _MAIL, {"id": mail_id, "number": number})
    return found[0] if found else None


def find_letter(connection: Connection, letter_id: int, number: str) -> Row | None:
    """One letter of a case (an empty number: of none), with its words."""
    found = _all(connection, _LETTER, {"id": letter_id, "number": number})
    return found[0] if found else None


def read_answers(verdict: str) -> list[Row]:
    """The DNS answers that a proof rests on."""
    known = json.loads(verdict)
    return list(known["answers"]) if known else []


def list_loose_mails(connection: Connection, before: tuple[str, int]) -> list[Row]:
    """Mails of no case, the newest first, before that time and id (an empty time: from the newest on)."""
    at, mail_id = before if before[0] else (_LAST_TIME, 0)
    return _all(connection, _LOOSE, {"at": at, "id": mail_id, "limit": PAGE + 1})


def list_letters(connection: Connection, states: Sequence[LetterState], before: int) -> list[Row]:
    """Letters in these states, the newest first, older than the letter `before` (0: from the newest on)."""
    ids = " UNION ALL ".join(_IDS[state] for state in states)
    sql = f"""
    SELECT l.id, c.number, l.letter, l.recipient, l.state, l.attempts, l.queued_at, l.not_before, l.sent_at,
           l.last_reply
    FROM letters l LEFT JOIN cases c ON c.id = l.case_id
    WHERE l.id IN (SELECT id FROM ({ids}) listed) ORDER BY l.id DESC LIMIT :limit
    """  # noqa: S608 - our own constants
    return _all(connection, sql, {"before": before or _LAST, "limit": PAGE + 1})


def search(connection: Connection, text: str) -> list[Row]:
    """Cases by number, or whose name, organisation or address holds a text, folded; the newest first."""
    wanted = fold(text).strip()
    number = find_number(wanted.upper())
    if number is not None:
        return _all(connection, f"{_FOUND} WHERE number = :number", {"number": number})
    if not wanted:
        return []
    newest = connection.execute(f"{_FOUND} WHERE erased_at IS NULL ORDER BY id DESC LIMIT {MAX_LOOKED_AT}")
    found = (row for row in newest if any(wanted in fold(row[name]) for name in _SOUGHT))
    return [dict(row) for row, _ in zip(found, range(MAX_FOUND), strict=False)]


def _all(connection: Connection, sql: str, values: dict[str, object]) -> list[Row]:
    return [dict(row) for row in connection.execute(sql, values)]


_LAST, _LAST_TIME = 2**62, "9999"
_SOME = "id < :before ORDER BY id DESC LIMIT :limit"
_DUE = "state IN ('queued', 'deferred')"
_ENDED = "state IN ('refused', 'recalled')"


def _list_ids(state: LetterState) -> str:
    """By the partial indexes of what waits, is leased or held, or did not arrive; what was sent by its id."""
    of = f"SELECT id FROM letters WHERE state = '{state.value}'"  # noqa: S608 - our own constants
    ways = {
        LetterState.QUEUED: (f"{_DUE} AND leased_until IS NULL", "leased_until IS NOT NULL"),
        LetterState.DEFERRED: (f"{_DUE} AND leased_until IS NULL", "leased_until IS NOT NULL"),
        LetterState.REFUSED: (_ENDED,),
        LetterState.RECALLED: (_ENDED,),
    }.get(state, ("id > 0",))
    return " UNION ALL ".join(f"SELECT * FROM ({of} AND {way} AND {_SOME}) one" for way in ways)  # noqa: S608 - our own constants


_IDS = {state: _list_ids(state) for state in LetterState}
_SOUGHT = ("name", "organisation", "applicant")
_FOUND = "SELECT number, state, name, organisation, applicant, opened_at, due_on FROM cases"
_EARLIER = """
SELECT number, state, opened_at, decided_by, reason FROM cases
WHERE applicant_key = :key AND id <> :id AND erased_at IS NULL ORDER BY id DESC LIMIT :limit
"""
_RAW = "SELECT id, raw FROM mails WHERE case_id = :case AND raw <> x'' ORDER BY id DESC LIMIT :limit"
_MAIL = """
SELECT m.id, m.received_at, m.author, m.subject, m.client_ip, m.forward_path, m.verdict, m.raw, c.number
FROM mails m LEFT JOIN cases c ON c.id = m.case_id
WHERE m.id = :id AND m.erased_at IS NULL AND coalesce(c.number, '') = :number
"""
_LETTER = """
SELECT l.id, l.letter, l.recipient, l.state, l.attempts, l.queued_at, l.sent_at, l.subject, l.last_reply,
       l.sent_text, c.number
FROM letters l LEFT JOIN cases c ON c.id = l.case_id
WHERE l.id = :id AND l.erased_at IS NULL AND coalesce(c.number, '') = :number
"""
_MAILS_OF = (
    "SELECT id, received_at, kind, author, subject, verdict FROM mails WHERE case_id = :case ORDER BY id"
)
_JOURNAL = "SELECT at, event, actor, detail FROM journal WHERE case_id = :case ORDER BY id"
_LETTERS_OF = """
SELECT id, letter, recipient, state, attempts, queued_at, not_before, sent_at, subject, last_reply, sent_text
FROM letters WHERE case_id = :case ORDER BY id
"""
_LOOSE = """
SELECT id, received_at, author, subject, kind, unheard FROM mails
WHERE case_id IS NULL AND erased_at IS NULL AND (received_at, id) < (:at, :id)
ORDER BY received_at DESC, id DESC LIMIT :limit
"""
