"""Lists of the console besides the queue: a case with its history, mails without a case, letters."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from gateway.admission.case.model import Case
from gateway.store.protocol import Connection, LetterState
from gateway.store.tables import rows

PAGE = 50
MAX_EARLIER = 10
_NEWEST_OF_DOMAIN = 2 * MAX_EARLIER + 2  # the case itself and those of its address are among them
MAX_WORDS = 12  # the newest mails of a case whose text is read
Row = dict[str, Any]


def find_case(connection: Connection, number: str) -> Case | None:
    """Return a case by its number; None if there is none, or if it was erased."""
    sql = "SELECT * FROM cases WHERE number = :number AND erased_at IS NULL"
    row = connection.execute(sql, {"number": number}).fetchone()
    return None if row is None else rows.to_case(row)


def list_earlier(connection: Connection, case: Case) -> list[Row]:
    """Return other cases of the same address, the newest first."""
    values = {"key": case.applicant.key, "id": case.id, "limit": MAX_EARLIER}
    return _all(connection, _EARLIER, values)


def list_of_domain(connection: Connection, case: Case) -> tuple[list[Row], bool]:
    """Return cases of other addresses of the same domain, the newest first, and whether there may be more."""
    values = {"domain": f"@{case.applicant.domain}", "limit": _NEWEST_OF_DOMAIN}
    newest = _all(connection, _OF_DOMAIN, values)
    others = [row for row in newest if row["applicant_key"] != case.applicant.key]
    return others[:MAX_EARLIER], len(others) > MAX_EARLIER or len(newest) == _NEWEST_OF_DOMAIN


def list_words(connection: Connection, case: Case) -> dict[int, bytes]:
    """Return the raw messages of a case's newest mails by id, as far as they are kept."""
    found = connection.execute(_RAW, {"case": case.id, "limit": MAX_WORDS})
    return {row["id"]: bytes(row["raw"]) for row in found}


def list_letters_of(connection: Connection, case: Case) -> list[Row]:
    """Return a case's letters with their text as last sent, the oldest first."""
    return _all(connection, _LETTERS_OF, {"case": case.id})


def list_mails_of(connection: Connection, case: Case) -> list[Row]:
    """Return a case's mails, the oldest first."""
    return _all(connection, _MAILS_OF, {"case": case.id})


def list_journal(connection: Connection, case: Case) -> list[Row]:
    """Return a case's journal lines, typed, the oldest first; `by` is the actor."""
    found = _all(connection, _JOURNAL, {"case": case.id})
    return [{**rows.type_journal_row(row), "by": row["actor"]} for row in found]


def find_mail(connection: Connection, mail_id: int, number: str) -> Row | None:
    """Return a mail of a case (with an empty number: of none) with its raw message; None if absent."""
    found = _all(connection, _MAIL, {"id": mail_id, "number": number})
    return found[0] if found else None


def find_letter(connection: Connection, letter_id: int, number: str) -> Row | None:
    """Return a letter of a case (with an empty number: of none) with its text; None if absent."""
    found = _all(connection, _LETTER, {"id": letter_id, "number": number})
    return found[0] if found else None


def read_answers(verdict: str) -> list[Row]:
    """Return the DNS answers that an authentication result is based on."""
    known = json.loads(verdict)
    return list(known["answers"]) if known else []


def list_loose_mails(connection: Connection, before: tuple[str, int]) -> list[Row]:
    """Return mails without a case before this time and id (empty time: from the newest), newest first."""
    at, mail_id = before if before[0] else (_LAST_TIME, 0)
    return _all(connection, _LOOSE, {"at": at, "id": mail_id, "limit": PAGE + 1})


def list_letters(connection: Connection, states: Sequence[LetterState], before: int) -> list[Row]:
    """Return letters in these states older than the letter `before` (0: from the newest on), newest first."""
    ids = " UNION ALL ".join(_IDS[state] for state in states)
    sql = f"""
    SELECT l.id, c.number, l.letter, l.recipient, l.state, l.attempts, l.queued_at, l.not_before, l.sent_at,
           l.last_reply
    FROM letters l LEFT JOIN cases c ON c.id = l.case_id
    WHERE l.id IN (SELECT id FROM ({ids}) listed) ORDER BY l.id DESC LIMIT :limit
    """  # noqa: S608 - our own constants
    return _all(connection, sql, {"before": before or _LAST, "limit": PAGE + 1})


def _all(connection: Connection, sql: str, values: dict[str, object]) -> list[Row]:
    return [dict(row) for row in connection.execute(sql, values)]


_LAST, _LAST_TIME = 2**62, "9999"
_SOME = "id < :before ORDER BY id DESC LIMIT :limit"
_DUE = "state IN ('queued', 'deferred')"
_WAITING = (
    f"INDEXED BY letters_due {{of}} AND {_DUE} AND leased_until IS NULL",
    "INDEXED BY letters_leased {of} AND leased_until IS NOT NULL",
)
_OVER = "INDEXED BY letters_ended {of} AND state IN ('refused', 'recalled')"


def _list_ids(state: LetterState) -> str:
    """Return a query that uses the partial index of waiting, leased, held or ended letters; the id if sent.

    Otherwise SQLite walks backwards through all letters, and never meets a waiting one.
    """
    of = f"WHERE state = '{state.value}'"
    ways = {
        LetterState.QUEUED: _WAITING,
        LetterState.DEFERRED: _WAITING,
        LetterState.HELD: ("INDEXED BY letters_held {of}",),
        LetterState.REFUSED: (_OVER,),
        LetterState.RECALLED: (_OVER,),
    }.get(state, ("{of} AND id > 0",))
    each = (f"SELECT id FROM letters {way.format(of=of)} AND {_SOME}" for way in ways)  # noqa: S608 - our own constants
    return " UNION ALL ".join(f"SELECT * FROM ({one}) one" for one in each)  # noqa: S608 - our own constants


_IDS = {state: _list_ids(state) for state in LetterState}
_EARLIER = """
SELECT number, state, opened_at, decided_by, reason FROM cases
WHERE applicant_key = :key AND id <> :id AND erased_at IS NULL ORDER BY id DESC LIMIT :limit
"""
_OF_DOMAIN = """
SELECT number, state, opened_at, applicant_key FROM cases
WHERE substr(applicant_key, instr(applicant_key, '@')) = :domain AND erased_at IS NULL
ORDER BY id DESC LIMIT :limit
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
