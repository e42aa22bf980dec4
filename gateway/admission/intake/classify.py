"""Turns the facts of a mail into one event: an application, a reply, a decision, a report, or a note.

Only the envelope's token gives authority. References and the case number in the subject may find the case of
its own applicant; the body never does (DESIGN: match order envelope > References > subject).
"""

from __future__ import annotations

from dataclasses import replace

from gateway.admission.authority.bond import Bond, bond, refuse
from gateway.admission.case.digest import lines as digest_lines
from gateway.admission.case.events import (
    CaseEvent,
    Confirm,
    Decide,
    DigestReply,
    DigestReplyLine,
    DigestRequest,
    Emergency,
    FormerLetter,
    Misuse,
    Note,
    Practise,
    StaffQuery,
    Supplement,
    Unclear,
    Unknown,
)
from gateway.admission.case.model import GENERAL_LETTERS, RECEIPTS, Case, Desk, Letter, Staff
from gateway.admission.case.own_person import is_own_name
from gateway.admission.case.transitions.office import practice
from gateway.admission.intake import applicant
from gateway.admission.intake.machines import machine, reports
from gateway.admission.intake.mail_facts import MailFacts, ProvenAuthor, TokenHolder
from gateway.admission.intake.staff import known_lines, staff_words
from gateway.admission.intake.staff.reply_context import (
    add_confirmer,
    build_case_context,
    build_staff_context,
)
from gateway.admission.replies import decision
from gateway.admission.replies.context import ReplyContext
from gateway.admission.replies.grammar import explanation
from gateway.admission.replies.outsiders import confirmation
from gateway.admission.replies.reading import CHANGING, Decision, ParsedReply, unclear_instead
from gateway.admission.replies.text import own_words
from gateway.mail.address import Address
from gateway.mail.smtp.mailboxes import Purpose
from gateway.mail.text import is_english
from gateway.printing.statement import Statement


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
        return _void_former(_classify_staff_reply(person, holder, case, desk), person, holder)
    if person.mail.purpose is Purpose.PRACTICE:
        return _classify_practice_reply(person, holder, desk)
    if person.mail.purpose is Purpose.CASE:
        return _void_former(_classify_case_reply(person, holder, case, desk, told), person, holder)
    asked = staff_words.classify_request(person, desk)
    return asked or staff_words.show_office(applicant.classify_request(person, case, told), person, desk)


_UNDO_ONLY = Statement("undo_only")
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


def _find_addressee(person: ProvenAuthor, holder: TokenHolder, desk: Desk) -> ProvenAuthor | None:
    """Return the author if it is the token's addressee and still a member of staff, otherwise None.

    A token alone never gives authority. The address is returned as in the settings, so that a different case
    does not make another person of it.
    """
    member = desk.member(person.address)
    if member is None or holder.addressee.key != person.address.key:
        return None
    return replace(person, address=member.address)


def _classify_staff_reply(  # noqa: PLR0911 - one line a kind of answer
    author: ProvenAuthor, holder: TokenHolder | None, case: Case | None, desk: Desk
) -> CaseEvent | DigestReply:
    person = _find_addressee(author, holder, desk) if holder is not None else None
    if holder is None or person is None:
        return _classify_token_misuse(author, holder, desk)
    why = Statement("expired") if holder.expired else None
    text = _readable_text(person.mail, why)
    context = build_staff_context(person.address, holder, case, desk)
    held = _bond_reply(person, holder, desk)
    reading = _read_decision(person.mail, why, context, held, desk)
    reading = staff_words.settle(reading, text, context, case, desk)
    if person.mail.machine_mark and not (reading.by_code or reading.decision is Decision.STOP):
        why_marked = Statement("machine_mark", mark=person.mail.machine_mark)
        reading = unclear_instead(reading, why_marked, "automatic")
    if (said := staff_words.classify_desk_word(reading, text, context, person.address, holder)) is not None:
        return said
    if holder.letter in RECEIPTS and reading.decision in CHANGING - {Decision.UNDO}:
        reading = unclear_instead(reading, _UNDO_ONLY, "unbound")
    if holder.letter in GENERAL_LETTERS:
        found = _classify_digest_reply(person, holder, why or (None if held.coded else held.why), context)
        if reading.why == decision.STOP_ASKED and not found.entries:
            return DigestRequest(person.address, stop_asked=True)
        return replace(found, weak=held.weak_code)
    if case is None:
        return Note("no_case", "a reply to a letter that belongs to no case")
    if why:
        return Unclear(person.address, why)
    seen = _find_signature(text, context, held)
    weak = held.weak_code if reading.by_code else held.weak
    return Decide(person.address, reading, holder.revision, holder.recallable, weak=weak, signature=seen)


def _classify_practice_reply(author: ProvenAuthor, holder: TokenHolder | None, desk: Desk) -> CaseEvent:
    """Classify a practice reply: parsed and authenticated like a real one, about a sample case.

    The lines of its signature are known from then on.
    """
    person = _find_addressee(author, holder, desk) if holder is not None else None
    if holder is None or person is None:
        return _classify_token_misuse(author, holder, desk)
    why = Statement("expired") if holder.expired else None
    text = _readable_text(person.mail, why)
    context = build_staff_context(person.address, holder, practice.CASE, desk)
    held = _bond_reply(person, holder, desk)
    seen = _find_signature(text, context, held, practised=True)
    learned = replace(context, known_lines=(*context.known_lines, *seen))
    reading = _read_decision(person.mail, why, learned, held, desk)
    told = explanation.explain(text, learned, frozenset(seen))
    return Practise(
        person.address, replace(reading, why=why or reading.why), person.background.grade, told, seen
    )


def _bond_reply(person: ProvenAuthor, holder: TokenHolder, desk: Desk) -> Bond:
    member, found = desk.member(person.address), person.mail.binding
    senders = (*found.agents, *filter(None, (found.reverse_path,)))
    colleague = next((one for one in senders if desk.member(one) not in {None, member}), None)
    if colleague is not None:
        return refuse(Statement("sent_by_colleague", by=str(colleague)))
    held = bond(
        found,
        holder.handed_over_at,
        one_part=person.mail.one_part,
        signing_domains=member.signing_domains if member else (),
        require_dkim=desk.require_dkim,
    )
    named = _find_named_colleague(person.mail.author_name, member, desk)
    if named is None or not held.natural:
        return held
    return replace(held, natural=False, why=Statement("sent_by", by=str(named)))


def _find_named_colleague(said: str, member: Staff | None, desk: Desk) -> Address | None:
    """Return the colleague whose full name, and not the member's own, is in From: the author is unclear."""
    own = (member.name, *member.names) if member else ()
    if not said or any(is_own_name(name, said) for name in own):
        return None
    others = (one for one in desk.staff if one is not member)
    return next((one.address for one in others if is_own_name(one.name, said)), None)


def _readable_text(mail: MailFacts, why: Statement | None) -> str:
    """Return the text to parse; a mail with HTML only decides by word and code, as styles can hide text."""
    return "" if why or mail.html_only else mail.text


def _read_decision(
    mail: MailFacts, why: Statement | None, context: ReplyContext, held: Bond, desk: Desk
) -> ParsedReply:
    """Return a member's decision as far as it counts; `why` is the reason if nothing is parsed."""
    html_text = "" if why else mail.html_text
    reading = decision.parse(_readable_text(mail, why), mail.subject, context, html_text=html_text)
    return _require_bond(reading, held, desk)


def _find_signature(
    text: str, context: ReplyContext, held: Bond, *, practised: bool = False
) -> tuple[str, ...]:
    """Learn signature lines, but only from a mail bound to the letter, not from a forwarded one."""
    return known_lines.find_signature_lines(text, context, practised=practised) if held.natural else ()


def _classify_digest_reply(
    person: ProvenAuthor, holder: TokenHolder, why: Statement | None, context: ReplyContext
) -> DigestReply:
    """Parse a reply about many cases, with the reason if none of it may count."""
    why = why or (Statement("html_digest") if person.mail.html_only else None)
    text = "" if why else person.mail.text
    found = digest_lines.parse(
        person.address,
        text,
        context,
        holder.shown_revisions,
        holder.listed_together,
        html_text="" if why else person.mail.html_text,
        subject=person.mail.subject,
    )
    if holder.letter in RECEIPTS:
        found = replace(found, entries=tuple(map(_undo_only, found.entries)))
    return replace(found, entries=(), why=why) if why else found


def _undo_only(entry: DigestReplyLine) -> DigestReplyLine:
    """Limit a line of a reply to a letter about decisions to an undo; anything else is unclear."""
    if entry.reply.decision not in CHANGING - {Decision.UNDO}:
        return entry
    return replace(entry, reply=unclear_instead(entry.reply, _UNDO_ONLY, "unbound"))


def _require_bond(reading: ParsedReply, held: Bond, desk: Desk) -> ParsedReply:
    """Accept a decision only if it is sufficiently bound to the letter."""
    if reading.decision not in CHANGING:
        return reading
    if reading.by_code:
        return reading if held.coded else unclear_instead(reading, held.why, "unbound")
    if held.natural and not desk.always_code:
        return reading
    why = Statement("code_wanted") if desk.always_code else held.why
    asks = reading.decision is Decision.STOP
    return unclear_instead(reading, decision.STOP_ASKED if asks else why, "unbound")


def _classify_token_misuse(person: ProvenAuthor, holder: TokenHolder | None, desk: Desk) -> CaseEvent:
    """Report misuse of a token once: a repeated use of an expired token is not reported."""
    if holder is None:
        return Misuse(person.address)
    if desk.escalation is not None and person.address.key == holder.addressee.key == desk.escalation.key:
        return Unclear(person.address, Statement("told_only"))
    if holder.expired:
        return Note("token_misuse", "an expired token, used by someone else")
    return Misuse(person.address, holder.addressee)


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
