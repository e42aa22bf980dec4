"""Checks of the network: resolvers, our own port, outgoing mail, and the clock."""

from __future__ import annotations

import asyncio
import ctypes
from collections.abc import Iterable
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from pathlib import Path

import dns.asyncquery
import dns.exception
import dns.flags
import dns.message
import dns.resolver

from gateway.app.doctor.check import CheckResult, Level, Subject, error, ok, warning
from gateway.app.wiring.transports import build_smarthost
from gateway.app.wiring.values import hostname
from gateway.auth.authentication_results.trusted_relay import is_in_networks
from gateway.mail import address
from gateway.net.delivery.smtp_client import Remote, UnreachableError, open_session
from gateway.settings import Settings

UNBOUND = 'apt install unbound, then set dns.nameservers = ["127.0.0.1"]'
# A correct clock cannot show a time before this version was written.
BUILT = datetime(2026, 11, 1, tzinfo=UTC)
PATIENCE_S = 5.0
_CLOCK_ERROR_STATE = 5  # adjtimex(2), TIME_ERROR: not synchronized
# struct timex has 208 octets on 64-bit Linux; `modes` at its beginning is 0: change nothing.
_TIMEX_BYTES = 512


async def check_resolvers(subject: Subject) -> Iterable[CheckResult]:
    """Check that the resolvers answer and validate, and that nobody can tamper with the answers."""
    config = subject.config.dns
    servers = list(config.nameservers) or system_nameservers()
    if not servers:
        return [error("resolver", "no resolver is configured", UNBOUND)]
    return await asyncio.gather(*(_resolver(server, config.port, len(servers)) for server in servers))


async def _resolver(server: str, port: int, count: int) -> CheckResult:
    try:
        validates = await validates_dnssec(server, port)
    except (OSError, dns.exception.DNSException) as trouble:
        text, to_do = (
            f"no answer from {server} port {port} ({type(trouble).__name__})",
            "repair or replace it",
        )
        return error("resolver", text, to_do) if count == 1 else warning("resolver", text, to_do)
    if not validates and ip_address(server).is_loopback:
        to_do = (
            "enable DNSSEC validation (the default for unbound on Debian), and check the resolver's log for "
            "a missing root trust anchor"
        )
        return warning("resolver", f"{server} does not validate DNSSEC: answers can be forged", to_do)
    if not validates:
        return warning("resolver", f"{server} does not validate DNSSEC: answers can be forged", UNBOUND)
    if not ip_address(server).is_loopback:
        text = f"{server} validates DNSSEC, but its answers cross the network and can be forged in transit"
        return warning("resolver", text, UNBOUND)
    return ok("resolver", f"{server} responds and validates DNSSEC")


async def validates_dnssec(server: str, port: int) -> bool:
    """Return whether a resolver validates: the root is signed, and AD is requested (RFC 6840 section 5.7).

    Raises OSError or dns.exception.DNSException if it does not answer.
    """
    query = dns.message.make_query(".", "SOA", want_dnssec=False)
    query.flags |= dns.flags.AD
    answer = await dns.asyncquery.udp(query, server, timeout=PATIENCE_S, port=port)
    return bool(answer.flags & dns.flags.AD)


def system_nameservers() -> list[str]:
    """Return the resolvers of the system."""
    try:
        return [str(server) for server in dns.resolver.Resolver().nameservers]
    except dns.exception.DNSException:
        return []


async def check_listener(subject: Subject) -> Iterable[CheckResult]:
    """Check that our own gateway answers on our port."""
    check, config = "listen", subject.config
    port = config.listen.port
    place = find_own_place(config)
    both = " ".join(map(subject.units.name, ("gateway.socket", "gateway.service")))
    try:
        if is_taken_for_proxy(config, place):
            _, writer = await asyncio.open_connection(place, port)
            writer.close()
            return [
                ok(
                    check,
                    f"{place} port {port} accepts connections; SMTP not tested, because it expects a proxy",
                )
            ]
        session = await open_session(Remote(place, port, "none"), hostname(config))
    except (UnreachableError, OSError) as trouble:
        if not await asyncio.to_thread(Path(config.store.path).exists):
            return [ok(check, f"not started yet: systemctl enable --now {both}")]
        to_do = f"systemctl status {both}; journalctl -u {subject.units.name()}"
        return [error(check, f"{place} port {port} does not respond: {trouble}", to_do)]
    starttls = session.has_extension("starttls")
    session.send_quit()
    if config.listen.tls_certificate and not starttls:
        to_do = f"systemctl restart {subject.units.name()}to load the certificate"
        return [error(check, f"{place} port {port} responds, but does not offer STARTTLS", to_do)]
    return [ok(check, f"{place} port {port} responds{' and offers STARTTLS' if starttls else ''}")]


def find_own_place(config: Settings) -> str:
    """Return the address at which our own port can be reached from here."""
    host = config.listen.host
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound


def is_taken_for_proxy(config: Settings, place: str) -> bool:
    """Return whether a connection from here counts as the proxy, which has to send its header first."""
    networks = map(ip_network, config.trust.relay_addresses)
    return config.trust.relay_protocol == "proxy" and is_in_networks(place, tuple(networks))


async def check_outbound(subject: Subject) -> Iterable[CheckResult]:
    """Check that letters can be sent."""
    transport = subject.config.delivery.transport
    if transport == "smarthost":
        return [await _smarthost(subject.config)]
    if transport == "mx":
        return [await _port_25(subject)]
    return []


async def _smarthost(config: Settings) -> CheckResult:
    check, delivery = "smarthost", config.delivery
    said = f"{delivery.host} port {delivery.port}"
    try:
        session = await open_session(await asyncio.to_thread(build_smarthost, config), hostname(config))
    except UnreachableError as trouble:
        to_do = (
            "correct the delivery settings or repair the smarthost; until then, outgoing mail stays queued"
        )
        return error(check, f"{said} (tls {delivery.tls}): {trouble}", to_do)
    facts = "TLS" if session.is_encrypted else "unencrypted"
    session.send_quit()
    return ok(check, f"{said} responds, {facts}{', password accepted' if delivery.username else ''}")


async def _port_25(subject: Subject) -> CheckResult:
    """Check port 25, which many providers block: a mail server of the staff's own domains must answer."""
    check, names = "port 25", {address.parse(one.address).domain for one in subject.config.staff}
    told = []
    for name in sorted(names):
        for record in (await subject.resolver.resolve(name, "MX")).records[:2]:
            host = record.partition(" ")[2]
            try:
                session = await open_session(Remote(host, 25, "none"), hostname(subject.config))
            except UnreachableError as trouble:
                told.append(str(trouble))
            else:
                session.send_quit()
                return ok(check, f"{host} responds")
    to_do = 'ask the provider to open outgoing port 25, or use a smarthost (delivery.transport = "smarthost")'
    return error(check, f"none of the staff's mail servers responds ({', '.join(told) or 'no MX'})", to_do)


async def check_clock(subject: Subject) -> Iterable[CheckResult]:
    """Check the clock, which signatures and due dates depend on."""
    check = "clock"
    if subject.now < BUILT:
        return [
            error(
                check,
                f"the clock shows {subject.now:%Y-%m-%d}, before this version's release date",
                "set the clock",
            )
        ]
    kept = subject.synchronised()
    if kept is None:
        text = f"it is {subject.now:%Y-%m-%d %H:%M} UTC; synchronisation cannot be checked here"
        return [CheckResult(check, Level.UNKNOWN, text, "run timedatectl as root")]
    if not kept:
        to_do = "timedatectl set-ntp true (apt install systemd-timesyncd or chrony)"
        return [warning(check, "the clock is not synchronised", to_do)]
    return [ok(check, "synchronised")]


def is_clock_synchronised() -> bool | None:
    """Return whether the kernel's clock is synchronized, by adjtimex(2) in read-only mode.

    None if the kernel does not report it (forbidden by a sandbox, or another system).
    """
    try:
        state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
    except (OSError, AttributeError):
        return None
    return None if state < 0 else state != _CLOCK_ERROR_STATE
