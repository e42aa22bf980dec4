"""What is allowed and yet probably not meant: warnings of `gateway config check` and `gateway doctor`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from gateway.settings.model import Settings

# Larger networks than these hold other people's machines too.
_LARGEST_RELAY_NETWORK = {4: 16, 6: 48}


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A key, what is doubtful about it, and what to do."""

    key: str
    text: str
    to_do: str


def list_recommendations(settings: Settings) -> tuple[Recommendation, ...]:
    """All warnings, in the order of the file."""
    return (*_desk(settings), *_listen(settings), *_delivery(settings), *_rest(settings))


def _desk(settings: Settings) -> Iterator[Recommendation]:
    if not settings.desk.contact:
        yield Recommendation(
            "desk.contact", "letters name no way to reach a person", "give a telephone number"
        )
    if sum(person.role == "decide" for person in settings.staff) == 1:
        yield Recommendation(
            "staff",
            "only one person can decide, and nobody decides their own application",
            'add a second [[staff]] table with role = "decide"',
        )


def _listen(settings: Settings) -> Iterator[Recommendation]:
    if not settings.listen.tls_certificate:
        yield Recommendation(
            "listen.tls_certificate",
            "applications arrive over the Internet in the clear",
            "give a certificate and its key: STARTTLS is offered then",
        )


def _delivery(settings: Settings) -> Iterator[Recommendation]:
    delivery = settings.delivery
    if delivery.transport == "maildir":
        yield Recommendation(
            "delivery.transport", "letters become files and reach nobody", 'use "smarthost" or "mx"'
        )
    elif not delivery.dkim_key:
        yield Recommendation(
            "delivery.dkim_key",
            "letters leave unsigned; large mail providers refuse such mail or call it spam",
            "make a key (`gateway init` does) and publish it as `gateway dns` says",
        )
    if (
        delivery.transport == "smarthost"
        and is_local_host(delivery.host)
        and delivery.port == settings.listen.port
    ):
        yield Recommendation(
            "delivery.host",
            f"{delivery.host} port {delivery.port} is the gateway itself: letters would come back to it",
            'name the smarthost, or use delivery.transport = "mx", or let the gateway listen on another port',
        )
    weak = delivery.tls in {"none", "opportunistic"}
    if delivery.username and weak and not is_local_host(delivery.host):
        yield Recommendation(
            "delivery.tls",
            f"the password for {delivery.host} may travel in the clear ({delivery.tls})",
            'use "required" (STARTTLS, port 587) or "implicit" (port 465)',
        )


def _rest(settings: Settings) -> Iterator[Recommendation]:
    link = settings.invitation.join_link
    if "replace-me" in link:
        yield Recommendation(
            "invitation.join_link", "this is the example's link", "put in the community's own"
        )
    elif link.startswith("http://"):
        yield Recommendation("invitation.join_link", "the link is not encrypted", "use the one with https://")
    for text in settings.trust.relay_addresses:
        network = ip_network(text)
        if network.prefixlen < _LARGEST_RELAY_NETWORK[network.version]:
            yield Recommendation(
                "trust.relay_addresses",
                f"whoever sends from {network} may say who proved to be whom",
                "list the addresses of your own mail servers only",
            )


def is_local_host(host: str) -> bool:
    """Whether a name or an address is this machine's own."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
