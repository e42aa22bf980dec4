"""Trusted relays of our own network, and what they may report about the client whose mail they relay."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from ipaddress import IPv4Network, IPv6Network

from gateway.auth.authentication_results.trusted_relay import is_in_networks


class RelayProtocol(Enum):
    """How a relay names the client: in Authentication-Results (NONE), by XCLIENT, or by a PROXY header."""

    NONE = "none"
    XCLIENT = "xclient"
    PROXY = "proxy"


@dataclass(frozen=True, slots=True)
class Relays:
    """The configured relays.

    Only the address is checked, so the network must prevent others from using it.
    """

    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    protocol: RelayProtocol = RelayProtocol.NONE

    def is_relay(self, ip: str) -> bool:
        """Return whether a peer is one of the relays."""
        return bool(self.networks) and is_in_networks(ip, self.networks)


NO_RELAYS = Relays()
