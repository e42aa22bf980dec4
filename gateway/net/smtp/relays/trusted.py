"""Relays of our own side, and what they may tell of the client whose mail they hand over."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from ipaddress import IPv4Network, IPv6Network

from gateway.auth.authentication_results.trusted_relay import is_in_networks


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

    def is_relay(self, ip: str) -> bool:
        """Whether a peer is one of them."""
        return bool(self.networks) and is_in_networks(ip, self.networks)


NO_RELAYS = Relays()
