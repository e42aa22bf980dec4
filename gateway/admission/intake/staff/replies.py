"""Turns a staff member's reply into its event: a decision, practice, a reply to a digest, or misuse.

A token alone gives no authority: its addressee must be the author, and still a member of staff. What was
understood counts only as far as the mail is bound to the letter.
"""

from __future__ import annotations

from dataclasses import replace

from gateway.admission.authority.bond import Bond, bond, refuse
from gateway.admission.case.digest import lines as digest_lines
from gateway.admission.case.events import (
    CaseEvent,
    Decide,
    DigestReply,
    DigestReplyLine,
    DigestRequest,
    Misuse,
    Note,
    Practise,
    Unclear,
)
from gateway.admission.case.model import GENERAL_LETTERS, RECEIPTS, Case, Desk, Staff
from gateway.admission.case.own_person import is_own_name
from gateway.admission.case.transitions.office import practice
from gateway.admission.intake.mail_facts import MailFacts, ProvenAuthor, TokenHolder
from gateway.admission.intake.staff import known_lines, staff_words
from gateway.admission.intake.staff.reply_context import (
    build_staff_context,
)
from gateway.admission.replies import decision
from gateway.admission.replies.context import ReplyContext
from gateway.admission.replies.grammar.parsing import explanation
from gateway.admission.replies.reading import CHANGING, Decision, ParsedReply, unclear_instead
from gateway.mail.address import Address
from gateway.printing.statement import Statement

_UNDO_ONLY = Statement("undo_only")


def _find_addressee(person: ProvenAuthor, holder: TokenHolder, desk: Desk) -> ProvenAuthor | None:
    """Return the author if it is the token's addressee and still a member of staff, otherwise None.

    A token alone never gives authority. The address is returned as in the settings, so that a different case
    does not make another person of it.
    """
    member = desk.member(person.address)
    if member is None or holder.addressee.key != person.address.key:
        return None
    return replace(person, address=member.address)


def classify_reply(  # noqa: PLR0911 - one line a kind of answer
    author: ProvenAuthor, holder: TokenHolder | None, case: Case | None, desk: Desk
) -> CaseEvent | DigestReply:
    """Classify a reply to a letter that asks the staff, with the token of its holder."""
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


def classify_practice(author: ProvenAuthor, holder: TokenHolder | None, desk: Desk) -> CaseEvent:
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
