"""Erases one person: their cases, what they wrote and received, and mentions in data about others."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from gateway.admission.case.model import Case
from gateway.mail import address
from gateway.mail.address import Address
from gateway.store.privacy import erasure, tombstones
from gateway.store.privacy.erasure import Eraser
from gateway.store.privacy.erasure_log import Erased
from gateway.store.privacy.mentions import ERASED_ADDRESS, Subject
from gateway.store.privacy.subject_access import PLACES, find_mentions
from gateway.store.protocol import Connection
from gateway.store.tables import rows
from gateway.store.tables.transaction import SqlTransaction

MAX_IDS = 1_500


def erase_person(
    connection: Connection,
    eraser: Eraser,
    subject: Subject,
    cases: Iterable[Case],
    mentions: Mapping[str, object],
) -> None:
    """Erase their `cases`, and the person in rows of other cases.

    `mentions` are row ids by table; each row is checked again.
    """
    for case in cases:
        eraser.quotations(case.id)
        eraser.case(case.id)
    _Elsewhere(connection, eraser, subject).erase(mentions)
    eraser.signature(subject.address.key)


_WORDLESS = "sent_text = '', history = '[]'"


def erase_again(
    connection: Connection, eraser: Eraser, tx: SqlTransaction, erased: tuple[Erased, ...]
) -> None:
    """Repeat the erasures newer than the last journal line of this copy, including what quotes them."""
    last = connection.execute("SELECT max(at) AS at FROM journal").fetchone()["at"] or ""
    since = [one for one in erased if rows.to_text(one.at) > last]
    persons = find_addresses(connection, tx.tombstone_key) if since else {}
    for one in since:
        cases = [case for number in one.cases if (case := tx.case_by_number(number)) is not None]
        addresses = {case.applicant for case in cases} | persons.get(one.person, frozenset())
        names = tuple(case.form.name for case in cases)
        for each in addresses - {address.parse(ERASED_ADDRESS)}:
            subject = Subject(each, one.cases, names)
            found = asdict(find_mentions(connection, subject))
            erase_person(connection, eraser, subject, cases, found)


def find_addresses(connection: Connection, key: bytes) -> dict[str, frozenset[Address]]:
    """Return every address in the database, grouped by keyed hash in hexadecimal."""
    found: dict[str, frozenset[Address]] = {}
    for (text,) in connection.execute(_ADDRESSES):
        with contextlib.suppress(address.AddressError):
            one = address.parse(text)
            name = tombstones.digest(key, one.person).hex()
            found[name] = found.get(name, frozenset()) | {one}
    return found


_ADDRESSES = """
SELECT applicant FROM cases UNION SELECT confirmed_by FROM cases UNION SELECT author FROM mails
UNION SELECT reverse_path FROM mails UNION SELECT recipient FROM letters
"""


class _Elsewhere:
    """Erasure of the person in rows outside their cases, found earlier; each is checked again."""

    def __init__(self, connection: Connection, eraser: Eraser, subject: Subject) -> None:
        self._connection = connection
        self._eraser = eraser
        self._subject = subject

    def erase(self, arguments: Mapping[str, object]) -> None:
        """Erase rows that are theirs; in other rows, remove only the person."""
        for row in self._matching_rows("mails", arguments):
            if self._is_person(row["author"]) or self._is_person(row["reverse_path"]):
                self._eraser.mails([row["id"]])
            else:
                self._put("mails", row, ("subject", "verdict", "message_id"), "raw = x''")
                self._eraser.done.mails += 1
        for row in self._matching_rows("letters", arguments):
            if self._is_person(row["recipient"]):
                self._eraser.letters([row["id"]])
            else:
                facts = json.dumps(
                    erasure.drop_entries(json.loads(row["facts"]), self._subject.is_about), ensure_ascii=False
                )
                self._put("letters", {**row, "facts": facts}, ("facts", "subject", "last_reply"), _WORDLESS)
                self._eraser.done.letters += 1
        for row in self._matching_rows("cases", arguments):
            texts = ("form", "background", "confirmed_by", "affiliation", "reason", "question", "handler")
            self._put("cases", row, texts, "number = number")
        self._eraser.lines(row["id"] for row in self._matching_rows("journal", arguments))
        answers = self._connection.execute("SELECT id, answer FROM commands").fetchall()
        gone = [{"id": row["id"]} for row in answers if self._subject.is_about(row["answer"])]
        self._connection.executemany("DELETE FROM commands WHERE id = :id", gone)

    def _matching_rows(self, table: str, arguments: Mapping[str, object]) -> list[dict[str, Any]]:
        """Return the requested rows that do mention the person."""
        wanted = arguments.get(table)
        ids = [each for each in wanted if isinstance(each, int)] if isinstance(wanted, list) else []
        sql = f"SELECT * FROM {table} WHERE id = :id"  # noqa: S608 - our own constants
        found = (self._connection.execute(sql, {"id": each}).fetchone() for each in ids[:MAX_IDS])
        return [
            dict(row) for row in found if row is not None and self._subject.is_in(table, row, PLACES[table])
        ]

    def _put(self, table: str, row: Mapping[str, object], columns: tuple[str, ...], besides: str) -> None:
        """Write the columns without the person's address, numbers and names."""
        changes = ", ".join(f"{name} = :{name}" for name in columns)
        values = {name: self._subject.erase_from(str(row[name])) for name in columns}
        self._connection.execute(
            f"UPDATE {table} SET {changes}, {besides} WHERE id = :id",  # noqa: S608 - our own constants
            {**values, "id": row["id"]},
        )

    def _is_person(self, text: object) -> bool:
        return str(text).lower() == self._subject.address.key
