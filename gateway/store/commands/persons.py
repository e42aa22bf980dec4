"""The commands about one person: correct the data stored about them, and erase it.

Requests come through the command queue, so their content is validated here as untrusted input. The journal
and the answer contain case numbers and counts, never the address.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from gateway.admission.application.items.fields import Form
from gateway.admission.case.model import OPEN, Case, Desk, JournalEntry, State, with_state
from gateway.mail import address
from gateway.mail.address import Address
from gateway.mail.text import printable
from gateway.printing.fields import to_facts
from gateway.printing.outside import Outside
from gateway.store.commands.requests import Handler, RefusedError, Request
from gateway.store.privacy import erasure_log
from gateway.store.privacy.erasure import Eraser
from gateway.store.privacy.erasure_log import find_database
from gateway.store.privacy.mentions import Subject
from gateway.store.privacy.person_erasure import erase_person
from gateway.store.protocol import Connection, Transaction

CORRECT, ERASE = "person.correct", "person.erase"
MAX_FIELD = 200
MAX_NAMES = 50


def build_handlers(desk: Desk) -> Mapping[str, Handler]:
    """Return the handlers of the writing commands of `gateway person`, by name."""

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
        raise RefusedError("name and organisation are both empty: at least one is required")
    case = _find_case(tx, person, str(request.arguments.get("number", "")).upper())
    was = {name: getattr(case.form, name) for name in changes}
    corrected = replace(case, form=_with_changes(case.form, changes))
    if case.state in OPEN:  # decisions about the values shown before no longer count
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
        raise RefusedError("this address has no such case; gateway person show lists its cases")
    return case


def _field(request: Request, name: str) -> str:
    return printable(str(request.arguments.get(name, "")), MAX_FIELD).strip()


# --- erase ------------------------------------------------------------------------------------


def _erase(tx: Transaction, request: Request, now: datetime, desk: Desk) -> Mapping[str, object]:
    person = _person(request)
    if desk.member(person) is not None:
        raise RefusedError("this is a staff address: remove it from the settings first")
    connection = tx.connection
    ids = [
        row[0]
        for row in connection.execute("SELECT id FROM cases WHERE applicant_key = :key", {"key": person.key})
    ]
    cases = [case for each in ids if (case := tx.case(each)) is not None]
    _refuse_in_hand(connection, cases, force=request.arguments.get("force") is True)
    for case in cases:
        if case.state in _UNFINISHED:
            tx.save(with_state(case, State.WITHDRAWN))
    key = tx.tombstone_key
    eraser = Eraser(connection, key, now)
    subject = _subject(request, person, cases)
    erase_person(connection, eraser, subject, cases, request.arguments)
    eraser.sign(tx, Outside(request.by), "asked for")
    done = eraser.done
    if not done.has_any:
        raise RefusedError("no data is stored for this address")
    erasure_log.note(find_database(connection), key, person.person, subject.numbers, now)
    return {
        "cases": done.cases,
        "mails": done.mails,
        "letters": done.letters,
        "lines": len(done.lines),
        "signatures": done.signatures,
    }


def _subject(request: Request, person: Address, cases: list[Case]) -> Subject:
    """Return the person with numbers and names of their cases, including those erased in an earlier run."""

    def asked(name: str) -> list[str]:
        given = request.arguments.get(name)
        return [str(each)[:MAX_FIELD] for each in given][:MAX_NAMES] if isinstance(given, list) else []

    numbers = dict.fromkeys([*asked("numbers"), *(case.number for case in cases)])
    names = dict.fromkeys([*asked("names"), *(case.form.name for case in cases)])
    return Subject(person, tuple(numbers), tuple(names))


_UNFINISHED = OPEN | {State.APPROVED}


def _refuse_in_hand(connection: Connection, cases: list[Case], *, force: bool) -> None:
    unfinished = [case.number for case in cases if case.state in _UNFINISHED]
    if unfinished and not force:
        raise RefusedError(
            f"{', '.join(unfinished)} is still open: decide it, or use --force to withdraw it without "
            "notifying the applicant"
        )
    for case in cases:
        sql = "SELECT 1 FROM letters WHERE case_id = :case AND leased_until IS NOT NULL"
        if connection.execute(sql, {"case": case.id}).fetchone():
            raise RefusedError(
                f"a message about {case.number} is being sent right now; try again in a minute"
            )
