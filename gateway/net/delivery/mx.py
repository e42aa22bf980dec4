"""Direct delivery to the recipient's mail servers, in order of MX preference (RFC 5321 section 5).

DNS data of other domains decides where mail is sent, so the courier never connects to an address that is
not global, or to this gateway: it could be a machine on the local network.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from time import monotonic

from gateway.auth.dns import mx
from gateway.auth.dns.resolver import Resolver, TempFail
from gateway.mail.address import Address, is_domain
from gateway.mail.text import remote_text
from gateway.net.delivery.smarthost import ATTEMPT_TIMEOUT_S, is_listed_domain
from gateway.net.delivery.smtp_client import (
    Remote,
    Session,
    SessionLostError,
    UnreachableError,
    open_session,
)
from gateway.outbound.protocols import Delivery, Outcome

MAX_ADDRESSES = 6
# A domain whose servers could not be reached is not retried during this time.
DOWN_S = 60.0
MAX_DOWN = 1_000

NOWHERE = "the domain has no publicly reachable mail server"
LOOP = "the domain's mail servers point back to this gateway"


@dataclass(frozen=True, slots=True)
class MxAddress:
    """The name of a mail server and one of its addresses."""

    host: str
    address: str


class MxCourier:
    """Courier that looks up the mail servers of a domain and tries them in order.

    `inside` permits delivery to private networks and to this gateway, for tests on loopback; no setting sets
    it.
    """

    def __init__(
        self,
        resolver: Resolver,
        hostname: str,
        *,
        tls: str = "opportunistic",
        port: int = 25,
        require_tls: Iterable[str] = (),
        own_names: Iterable[str] = (),
        ca_file: str = "",
        inside: bool = False,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._resolver = resolver
        self._hostname = hostname.lower()
        self._tls = tls
        self._port = port
        self._require_tls = frozenset(require_tls)
        self._own_names = frozenset({self._hostname, *(name.lower() for name in own_names)})
        self._ca_file = ca_file
        self._inside = inside
        self._clock = clock
        self._down: dict[str, tuple[float, Delivery]] = {}

    async def deliver(self, reverse_path: Address, forward_path: Address, raw: bytes) -> Delivery:
        """See `gateway.outbound.protocols.Courier`. The next host is tried only after a deferral."""
        domain = forward_path.domain
        until, before = self._down.get(domain, (0.0, None))
        if before is not None and self._clock() < until:
            return before
        try:
            async with asyncio.timeout(ATTEMPT_TIMEOUT_S):
                return await self._attempt(domain, reverse_path, forward_path, raw)
        except TempFail as error:
            return self._mark_unreachable(domain, f"DNS: {error}")
        except TimeoutError:
            return self._mark_unreachable(domain, f"{domain}: timed out after {ATTEMPT_TIMEOUT_S:g} s")

    async def close(self) -> None:
        """Do nothing: no connection is kept."""

    async def _attempt(
        self, domain: str, reverse_path: Address, forward_path: Address, raw: bytes
    ) -> Delivery:
        places = await self._resolve_addresses(domain)
        if isinstance(places, Delivery):
            return places
        delivery, reached = Delivery(Outcome.DEFERRED, "no host responded"), False
        for place in places[:MAX_ADDRESSES]:
            try:
                delivery = await self._deliver_to(place, reverse_path, forward_path, raw)
            except (UnreachableError, SessionLostError) as error:
                delivery = Delivery(Outcome.DEFERRED, remote_text(str(error)))
                continue
            reached = True
            if delivery.outcome is not Outcome.DEFERRED:
                return delivery
        return delivery if reached else self._mark_unreachable(domain, delivery.reply)

    async def _deliver_to(
        self, place: MxAddress, reverse_path: Address, forward_path: Address, raw: bytes
    ) -> Delivery:
        tls = "required" if is_listed_domain(forward_path.domain, self._require_tls) else self._tls
        remote = Remote(place.host, self._port, tls, address=place.address, ca_file=self._ca_file)
        session = await open_session(remote, self._hostname)
        try:
            if self._is_ourselves(session):
                return Delivery(Outcome.REFUSED, LOOP)
            return await session.send(reverse_path, forward_path, raw)
        finally:
            session.send_quit()

    def _is_ourselves(self, session: Session) -> bool:
        """Detect a loop by the host name in the EHLO reply, or by identical addresses at both ends."""
        return not self._inside and (session.ehlo_name in self._own_names or session.is_self_connection)

    async def _resolve_addresses(self, domain: str) -> list[MxAddress] | Delivery:
        """Return the addresses of up to `mx.MAX_HOSTS` servers in order of preference. Raises TempFail."""
        answer = await self._resolver.resolve(domain, "MX")
        if answer.fault:
            return Delivery(Outcome.REFUSED, NOWHERE)
        names = mx.parse_hosts(answer.records) if answer.records else [domain]
        hosts = [name for name in names if is_domain(name)][: mx.MAX_HOSTS]
        if not self._inside and self._own_names & set(hosts):
            # RFC 5321 section 5.1: from our own entry onwards, every server leads back to us.
            hosts = hosts[: min(hosts.index(name) for name in self._own_names & set(hosts))]
            if not hosts:
                return Delivery(Outcome.REFUSED, LOOP)
        asked = await asyncio.gather(*(self._resolve_host(host) for host in hosts))
        places = [
            MxAddress(host, found) for host, each in zip(hosts, asked, strict=True) for found in each or ()
        ]
        if not places and None in asked:
            raise TempFail(f"DNS lookup of {domain}'s mail servers failed")
        return places or Delivery(Outcome.REFUSED, NOWHERE)

    async def _resolve_host(self, host: str) -> list[str] | None:
        """Return the permitted addresses of a host, or None if DNS failed and none was found."""
        found: list[str] = []
        failed = False
        for rtype in ("A", "AAAA"):
            try:
                answer = await self._resolver.resolve(host, rtype)
            except TempFail:
                failed = True
                continue
            found += [text for text in answer.records if self._inside or is_global_address(text)]
        return None if failed and not found else found

    def _mark_unreachable(self, domain: str, why: str) -> Delivery:
        if len(self._down) >= MAX_DOWN:
            self._down.clear()
        delivery = Delivery(Outcome.DEFERRED, remote_text(why))
        self._down[domain] = (self._clock() + DOWN_S, delivery)
        return delivery


def is_global_address(text: str) -> bool:
    """Return whether an address is global unicast; IPv4 addresses embedded in IPv6 are unwrapped first."""
    try:
        found = mx.unwrap_ipv4(ip_address(text))
    except ValueError:
        return False
    return found.is_global and not found.is_multicast
