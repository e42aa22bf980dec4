"""What a kept mail says, read again by the functions that read it then, against the letters of that time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from gateway import __version__
from gateway.admission.authority import tokens
from gateway.admission.business_days import tokyo_date
from gateway.admission.case.digest import lines as digest_lines
from gateway.admission.case.events import DigestReply
from gateway.admission.case.model import Staff
from gateway.admission.replies import decision
from gateway.admission.replies.context import ReplyContext
from gateway.admission.replies.decision import ParsedReply
from gateway.admission.replies.outsiders import confirmation
from gateway.admission.replies.outsiders.withdrawal import is_withdrawal
from gateway.mail import address, message
from gateway.mail.header import auto_submitted, fields
from gateway.mail.mime import content
from gateway.printing.stating import say

Row = dict[str, Any]


def read_again(mail: Row, case: Row, seen: Sequence[str], staff: Iterable[Staff]) -> Row:
    """What the reader of this release understands, as plain values; `seen` are the letters that the writer
    had by then, the oldest first, of which the newest is tried first for its code.

    Never raises for what a mail holds.
    """
    told: Row = {"release": __version__}
    try:
        parsed = message.parse(mail["raw"])
        text = content.extract(parsed)
    except message.MalformedMessageError as error:
        return told | {"unreadable": str(error)}
    told["automatic"] = auto_submitted.automatic_reason(parsed, null_reverse_path=False) or ""
    writer = _build_writer(mail, case, tuple(staff))
    contexts = [_add_letter(writer, letter) for letter in reversed(seen)] or [writer]
    # As on arrival: HTML alone counts by word and code only, and in a reply to a digest not at all.
    own = "" if text.source == "html" else text.text
    if mail["kind"] == "affiliation_answer":
        return told | _read_confirmation(own, text.html_text, contexts)
    if mail["kind"] == "case_reply":
        return told | {"withdraws": is_withdrawal(text.text, contexts[0], html_text=text.html_text)}
    if is_digest_reply(mail):
        return told | _read_lines(mail, own, text.html_text, contexts)
    subject = fields.subject(parsed)
    readings = [decision.parse(own, subject, one, html_text=text.html_text) for one in contexts]
    return told | _tell_reading(next((one for one in readings if one.by_code), readings[0]))


def is_digest_reply(mail: Row) -> bool:
    """Whether a member answered a letter about many cases: the mail itself belongs to none."""
    return bool(mail["kind"] == "staff_decision" and mail["case_id"] is None)


def _read_confirmation(text: str, html_text: str, contexts: Sequence[ReplyContext]) -> Row:
    answers = [confirmation.parse_confirmation(text, one, html_text=html_text) for one in contexts]
    clear = [one.value for one in answers if one is not confirmation.Confirmation.NONE]
    return {"answer": clear[0] if clear else "none"}


def _read_lines(mail: Row, text: str, html_text: str, contexts: Sequence[ReplyContext]) -> Row:
    """Line by line, by the digest whose code stands in a line; `letter_kept` is whether any is known still:
    without its code no line changes anything."""
    by = address.parse(mail["author"])
    readings = [digest_lines.parse(by, text, one, {}, html_text=html_text) for one in contexts]
    best = next((one for one in readings if _has_coded_line(one)), readings[0])
    lines = [{"number": one.number, **_tell_reading(one.reply)} for one in best.entries]
    return {
        "letter_kept": any(one.code for one in contexts),
        "lines": lines,
        "why": str(say(best.why)) if best.why else "",
    }


def _has_coded_line(reply: DigestReply) -> bool:
    return any(entry.reply.by_code for entry in reply.entries)


def _tell_reading(reading: ParsedReply) -> Row:
    return {
        "word": reading.decision.value,
        "by_code": reading.by_code,
        "note": reading.note,
        "why": str(say(reading.why)) if reading.why else "",
        "unread": list(reading.unread),
    }


def _build_writer(mail: Row, case: Row, staff: Sequence[Staff]) -> ReplyContext:
    """All that is known before the letter: the writer, the colleagues, the case, the day."""
    writer = mail["author"].lower()
    names = {str(one.address).lower(): (one.name, *one.names) for one in staff}
    signature = {str(one.address).lower(): one.signature for one in staff}.get(writer, ())
    own = names.pop(writer, ())
    context = ReplyContext(
        member_names=own,
        other_member_names=tuple(name for each in names.values() for name in each),
        known_lines=(*signature, *mail["known_lines"]),
        today=tokyo_date(datetime.fromisoformat(mail["received_at"])),
    )
    return context if mail["case_id"] is None else _add_case(context, case)


def _add_case(context: ReplyContext, case: Row) -> ReplyContext:
    form = case["form"]
    return replace(
        context,
        case_number=case["number"],
        applicant_name=form.get("name", ""),
        organisation=form.get("organisation", ""),
        department=form.get("department", ""),
    )


def _add_letter(context: ReplyContext, letter: str) -> ReplyContext:
    lines = tuple(line.strip() for line in letter.splitlines() if line.strip())
    return replace(context, code=tokens.find_code(letter) or None, letter_lines=lines)
