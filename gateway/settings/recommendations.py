"""Permitted but probably unintended values: warnings of `gateway config check` and `gateway doctor`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from pathlib import Path

from gateway.net.host.desk_units import find_units
from gateway.net.smtp.limits.resource_usage import PROCESS_BYTES, count_fronts
from gateway.settings.model import Settings
from gateway.store.sqlite.store import VACUUM_MAX_BYTES

# Larger networks than these also contain other people's machines.
_LARGEST_RELAY_NETWORK = {4: 16, 6: 48}


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A recommendation: a key, what is doubtful about it, and what to do."""

    key: str
    text: str
    to_do: str


def list_recommendations(settings: Settings, memory_max: int | None = None) -> tuple[Recommendation, ...]:
    """Return all warnings in the order of the file.

    `memory_max` is the unit's limit in octets, None if unknown.
    """
    warnings = (*_desk(settings), *_listen(settings), *_delivery(settings), *_rest(settings))
    return (*warnings, *_memory(settings, memory_max))


def _desk(settings: Settings) -> Iterator[Recommendation]:
    if not settings.desk.contact:
        yield Recommendation(
            "desk.contact", "outgoing mail contains no contact information", "add a telephone number"
        )
    if not settings.desk.rules_link:
        yield Recommendation(
            "desk.rules_link",
            "applicants are asked to consent to rules but are not sent a link to them",
            "set the URL of the page with the rules",
        )
    if sum(person.role == "decide" for person in settings.staff) == 1:
        yield Recommendation(
            "staff",
            "only one person can decide, and nobody may decide their own application",
            'add a second [[staff]] table with role = "decide"',
        )


def _listen(settings: Settings) -> Iterator[Recommendation]:
    if not settings.listen.tls_certificate:
        yield Recommendation(
            "listen.tls_certificate",
            "applications arrive unencrypted over the Internet",
            "set a certificate and its key to offer STARTTLS",
        )
    if settings.listen.examiners:
        yield Recommendation(
            "listen.examiners",
            "this key from 0.1 has no effect and will be rejected from 0.3 on",
            'remove it; it has been replaced by listen.front_processes, where "auto" suits most machines',
        )


def _delivery(settings: Settings) -> Iterator[Recommendation]:
    delivery = settings.delivery
    if delivery.transport == "maildir":
        yield Recommendation(
            "delivery.transport",
            "outgoing mail is written to files and not delivered",
            'use "smarthost" or "mx"',
        )
    elif not delivery.dkim_key:
        yield Recommendation(
            "delivery.dkim_key",
            "mail is sent unsigned; large mail providers reject such mail or classify it as spam",
            "create a key (`gateway init` does) and publish the record that `gateway dns` shows",
        )
    if (
        delivery.transport == "smarthost"
        and _is_own_address(delivery.host, settings.listen.host)
        and delivery.port == settings.listen.port
    ):
        yield Recommendation(
            "delivery.host",
            f"{delivery.host} port {delivery.port} is the gateway itself: outgoing mail would loop",
            'set the smarthost, or use delivery.transport = "mx", or make the gateway listen on another port',
        )
    weak = delivery.tls in {"none", "opportunistic"}
    if delivery.username and weak and not is_local_host(delivery.host):
        yield Recommendation(
            "delivery.tls",
            f"the password for {delivery.host} may be sent unencrypted ({delivery.tls})",
            'use "required" (STARTTLS, port 587) or "implicit" (port 465)',
        )


def _rest(settings: Settings) -> Iterator[Recommendation]:
    link = settings.invitation.join_link
    if "replace-me" in link:
        yield Recommendation(
            "invitation.join_link", "this is the link from the example", "set your community's link"
        )
    elif link.startswith("http://"):
        yield Recommendation("invitation.join_link", "the link is not encrypted", "use an https:// link")
    for text in settings.trust.relay_addresses:
        network = ip_network(text)
        if network.prefixlen < _LARGEST_RELAY_NETWORK[network.version]:
            yield Recommendation(
                "trust.relay_addresses",
                f"everyone who sends from {network} is trusted to report authentication results",
                "list the addresses of your own mail servers only",
            )


def _memory(settings: Settings, memory_max: int | None) -> Iterator[Recommendation]:
    """Warn if the service may need more memory than systemd permits.

    It needs memory for all processes, all mails in flight, and a database that is compacted in memory after
    an erasure.
    """
    processes = 1 + count_fronts(settings.listen.front_processes)
    wanted = processes * PROCESS_BYTES + settings.limits.in_flight_bytes + VACUUM_MAX_BYTES
    if memory_max is not None and wanted > memory_max:
        unit = find_units(Path(settings.store.path)).name()
        yield Recommendation(
            "limits.in_flight_bytes",
            f"{processes} processes of {PROCESS_BYTES // 1_000_000} MB, messages in progress and erasure "
            f"(up to {VACUUM_MAX_BYTES // 1_000_000} MB may take "
            f"{wanted // 1_000_000} MB, but the unit's MemoryMax is {memory_max // 1_000_000} MB",
            f"raise MemoryMax (systemctl edit {unit}), or lower limits.in_flight_bytes",
        )


def _is_own_address(host: str, listening: str) -> bool:
    """Return whether `host` is the gateway itself, which listens on one address or on all."""
    if not is_local_host(host):
        return host == listening
    return is_local_host(listening) or ip_address(listening).is_unspecified


def is_local_host(host: str) -> bool:
    """Return whether a name or an address is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
