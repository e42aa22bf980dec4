"""Mail that a relay of our own side hands over: who the client was, and what SPF said about it.

SPF can only be checked where the client connects, so for listed relays its result is read from their
Authentication-Results (RFC 8601). From any other address such a field is a stranger's words.
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
    """Addresses that hand mail over to us, and the names under which they write results.

    Each relay must remove fields under these names from what it takes in (RFC 8601 section 5).
    """

    networks: tuple[IPv4Network | IPv6Network, ...]
    authserv_ids: frozenset[str]

    def is_relay(self, client_ip: str) -> bool:
        """Whether the client is one of the listed relays."""
        return is_in_networks(client_ip, self.networks)


def is_in_networks(ip: str, networks: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    """Whether an address lies in one of the networks; what is no address lies in none."""
    try:
        address = ip_address(ip)
    except ValueError:
        return False
    return any(address in network for network in networks if network.version == address.version)


@dataclass(frozen=True, slots=True)
class ClientFacts:
    """What is known of the client: its Envelope, and the SPF result when a relay has settled it.

    `client_known`: the envelope has the client's own address, and not the relay's.
    """

    envelope: Envelope
    spf: Spf | None = None
    client_known: bool = True


def find_client_facts(message: Message, envelope: Envelope, relay: TrustedRelay | None) -> ClientFacts:
    """The client's facts: as they are for direct mail, from the relay's field for relayed mail.

    An envelope made from XCLIENT or PROXY holds the client's own address, so it is direct.
    """
    if relay is None or not relay.is_relay(envelope.client_ip):
        return ClientFacts(envelope)
    found = _find_results(message, relay)
    if found is None:
        return ClientFacts(
            envelope, _no_spf_result(envelope, "the relay gave no usable Authentication-Results")
        )
    client_ip = _find_client_ip(found)
    client_known = bool(client_ip) and not relay.is_relay(client_ip)
    envelope = replace(
        envelope, client_ip=client_ip or envelope.client_ip, helo=_find_helo(found) or envelope.helo
    )
    spf = _relayed_spf(found, client_known=client_known)
    if spf is None and not client_known:
        return ClientFacts(
            envelope, _no_spf_result(envelope, "the relay gave neither an SPF result nor the client")
        )
    return ClientFacts(envelope, spf, client_known)


def _find_results(message: Message, relay: TrustedRelay) -> AuthResults | None:
    """The relay's own field: above its Received or directly below it, where filters put it, and the only one
    of its authserv-id in the whole header.

    Below the next Received everything is older than the relay. A second field of one id, also there, or one
    that cannot be read above it, leaves open who wrote which.
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
    """What the relay says; None where we can ask again, because a stored temperror never changes."""
    stated = parse.find_spf_result(found)
    if stated is None or stated.result is Result.PASS:
        return stated
    if stated.result is Result.TEMPERROR and client_known:
        return None
    return replace(stated, reason=f"the relay {found.authserv_id} says so")


def _find_client_ip(found: AuthResults) -> str:
    """The client as `spf`, `iprev` or any other result names it; empty when they differ or none does."""
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
