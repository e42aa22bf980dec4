"""Measures how much of the Internet an SPF record permits, as far as it lists addresses (RFC 7208 section 5).

A record that lists half a continent proves as little as `+all`. Terms with macros depend on the client and
cannot be added up; they count as nothing here.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network

from gateway.auth.dns.resolver import Resolver, TempFail
from gateway.mail.address import is_domain
from gateway.memoize import memoize

# As many addresses as an IPv4 /8, which is 1/256 of all. For IPv6 a /16: registries assign at most a /19
# (RIPE-738; the largest of ARIN are /20), so that no honest sender lists more.
MAX_IPV4 = 2**24
MAX_IPV6 = 2**112
# RFC 7208 section 4.6.4: ten terms that query DNS; ten hosts of an `mx`.
MAX_LOOKUPS = 10
MAX_HOSTS = 10
MAX_TERMS = 2_000
_VERSION = re.compile(r"v=spf1(?: |$)", re.IGNORECASE)
_TERM = re.compile(
    r"([+?~-]?)(all|ip4|ip6|a|mx|include|redirect)(?![a-z0-9])[:=]?([^/]{0,255})((?:/\d{1,3})?(?://\d{1,3})?)$"
)

_EVERYTHING = ("0.0.0.0/0", "::/0")


async def is_too_wide(domain: str, resolver: Resolver) -> bool:
    """Return whether the record of `domain`, with all includes, lists more than MAX_IPV4 or MAX_IPV6.

    A part that DNS does not return now permits nobody and counts as nothing.
    """
    return is_wide(" ".join(await _Walk(resolver).find_networks(domain)))


@memoize(maxsize=256, max_key=4_000, why="a domain's SPF record rarely changes between messages")
def is_wide(networks: str) -> bool:
    """Return whether these space-separated networks exceed the limit together, each address counted once."""
    found = [one for text in networks.split() for one in _parse_network(text)]
    ipv4 = collapse_addresses(one for one in found if isinstance(one, IPv4Network))
    ipv6 = collapse_addresses(one for one in found if isinstance(one, IPv6Network))
    return (
        sum(one.num_addresses for one in ipv4) > MAX_IPV4 or sum(one.num_addresses for one in ipv6) > MAX_IPV6
    )


class _Walk:
    """The queries for one record, counted."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._left = MAX_LOOKUPS

    async def find_networks(self, domain: str) -> list[str]:
        """Return the networks that the record of `domain` permits, ignoring exclusions by earlier terms."""
        found: list[str] = []
        redirect = ""
        for qualifier, name, value, length in _read_terms(await self._find_record(domain)):
            passes = qualifier in {"", "+"}
            if name == "redirect":
                redirect = value
            elif name == "all":
                return [*found, *_EVERYTHING] if passes else found
            elif passes:
                found += await self._expand(name, value or domain, length)
        return found + await self._descend(redirect) if redirect else found

    async def _expand(self, name: str, value: str, length: str) -> list[str]:
        if name in {"ip4", "ip6"}:
            return [value + length]
        if name == "include":
            return await self._descend(value)
        hosts = [value] if name == "a" else await self._find_hosts(value)
        return [one for host in hosts for one in await self._find_addresses(host, length)]

    async def _descend(self, domain: str) -> list[str]:
        self._left -= 1
        return await self.find_networks(domain) if self._left >= 0 and _is_plain(domain) else []

    async def _find_record(self, domain: str) -> str:
        records = [text for text in await self._ask(domain, "TXT") if _VERSION.match(text)]
        return records[0] if len(records) == 1 else ""

    async def _find_hosts(self, domain: str) -> list[str]:
        records = await self._ask(domain, "MX") if self._take(domain) else ()
        return [record.partition(" ")[2] for record in records][:MAX_HOSTS]

    async def _find_addresses(self, host: str, length: str) -> list[str]:
        """Return the addresses of a host with a prefix length; single hosts are not queried."""
        ipv4, _, ipv6 = length.partition("//")
        found: list[str] = []
        for rtype, bits in (("A", ipv4.removeprefix("/")), ("AAAA", ipv6)):
            if bits and self._take(host):
                texts = await self._ask(host, rtype)
                found += [f"{text}/{bits}" for text in texts]
        return found

    def _take(self, domain: str) -> bool:
        self._left -= 1
        return self._left >= 0 and _is_plain(domain)

    async def _ask(self, name: str, rtype: str) -> tuple[str, ...]:
        try:
            return (await self._resolver.resolve(name, rtype)).records
        except TempFail:
            return ()


@memoize(maxsize=256, max_key=2_000, why="a domain's SPF record rarely changes between messages")
def _read_terms(record: str) -> list[tuple[str, str, str, str]]:
    """Return qualifier, name, value and prefix length of the terms that can be added up."""
    words = record.lower().split(" ")[1 : 1 + MAX_TERMS]
    return [found.groups() for word in words if (found := _TERM.match(word))]  # type: ignore[misc]  # four groups


def _is_plain(domain: str) -> bool:
    return "%" not in domain and is_domain(domain.removesuffix("."))


def _parse_network(text: str) -> list[IPv4Network | IPv6Network]:
    try:
        return [ip_network(text, strict=False)]
    except ValueError:
        return []
