"""Evaluates DMARC: whether a domain that SPF or DKIM authenticated aligns with the author domain (RFC 9989).

`look_up` queries DNS, `evaluate` is pure. One rule is added to the RFC: domains of different organisation
units never align, whatever records their parent domains have, because nobody owns `osaka.lg.jp`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from gateway.auth.dmarc import record as dmarc_record
from gateway.auth.dmarc.organizational_domain import is_same_organisation
from gateway.auth.dmarc.record import Record, TreeWalk
from gateway.auth.dns.resolver import Resolver, TempFail
from gateway.auth.results import Dkim, Dmarc, Result, Spf

_WEAKER = {"reject": "quarantine", "quarantine": "none", "none": "none"}


@dataclass(frozen=True, slots=True)
class DmarcLookups:
    """The DNS answers for one message: the walks of the author and of other domains, and existence.

    `author_exists` is queried only if an `np=` tag could apply, and is True if unknown.
    """

    author: TreeWalk
    others: Mapping[str, TreeWalk] = field(default_factory=dict)
    author_exists: bool = True


async def look_up(author: TreeWalk, spf: Spf, dkim: tuple[Dkim, ...], resolver: Resolver) -> DmarcLookups:
    """Make the queries that remain once the author's walk, SPF and DKIM are known."""
    record = author.policy_record
    if record is None or not record.usable:
        return DmarcLookups(author)
    wanted = sorted(_domains_to_walk(record, author.start, spf, dkim))
    walking = (dmarc_record.walk_tree(domain, resolver) for domain in wanted)
    walks = await asyncio.gather(*walking) if wanted else []
    exists = True
    if record.nonexistent_policy and record.domain != author.start:
        exists = await _exists(author.start, resolver)
    return DmarcLookups(author, {walk.start: walk for walk in walks}, exists)


def evaluate(lookups: DmarcLookups, spf: Spf, dkim: tuple[Dkim, ...]) -> Dmarc:
    """Evaluate DMARC for the author domain. TEMPERROR only if a missing answer could change the result."""
    author = lookups.author
    record = author.policy_record
    identifiers = _identifiers(spf, dkim)
    if record is None or (author.failed and record is not author.own):
        if author.failed:
            return Dmarc(Result.TEMPERROR, reason="DNS lookup of the DMARC policy failed")
        return Dmarc(Result.NONE, reason="no DMARC record")
    if not record.usable:
        reason = record.fault or "the DMARC record has no valid policy"
        return Dmarc(Result.PERMERROR, record.domain, reason=reason)
    policy = _policy(record, lookups)
    states = {_is_aligned(record, lookups, identifier) for identifier in identifiers}
    if True in states:
        return Dmarc(Result.PASS, record.domain, policy)
    if None in states:
        return Dmarc(Result.TEMPERROR, record.domain, policy, "DNS lookups needed for alignment failed")
    return Dmarc(Result.FAIL, record.domain, policy, "no SPF or DKIM pass aligns with the author domain")


@dataclass(frozen=True, slots=True)
class _Identifier:
    domain: str
    spf: bool
    proven: bool


def _identifiers(spf: Spf, dkim: tuple[Dkim, ...]) -> list[_Identifier]:
    """Return the domains that passed, and those that might have passed if DNS had answered."""
    counted = (Result.PASS, Result.TEMPERROR)
    found = [_Identifier(spf.domain, True, spf.result is Result.PASS)] if spf.result in counted else []
    found += [
        _Identifier(one.domain, False, one.result is Result.PASS) for one in dkim if one.result in counted
    ]
    return [one for one in found if one.domain]


def _is_aligned(record: Record, lookups: DmarcLookups, identifier: _Identifier) -> bool | None:
    """Return whether the identifier aligns (RFC 9989 section 4.4); None if unknown."""
    author, domain = lookups.author, identifier.domain
    strict = record.strict_spf if identifier.spf else record.strict_dkim
    if domain == author.start:
        return True if identifier.proven else None
    if strict or not is_same_organisation(domain, author.start):
        return False
    walk = lookups.others.get(domain)
    if walk is None or walk.failed or author.failed:
        return None
    if walk.organizational_domain != author.organizational_domain:
        return False
    return True if identifier.proven else None


def _domains_to_walk(record: Record, author: str, spf: Spf, dkim: tuple[Dkim, ...]) -> set[str]:
    """Return the domains to walk: neither equal nor strict (RFC 9989 section 4.10.2)."""
    passed = {one.domain for one in dkim if one.result is Result.PASS}
    if author in passed or (spf.result is Result.PASS and spf.domain == author):
        return set()
    return {
        one.domain
        for one in _identifiers(spf, dkim)
        if one.domain != author
        and not (record.strict_spf if one.spf else record.strict_dkim)
        and is_same_organisation(one.domain, author)
    }


def _policy(record: Record, lookups: DmarcLookups) -> str:
    """Return the policy (RFC 9989 section 4.10.1), one step weaker in test mode (section 4.7, `t`)."""
    policy = record.policy
    if record.domain != lookups.author.start:
        inherited = record.subdomain_policy
        if not lookups.author_exists:
            inherited = record.nonexistent_policy or inherited
        policy = inherited or policy
    return _WEAKER[policy] if record.testing else policy


async def _exists(domain: str, resolver: Resolver) -> bool:
    """Return whether a name exists, as all do except for NXDOMAIN (RFC 9989 section 3.2 with RFC 8020)."""
    try:
        # Any type would do. MX is queried for the MX state as well, so this needs no extra query.
        return (await resolver.resolve(domain, "MX")).exists
    except TempFail:
        return True
