"""Is all well with this gateway and with what it needs: one finding a fact, each with what to do."""

from __future__ import annotations

from gateway.app.doctor import machine, network, own_dns, people
from gateway.app.doctor.finding import EXIT_CODES, Check, Finding, Level, Subject, examine, worst

__all__ = ["CHECKS", "EXIT_CODES", "Finding", "Level", "Subject", "examine", "worst"]

CHECKS: tuple[tuple[str, Check], ...] = (
    ("settings", machine.settings),
    ("dns.address", own_dns.address),
    ("dns.mx", own_dns.mx_record),
    ("dns.spf", own_dns.spf_record),
    ("dns.dkim", own_dns.dkim_record),
    ("dns.dmarc", own_dns.dmarc_policy),
    ("dns.ptr", own_dns.reverse),
    ("resolver", network.resolvers),
    ("listen", network.listening),
    ("tls", machine.certificate),
    ("way out", network.way_out),
    ("staff", people.staff),
    ("clock", network.clock),
    ("disk", machine.disk),
    ("database", machine.database),
    ("backup", machine.backup),
    ("templates", machine.templates),
    ("libraries", machine.libraries),
)
