"""What is known of a reply before it is read, gathered from its token's holder, the case and the desk.

A mail that is read again as evidence is read in the same contexts: there is no second way to build one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from gateway.admission.application.form import Form
from gateway.admission.case.model import Case, Desk
from gateway.admission.intake.mail_facts import TokenHolder
from gateway.admission.replies.context import ReplyContext
from gateway.mail.address import Address


def build_staff_context(writer: Address, holder: TokenHolder, case: Case | None, desk: Desk) -> ReplyContext:
    """Of a member's reply: the member, the colleagues, the case and the letter that it answers."""
    return add_member(build_case_context(case, holder, desk), writer, holder.known_lines, desk)


def build_case_context(case: Case | None, holder: TokenHolder, desk: Desk) -> ReplyContext:
    """Of any reply: the case and the letter that it answers."""
    context = ReplyContext(
        today=holder.today,
        code=holder.code or None,
        letter_lines=holder.letter_lines,
        letter_subject=holder.letter_subject,
        shown_unread=holder.shown_unread,
    )
    return context if case is None else add_application(context, case.number, case.form, desk)


def build_applicant_context(form: Form, letter_lines: tuple[str, ...]) -> ReplyContext:
    """Of the applicant's own reply: their name and body, and the letters that they got."""
    return ReplyContext(
        member_names=(form.name,) if form.name else (),
        organisation=form.organisation,
        department=form.department,
        letter_lines=letter_lines,
    )


def add_member(
    context: ReplyContext, writer: Address, known_lines: Iterable[str], desk: Desk
) -> ReplyContext:
    """The context of a reply of a member, with the names of all; `known_lines` of the signature were seen."""
    names = {staff.address.key: (staff.name, *staff.names) for staff in desk.staff}
    member = desk.member(writer)
    own = names.pop(writer.key, ())
    return replace(
        context,
        member_names=own,
        other_member_names=tuple(name for each in names.values() for name in each),
        known_lines=(*(member.signature if member else ()), *known_lines),
    )


def add_confirmer(context: ReplyContext, name: str) -> ReplyContext:
    """The context of an answer about an applicant, by whoever has this name in From; empty for none."""
    return replace(context, member_names=(name,) if name else ())


def add_application(context: ReplyContext, number: str, form: Form, desk: Desk) -> ReplyContext:
    """The context of a reply about the case of this number."""
    return replace(
        context,
        case_number=number,
        applicant_name=form.name,
        organisation=form.organisation,
        organisation_known=desk.knows_organisation(form.organisation),
        department=form.department,
    )
