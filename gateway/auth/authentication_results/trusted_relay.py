"""Determines client and SPF result of mail that arrives through one of our own relays.

SPF can only be checked at the server that the client connects to. For listed relays, the result is therefore
taken from their Authentication-Results (RFC 8601). From any other address, such a field is not trusted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from ipaddress import IPv4Network, IPv6Network, ip_address

from gateway.auth.authentication_results import parse
from gateway.auth.authentication_results.parse import AuthresError, AuthResults
from gateway.auth.results import Result, Spf
from gateway.mail.address import is_domain
from gateway.mail.message import Message
from gateway.mail.smtp.envelope import Envelope

_CLIENT_PROPERTIES = ("smtp.remote-ip", "policy.iprev")


@dataclass(frozen=True, slots=True)
class TrustedRelay:
    """The addresses of our own relays, and the authserv-ids of their results.

    Each relay must remove fields with these authserv-ids from the mail that it receives (RFC 8601 section 5).
    """

    networks: tuple[IPv4Network | IPv6Network, ...]
    authserv_ids: frozenset[str]

    def is_relay(self, client_ip: str) -> bool:
        """Return whether the client is one of the listed relays."""
        return is_in_networks(client_ip, self.networks)


def is_in_networks(ip: str, networks: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    """Return whether an address is in one of the networks; false if it is not an address."""
    try:
        address = ip_address(ip)
    except ValueError:
        return False
    return any(address in network for network in networks if network.version == address.version)


@dataclass(frozen=True, slots=True)
class ClientFacts:
    """The facts about the client: its Envelope, and the SPF result if a relay has determined it.

    `client_known`: the envelope has the address of the client itself, not of the relay.
    """

    envelope: Envelope
    spf: Spf | None = None
    client_known: bool = True


def find_client_facts(message: Message, envelope: Envelope, relay: TrustedRelay | None) -> ClientFacts:
    """Return the client's facts: the envelope for direct mail, the relay's field for relayed mail.

    An envelope built from XCLIENT or PROXY has the client's own address, so it counts as direct.
    """
    if relay is None or not relay.is_relay(envelope.client_ip):
        return ClientFacts(envelope)
    found = _find_results(message, relay)
    if found is None:
        return ClientFacts(
            envelope, _no_spf_result(envelope, "the relay added no usable Authentication-Results field")
        )
    client_ip = _find_client_ip(found)
    client_known = bool(client_ip) and not relay.is_relay(client_ip)
    envelope = replace(
        envelope, client_ip=client_ip or envelope.client_ip, helo=_find_helo(found) or envelope.helo
    )
    spf = _relayed_spf(found, client_known=client_known)
    if spf is None and not client_known:
        return ClientFacts(
            envelope,
            _no_spf_result(envelope, "the relay reported neither an SPF result nor the client address"),
        )
    return ClientFacts(envelope, spf, client_known)


def _find_results(message: Message, relay: TrustedRelay) -> AuthResults | None:
    """Return the results that the relay wrote itself; None if that is unclear.

    Its field is above its Received, or directly below it, where filters put it, and is the only one with its
    authserv-id in the whole header. Everything below the next Received is older than the relay. If there is a
    second field with this authserv-id, or an unparsable field above it, it is unclear who wrote which.
    """
    ours = {name.lower() for name in relay.authserv_ids}
    written: list[tuple[str, bytes]] = []
    ids: list[str] = []
    hops = 0
    for field in message.fields:
        hops += field.key == "received"
        if field.key != "authentication-results":
            continue
        try:
            name = parse.authserv_id(field.value)
        except AuthresError:
            if hops <= 1 and not written:
                return None
            continue
        ids.append(name)
        if hops <= 1 and name in ours:
            written.append((name, field.value))
    if not written or ids.count(written[0][0]) > 1:
        return None
    try:
        return parse.parse(written[0][1])
    except AuthresError:
        return None


def _no_spf_result(envelope: Envelope, reason: str) -> Spf:
    domain = envelope.reverse_path.domain if envelope.reverse_path else ""
    return Spf(Result.NONE, domain, "mailfrom" if domain else "helo", reason)


def _relayed_spf(found: AuthResults, *, client_known: bool) -> Spf | None:
    """Return the relay's result; None for a temperror that we can recheck (recorded ones never change)."""
    stated = parse.find_spf_result(found)
    if stated is None or stated.result is Result.PASS:
        return stated
    if stated.result is Result.TEMPERROR and client_known:
        return None
    return replace(stated, reason=f"reported by the relay {found.authserv_id}")


def _find_client_ip(found: AuthResults) -> str:
    """Return the client's address from `spf`, `iprev` or other results; empty if none or ambiguous."""
    named = {one.get(name) for one in found.results for name in _CLIENT_PROPERTIES}
    named.discard("")
    if len(named) != 1:
        return ""
    try:
        address = ip_address(named.pop().strip("[]").lower().removeprefix("ipv6:"))
    except ValueError:
        return ""
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)


def _find_helo(found: AuthResults) -> str:
    named = {one.get("smtp.helo").lower().removesuffix(".") for one in found.results}
    named.discard("")
    helo = named.pop() if len(named) == 1 else ""
    return helo if is_domain(helo) else ""
