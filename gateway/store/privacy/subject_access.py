"""All that is held about a person, found by their address, wherever it stands.

Reads beside the running gateway. What is the person's own (their cases with all that belongs to them, mails
they wrote, letters to them) is shown in full; elsewhere an address may stand beside other people's data, so
of that only the place is told.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gateway.mail.address import Address
from gateway.store.privacy import erasure
from gateway.store.sqlite import rows, tombstones
from gateway.store.sqlite.integrity.verify import Progress, open_read_only
from gateway.store.sqlite.migrations import schema

Row = dict[str, Any]


@dataclass(slots=True)
class Mentions:
    """Rows outside the person's own cases that name the address, by table."""

    cases: list[int] = field(default_factory=list)
    mails: list[int] = field(default_factory=list)
    letters: list[int] = field(default_factory=list)
    journal: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PersonalData:
    """What is held about a person. `applied_before`: only that a case of theirs was erased.
    `signature`: lines that are known of somebody of the staff, with where and when they were seen."""

    cases: tuple[Row, ...]
    mails: tuple[Row, ...]
    letters: tuple[Row, ...]
    mentions: Mentions
    applied_before: bool
    signature: tuple[Row, ...] = ()

    @property
    def has_any(self) -> bool:
        """Whether the address stands anywhere."""
        found = self.mentions
        places = (self.cases, self.mails, self.letters, self.signature)
        return any(places) or any((found.cases, found.mails, found.letters, found.journal))


def find_personal_data(
    database: Path, person: Address, progress: Progress = lambda _what, _n: None
) -> PersonalData:
    """Look through the whole database. Raises SchemaError or sqlite3.Error."""
    connection = open_read_only(database)
    try:
        lacking = schema.pending(connection)
        if lacking:
            raise schema.SchemaError(
                f"lacks {', '.join(lacking)}: start the gateway once, or install this version"
            )
        connection.row_factory = sqlite3.Row
        connection.execute("BEGIN")
        return _collect(connection, database, person, progress)
    finally:
        connection.close()


def _collect(
    connection: sqlite3.Connection, database: Path, person: Address, progress: Progress
) -> PersonalData:
    key = {"key": person.key}
    own = [dict(row) for row in connection.execute(_CASES, key)]
    ids = {row["id"] for row in own}
    mentions = _mentions(connection, person, progress)
    outside = [row for row in _rows(connection, _MAILS, mentions.mails) if row["case_id"] not in ids]
    wrote = [row for row in outside if _is_person(person, row["author"])]
    letters = [row for row in _rows(connection, _LETTERS, mentions.letters) if row["case_id"] not in ids]
    got = [row for row in letters if _is_person(person, row["recipient"])]
    lines = _rows(connection, "SELECT id, case_id FROM journal WHERE id = :id", mentions.journal)
    return PersonalData(
        tuple(_case(connection, row) for row in own),
        tuple(_readable(row) for row in wrote),
        tuple(_readable(row) for row in got),
        Mentions(
            [each for each in mentions.cases if each not in ids],
            [row["id"] for row in outside if row not in wrote],
            [row["id"] for row in letters if row not in got],
            [row["id"] for row in lines if row["case_id"] not in ids],
        ),
        tombstones.has_tombstone(connection, tombstones.load_key(database), person),
        tuple(dict(row) for row in connection.execute(_SIGNATURE, key)),
    )


def _case(connection: sqlite3.Connection, case: Row) -> Row:
    """A case of the person with its mails, letters and lines of the journal."""
    by_case = {"case": case["id"]}
    lists = {
        "mails": f"{_MAILS_ALL} WHERE case_id = :case ORDER BY id",
        "letters": f"{_LETTERS_ALL} WHERE case_id = :case ORDER BY id",
    }
    found = {
        name: [_readable(dict(row)) for row in connection.execute(sql, by_case)]
        for name, sql in lists.items()
    }
    found["journal"] = [rows.type_journal_row(dict(row)) for row in connection.execute(_JOURNAL, by_case)]
    return {**_readable(case), **found}


def _readable(row: Row) -> Row:
    """JSON decoded, octets as text."""
    changed = dict(row)
    for name in ("form", "background", "verdict", "facts", "history"):
        if name in changed:
            changed[name] = json.loads(changed[name])
    if "raw" in changed:
        changed["raw"] = bytes(changed["raw"]).decode("utf-8", "replace")
    return changed


def _mentions(connection: sqlite3.Connection, person: Address, progress: Progress) -> Mentions:
    named = erasure.build_address_matcher(str(person))
    connection.create_function("names", 1, named, deterministic=True)
    found = Mentions()
    for table, columns in PLACES.items():
        progress(table, 0)
        text = " || ' ' || ".join(columns)
        sql = f"SELECT id FROM {table} WHERE instr(lower({text}), :needle) AND names({text})"  # noqa: S608 - our own constants
        getattr(found, table).extend(row["id"] for row in connection.execute(sql, {"needle": person.key}))
    # What came in is octets in any charset, so it is looked at here.
    progress("octets of mails", 0)
    sql = "SELECT id, raw FROM mails WHERE instr(lower(CAST(raw AS TEXT)), :needle)"
    octets = connection.execute(sql, {"needle": person.key})
    raw = {row["id"] for row in octets if named(bytes(row["raw"]).decode("latin-1"))}
    found.mails = sorted(raw | set(found.mails))
    return found


def _rows(connection: sqlite3.Connection, sql: str, ids: list[int]) -> list[Row]:
    found = (connection.execute(sql, {"id": each}).fetchone() for each in ids)
    return [dict(row) for row in found if row is not None]


def _is_person(person: Address, text: str) -> bool:
    return text.lower() == person.key


# Every column of text in which an address may stand.
PLACES = {
    "cases": (
        "applicant",
        "form",
        "background",
        "confirmed_by",
        "affiliation",
        "reason",
        "question",
        "handler",
        "memos",
        "moves_to",
    ),
    "mails": ("author", "reverse_path", "subject", "message_id", "verdict"),
    "letters": ("recipient", "facts", "subject", "sent_text", "last_reply", "history"),
    "journal": ("actor", "detail"),
}
_JOURNAL = "SELECT id, at, event, actor, detail FROM journal WHERE case_id = :case ORDER BY id"
_CASES = """
SELECT id, number, state, applicant, name, organisation, form, background, opened_at, due_on, confirmed_by,
  affiliation,
  decided_by, decided_at, reason, question, handler, held_until, memos, moves_to
FROM cases WHERE applicant_key = :key ORDER BY id
"""
_SIGNATURE = """
SELECT line, letter_id, seen_at FROM member_lines WHERE member_key = :key
UNION ALL SELECT '', 0, passed_at FROM practices WHERE member_key = :key
"""
_MAILS_ALL = """
SELECT id, case_id, received_at, client_ip, helo, reverse_path, author, subject, message_id, kind, verdict,
  raw
FROM mails
"""
_LETTERS_ALL = """
SELECT id, case_id, letter, recipient, state, queued_at, queued_at AS owed_at, sent_at, facts, subject,
  sent_text, last_reply, history
FROM letters
"""
_MAILS = f"{_MAILS_ALL} WHERE id = :id"
_LETTERS = f"{_LETTERS_ALL} WHERE id = :id"
