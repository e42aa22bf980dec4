"""Checks of the staff's domains: can they receive mail, and does their DNS authenticate decisions."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from gateway.admission.organisations import domains
from gateway.app.doctor.check import CheckResult, Level, Subject, error, ok, warning
from gateway.auth.dmarc import record as dmarc_record
from gateway.auth.dns import mx
from gateway.auth.dns.resolver import Resolver, TempFail
from gateway.auth.results import MxState
from gateway.mail import address

CHECK = "staff"
ASK = "ask the domain's administrator to set up SPF with -all, DKIM, and DMARC with p=quarantine or p=reject"


async def check_staff_domains(subject: Subject) -> Iterable[CheckResult]:
    """Check each domain of the staff."""
    names = sorted({address.parse(person.address).domain for person in subject.config.staff})
    return await asyncio.gather(*(_domain(name, subject.resolver) for name in names))


async def _domain(name: str, resolver: Resolver) -> CheckResult:
    try:
        return await _check_resolvable_domain(name, resolver)
    except TempFail:
        return CheckResult(CHECK, Level.UNKNOWN, f"{name}: no answer from DNS", "try again")


async def _check_resolvable_domain(name: str, resolver: Resolver) -> CheckResult:
    state = await mx.check(name, resolver)
    if state is MxState.TEMP:
        raise TempFail(name)
    if state not in {MxState.MX, MxState.IMPLICIT}:
        return error(CHECK, f"{name} cannot receive mail ({state.value})", "correct staff.address")
    if name in domains.PERSONAL:
        to_do = "use addresses in the office's own domain: anyone can open a mailbox with this provider"
        return warning(CHECK, f"{name} belongs to a public mailbox provider", to_do)
    spf_all, policy = await _spf_all(name, resolver), await _policy(name, resolver)
    said = f"SPF {spf_all or 'none'}, DMARC {policy or 'none'}"
    if not spf_all and not policy:
        return warning(
            CHECK, f"{name}: {said}: only DKIM can authenticate decisions sent from this domain", ASK
        )
    if policy in {"", "none"} and spf_all != "-all":
        # HOSTILE P28. Decisions need an aligned pass anyway; spoofed mail reaches other people.
        return warning(CHECK, f"{name}: {said}: this domain is easy to spoof", ASK)
    return ok(CHECK, f"{name}: {said}")


async def _spf_all(name: str, resolver: Resolver) -> str:
    """Return the `all` term of the SPF record (RFC 7208 section 5.1); empty without a record."""
    texts = (await resolver.resolve(name, "TXT")).records
    record = next((text.lower().split() for text in texts if text.lower().startswith("v=spf1")), None)
    if record is None:
        return ""
    return next((_with_qualifier(term) for term in record if term.lstrip("+-~?") == "all"), "?all")


def _with_qualifier(term: str) -> str:
    return term if term[0] in "+-~?" else f"+{term}"


async def _policy(name: str, resolver: Resolver) -> str:
    walk = await dmarc_record.walk_tree(name, resolver)
    record = walk.policy_record
    if record is None and walk.failed:
        raise TempFail(f"the DNS lookup failed for _dmarc.{walk.failed[0]}")
    if record is None or not record.usable or record.testing:
        return ""
    return (record.subdomain_policy if record.domain != name else "") or record.policy
