"""Converts between rows and values: cases, letters, tokens and journal lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import msgspec

from gateway.admission.application.items.fields import Form
from gateway.admission.case.caps import unit_of
from gateway.admission.case.model import GATEWAY, Background, Case, Letter, Memo, State
from gateway.admission.case.model.affiliation import Affiliation
from gateway.mail import address
from gateway.mail.smtp.mailboxes import Purpose
from gateway.memoize import memoize
from gateway.printing.fields import to_facts
from gateway.printing.outside import Outside
from gateway.printing.statement import Statement, from_stored, to_stored
from gateway.store.protocol import JournalLine, LetterRow, LetterState, Row, TokenRow


@memoize(maxsize=64, why="the receipt time of a message is stored in eight places")
def to_text(moment: datetime) -> str:
    """Return an aware time as text that sorts by time."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def from_text(text: str) -> datetime:
    """Parse a time written by `to_text`."""
    return datetime.fromisoformat(text)


def to_json(value: object) -> str:
    """Encode any of our values as JSON."""
    return msgspec.json.encode(value, enc_hook=_write_typed).decode()


def to_marks(values: Iterable[object]) -> tuple[str, dict[str, object]]:
    """Return the placeholders of a list in a statement, and its values by name; NULL for an empty one."""
    named = {f"m{place}": value for place, value in enumerate(values)}
    return ", ".join(f":{name}" for name in named) or "NULL", named


def _write_typed(value: object) -> object:
    """Encode types unknown to msgspec: text from outside, and the desk's own sentences."""
    if isinstance(value, Outside):
        return value.reveal()
    if isinstance(value, Statement):
        return to_stored(value)
    raise NotImplementedError(f"a {type(value).__name__} cannot be stored")


def to_background(text: str) -> Background:
    """Decode what a case knows about its applicant's domain, with typed sentences, including older ones."""
    return msgspec.json.decode(text, type=Background, dec_hook=_read_typed)


def to_affiliation(text: str) -> Affiliation:
    """Decode the affiliation check of a case, with typed sentences."""
    return msgspec.json.decode(text, type=Affiliation, dec_hook=_read_typed)


def _read_typed(kind: type, value: object) -> object:
    if kind is Statement:
        return from_stored(value)
    raise NotImplementedError(f"a {kind.__name__} cannot be stored")


def case_values(case: Case) -> dict[str, object]:
    """Return a case as named parameters."""
    return {
        "id": case.id,
        "number": case.number,
        "state": case.state.value,
        "applicant": str(case.applicant),
        "applicant_key": case.applicant.key,
        "name": case.form.name,
        "organisation": case.form.organisation,
        "form": to_json(case.form),
        "background": to_json(case.background),
        "opened_at": to_text(case.opened_at),
        "due_on": case.due_on.isoformat(),
        "revision": case.revision,
        "confirmed_by": case.confirmed_by,
        "confirmed_formerly": int(case.confirmed_formerly),
        "decided_by": case.decided_by,
        "decided_at": to_text(case.decided_at) if case.decided_at else None,
        "reason": case.reason,
        "handler": case.handler,
        "question": case.question,
        "held_until": case.held_until.isoformat() if case.held_until else None,
        "first_approval": case.first_approval,
        "waits_since": to_text(case.waits_since) if case.waits_since else None,
        "invited_at": to_text(case.invited_at) if case.invited_at else None,
        "affiliation": to_json(case.affiliation),
        "second_look": case.second_look,
        "memos": to_json(case.memos),
        "moves_to": case.moves_to,
    }


def to_case(row: Row) -> Case:
    """Build a case from its row."""
    return Case(
        id=row["id"],
        number=row["number"],
        state=State(row["state"]),
        applicant=address.parse(row["applicant"]),
        form=msgspec.json.decode(row["form"], type=Form),
        background=to_background(row["background"]),
        opened_at=from_text(row["opened_at"]),
        due_on=date.fromisoformat(row["due_on"]),
        revision=row["revision"],
        confirmed_by=row["confirmed_by"],
        confirmed_formerly=bool(row["confirmed_formerly"]),
        decided_by=row["decided_by"],
        decided_at=from_text(row["decided_at"]) if row["decided_at"] else None,
        reason=row["reason"],
        handler=row["handler"],
        question=row["question"],
        held_until=date.fromisoformat(row["held_until"]) if row["held_until"] else None,
        first_approval=row["first_approval"],
        waits_since=from_text(row["waits_since"]) if row["waits_since"] else None,
        invited_at=from_text(row["invited_at"]) if row["invited_at"] else None,
        affiliation=to_affiliation(row["affiliation"]),
        second_look=row["second_look"],
        memos=msgspec.json.decode(row["memos"], type=tuple[Memo, ...]),
        moves_to=row["moves_to"],
    )


def to_letter(row: Row) -> LetterRow:
    """Build a letter from its row."""
    return LetterRow(
        id=row["id"],
        case_id=row["case_id"],
        letter=Letter(row["letter"]),
        to=address.parse(row["recipient"]),
        facts=msgspec.json.decode(row["facts"]),
        revision=row["revision"],
        message_id=row["message_id"],
        state=LetterState(row["state"]),
        attempts=row["attempts"],
        queued_at=from_text(row["queued_at"]),
        not_before=from_text(row["not_before"]),
        last_reply=row["last_reply"],
        sent_at=from_text(row["sent_at"]) if row["sent_at"] else None,
        subject=row["subject"],
        failures=row["failures"],
    )


def to_token(row: Row) -> TokenRow:
    """Build a token from its row (joined with its letter)."""
    facts = msgspec.json.decode(row["facts"])
    return TokenRow(
        purpose=Purpose[row["purpose"]],
        addressee=address.parse(row["recipient"]),
        letter=Letter(row["letter"]),
        revision=row["revision"],
        expires_at=from_text(row["expires_at"]),
        case_id=row["case_id"],
        own_text=row["sent_text"],
        former=bool(row["former"]),
        shown=_parse_shown_revisions(facts),
        listed=tuple(str(line["number"]) for line in facts.get("cases", ()) if line.get("together")),
        sent_at=from_text(row["sent_at"]) if row["sent_at"] else None,
        subject=row["subject"],
        unread=tuple(map(str, facts.get("unread", ()))),
        letter_id=row["letter_id"],
    )


def to_journal_line(row: Row) -> JournalLine:
    """Build a journal line from its row (joined with its case)."""
    detail = msgspec.json.decode(row["detail"])
    return JournalLine(
        at=from_text(row["at"]),
        event=row["event"],
        number=row["number"] or "",
        detail=to_facts(detail),
        unit=unit_of(str(detail.get("to", "")).rpartition("@")[2]),
    )


def type_journal_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a journal row for commands, typed again: the actor and all texts are from outside."""
    actor = GATEWAY if row["actor"] == GATEWAY else Outside(row["actor"])
    return {**row, "actor": actor, "detail": to_facts(msgspec.json.decode(row["detail"]))}


def _parse_shown_revisions(facts: Mapping[str, Any]) -> dict[str, int]:
    """Return the revisions of the cases listed in a digest, by number."""
    return {str(line["number"]): int(line["revision"]) for line in facts.get("cases", ())}
