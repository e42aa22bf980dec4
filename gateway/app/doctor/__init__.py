"""Is all well with this gateway and with what it needs: one finding a fact, each with what to do."""

from __future__ import annotations

from gateway.app.doctor import machine, network, own_dns, people, rounds
from gateway.app.doctor.finding import EXIT_CODES, Check, Finding, Level, Subject, examine, worst

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
    ("dns.address", own_dns.address),
    ("dns.mx", own_dns.mx_record),
    ("dns.spf", own_dns.spf_record),
    ("dns.dkim", own_dns.dkim_record),
    ("dns.dmarc", own_dns.dmarc_policy),
    ("dns.ptr", own_dns.reverse),
    ("resolver", network.resolvers),
    ("listen", network.listening),
    ("way out", network.way_out),
    ("staff", people.staff),
)
MACHINE: tuple[tuple[str, Check], ...] = (
    ("settings", machine.settings),
    ("tls", machine.certificate),
    ("clock", network.clock),
    ("disk", machine.disk),
    ("database", machine.database),
    ("backup", machine.backup),
    ("templates", machine.templates),
    ("libraries", machine.libraries),
)
CHECKS = (*NETWORK, *MACHINE)
# Without a network: the service tells what it saw.
BY_SERVICE: tuple[tuple[str, Check], ...] = ((rounds.CHECK, rounds.told), *MACHINE)
