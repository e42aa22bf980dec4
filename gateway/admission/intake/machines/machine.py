"""Notes for the office about mail with the marks of automatic mail."""

from __future__ import annotations

from typing import Literal

from gateway.admission.case.events import CaseEvent, Note
from gateway.admission.case.model import Case
from gateway.admission.intake.applicants.applicant import read_own_form
from gateway.admission.intake.mail_facts import MailFacts, ProvenAuthor, TokenHolder
from gateway.admission.replies.text import own_words
from gateway.mail.smtp.mailboxes import Purpose

_OF_STAFF = frozenset({Purpose.DECIDE, Purpose.PRACTICE})


def note_machine(mail: MailFacts, holder: TokenHolder | None, told: tuple[str, ...]) -> Note:
    """Return the note for a mail that is certainly automatic."""
    return Note("automatic", mail.automatic or "", _find_held(mail, holder, told))


def note_marked(
    person: ProvenAuthor, holder: TokenHolder | None, case: Case | None, told: tuple[str, ...]
) -> CaseEvent | None:
    """Return the note for an applicant's mail that may be automatic: shown to the office, not answered.

    None for mail without such a mark, and for mail of a colleague or member, whose parsers handle marks.
    """
    mail = person.mail
    is_asked = holder is not None and (case is None or person.address.key != case.applicant.key)
    if not mail.machine_mark or mail.purpose in _OF_STAFF or is_asked:
        return None
    held = _find_held(mail, holder, told)
    words: Literal["", "words"] = "words" if own_words.split(mail.text, told).text.strip() else ""
    return Note("automatic", mail.machine_mark, held or words)


def _find_held(
    mail: MailFacts, holder: TokenHolder | None, told: tuple[str, ...]
) -> Literal["", "form", "decision"]:
    lines = (*holder.letter_lines, *told) if holder is not None else told
    if mail.purpose in _OF_STAFF:
        own = own_words.split(mail.text, lines).lines
        return "decision" if any(own_words.has_stem(line.text) for line in own) else ""
    return "" if mail.author is None or read_own_form(mail, lines).is_empty else "form"
