"""Extracts from a mail its text, form, marks and reports as one value. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from gateway.admission.application import form
from gateway.admission.application.consent.people import NOBODY, Writer
from gateway.admission.application.items.fields import Form
from gateway.admission.authority import conduct
from gateway.admission.intake import confidentiality
from gateway.admission.intake.applicants.withheld import withhold_consent
from gateway.admission.intake.mail_facts import MailFacts
from gateway.mail.address import Address
from gateway.mail.header import auto_submitted, fields
from gateway.mail.message import Message
from gateway.mail.mime import bounce, content
from gateway.mail.smtp.mailboxes import Purpose


def extract_facts(
    message: Message,
    author: Address | None,
    purpose: Purpose,
    *,
    null_reverse_path: bool,
    author_name: str = "",
) -> MailFacts:
    """Return the facts of a mail. The text of a mail marked as class 3 is not read.

    Raises MalformedMessageError for MIME over the limits of `gateway.mail.mime`.
    """
    found, subject = content.extract(message), fields.subject(message)
    mark = auto_submitted.machine_mark(message, author) if author is not None else ""
    # The subject of a reply is our own, and no list of words can tell whose it is. If there is another mark,
    # what an absence notice puts in front of the subject comes from a machine.
    written = "" if purpose in {Purpose.DECIDE, Purpose.PRACTICE} else subject
    class_3 = confidentiality.is_class_3(written, found.text)
    text = "" if class_3 else found.text
    facts = MailFacts(
        author=author,
        purpose=purpose,
        subject=subject,
        text=text,
        form=read_form(text, "" if class_3 else found.html_text),
        automatic=auto_submitted.automatic_reason(
            message, null_reverse_path, author, subject if mark else written
        ),
        bounce=bounce.read_bounce(message) if purpose is Purpose.BOUNCE else None,
        class_3=class_3,
        html_only=found.source == "html",
        html_text="" if class_3 else found.html_text,
        attachments=len(found.attachments),
        one_part=found.one_part,
        packing=found.packing,
        author_name=author_name,
        weak_mark=auto_submitted.weak_mark(message, author),
        program=_read_program(message),
        machine_mark=mark,
        is_cut=found.is_cut,
        has_another_text=found.has_another_text,
        written_on=_read_day(message),
    )
    said = withhold_consent(facts.form, facts)
    return facts if said is facts.form else replace(facts, form=said)


def read_form(text: str, html_text: str, known: Writer = NOBODY) -> Form:
    """Parse the form in the text, or in the HTML part if the text contains none; see `parse_form`."""
    found = form.parse_form(text, known)
    return form.parse_form(html_text, known) if found.is_empty and html_text.strip() else found


def _read_program(message: Message) -> str:
    fields_named = (message.first(name) for name in ("user-agent", "x-mailer"))
    return conduct.name_program(
        next((field.decode("ascii", "replace") for field in fields_named if field), "")
    )


def _read_day(message: Message) -> date | None:
    """Return the day of the Date field, in its own time zone."""
    written_at = fields.date(message)
    return written_at.date() if written_at is not None else None


def read_author_name(message: Message) -> str:
    """Return the name in From, which proves nothing; empty if there is not exactly one author."""
    try:
        return fields.author(message).name
    except fields.AuthorError:
        return ""
