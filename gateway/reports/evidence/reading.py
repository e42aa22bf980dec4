"""Parses a stored mail again with the functions that parsed it on arrival, and the letters of that time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec

from gateway import __version__
from gateway.admission.application.items.fields import Form
from gateway.admission.authority import tokens
from gateway.admission.business_days import tokyo_date
from gateway.admission.case.digest import lines as digest_lines
from gateway.admission.case.model import Desk
from gateway.admission.intake import extract
from gateway.admission.intake.staff import reply_context
from gateway.admission.replies import decision
from gateway.admission.replies.context import ReplyContext
from gateway.admission.replies.outsiders import confirmation
from gateway.admission.replies.outsiders.withdrawal import is_withdrawal
from gateway.admission.replies.reading import ParsedReply
from gateway.mail import address, message
from gateway.mail.header import auto_submitted, fields
from gateway.mail.message import Message
from gateway.mail.mime import content
from gateway.printing.sentences.stating import say

Row = dict[str, Any]


def read_again(mail: Row, case: Row, letters: Sequence[Row], desk: Desk) -> tuple[Row, Row | None]:
    """Return the parse result of this release as plain values, and the letter that it was parsed with.

    `letters` are those that the author had by then, in the order to be tried. The result uses the first one
    whose code is in the mail, else the first one. Never raises, whatever the mail contains.
    """
    told: Row = {"release": __version__}
    try:
        parsed = message.parse(mail["raw"])
        text = content.extract(parsed)
    except message.MalformedMessageError as error:
        return told | {"unreadable": str(error)}, None
    told["automatic"] = auto_submitted.automatic_reason(parsed, null_reverse_path=False) or ""
    # A withdrawal also counts in HTML alone.
    own = "" if text.source == "html" and mail["kind"] != "case_reply" else text.text
    said = _Said(own, text.html_text, fields.subject(parsed))
    writer = _build_writer(mail, parsed, case, desk)
    found = [_read(mail, said, writer, letter) for letter in letters] or [_read(mail, said, writer, None)]
    best = next((one for one in found if one.is_sure), found[0])
    return told | best.told, best.letter


@dataclass(frozen=True, slots=True)
class _Said:
    """The texts of a mail, as on arrival.

    HTML alone counts only by word and code, and not at all in a reply to a digest.
    """

    text: str
    html_text: str
    subject: str


@dataclass(frozen=True, slots=True)
class _Reading:
    """A parse with one letter; `is_sure` if the mail contains something that only this letter has."""

    told: Row
    letter: Row | None
    is_sure: bool


def _read(mail: Row, said: _Said, writer: ReplyContext, letter: Row | None) -> _Reading:
    context = _add_letter(writer, letter) if letter else writer
    if mail["kind"] == "affiliation_answer":
        answer = confirmation.parse_confirmation(said.text, context, html_text=said.html_text)
        return _Reading({"answer": answer.value}, letter, answer is not confirmation.Confirmation.NONE)
    if mail["kind"] == "case_reply":
        withdraws = is_withdrawal(said.text, context, html_text=said.html_text)
        return _Reading({"withdraws": withdraws}, letter, is_sure=False)
    if is_digest_reply(mail):
        return _read_lines(mail, said, context, letter)
    found = decision.parse(said.text, said.subject, context, html_text=said.html_text)
    return _Reading(_tell_reading(found), letter, found.by_code)


def is_digest_reply(mail: Row) -> bool:
    """Return whether a member replied to a letter about many cases; the mail itself belongs to none."""
    return bool(mail["kind"] == "staff_decision" and mail["case_id"] is None)


def _read_lines(mail: Row, said: _Said, context: ReplyContext, letter: Row | None) -> _Reading:
    """Parse line by line, with an entry for each case that the button 「注意のないN件を承認」 stood for.

    `letter_kept` says whether the digest is still known: without its code no line changes anything.
    """
    found = digest_lines.parse(
        address.parse(mail["author"]),
        said.text,
        context,
        letter["shown"] if letter else {},
        letter["listed"] if letter else (),
        html_text=said.html_text,
        subject=said.subject,
    )
    lines = [
        {"number": one.number, "together": one.together, "checked": one.checked, **_tell_reading(one.reply)}
        for one in found.entries
    ]
    why = str(say(found.why)) if found.why else ""
    told = {"letter_kept": bool(context.code), "lines": lines, "why": why}
    return _Reading(told, letter, any(one.reply.by_code for one in found.entries))


def _tell_reading(reading: ParsedReply) -> Row:
    return {
        "word": reading.decision.value,
        "by_code": reading.by_code,
        "note": reading.note,
        "why": str(say(reading.why)) if reading.why else "",
        "unread": list(reading.unread),
    }


def _build_writer(mail: Row, parsed: Message, case: Row, desk: Desk) -> ReplyContext:
    """Return the context that is known without the letter: the author, the case, the day."""
    application = msgspec.convert(case["form"], Form)
    if mail["kind"] == "case_reply":
        return reply_context.build_applicant_context(application, ())
    context = ReplyContext(today=tokyo_date(datetime.fromisoformat(mail["received_at"])))
    if mail["case_id"] is not None:
        context = reply_context.add_application(context, case["number"], application, desk)
    if mail["kind"] == "affiliation_answer":
        return reply_context.add_confirmer(context, extract.read_author_name(parsed))
    return reply_context.add_member(context, address.parse(mail["author"]), mail["known_lines"], desk)


def _add_letter(context: ReplyContext, letter: Row) -> ReplyContext:
    sent = letter["sent_text"]
    return replace(
        context,
        code=tokens.find_code(sent) or None,
        letter_lines=tuple(line.strip() for line in sent.splitlines() if line.strip()),
        letter_subject=letter["subject"],
        shown_unread=letter["unread"],
    )
