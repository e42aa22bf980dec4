"""The checks of `gateway doctor`: the gateway and its dependencies, each finding with a remedy."""

from __future__ import annotations

from gateway.app.doctor import (
    background,
    cluster,
    host,
    installation,
    network,
    practice,
)
from gateway.app.doctor.check import EXIT_CODES, Check, CheckResult, Level, Subject, run_checks, worst
from gateway.app.doctor.domains import dns_records, staff_domains

__all__ = [
    "BY_SERVICE",
    "CHECKS",
    "EXIT_CODES",
    "NETWORK",
    "WITH_SECRETS",
    "Check",
    "CheckResult",
    "Level",
    "Subject",
    "run_checks",
    "worst",
]

# What the service itself checks: the network, and its credentials.
NETWORK: tuple[tuple[str, Check], ...] = (
    ("dns.address", dns_records.check_address),
    ("dns.mx", dns_records.check_mx),
    ("dns.spf", dns_records.check_spf),
    ("dns.helo", dns_records.check_helo),
    ("dns.dkim", dns_records.check_dkim),
    ("dns.dmarc", dns_records.check_dmarc),
    ("dns.ptr", dns_records.check_ptr),
    ("resolver", network.check_resolvers),
    ("listen", network.check_listener),
    ("outbound", network.check_outbound),
    ("staff", staff_domains.check_staff_domains),
    ("tls", host.check_certificate),
)
HOST: tuple[tuple[str, Check], ...] = (
    ("settings", host.check_settings),
    ("installation", installation.check_installation),
    ("clock", network.check_clock),
    ("disk", host.check_disk),
    ("database", host.check_database),
    ("copies", cluster.check_copies),
    ("nodes", cluster.check_nodes),
    ("practice", practice.check_practice),
    ("backup", host.check_backup),
    ("templates", host.check_templates),
    ("libraries", host.check_libraries),
)
CHECKS = (*NETWORK, *HOST)
# Checks that read a key or certificate: the service reports the result if this user cannot read it.
WITH_SECRETS = frozenset({"dns.dkim", "outbound", "tls"})
# Checks without network and secrets, including the last result of the service.
BY_SERVICE: tuple[tuple[str, Check], ...] = ((background.CHECK, background.read_last_run), *HOST)
