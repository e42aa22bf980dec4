"""Turns the facts of a mail into one event: an application, a reply, a decision, a report, or a note.

Only the envelope's token gives authority. References and the case number in the subject may find the case of
its own applicant; the body never does (DESIGN: match order envelope > References > subject).
"""

from __future__ import annotations

from gateway.admission.authority.bond import bond
from gateway.admission.case.events import (
    CaseEvent,
    Confirm,
    DigestReply,
    DigestRequest,
    Emergency,
    FormerLetter,
    Misuse,
    Note,
    StaffQuery,
    Supplement,
    Unknown,
)
from gateway.admission.case.model import Case, Desk, Letter
from gateway.admission.intake.applicants import applicant
from gateway.admission.intake.machines import machine, reports
from gateway.admission.intake.mail_facts import MailFacts, ProvenAuthor, TokenHolder
from gateway.admission.intake.staff import replies, staff_words
from gateway.admission.intake.staff.reply_context import (
    add_confirmer,
    build_case_context,
)
from gateway.admission.replies.outsiders import confirmation
from gateway.admission.replies.text import own_words
from gateway.mail.smtp.mailboxes import Purpose
from gateway.mail.text import is_english


def classify(
    mail: MailFacts, holder: TokenHolder | None, case: Case | None, desk: Desk, told: tuple[str, ...] = ()
) -> CaseEvent | DigestReply:
    """Return the one event of a mail.

    `holder` is None if the envelope had no valid token. `told` are lines of letters about the author's own
    applications; quoted values of these are not an answer.
    """
    if mail.purpose is Purpose.BOUNCE:
        return reports.classify_report(mail, holder)
    if mail.automatic is not None:
        return machine.note_machine(mail, holder, told)
    if mail.author is None or mail.background is None:
        return Note("postmaster", "addressed to the postmaster")
    if mail.class_3:
        return Note("class_3", "marked as confidentiality class 3")
    return _classify_personal_mail(ProvenAuthor(mail.author, mail.background, mail), holder, case, desk, told)


def _classify_personal_mail(
    person: ProvenAuthor, holder: TokenHolder | None, case: Case | None, desk: Desk, told: tuple[str, ...]
) -> CaseEvent | DigestReply:
    marked = machine.note_marked(person, holder, case, told)
    if marked is not None:
        return marked
    if person.mail.purpose is Purpose.DECIDE:
        return _void_former(replies.classify_reply(person, holder, case, desk), person, holder)
    if person.mail.purpose is Purpose.PRACTICE:
        return replies.classify_practice(person, holder, desk)
    if person.mail.purpose is Purpose.CASE:
        return _void_former(_classify_case_reply(person, holder, case, desk, told), person, holder)
    asked = staff_words.classify_request(person, desk)
    return asked or staff_words.show_office(applicant.classify_request(person, case, told), person, desk)


_FORMERLY_TOO = (Supplement, Misuse, Note, DigestRequest, StaffQuery)


def _void_former(
    event: CaseEvent | DigestReply, person: ProvenAuthor, holder: TokenHolder | None
) -> CaseEvent | DigestReply:
    """Limit a reply to a letter of an earlier release: it may inform, but decides and confirms nothing."""
    if holder is None or not holder.former or isinstance(event, _FORMERLY_TOO):
        return event
    if isinstance(event, Emergency) and not event.resumes:
        return event
    return DigestRequest(person.address) if isinstance(event, DigestReply) else FormerLetter(person.address)


def _classify_case_reply(
    person: ProvenAuthor, holder: TokenHolder | None, case: Case | None, desk: Desk, told: tuple[str, ...]
) -> CaseEvent:
    if holder is None or case is None:
        return Unknown(person.address, is_english(person.mail.subject, person.mail.text))
    if person.address.key == case.applicant.key:
        shown = (*holder.letter_lines, *told)
        return applicant.classify_reply(person.mail, shown, case, holder.handed_over_at, holder.letter)
    return _classify_confirmation(person, holder, case, desk)


MAX_SHOWN_WORDS = 300


def _classify_confirmation(person: ProvenAuthor, holder: TokenHolder, case: Case, desk: Desk) -> Confirm:
    """Classify what somebody else says about the applicant; only the person we asked can confirm."""
    mail = person.mail
    context = add_confirmer(build_case_context(case, holder, desk), mail.author_name)
    asked = holder.letter is Letter.AFFILIATION_CHECK and not holder.expired
    # As for decisions: a mail with HTML only counts by word and code.
    text = "" if mail.html_only else mail.text
    held = bond(mail.binding, holder.handed_over_at, one_part=mail.one_part)
    # A sentence may have been written to somebody else and forwarded: like text of the staff, it counts only
    # if it is bound to this letter.
    answer = confirmation.parse_confirmation(
        text, context, html_text=mail.html_text, coded_only=not held.natural
    )
    return Confirm(
        person.address,
        answer,
        person.background,
        asked=holder.addressee if asked else None,
        mark=mail.weak_mark or mail.machine_mark,
        name=mail.author_name,
        words=own_words.split(mail.text, holder.letter_lines).text.strip()[:MAX_SHOWN_WORDS],
        is_vouched=held.coded,
    )
