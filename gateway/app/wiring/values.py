"""The values and objects that the settings describe, each made by one small function."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

from msgspec.structs import asdict

from gateway.admission.case.model import Desk, LetterCaps, MailChoice, Role, Staff
from gateway.app.wiring.active_rules import ActiveRules
from gateway.app.wiring.store import build_store
from gateway.auth.authenticate import CheckLimits, TrustPolicy
from gateway.auth.authentication_results.trusted_relay import TrustedRelay
from gateway.auth.dns.resolver import Resolver
from gateway.inbound.daily_octets import DailyOctets
from gateway.inbound.front import Front
from gateway.inbound.receive import Receiver
from gateway.inbound.record.submission import Submit
from gateway.inbound.screening import LocalScreener
from gateway.mail import address
from gateway.mail.message import Caps
from gateway.mail.smtp.mailboxes import Mailboxes
from gateway.net.dns.resolver import DnsResolver
from gateway.net.smtp.limits.rate_limit import RateLimiter
from gateway.net.smtp.limits.resource_usage import Limits, count_fronts, count_handled_times
from gateway.net.smtp.relays.trusted import RelayProtocol, Relays
from gateway.outbound.retry import Schedule, build_backoff
from gateway.settings import Settings
from gateway.settings.model import StaffMember
from gateway.store.privacy.retention import Periods
from gateway.store.protocol import Store


def utc_now() -> datetime:
    """The only clock."""
    return datetime.now(UTC)


def build_receiver(
    config: Settings,
    active_rules: ActiveRules,
    store: Store | None = None,
    wake: Callable[[], None] = lambda: None,
) -> Receiver:
    """The writer half of the path in; without an open store it can only plan."""
    return Receiver(
        store or build_store(config),
        build_desk(config, active_rules),
        active_rules.rules,
        entropy=secrets.token_bytes,
        allow=RateLimiter(config.limits.mails_per_domain_per_hour).allow,
        most_octets=DailyOctets(config.limits.unproven_bytes_per_day, config.limits.proven_bytes_per_day),
        wake=wake,
    )


def build_front(config: Settings, resolver: Resolver, submit: Submit) -> Front:
    """The front half of the path in, in this process, with `submit` as the way to the writer."""
    mailboxes = build_mailboxes(config)
    screener = LocalScreener(
        resolver,
        mailboxes,
        build_trust_policy(config),
        build_check_limits(config),
        config.desk.help_link,
    )
    return Front(screener, mailboxes, submit)


def build_trust_policy(config: Settings) -> TrustPolicy:
    """Relays of our own side and ARC sealers, as listed."""
    listed = config.trust
    networks = tuple(ip_network(text) for text in listed.relay_addresses)
    names = frozenset(name.lower() for name in listed.relay_authserv_ids)
    sealers = frozenset(name.lower() for name in listed.arc_sealers)
    return TrustPolicy(TrustedRelay(networks, names) if names else None, sealers)


def build_relays(config: Settings) -> Relays:
    """The relays as the listener knows them."""
    networks = tuple(ip_network(text) for text in config.trust.relay_addresses)
    return Relays(networks, RelayProtocol(config.trust.relay_protocol))


def build_limits(config: Settings) -> Limits:
    """The limits of the listener."""
    theirs = {field.name for field in fields(Limits)}
    given = {name: value for name, value in asdict(config.limits).items() if name in theirs}
    return Limits(**given, handled_times=count_handled_times(count_fronts(config.listen.front_processes)))


def build_check_limits(config: Settings) -> CheckLimits:
    """The limits of examining one mail."""
    limits = config.limits
    return CheckLimits(
        Caps(
            limits.header_bytes,
            limits.field_bytes,
            limits.header_fields,
            limits.mime_parts,
            limits.mime_depth,
        ),
        limits.checks_s,
    )


def build_resolver(config: Settings) -> DnsResolver:
    """The resolver."""
    return DnsResolver.from_lifetime(config.limits.dns_query_s, config.dns.nameservers, config.dns.port)


def build_retention_periods(config: Settings) -> Periods:
    """How long personal data is kept."""
    days = config.retention
    return Periods(
        raw_mail=timedelta(days=days.raw_mail_days),
        unassigned=timedelta(days=days.loose_days),
        case=timedelta(days=days.case_days),
        tombstone=timedelta(days=days.tombstone_days),
        backup=timedelta(days=days.backup_days),
    )


def hostname(config: Settings) -> str:
    """The name that the gateway gives in SMTP."""
    return config.listen.hostname or config.desk.domain


def build_mailboxes(config: Settings) -> Mailboxes:
    """The mailboxes that the desk serves."""
    return Mailboxes(config.desk.domain, config.desk.request)


def build_schedule(config: Settings) -> Schedule:
    """When letters are tried again, and how many are in hand at a time.

    Four letters a connection are kept ready, so that no connection waits for the store.
    """
    delivery = config.delivery
    return Schedule(
        backoff=build_backoff(delivery.retry_minutes),
        give_up_after=timedelta(days=delivery.give_up_days),
        slots=4 * delivery.connections,
        per_domain=delivery.per_domain if delivery.transport == "mx" else 0,
    )


def build_caps(config: Settings) -> LetterCaps:
    """How many letters one cause brings."""
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
        # A summary leaves while the words that it tells of can be taken back for as long again.
        receipt_spacing=min(timedelta(hours=1), timedelta(minutes=config.desk.undo_minutes) / 2),
    )


def build_desk(config: Settings, active_rules: ActiveRules) -> Desk:
    """The desk's values for the rules."""
    return replace(
        build_plain_desk(config),
        review=active_rules.review,
        confirmer=active_rules.judge_confirmer,
        claimed_domains=active_rules.claimed_domains,
        knows_organisation=active_rules.knows_organisation,
        find_code=active_rules.find_code,
    )


def build_plain_desk(config: Settings) -> Desk:
    """The same without what only the register and the rules know: for those who just look."""
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
    """The members of the office, in their order."""
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
