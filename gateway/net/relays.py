"""Relays of our own side, and what they may tell of the client whose mail they hand over."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from ipaddress import IPv4Network, IPv6Network, ip_address

from gateway.auth.authentication_results.trusted_relay import is_listed


class RelayProtocol(Enum):
    """How a relay names the client: in the mail (Authentication-Results) or by command before the session."""

    NONE = "none"
    XCLIENT = "xclient"
    PROXY = "proxy"


@dataclass(frozen=True, slots=True)
class Relays:
    """The listed relays. They are trusted by address alone, so the network must not let others use it."""

    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    protocol: RelayProtocol = RelayProtocol.NONE

    def lists(self, ip: str) -> bool:
        """Whether a peer is one of them."""
        return bool(self.networks) and is_listed(ip, self.networks)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a relay says of the client; None: nothing, empty: that it does not know."""

    ip: str | None = None
    helo: str | None = None


NO_RELAYS = Relays()
NO_CLAIM = Claim()


def plain_address(text: str) -> str:
    """An address as `Envelope.client_ip` wants it. Raises ValueError for what is none.

    RFC 4291 section 2.5.5.2: an IPv4-mapped address is the IPv4 address. A zone means nothing elsewhere.
    """
    if "%" in text:
        raise ValueError("an address with a zone")
    address = ip_address(text)
    return str(getattr(address, "ipv4_mapped", None) or address)
