"""The parts of the front processes: settings as picklable values, files as their octets."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from gateway.app.wiring.log import build_hider
from gateway.app.wiring.values import (
    build_check_limits,
    build_limits,
    build_mailboxes,
    build_relays,
    build_trust_policy,
    hostname,
)
from gateway.auth.authenticate import CheckLimits, TrustPolicy
from gateway.inbound.front import Front
from gateway.inbound.record.submission import Submit
from gateway.inbound.screening import LocalScreener
from gateway.mail.smtp.mailboxes import Mailboxes, Purpose
from gateway.net.dns.resolver import DnsResolver
from gateway.net.fronts.blueprint import Blueprint, TlsMaterial
from gateway.settings import Settings, SettingsError


@dataclass(frozen=True, slots=True)
class FrontParts:
    """Builder of the front half of incoming mail, called where it is unpickled.

    `nameservers` are as in `DnsResolver.from_lifetime`.
    """

    mailboxes: Mailboxes
    trust: TrustPolicy
    bounds: CheckLimits
    help_page: str
    nameservers: tuple[str, ...]
    dns_port: int
    dns_query_s: float

    def __call__(self, submit: Submit) -> Front:
        """Build a front with its own resolver."""
        resolver = DnsResolver.from_lifetime(self.dns_query_s, self.nameservers, self.dns_port)
        screener = LocalScreener(resolver, self.mailboxes, self.trust, self.bounds, self.help_page)
        return Front(screener, self.mailboxes, submit)


def build_blueprint(config: Settings) -> Blueprint:
    """Build one generation for the fronts. Raises SettingsError."""
    mailboxes = build_mailboxes(config)
    return Blueprint(
        FrontParts(
            mailboxes,
            build_trust_policy(config),
            build_check_limits(config),
            config.desk.help_link,
            config.dns.nameservers,
            config.dns.port,
            config.limits.dns_query_s,
        ),
        hostname(config),
        build_limits(config),
        build_relays(config),
        mailboxes.address(Purpose.POSTMASTER),
        _read_tls(config),
        Path(config.store.path).parent,
        logging.getLevelName(logging.getLogger().getEffectiveLevel()),
        None if config.log.addresses else build_hider(Path(config.store.path)),
    )


def _read_tls(config: Settings) -> TlsMaterial | None:
    listen = config.listen
    if not listen.tls_certificate:
        return None
    try:
        return TlsMaterial(Path(listen.tls_certificate).read_bytes(), Path(listen.tls_key).read_bytes())
    except OSError as error:
        raise SettingsError(f"listen.tls_certificate: {error.filename}: {error.strerror}") from error
