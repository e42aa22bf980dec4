"""What is known of a reply before it is read, gathered from its token's holder, the case and the desk."""

from __future__ import annotations

from dataclasses import replace

from gateway.admission.case.model import Case, Desk
from gateway.admission.intake.mail_facts import TokenHolder
from gateway.admission.replies.context import ReplyContext
from gateway.mail.address import Address


def build_staff_context(writer: Address, holder: TokenHolder, case: Case | None, desk: Desk) -> ReplyContext:
    """Of a member's reply: the member, the colleagues, the case and the letter that it answers."""
    names = {staff.address.key: (staff.name, *staff.names) for staff in desk.staff}
    member = desk.member(writer)
    own = names.pop(writer.key, ())
    return replace(
        build_case_context(case, holder, desk),
        member_names=own,
        other_member_names=tuple(name for each in names.values() for name in each),
        known_lines=(*(member.signature if member else ()), *holder.known_lines),
        shown_unread=holder.shown_unread,
    )


def build_case_context(case: Case | None, holder: TokenHolder, desk: Desk) -> ReplyContext:
    """Of any reply: the case and the letter that it answers."""
    context = ReplyContext(
        today=holder.today,
        code=holder.code or None,
        letter_lines=holder.letter_lines,
        letter_subject=holder.letter_subject,
    )
    if case is None:
        return context
    return replace(
        context,
        case_number=case.number,
        applicant_name=case.form.name,
        organisation=case.form.organisation,
        organisation_known=desk.knows_organisation(case.form.organisation),
        department=case.form.department,
    )
