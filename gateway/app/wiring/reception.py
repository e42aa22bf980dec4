"""Builds the path of incoming mail. What only reads the settings does not load it: the rules are heavy."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from gateway.app.wiring.active_rules import ActiveRules
from gateway.app.wiring.database.store import build_store
from gateway.app.wiring.values import build_check_limits, build_desk, build_mailboxes, build_trust_policy
from gateway.auth.dns.resolver import Resolver
from gateway.inbound.counters.daily_octets import DailyOctets
from gateway.inbound.front import Front
from gateway.inbound.receive import Receiver
from gateway.inbound.record.submission import Submit
from gateway.inbound.screening import LocalScreener
from gateway.net.smtp.limits.rate_limit import RateLimiter
from gateway.settings import Settings
from gateway.store.protocol import Store


def build_receiver(
    config: Settings,
    active_rules: ActiveRules,
    store: Store | None = None,
    wake: Callable[[], None] = lambda: None,
) -> Receiver:
    """Build the writer half of incoming mail; without an open store it can only plan."""
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
    """Build the front half of incoming mail in this process; `submit` passes mail to the writer."""
    mailboxes = build_mailboxes(config)
    screener = LocalScreener(
        resolver,
        mailboxes,
        build_trust_policy(config),
        build_check_limits(config),
        config.desk.help_link,
    )
    return Front(screener, mailboxes, submit)
