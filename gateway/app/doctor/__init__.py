"""Is all well with this gateway and with what it needs: one finding a fact, each with what to do."""

from __future__ import annotations

from gateway.app.doctor import background, dns_records, host, network, staff_domains
from gateway.app.doctor.check import EXIT_CODES, Check, Finding, Level, Subject, examine, worst

__all__ = [
    "BY_SERVICE",
    "CHECKS",
    "EXIT_CODES",
    "NETWORK",
    "Check",
    "Finding",
    "Level",
    "Subject",
    "examine",
    "worst",
]

NETWORK: tuple[tuple[str, Check], ...] = (
    ("dns.address", dns_records.address),
    ("dns.mx", dns_records.mx_record),
    ("dns.spf", dns_records.spf_record),
    ("dns.dkim", dns_records.dkim_record),
    ("dns.dmarc", dns_records.dmarc_policy),
    ("dns.ptr", dns_records.reverse),
    ("resolver", network.resolvers),
    ("listen", network.listening),
    ("way out", network.way_out),
    ("staff", staff_domains.staff),
)
MACHINE: tuple[tuple[str, Check], ...] = (
    ("settings", host.settings),
    ("tls", host.certificate),
    ("clock", network.clock),
    ("disk", host.disk),
    ("database", host.database),
    ("backup", host.backup),
    ("templates", host.templates),
    ("libraries", host.libraries),
)
CHECKS = (*NETWORK, *MACHINE)
# Without a network: the service tells what it saw.
BY_SERVICE: tuple[tuple[str, Check], ...] = ((background.CHECK, background.told), *MACHINE)
