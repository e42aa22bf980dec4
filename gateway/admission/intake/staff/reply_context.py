"""The context for parsing a reply, built from the token's holder, the case and the desk.

A mail that is parsed again as evidence uses the same functions: there is no second way to build a context.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from gateway.admission.application.items.fields import Form
from gateway.admission.case.model import Case, Desk
from gateway.admission.intake.mail_facts import TokenHolder
from gateway.admission.replies.context import ReplyContext
from gateway.mail.address import Address


def build_staff_context(writer: Address, holder: TokenHolder, case: Case | None, desk: Desk) -> ReplyContext:
    """Build the context of a member's reply: the member, colleagues, the case and the letter replied to."""
    return add_member(build_case_context(case, holder, desk), writer, holder.known_lines, desk)


def build_case_context(case: Case | None, holder: TokenHolder, desk: Desk) -> ReplyContext:
    """Build the context of any reply: the case and the letter replied to."""
    context = ReplyContext(
        today=holder.today,
        code=holder.code or None,
        letter_lines=holder.letter_lines,
        letter_subject=holder.letter_subject,
        shown_unread=holder.shown_unread,
    )
    return context if case is None else add_application(context, case.number, case.form, desk)


def build_applicant_context(form: Form, letter_lines: tuple[str, ...]) -> ReplyContext:
    """Build the context of the applicant's own reply: name, body, and the letters received."""
    return ReplyContext(
        member_names=(form.name,) if form.name else (),
        organisation=form.organisation,
        department=form.department,
        letter_lines=letter_lines,
    )


def add_member(
    context: ReplyContext, writer: Address, known_lines: Iterable[str], desk: Desk
) -> ReplyContext:
    """Add a member and the names of all others; `known_lines` are known lines of the member's signature."""
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
    """Add the From name of the author of an answer about an applicant; no name if it is empty."""
    return replace(context, member_names=(name,) if name else ())


def add_application(context: ReplyContext, number: str, form: Form, desk: Desk) -> ReplyContext:
    """Add the case with this number and its application."""
    return replace(
        context,
        case_number=number,
        applicant_name=form.name,
        organisation=form.organisation,
        organisation_known=desk.knows_organisation(form.organisation),
        department=form.department,
    )
