"""Erases personal data while keeping references and the journal's hash chain valid.

Of a case, only its number, dates, state, who decided it, the class of the domain and the code of the
organisation remain. Rows are kept, so that references and the hash chain hold; `erased_at` is set. Old
content is overwritten (secure_delete) and leaves the write-ahead log at the next checkpoint.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, LiteralString

import msgspec

from gateway.admission.application.items.fields import Form
from gateway.admission.case.model import STAFF_LETTERS, JournalEntry
from gateway.printing.fields import Fact, Ours, from_plain, ours
from gateway.printing.outside import Outside
from gateway.store.console import sessions, words
from gateway.store.integrity import hash_chain
from gateway.store.privacy import tombstones
from gateway.store.privacy.mentions import ERASED_ADDRESS
from gateway.store.protocol import Connection, Transaction
from gateway.store.tables import rows
from gateway.store.tables.staff import known_lines


@dataclass(slots=True)
class ErasureResult:
    """Result of an erasure: case numbers, journal line ids, and counts of mails, letters and signatures."""

    cases: list[str] = field(default_factory=list)
    mails: int = 0
    letters: int = 0
    lines: list[int] = field(default_factory=list)
    signatures: int = 0

    @property
    def has_any(self) -> bool:
        """Whether anything was erased."""
        return bool(self.cases or self.mails or self.letters or self.lines or self.signatures)


class Eraser:
    """Eraser of rows within one transaction; `key` is the key of the tombstones."""

    def __init__(self, connection: Connection, key: bytes, now: datetime) -> None:
        self._connection = connection
        self._key = key
        self._now = now
        self._at = rows.to_text(now)
        self.done = ErasureResult()

    def case(self, case_id: int) -> None:
        """Erase a case with its mails, letters, tokens and journal lines; leave a tombstone."""
        row = self._connection.execute(
            "SELECT number, applicant_key, form, background FROM cases WHERE id = :id AND erased_at IS NULL",
            {"id": case_id},
        ).fetchone()
        if row is None:
            return
        tombstones.put(self._connection, self._key, row["applicant_key"], self._now)
        self._connection.execute(
            _CASE,
            {
                "id": case_id,
                "at": self._at,
                "nobody": ERASED_ADDRESS,
                "form": _bare_form(row["form"]),
                "background": _bare_background(row["background"]),
            },
        )
        self.done.cases.append(row["number"])
        self.mails(
            self._ids("SELECT id FROM mails WHERE case_id = :case AND erased_at IS NULL", case=case_id)
        )
        self.letters(
            self._ids("SELECT id FROM letters WHERE case_id = :case AND erased_at IS NULL", case=case_id)
        )
        self.lines(self._ids("SELECT id FROM journal WHERE case_id = :case", case=case_id))
        # A reply to a digest decided several cases, so it is erased with the last of them.
        for table in ("evidence", "chores", "console_takes"):
            self._connection.execute(f"DELETE FROM {table} WHERE case_id = :case", {"case": case_id})  # noqa: S608 - our own constants
        words.forget(self._connection, case_id)
        self._beside_others(case_id, row["number"])

    def _beside_others(self, case_id: int, number: str) -> None:
        """Erase the entries about this case in letters about several, and stored answers to commands."""
        for letter in self._connection.execute(_SHARED_LETTERS, {"case": case_id}).fetchall():
            facts = drop_entries(json.loads(letter["facts"]), lambda text: number in text)
            self._connection.execute(_SHARED_LETTER, {"id": letter["id"], "facts": rows.to_json(facts)})
            self.done.letters += 1
        self._connection.execute("DELETE FROM letter_cases WHERE case_id = :case", {"case": case_id})
        self._connection.execute("DELETE FROM commands WHERE instr(answer, :number) > 0", {"number": number})

    def quotations(self, case_id: int) -> None:
        """Erase the raw mails outside this case that caused its journal lines or answered its letters.

        They quote it. Mails that decided other cases lose their raw message too, so this is for erasure on
        request.
        """
        for mail_id in self._ids(_QUOTING, case=case_id):
            self._connection.execute("UPDATE mails SET raw = x'' WHERE id = :id", {"id": mail_id})
            self.done.mails += 1

    def signature(self, member_key: str) -> None:
        """Erase the known signature lines, practices and console sessions of a former staff member."""
        self.done.signatures += known_lines.erase(self._connection, member_key)
        self.done.signatures += sessions.forget_member(self._connection, member_key)

    def mails(self, ids: Iterable[int]) -> None:
        """Erase mails, except for the time received and the kind."""
        for mail_id in ids:
            self._connection.execute(_MAIL, {"id": mail_id, "at": self._at})
            self._connection.execute("DELETE FROM mail_letters WHERE mail_id = :id", {"id": mail_id})
            self.done.mails += 1

    def letters(self, ids: Iterable[int]) -> None:
        """Erase letters, except for kind, dates and state; recall waiting ones and delete their tokens."""
        for letter_id in ids:
            values = {"id": letter_id, "at": self._at, "nobody": ERASED_ADDRESS}
            self._connection.execute(_LETTER, values)
            self._connection.execute("DELETE FROM tokens WHERE letter_id = :id", {"id": letter_id})
            self.done.letters += 1

    def lines(self, ids: Iterable[int]) -> None:
        """Erase the personal part of journal lines."""
        for line_id in ids:
            changed = self._connection.execute(
                """
                UPDATE journal SET actor = '', detail = '{}', salt = NULL
                WHERE id = :id AND salt IS NOT NULL AND event <> :kept
                """,
                {"id": line_id, "kept": hash_chain.ERASED},
            )
            if changed.rowcount:
                self.done.lines.append(line_id)

    def sign(self, tx: Transaction, by: Ours | Outside, why: LiteralString) -> None:
        """Record the erasure in the journal; without such a line, an erased line is reported as damage."""
        if not self.done.has_any:
            return
        detail: dict[str, Fact] = {
            "why": ours(why),
            "cases": from_plain(self.done.cases),
            "mails": self.done.mails,
            "letters": self.done.letters,
            "lines": tuple(hash_chain.ranges(self.done.lines)),
        }
        tx.journal((JournalEntry(hash_chain.ERASED, by, detail),), self._now, None, None)

    def _ids(self, sql: str, **values: object) -> list[int]:
        return [row[0] for row in self._connection.execute(sql, values)]


def _bare_form(text: str) -> str:
    form = msgspec.json.decode(text, type=Form)
    return rows.to_json(Form(category=form.category, code=form.code))


def _bare_background(text: str) -> str:
    known = rows.to_background(text)
    bare = replace(known, organisation="", flags=(), proof="", decline="", register_name="", prover="")
    return rows.to_json(bare)


# --- one person in lists about several -----------------------------------------------------------


def drop_entries(value: Any, about: Callable[[str], bool]) -> Any:
    """Return JSON without the list entries that are about the person, such as lines of a digest."""
    if isinstance(value, dict):
        return {key: drop_entries(each, about) for key, each in value.items()}
    if isinstance(value, list):
        return [
            drop_entries(each, about)
            for each in value
            if not (isinstance(each, dict) and _is_about(each, about))
        ]
    return value


def _is_about(entry: dict[str, Any], about: Callable[[str], bool]) -> bool:
    return any(isinstance(value, str) and about(value) for value in entry.values())


_STAFF = ", ".join(sorted(f"'{letter.value}'" for letter in STAFF_LETTERS))
_CASE = """
UPDATE cases SET applicant = :nobody, applicant_key = :nobody, name = '', organisation = '', form = :form,
  background = :background, confirmed_by = '', affiliation = '{}',
  reason = '', question = '', handler = '', memos = '[]', moves_to = '', erased_at = :at
WHERE id = :id
"""
_MAIL = """
UPDATE mails SET key = 'erased ' || id, client_ip = '', helo = '', reverse_path = '', author = '',
  subject = '', message_id = '', verdict = 'null', raw = x'', unheard = '', erased_at = :at
WHERE id = :id
"""
_LETTER = f"""
UPDATE letters SET facts = '{{}}', subject = '', sent_text = '', last_reply = '', leased_until = NULL,
  history = '[]',
  recipient = CASE WHEN letter IN ({_STAFF}) THEN recipient ELSE :nobody END,
  recipient_key = CASE WHEN letter IN ({_STAFF}) THEN recipient_key ELSE :nobody END,
  state = CASE WHEN state IN ('queued', 'deferred', 'held') THEN 'recalled' ELSE state END,
  erased_at = :at
WHERE id = :id
"""  # noqa: S608 - our own constants
# The text went to the staff; what it says about the other cases is in their own rows.
_SHARED_LETTER = """
UPDATE letters SET facts = :facts, subject = '', sent_text = '', last_reply = '', history = '[]'
WHERE id = :id
"""
_SHARED_LETTERS = """
SELECT id, facts FROM letters WHERE id IN (SELECT letter_id FROM letter_cases WHERE case_id = :case)
"""
_QUOTING = """
SELECT m.id FROM mails m WHERE m.raw <> x'' AND (m.case_id IS NULL OR m.case_id <> :case) AND m.id IN (
  SELECT mail_id FROM journal WHERE case_id = :case AND mail_id IS NOT NULL
  UNION SELECT a.mail_id FROM mail_letters a JOIN letter_cases l ON l.letter_id = a.letter_id
  WHERE l.case_id = :case
  UNION SELECT a.mail_id FROM mail_letters a JOIN letters l ON l.id = a.letter_id WHERE l.case_id = :case
)
"""
