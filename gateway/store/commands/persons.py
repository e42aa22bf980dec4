"""The commands about one person: correct what is held, and erase it.

They come through the command queue, so what they hold is checked here as text from outside. The journal
and the answer name cases and counts, never the address.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from gateway.admission.application.form import Form
from gateway.admission.case.model import OPEN, Case, Desk, JournalEntry, State, with_state
from gateway.mail import address
from gateway.mail.address import Address
from gateway.mail.text import printable
from gateway.printing.fields import to_facts
from gateway.printing.outside import Outside
from gateway.store.commands.queue import Handler, RefusedError, Request
from gateway.store.privacy import erasure
from gateway.store.privacy.erasure import Eraser
from gateway.store.privacy.subject_access import PLACES
from gateway.store.protocol import Transaction
from gateway.store.sqlite.transaction import SqliteTransaction, get_connection

CORRECT, ERASE = "person.correct", "person.erase"
MAX_FIELD = 200
MAX_IDS = 1_500


def build_handlers(desk: Desk) -> Mapping[str, Handler]:
    """The commands of `gateway person` that write, by name."""

    def erase(tx: Transaction, request: Request, now: datetime) -> Mapping[str, object]:
        return _erase(tx, request, now, desk)

    return {CORRECT: _correct, ERASE: erase}


def _person(request: Request) -> Address:
    text = str(request.arguments.get("address", ""))
    try:
        return address.parse(text)
    except address.AddressError as error:
        raise RefusedError(f"address = {text!r}: {error}") from error


# --- correct ----------------------------------------------------------------------------------


def _correct(tx: Transaction, request: Request, now: datetime) -> Mapping[str, object]:
    person = _person(request)
    wanted = {name: _field(request, name) for name in ("name", "organisation")}
    changes = {name: value for name, value in wanted.items() if value}
    if not changes:
        raise RefusedError("name and organisation are both empty: allowed is at least one of them")
    case = _find_case(tx, person, str(request.arguments.get("number", "")).upper())
    was = {name: getattr(case.form, name) for name in changes}
    corrected = replace(case, form=_with_changes(case.form, changes))
    if case.state in OPEN:  # what the staff were shown is no longer what they decide about
        corrected = replace(corrected, revision=case.revision + 1)
    tx.save(corrected)
    detail = {"fields": sorted(changes), "was": was, "now": changes}
    tx.journal((JournalEntry("person.corrected", Outside(request.by), to_facts(detail)),), now, case.id, None)
    return {"number": case.number, "was": was, "now": changes}


def _with_changes(form: Form, changes: Mapping[str, str]) -> Form:
    return replace(
        form,
        name=changes.get("name", form.name),
        organisation=changes.get("organisation", form.organisation),
    )


def _find_case(tx: Transaction, person: Address, number: str) -> Case:
    case = tx.case_by_number(number) if number else tx.latest_case(person)
    if case is None or case.applicant.key != person.key:
        raise RefusedError("there is no such case of this address; gateway person show tells what there is")
    return case


def _field(request: Request, name: str) -> str:
    return printable(str(request.arguments.get(name, "")), MAX_FIELD).strip()


# --- erase ------------------------------------------------------------------------------------


def _erase(tx: Transaction, request: Request, now: datetime, desk: Desk) -> Mapping[str, object]:
    person = _person(request)
    if desk.member(person) is not None:
        raise RefusedError("this is an address of the staff: take it out of the settings first")
    connection = get_connection(tx)
    ids = [
        row[0]
        for row in connection.execute("SELECT id FROM cases WHERE applicant_key = :key", {"key": person.key})
    ]
    cases = [case for each in ids if (case := tx.case(each)) is not None]
    _refuse_in_hand(connection, cases, force=request.arguments.get("force") is True)
    key = tx.tombstone_key if isinstance(tx, SqliteTransaction) else b""
    eraser = Eraser(connection, key, now)
    for case in cases:
        if case.state in _UNFINISHED:
            tx.save(with_state(case, State.WITHDRAWN))
        eraser.case(case.id)
    _Elsewhere(connection, eraser, person).erase(request.arguments)
    eraser.signature(person.key)
    eraser.sign(tx, Outside(request.by), "asked for")
    done = eraser.done
    if not done.has_any:
        raise RefusedError("nothing is held about this address")
    return {
        "cases": done.cases,
        "mails": done.mails,
        "letters": done.letters,
        "lines": len(done.lines),
        "signatures": done.signatures,
    }


_UNFINISHED = OPEN | {State.APPROVED}


def _refuse_in_hand(connection: sqlite3.Connection, cases: list[Case], *, force: bool) -> None:
    unfinished = [case.number for case in cases if case.state in _UNFINISHED]
    if unfinished and not force:
        raise RefusedError(
            f"{', '.join(unfinished)} is not finished: decide it, or --force withdraws it without a letter"
        )
    for case in cases:
        sql = "SELECT 1 FROM letters WHERE case_id = :case AND leased_until IS NOT NULL"
        if connection.execute(sql, {"case": case.id}).fetchone():
            raise RefusedError(f"a letter of {case.number} is leaving at this moment: try again in a minute")


_WORDLESS = "sent_text = '', history = '[]'"


class _Elsewhere:
    """The person's address in rows that are not of their cases: the rows were found before, beside the
    gateway, and each is looked at again."""

    def __init__(self, connection: sqlite3.Connection, eraser: Eraser, person: Address) -> None:
        self._connection = connection
        self._eraser = eraser
        self._person = person
        self._about = erasure.build_address_matcher(str(person))
        self._without = erasure.build_address_eraser(str(person))

    def erase(self, arguments: Mapping[str, object]) -> None:
        """Erase what is theirs, and put nobody's address in the place of theirs."""
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
                    erasure.drop_entries(json.loads(row["facts"]), self._about), ensure_ascii=False
                )
                self._put("letters", {**row, "facts": facts}, ("facts", "subject", "last_reply"), _WORDLESS)
                self._eraser.done.letters += 1
        for row in self._matching_rows("cases", arguments):
            texts = ("form", "background", "confirmed_by", "affiliation", "reason", "question", "handler")
            self._put("cases", row, texts, "number = number")
        self._eraser.lines(row["id"] for row in self._matching_rows("journal", arguments))
        answers = self._connection.execute("SELECT id, answer FROM commands").fetchall()
        gone = [{"id": row["id"]} for row in answers if self._about(row["answer"])]
        self._connection.executemany("DELETE FROM commands WHERE id = :id", gone)

    def _matching_rows(self, table: str, arguments: Mapping[str, object]) -> list[dict[str, Any]]:
        """The rows asked for that do name the person."""
        wanted = arguments.get(table)
        ids = [each for each in wanted if isinstance(each, int)] if isinstance(wanted, list) else []
        sql = f"SELECT * FROM {table} WHERE id = :id"  # noqa: S608 - our own constants
        found = (self._connection.execute(sql, {"id": each}).fetchone() for each in ids[:MAX_IDS])
        return [dict(row) for row in found if row is not None and self._is_mentioned_in(table, row)]

    def _is_mentioned_in(self, table: str, row: sqlite3.Row) -> bool:
        texts = [str(row[name]) for name in PLACES[table]]
        texts += [bytes(row["raw"]).decode("latin-1")] if table == "mails" else []
        return any(self._about(text) for text in texts)

    def _put(self, table: str, row: Mapping[str, object], columns: tuple[str, ...], besides: str) -> None:
        """Write the columns without the address."""
        changes = ", ".join(f"{name} = :{name}" for name in columns)
        values = {name: self._without(str(row[name])) for name in columns}
        self._connection.execute(
            f"UPDATE {table} SET {changes}, {besides} WHERE id = :id",  # noqa: S608 - our own constants
            {**values, "id": row["id"]},
        )

    def _is_person(self, text: object) -> bool:
        return str(text).lower() == self._person.key
