"""Words of a member that decide no case: queries, 再開 of a closed case, words without their code."""

from __future__ import annotations

from dataclasses import replace

from gateway.admission.authority.bond import bond
from gateway.admission.authority.brakes import Brake
from gateway.admission.case.events import CaseEvent, DigestRequest, Emergency, HandOver, StaffQuery, Unknown
from gateway.admission.case.model import RECEIPTS, Case, Desk, Staff
from gateway.admission.case.transitions.office.handling import CLOSED
from gateway.admission.intake.mail_facts import MailFacts, ProvenAuthor, TokenHolder, find_proven_member
from gateway.admission.replies import decision
from gateway.admission.replies.commands.below_code import names_coded_word
from gateway.admission.replies.commands.queries import read_query
from gateway.admission.replies.context import ReplyContext
from gateway.admission.replies.reading import Decision, ParsedReply
from gateway.mail.address import Address
from gateway.printing.statement import Statement


def settle(
    reading: ParsedReply, text: str, context: ReplyContext, case: Case | None, desk: Desk
) -> ParsedReply:
    """Settle 再開 and missing codes.

    With the code, 再開 reopens a closed case unless the desk is stopped. A word that lacks its required code
    is answered with a request for it.
    """
    if reading.decision is Decision.RESUME and reading.by_code and _is_closed(case, desk):
        return replace(reading, decision=Decision.REOPEN, why=Statement("read_as", word="reopen"))
    unread = reading.decision is Decision.NONE and reading.why != decision.STOP_ASKED
    if unread and reading.kind in {"", "sentence"} and names_coded_word(text, context):
        return replace(reading, why=Statement("code_word_wanted"))
    return reading


def _is_closed(case: Case | None, desk: Desk) -> bool:
    return case is not None and case.state in CLOSED and Brake.STOP not in desk.brakes


EMERGENCIES = frozenset({Decision.STOP, Decision.RESUME})


def classify_desk_word(
    reading: ParsedReply, text: str, context: ReplyContext, by: Address, holder: TokenHolder
) -> CaseEvent | None:
    """Return the event of a word about the desk or many cases; None for one about the letter's case."""
    if reading.decision in EMERGENCIES:
        return Emergency(by, resumes=reading.decision is Decision.RESUME)
    if reading.decision is Decision.LIST:
        return DigestRequest(by)
    if reading.decision is Decision.HANDOVER and holder.letter not in RECEIPTS:
        return HandOver(by, reading.note)
    return find_query(text, context, by) if reading.decision is Decision.NONE else None


def find_query(text: str, context: ReplyContext, by: Address) -> CaseEvent | None:
    """Return a member's query or statement to the desk, if the own text contains nothing else."""
    found = read_query(text, context)
    if found is None:
        return None
    return DigestRequest(by) if found.kind == "list" else StaffQuery(by, found.kind, found.text)


def classify_request(person: ProvenAuthor, desk: Desk) -> CaseEvent | None:
    """Return a query sent to the request address by an authenticated member of staff.

    None for anybody else, whose mail is treated as an applicant's.
    """
    member = find_proven_member(person.mail, desk)
    if member is None or person.mail.html_only or person.mail.machine_mark:
        return None
    context = ReplyContext(member_names=(member.name, *member.names), known_lines=member.signature)
    asked = find_query(person.mail.text, context, member.address)
    if isinstance(asked, StaffQuery) and asked.kind in _TELLING and not _is_bound(person.mail, member, desk):
        return StaffQuery(member.address, "help")
    return asked


def show_office(event: CaseEvent, person: ProvenAuthor, desk: Desk) -> CaseEvent:
    """Pass a member's text at the request address that is no application on to the office."""
    if not isinstance(event, Unknown) or find_proven_member(person.mail, desk) is None:
        return event
    return replace(event, again=True)


# Statements of members about themselves: a note to colleagues that is forwarded to us does not count. All
# other queries are answered to the member alone.
_TELLING = frozenset({"away", "back"})


def _is_bound(mail: MailFacts, member: Staff, desk: Desk) -> bool:
    return bond(
        mail.binding,
        None,
        one_part=mail.one_part,
        signing_domains=member.signing_domains,
        require_dkim=desk.require_dkim,
    ).natural
