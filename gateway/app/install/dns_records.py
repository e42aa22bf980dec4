"""The DNS records to publish: name, value and purpose; as a list or as a zone file.

RFC 1035 section 5 for the file, RFC 7208 for SPF, RFC 6376 for DKIM, RFC 9989 for DMARC.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from gateway.app.wiring.values import hostname
from gateway.auth.dkim.sign import load_key, public_record
from gateway.mail.address import is_domain
from gateway.settings import Settings, SettingsError
from gateway.settings.recommendations import is_local_host

TTL_S = 3600
MX_PREFERENCE = 10
# RFC 1035 section 3.3.14: a character-string holds at most 255 octets.
MAX_STRING = 255


@dataclass(frozen=True, slots=True)
class DnsRecord:
    """One record. `name` is complete, without the final dot; `value` is as typed into a provider's form."""

    rtype: str
    name: str
    value: str
    why: str
    by_others: bool = False

    def relative(self, origin: str) -> str:
        """Return the name relative to the zone `origin`, as typed into its form: `@` for the zone itself."""
        if self.name == origin:
            return "@"
        below = self.name.removesuffix(f".{origin}")
        return below if below != self.name else f"{self.name}."


def build_dns_records(config: Settings, keys: Mapping[str, str]) -> tuple[DnsRecord, ...]:
    """Build all records for these settings; `keys` are the DKIM records by name, see `dkim_records`."""
    return (*_inbound_records(config), *_authentication_records(config, keys), *_by_others(config))


def spf_record(config: Settings) -> str:
    """Return the SPF record, which permits our outgoing servers to use the domain, and no others."""
    return " ".join(("v=spf1", *spf_terms(config), "-all"))


def spf_terms(config: Settings) -> tuple[str, ...]:
    """Return the SPF terms for our outgoing servers."""
    delivery = config.delivery
    if delivery.transport == "maildir":
        return ()
    if delivery.spf_terms:
        return delivery.spf_terms
    if is_sending_host(config):
        return ("mx",)
    literal = ip_version(delivery.host)
    return (f"ip{literal}:{delivery.host}",) if literal else (f"a:{delivery.host}",)


def is_sending_host(config: Settings) -> bool:
    """Return whether letters leave from this machine: to the recipients' MX, or by a server on loopback."""
    delivery = config.delivery
    return delivery.transport == "mx" or (delivery.transport == "smarthost" and is_local_host(delivery.host))


def helo_name(config: Settings) -> str:
    """Return the HELO name of the server that sends our letters; empty if we cannot know it."""
    return config.delivery.helo_name or (hostname(config) if is_sending_host(config) else "")


def dkim_records(config: Settings) -> dict[str, str]:
    """Return the public signing keys by their DNS names. Raises SettingsError."""
    delivery, domain = config.delivery, config.desk.domain
    pairs = (
        (delivery.dkim_selector, delivery.dkim_key),
        (delivery.dkim_second_selector, delivery.dkim_second_key),
    )
    return {
        f"{selector}._domainkey.{domain}": _load_public_record(place) for selector, place in pairs if place
    }


def _load_public_record(place: str) -> str:
    try:
        return public_record(load_key(Path(place).read_bytes()))
    except (OSError, ValueError) as error:
        raise SettingsError(f"the DKIM key {place} cannot be used: {error}") from error


def reverse_name(address: str) -> str:
    """Return the name of an address in in-addr.arpa or ip6.arpa."""
    return ip_address(address).reverse_pointer


def _inbound_records(config: Settings) -> Iterator[DnsRecord]:
    name, domain = hostname(config), config.desk.domain
    for address in config.listen.public_addresses:
        rtype = "A" if ip_version(address) == 4 else "AAAA"
        yield DnsRecord(rtype, name, address, "This machine's address.")
    yield DnsRecord(
        "MX", domain, f"{MX_PREFERENCE} {name}.", f"Mail for {domain} is delivered to this machine."
    )


def _authentication_records(config: Settings, keys: Mapping[str, str]) -> Iterator[DnsRecord]:
    domain = config.desk.domain
    yield DnsRecord(
        "TXT",
        domain,
        spf_record(config),
        "SPF: hosts that may send mail for the desk; receivers reject all others.",
    )
    if (helo := helo_name(config)) and helo != domain:
        # RFC 7208 section 2.4: letters with a null reverse-path are judged by the HELO name.
        why = "SPF for the HELO name: receivers check mail with a null reverse-path against it."
        yield DnsRecord(
            "TXT", helo, " ".join(("v=spf1", *(config.delivery.spf_terms or ("a",)), "-all")), why
        )
    for name, key in keys.items():
        why = "DKIM: with this key, receivers verify that a message comes from the desk and is unchanged."
        yield DnsRecord("TXT", name, key, why)
    is_signed = bool(config.delivery.dkim_key)
    policy = "reject" if is_signed else "none"
    why = "DMARC: receivers reject mail that spoofs the desk."
    if not is_signed:
        why = "DMARC: declares that the desk authenticates its mail. With a DKIM key, use p=reject instead."
    yield DnsRecord("TXT", f"_dmarc.{domain}", f"v=DMARC1; p={policy}", why)


def _by_others(config: Settings) -> Iterator[DnsRecord]:
    if not is_sending_host(config):
        return
    why = "Ask your address provider to set it: receivers distrust senders without a PTR record."
    for address in config.listen.public_addresses:
        yield DnsRecord("PTR", reverse_name(address), f"{hostname(config)}.", why, by_others=True)


def ip_version(text: str) -> int | None:
    """Return the version of a literal address; None for a name."""
    try:
        return ip_address(text).version
    except ValueError:
        return None


# --- as a zone file ---------------------------------------------------------------------------


def zone_text(found: tuple[DnsRecord, ...], origin: str) -> str:
    """Return the records of `origin` in BIND's syntax; those in other zones follow as comments."""
    own = [card for card in found if _is_in_zone(card, origin)]
    lines = [
        (
            f"; Records of the intake gateway, to be included in the zone {origin}. Printed by `gateway dns "
            "--zone`."
        ),
        f"$ORIGIN {origin}.",
        f"$TTL {TTL_S}",
        *(_line(card, origin) for card in own),
    ]
    others = [card for card in found if not _is_in_zone(card, origin)]
    if others:
        lines.append("; In other zones:")
        lines += [f"; {card.name}. IN {card.rtype} {card.value}" for card in others]
    return "\n".join(lines) + "\n"


def reverse_text(found: tuple[DnsRecord, ...]) -> str:
    """Return the PTR records with full names, for the holder of the reverse zone."""
    return "".join(f"{card.name}. {TTL_S} IN PTR {card.value}\n" for card in found if card.rtype == "PTR")


def _is_in_zone(card: DnsRecord, origin: str) -> bool:
    return card.name == origin or card.name.endswith(f".{origin}")


def _line(card: DnsRecord, origin: str) -> str:
    value = quote_txt(card.value) if card.rtype == "TXT" else card.value
    return f"{card.relative(origin)} IN {card.rtype} {value}"


def quote_txt(text: str) -> str:
    """Return a TXT value as character-strings."""
    pieces = [text[start : start + MAX_STRING] for start in range(0, len(text), MAX_STRING)]
    strings = ['"' + piece.replace("\\", "\\\\").replace('"', '\\"') + '"' for piece in pieces]
    return strings[0] if len(strings) == 1 else "( " + "\n    ".join(strings) + " )"


def is_origin(text: str, domain: str) -> bool:
    """Return whether `text` can be the zone that contains `domain`."""
    return is_domain(text) and (domain == text or domain.endswith(f".{text}"))
