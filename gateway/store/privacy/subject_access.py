"""Finds everything stored about a person, by their address.

Reads beside the running gateway. The person's own data (their cases with everything that belongs to them,
mails they wrote, letters to them) is shown in full; elsewhere an address may be among other people's data, so
only the location is reported.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from gateway.mail import address
from gateway.mail.address import Address
from gateway.store.integrity.report import Progress
from gateway.store.privacy import tombstones
from gateway.store.privacy.mentions import Subject
from gateway.store.protocol import Connection, ReadConnection, Source
from gateway.store.sqlite.migrations import schema
from gateway.store.tables import rows

Row = dict[str, Any]


@dataclass(slots=True)
class Mentions:
    """Row ids outside the person's own cases that mention the person, by table."""

    cases: list[int] = field(default_factory=list)
    mails: list[int] = field(default_factory=list)
    letters: list[int] = field(default_factory=list)
    journal: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PersonalData:
    """The data stored about a person.

    `applied_before`: only that a case of theirs was erased. `signature`: known signature lines of a staff
    member, with letter and time. `console`: times of a member's sign-ins, linked accounts, confirmations and
    taken cases.
    `names` and `numbers` are those of their cases, by which mails and lists about them were found.
    """

    address: str
    cases: tuple[Row, ...]
    mails: tuple[Row, ...]
    letters: tuple[Row, ...]
    mentions: Mentions
    applied_before: bool
    signature: tuple[Row, ...] = ()
    console: tuple[Row, ...] = ()
    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()

    @property
    def has_any(self) -> bool:
        """Whether anything was found."""
        found = self.mentions
        places = (self.cases, self.mails, self.letters, self.signature, self.console)
        return any(places) or any((found.cases, found.mails, found.letters, found.journal))


def find_personal_data(
    source: Source,
    person: Address,
    progress: Progress = lambda _what, _n: None,
    *,
    names: tuple[str, ...] = (),
    numbers: tuple[str, ...] = (),
) -> PersonalData:
    """Search the whole database; `names` and `numbers` are of cases that are already erased.

    Raises NoDatabaseError, SchemaError.
    """
    with contextlib.closing(source.open()) as connection:
        lacking = connection.find_lacking()
        if lacking:
            raise schema.SchemaError(
                f"lacks {', '.join(lacking)}: start the gateway once, or install this version"
            )
        connection.begin_view()
        return _collect(connection, source, Subject(person, numbers, names), progress)


def find_applicant(source: Source, number: str) -> Address | None:
    """Return the applicant of a case; None if there is no such case. Raises NoDatabaseError."""
    with contextlib.closing(source.open()) as connection:
        sql = "SELECT applicant FROM cases WHERE number = :number AND erased_at IS NULL"
        row = connection.execute(sql, {"number": number.strip().upper()}).fetchone()
    return address.parse(row[0]) if row is not None else None


def _collect(connection: ReadConnection, source: Source, known: Subject, progress: Progress) -> PersonalData:
    person = known.address
    key = {"key": person.key}
    own = [dict(row) for row in connection.execute(_CASES, key)]
    ids = {row["id"] for row in own}
    numbers = tuple(dict.fromkeys([*known.numbers, *(row["number"] for row in own)]))
    names = tuple(dict.fromkeys([*known.names, *(row["name"] for row in own)]))
    mentions = find_mentions(connection, Subject(person, numbers, names), progress)
    outside = [row for row in _rows(connection, _MAILS, mentions.mails) if row["case_id"] not in ids]
    wrote = [row for row in outside if _is_person(person, row["author"])]
    letters = [row for row in _rows(connection, _LETTERS, mentions.letters) if row["case_id"] not in ids]
    got = [row for row in letters if _is_person(person, row["recipient"])]
    lines = _rows(connection, "SELECT id, case_id FROM journal WHERE id = :id", mentions.journal)
    return PersonalData(
        str(person),
        tuple(_case(connection, row) for row in own),
        tuple(_readable(row) for row in wrote),
        tuple(_readable(row) for row in got),
        Mentions(
            [each for each in mentions.cases if each not in ids],
            [row["id"] for row in outside if row not in wrote],
            [row["id"] for row in letters if row not in got],
            [row["id"] for row in lines if row["case_id"] not in ids],
        ),
        tombstones.has_tombstone(connection, tombstones.load_key(source.path), person),
        tuple(dict(row) for row in connection.execute(_SIGNATURE, key)),
        tuple(dict(row) for row in connection.execute(_CONSOLE, key)),
        names,
        numbers,
    )


def _case(connection: Connection, case: Row) -> Row:
    """Return a case of the person with its mails, letters and journal lines."""
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
    """Return a row with JSON decoded and octets as text."""
    changed = dict(row)
    for name in ("form", "background", "verdict", "facts", "history"):
        if name in changed:
            changed[name] = json.loads(changed[name])
    if "raw" in changed:
        changed["raw"] = bytes(changed["raw"]).decode("utf-8", "replace")
    return changed


def find_mentions(
    connection: Connection, subject: Subject, progress: Progress = lambda _what, _n: None
) -> Mentions:
    """Return the ids of all rows about the person, own cases included."""
    found = Mentions()
    for table, columns in PLACES.items():
        progress(table, 0)
        sought = dict.fromkeys(("id", "raw") if table == "mails" else ("id",))
        sought |= dict.fromkeys(columns if table == "cases" else (*columns, "case_id"))
        rows_of = _read_in_parts(connection, f"SELECT {', '.join(sought)} FROM {table}")  # noqa: S608 - our own constants
        getattr(found, table).extend(row["id"] for row in rows_of if subject.is_in(table, row, columns))
    return found


def _read_in_parts(connection: Connection, sql: str) -> Iterator[Any]:
    """Yield all rows of a table in the order of `id`, holding only a few in memory."""
    after = -(2**63)
    while found := connection.execute(f"{sql} {_PART}", {"after": after}).fetchall():
        yield from found
        after = found[-1]["id"]


def _rows(connection: Connection, sql: str, ids: list[int]) -> list[Row]:
    found = (connection.execute(sql, {"id": each}).fetchone() for each in ids)
    return [dict(row) for row in found if row is not None]


def _is_person(person: Address, text: str) -> bool:
    return text.lower() == person.key


# Every text column that may contain an address.
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
# Few, because mails among them may have the maximum size.
_PART = "WHERE id > :after ORDER BY id LIMIT 20"
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
_CONSOLE = """
SELECT 'session' AS what, since AS at FROM console_sessions WHERE member = :key
UNION ALL SELECT 'browser', at FROM console_browsers WHERE member = :key
UNION ALL SELECT 'account linked', since FROM console_identities WHERE member = :key
UNION ALL SELECT 'account last used', used_at FROM console_identities WHERE member = :key
UNION ALL SELECT 'sign-in code', asked_at FROM console_codes WHERE member = :key
UNION ALL SELECT 'confirmation', asked_at FROM console_confirmations WHERE member = :key
UNION ALL SELECT 'code accepted until', ends_at FROM console_grants WHERE member = :key
UNION ALL SELECT 'case taken until', ends_at FROM console_takes WHERE member = :key
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
