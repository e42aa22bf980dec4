"""Checks whether a domain can receive mail from the Internet (RFC 5321 section 5.1, RFC 7505).

Hosts with addresses in private networks only do not count: we would send the mail to ourselves.
"""

from __future__ import annotations

import asyncio
from enum import Enum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from gateway.auth.dns.resolver import Resolver, TempFail
from gateway.auth.results import MxState
from gateway.mail.address import is_domain
from gateway.memoize import memoize

MAX_HOSTS = 5
MAX_ADDRESS_CHARS = 45  # an IPv6 address that ends in an IPv4 address
# IANA special-purpose registries (RFC 6890): addresses that are, or could be, in our own network. The
# documentation ranges are not listed: they lead nowhere, and examples use them.
_INSIDE = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
        "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4",
        "::/127", "64:ff9b:1::/48", "100::/64", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    )
)  # fmt: skip
_NAT64 = ip_network("64:ff9b::/96")


async def check(domain: str, resolver: Resolver, *, allow_loopback: bool = False) -> MxState:
    """Look up the best five MX, or the domain's own address if there is no MX.

    `allow_loopback` accepts loopback addresses. Returns TEMP if a query failed and no other answer decides.
    """
    try:
        answer = await resolver.resolve(domain, "MX")
    except TempFail:
        return MxState.TEMP
    if answer.fault:
        return MxState.NONE
    if not answer.exists:
        return MxState.NXDOMAIN
    if not answer.records:
        # RFC 5321 section 5.1: without MX, the domain itself is its only host.
        return await _check_hosts([domain], MxState.IMPLICIT, resolver, allow_loopback)
    hosts = parse_hosts(answer.records)
    if not any(hosts):
        # RFC 7505 section 3: the only host is the root.
        return MxState.NULL_MX
    return await _check_hosts(
        [host for host in hosts if is_domain(host)], MxState.MX, resolver, allow_loopback
    )


def parse_hosts(records: tuple[str, ...]) -> list[str]:
    """Return the hosts of `10 mx.example.jp` records in order of preference; the root is an empty name."""
    pairs = []
    for record in records:
        preference, _, host = record.partition(" ")
        if preference.isdecimal():
            pairs.append((int(preference), host.strip().lower().removesuffix(".")))
    return [host for _, host in sorted(pairs)]


async def _check_hosts(hosts: list[str], good: MxState, resolver: Resolver, allow_loopback: bool) -> MxState:
    """Return `good` if one host is reachable. The first is tried alone, because it nearly always is."""
    hosts = hosts[:MAX_HOSTS]
    if not hosts:
        return MxState.NONE
    found = [await _is_reachable(hosts[0], resolver, allow_loopback)]
    if found[0] is not True:
        others = (_is_reachable(host, resolver, allow_loopback) for host in hosts[1:])
        found += await asyncio.gather(*others)
    if True in found:
        return good
    return MxState.TEMP if None in found else MxState.NONE


async def _is_reachable(host: str, resolver: Resolver, allow_loopback: bool) -> bool | None:
    """Return whether the host is reachable; None if DNS did not answer."""
    try:
        for rtype in ("A", "AAAA"):
            answer = await resolver.resolve(host, rtype)
            places = [_find_place(text) for text in answer.records]
            if _Place.OUTSIDE in places or (allow_loopback and _Place.LOOPBACK in places):
                return True
    except TempFail:
        return None
    return False


class _Place(Enum):
    """The location of an address, as seen from here."""

    OUTSIDE = "a host on the Internet"
    LOOPBACK = "this machine"
    INSIDE = "our own network, or nowhere"


@memoize(maxsize=4096, max_key=MAX_ADDRESS_CHARS, why="most mail comes from the same few domains")
def _find_place(text: str) -> _Place:
    try:
        address = unwrap_ipv4(ip_address(text))
    except ValueError:
        return _Place.INSIDE
    if address.is_loopback:
        return _Place.LOOPBACK
    inside = any(address in network for network in _INSIDE if network.version == address.version)
    return _Place.INSIDE if inside else _Place.OUTSIDE


def unwrap_ipv4(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address embedded in an IPv6 address that leads to it, else the address itself."""
    if isinstance(address, IPv4Address):
        return address
    embedded = address.ipv4_mapped or address.sixtofour
    if embedded is None and address in _NAT64:
        embedded = IPv4Address(int(address) & 0xFFFFFFFF)
    return embedded or address
