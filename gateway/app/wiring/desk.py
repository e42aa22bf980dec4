"""The desk's values from the settings, and the clock: all that a process needs that only shows the desk.

Nothing here loads the network or the authentication of mail, which take ten megabytes.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from gateway.admission.case.model import Desk, LetterCaps, MailChoice, Role, Staff
from gateway.mail import address
from gateway.settings import Settings
from gateway.settings.model import StaffMember


def utc_now() -> datetime:
    """Return the time; the only clock."""
    return datetime.now(UTC)


def build_caps(config: Settings) -> LetterCaps:
    """Return the maximum numbers of letters per cause."""
    caps = config.caps
    return LetterCaps(
        alarms=caps.alarms_per_day,
        alarms_per_domain=caps.alarms_per_domain,
        unconfirmed_cases=caps.unconfirmed_cases_per_domain,
        per_case=caps.letters_per_case,
        per_domain=caps.answers_per_domain,
        per_address=caps.answers_per_address,
        checks_per_address=config.affiliation.checks_per_address,
        review_spacing=timedelta(minutes=caps.review_request_minutes),
        # A summary is sent while its decisions can still be undone for at least as long again.
        receipt_spacing=min(timedelta(hours=1), timedelta(minutes=config.desk.undo_minutes) / 2),
    )


def build_plain_desk(config: Settings) -> Desk:
    """Build the desk without the register and the rules, for read-only use."""
    desk = config.desk
    return Desk(
        build_staff(config),
        undo_window=timedelta(minutes=desk.undo_minutes),
        open_days=desk.open_days,
        closings=frozenset(desk.closings),
        second_approval=desk.second_approval,
        approvals_per_hour=desk.approvals_per_hour,
        escalation=address.parse(desk.escalation) if desk.escalation else None,
        weekly_figures=desk.weekly_figures,
        remind_after=desk.remind_after_days,
        close_after=desk.close_after_days,
        invites_by=config.invitation.sender,
        valid_days=config.invitation.valid_days,
        remind_before=config.invitation.remind_days_before,
        digest=desk.digest,
        digest_hour=desk.digest_hour,
        always_code=desk.reply_code == "always",
        require_dkim=desk.require_dkim,
        rules_version=desk.rules_version,
        rules_link=desk.rules_link,
        second_look_days=desk.second_look_days,
        caps=build_caps(config),
        checks_per_case=config.affiliation.addresses_per_case,
        check_reminder_days=config.affiliation.reminder_days,
        open_checks_per_domain=config.affiliation.open_checks_per_domain,
        snippets={"decline": config.snippets.decline, "ask": config.snippets.ask},
        operators=frozenset(address.parse(text).key for text in config.console.operators),
    )


def build_staff(config: Settings) -> tuple[Staff, ...]:
    """Return the staff, in order."""
    return tuple(map(_build_member, config.staff))


def _build_member(one: StaffMember) -> Staff:
    return Staff(
        address.parse(one.address),
        one.name,
        Role(one.role),
        frozenset(domain.lower() for domain in one.signing_domains),
        one.names,
        one.signature,
        MailChoice(one.mail),
    )
