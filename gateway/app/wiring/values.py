"""The values and objects that the settings describe, each built by a small function."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta
from ipaddress import ip_network

from msgspec.structs import asdict

from gateway.admission.case.model import Desk
from gateway.app.wiring.active_rules import ActiveRules
from gateway.app.wiring.desk import build_plain_desk
from gateway.auth.authenticate import CheckLimits, TrustPolicy
from gateway.auth.authentication_results.trusted_relay import TrustedRelay
from gateway.mail.message import Caps
from gateway.mail.smtp.mailboxes import Mailboxes
from gateway.net.dns.resolver import DnsResolver
from gateway.net.smtp.limits.resource_usage import Limits, count_fronts, count_handled_times
from gateway.net.smtp.relays.trusted import RelayProtocol, Relays
from gateway.outbound.retry import Schedule, build_backoff
from gateway.settings import Settings
from gateway.store.privacy.retention import Periods


def build_trust_policy(config: Settings) -> TrustPolicy:
    """Return the trusted relays and ARC sealers."""
    listed = config.trust
    networks = tuple(ip_network(text) for text in listed.relay_addresses)
    names = frozenset(name.lower() for name in listed.relay_authserv_ids)
    sealers = frozenset(name.lower() for name in listed.arc_sealers)
    return TrustPolicy(TrustedRelay(networks, names) if names else None, sealers)


def build_relays(config: Settings) -> Relays:
    """Return the relays for the listener."""
    networks = tuple(ip_network(text) for text in config.trust.relay_addresses)
    return Relays(networks, RelayProtocol(config.trust.relay_protocol))


def build_limits(config: Settings) -> Limits:
    """Return the limits of the listener."""
    theirs = {field.name for field in fields(Limits)}
    given = {name: value for name, value in asdict(config.limits).items() if name in theirs}
    return Limits(**given, handled_times=count_handled_times(count_fronts(config.listen.front_processes)))


def build_check_limits(config: Settings) -> CheckLimits:
    """Return the limits of checking a mail."""
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
    """Build the resolver."""
    return DnsResolver.from_lifetime(config.limits.dns_query_s, config.dns.nameservers, config.dns.port)


def build_retention_periods(config: Settings) -> Periods:
    """Return the retention periods of personal data."""
    days = config.retention
    return Periods(
        raw_mail=timedelta(days=days.raw_mail_days),
        unassigned=timedelta(days=days.loose_days),
        case=timedelta(days=days.case_days),
        tombstone=timedelta(days=days.tombstone_days),
        backup=timedelta(days=days.backup_days),
    )


def hostname(config: Settings) -> str:
    """Return the name of the gateway in SMTP."""
    return config.listen.hostname or config.desk.domain


def build_mailboxes(config: Settings) -> Mailboxes:
    """Return the mailboxes of the desk."""
    return Mailboxes(config.desk.domain, config.desk.request)


def build_schedule(config: Settings) -> Schedule:
    """Return when letters are retried, and how many are in hand at a time.

    Four letters per connection are kept ready, so that no connection waits for the store.
    """
    delivery = config.delivery
    return Schedule(
        backoff=build_backoff(delivery.retry_minutes),
        give_up_after=timedelta(days=delivery.give_up_days),
        slots=4 * delivery.connections,
        per_domain=delivery.per_domain if delivery.transport == "mx" else 0,
    )


def build_desk(config: Settings, active_rules: ActiveRules) -> Desk:
    """Build the desk's values for the rules."""
    return replace(
        build_plain_desk(config),
        review=active_rules.review,
        confirmer=active_rules.judge_confirmer,
        claimed_domains=active_rules.claimed_domains,
        knows_organisation=active_rules.knows_organisation,
        find_code=active_rules.find_code,
    )
