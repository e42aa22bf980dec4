"""Checks of our own DNS records as others see them: by their effect, not their text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from gateway.app.doctor.check import CheckResult, Subject, error, ok, warning
from gateway.app.install import dns_records
from gateway.app.wiring.values import hostname
from gateway.auth.dkim import key_record
from gateway.auth.dkim.tag_list import TagError
from gateway.auth.dmarc import record as dmarc_record
from gateway.auth.dns import mx
from gateway.auth.dns.resolver import Resolver, TempFail
from gateway.auth.results import MxState, Result
from gateway.auth.spf import check as spf
from gateway.settings import Settings

PUBLISH = "publish it as shown by `gateway dns`"
# RFC 5737: nobody sends from here.
NOBODY = "198.51.100.77"


async def resolve_addresses(name: str, resolver: Resolver) -> tuple[str, ...]:
    """Return the A and AAAA records of a name."""
    found = [(await resolver.resolve(name, rtype)).records for rtype in ("A", "AAAA")]
    return tuple(address for records in found for address in records)


async def check_address(subject: Subject) -> Iterable[CheckResult]:
    """Check that the host name resolves to this machine."""
    check, name = "dns.address", hostname(subject.config)
    found = set(await resolve_addresses(name, subject.resolver))
    wanted = set(subject.config.listen.public_addresses)
    if not found:
        return [error(check, f"{name} has no address", PUBLISH)]
    if missing := sorted(wanted - found):
        return [error(check, f"{name} does not resolve to {', '.join(missing)}", PUBLISH)]
    if wanted and (others := sorted(found - wanted)):
        to_do = "remove the record, or add the address to listen.public_addresses"
        return [warning(check, f"{name} also resolves to {', '.join(others)}", to_do)]
    return [ok(check, f"{name}: {', '.join(sorted(found))}")]


async def check_mx(subject: Subject) -> Iterable[CheckResult]:
    """Check that mail for the domain is delivered to this machine, or to the relay in front of it."""
    check, config = "dns.mx", subject.config
    domain, name = config.desk.domain, hostname(config)
    records = (await subject.resolver.resolve(domain, "MX")).records
    hosts = {record.partition(" ")[2].lower() for record in records}
    state = await mx.check(domain, subject.resolver)
    if state not in {MxState.MX, MxState.IMPLICIT, MxState.TEMP}:
        return [error(check, f"{domain} cannot receive mail ({state.value})", PUBLISH)]
    if config.trust.relay_addresses:
        return [
            ok(check, f"mail for {domain} is delivered to your relay, {', '.join(sorted(hosts)) or domain}")
        ]
    if name not in hosts:
        return [
            error(
                check,
                f"{name} is not an MX of {domain} (found: {', '.join(sorted(hosts)) or 'none'})",
                PUBLISH,
            )
        ]
    return [_judge_others(config, sorted(hosts - {name}))]


def _judge_others(config: Settings, others: Sequence[str]) -> CheckResult:
    """Judge the hosts that mail is delivered to besides this one: only a desk on PostgreSQL has several."""
    check, domain = "dns.mx", config.desk.domain
    if not others:
        return ok(check, f"mail for {domain} is delivered to {hostname(config)}")
    text = f"mail for {domain} is also delivered to {', '.join(others)}"
    if config.store.url:
        return ok(check, f"{text}; each must be a machine of this desk")
    to_do = "remove it unless it delivers all mail to this machine and is in trust.relay_addresses"
    return warning(check, text, to_do)


async def check_spf(subject: Subject) -> Iterable[CheckResult]:
    """Check that SPF passes for our outgoing addresses, and for no others."""
    check, config, resolver = "dns.spf", subject.config, subject.resolver
    domain = config.desk.domain
    texts = (await resolver.resolve(domain, "TXT")).records
    records = [text for text in texts if text.lower() == "v=spf1" or text.lower().startswith("v=spf1 ")]
    if len(records) != 1:
        # RFC 7208 section 4.5: more than one record is an error, as if there were none.
        return [error(check, f"{domain} has {len(records)} SPF records; exactly one is allowed", PUBLISH)]
    sender = f"bounce@{domain}"
    if (await spf.evaluate(NOBODY, sender, domain, resolver)).result is Result.PASS:
        return [error(check, f"anyone may send as {domain}: {records[0]}", PUBLISH)]
    for place in (*await _senders(subject), NOBODY):
        found = await spf.evaluate(place, sender, hostname(config), resolver)
        if found.result in {Result.TEMPERROR, Result.PERMERROR}:
            return [error(check, f"{records[0]}: {found.reason}", PUBLISH)]
        if place != NOBODY and found.result is not Result.PASS:
            return [
                error(
                    check,
                    f"mail from {place} gets the SPF result {found.result.value}: {records[0]}",
                    PUBLISH,
                )
            ]
    missing = [term for term in dns_records.spf_terms(config) if term not in records[0].split()]
    if config.delivery.spf_terms and missing:
        return [error(check, f"{records[0]} lacks {' '.join(missing)}", PUBLISH)]
    return [ok(check, records[0])]


async def check_helo(subject: Subject) -> Iterable[CheckResult]:
    """Check that the HELO name of outgoing mail passes SPF, if we know it (RFC 7208 section 2.3)."""
    check, name = "dns.helo", dns_records.helo_name(subject.config)
    if not name or name == subject.config.desk.domain:
        return []
    for place in await _senders(subject):
        found = await spf.evaluate(place, f"postmaster@{name}", name, subject.resolver)
        if found.result is not Result.PASS:
            text = (
                f"HELO {name} from {place} gets the SPF result {found.result.value}: receivers may distrust "
                "mail with a null reverse-path"
            )
            return [warning(check, text, PUBLISH)]
    return [ok(check, name)]


async def _senders(subject: Subject) -> tuple[str, ...]:
    """Return the addresses that letters are sent from, as far as they are known."""
    config = subject.config
    if config.delivery.transport == "maildir" or config.delivery.spf_terms:
        return ()
    if dns_records.is_sending_host(config):
        own = config.listen.public_addresses
        return own or await resolve_addresses(hostname(config), subject.resolver)
    host = config.delivery.host
    return (host,) if dns_records.ip_version(host) else await resolve_addresses(host, subject.resolver)


async def check_dkim(subject: Subject) -> Iterable[CheckResult]:
    """Check that the published keys are those that sign; the settings check warns if there is none."""
    keys = dns_records.dkim_records(subject.config)
    return [await _key(name, key, subject.resolver) for name, key in keys.items()]


async def _key(name: str, ours: str, resolver: Resolver) -> CheckResult:
    check, records = "dns.dkim", (await resolver.resolve(name, "TXT")).records
    if len(records) != 1:
        return error(check, f"{name} has {len(records)} records; exactly one is expected", PUBLISH)
    try:
        published = key_record.parse(records[0])
    except TagError as trouble:
        return error(check, f"{name}: {trouble}", PUBLISH)
    if _octets(published) != _octets(key_record.parse(ours)):
        return error(check, f"{name} publishes a key other than the one used for signing", PUBLISH)
    if published.testing:
        return warning(check, f"{name} has t=y (testing mode): receivers may ignore the signature", PUBLISH)
    return ok(check, f"{name}: {published.kind}, {published.bits} bits")


def _octets(key: key_record.PublicKey) -> bytes:
    return key.public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


async def check_dmarc(subject: Subject) -> Iterable[CheckResult]:
    """Check that DMARC tells receivers what to do with mail that spoofs the desk."""
    check, domain = "dns.dmarc", subject.config.desk.domain
    walk = await dmarc_record.walk_tree(domain, subject.resolver)
    record = walk.policy_record
    if record is None and walk.failed:
        raise TempFail(f"the DNS lookup failed for _dmarc.{walk.failed[0]}")
    if record is None:
        return [warning(check, f"{domain} has no DMARC record", PUBLISH)]
    if not record.usable:
        return [error(check, f"the record at _dmarc.{record.domain} has no valid policy", PUBLISH)]
    if record.policy == "none" and subject.config.delivery.dkim_key:
        to_do = "with SPF and DKIM in place, p=reject prevents others from spoofing the desk"
        return [warning(check, f"_dmarc.{record.domain} has p=none", to_do)]
    return [ok(check, f"_dmarc.{record.domain}: p={record.policy}")]


async def check_ptr(subject: Subject) -> Iterable[CheckResult]:
    """Check that outgoing addresses of this machine have our name in a PTR record, as receivers do."""
    check, config, name = "dns.ptr", subject.config, hostname(subject.config)
    if not dns_records.is_sending_host(config):
        return []
    found: list[CheckResult] = []
    own = config.listen.public_addresses or await resolve_addresses(name, subject.resolver)
    for place in own:
        records = (await subject.resolver.resolve(dns_records.reverse_name(place), "PTR")).records
        if name in records:
            found.append(ok(check, f"{place} is {name}"))
        else:
            to_do = f"ask your address provider to set the PTR record to {name}"
            found.append(
                warning(check, f"the PTR record for {place} is {', '.join(records) or 'missing'}", to_do)
            )
    return found
