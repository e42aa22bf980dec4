"""DMARC: do the domains that SPF and DKIM proved stand for the author's domain (RFC 9989).

`look_up` asks DNS, `evaluate` is pure. One rule is added to the RFC: domains of different organisation
units never align, whatever records stand above them, since nobody owns `osaka.lg.jp`.
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
    """All that DNS said for one message: the author's walk, those of other domains, and existence.

    `author_exists` is asked only where an `np=` tag could apply, and True when it is unknown.
    """

    author: TreeWalk
    others: Mapping[str, TreeWalk] = field(default_factory=dict)
    author_exists: bool = True


async def look_up(author: TreeWalk, spf: Spf, dkim: tuple[Dkim, ...], resolver: Resolver) -> DmarcLookups:
    """Ask for what is still missing when the author's walk, SPF and DKIM are known."""
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
    """The result for the author domain. TEMPERROR only where an answer that is missing could change it."""
    author = lookups.author
    record = author.policy_record
    identifiers = _identifiers(spf, dkim)
    if record is None or (author.failed and record is not author.own):
        if author.failed:
            return Dmarc(Result.TEMPERROR, reason="DNS did not give the DMARC policy")
        return Dmarc(Result.NONE, reason="no DMARC record")
    if not record.usable:
        reason = record.fault or "the DMARC record has no valid policy"
        return Dmarc(Result.PERMERROR, record.domain, reason=reason)
    policy = _policy(record, lookups)
    states = {_is_aligned(record, lookups, identifier) for identifier in identifiers}
    if True in states:
        return Dmarc(Result.PASS, record.domain, policy)
    if None in states:
        return Dmarc(Result.TEMPERROR, record.domain, policy, "DNS did not give all that alignment needs")
    return Dmarc(Result.FAIL, record.domain, policy, "no SPF or DKIM pass aligns with the author domain")


@dataclass(frozen=True, slots=True)
class _Identifier:
    domain: str
    spf: bool
    proven: bool


def _identifiers(spf: Spf, dkim: tuple[Dkim, ...]) -> list[_Identifier]:
    """What passed, and what might have passed had DNS answered."""
    counted = (Result.PASS, Result.TEMPERROR)
    found = [_Identifier(spf.domain, True, spf.result is Result.PASS)] if spf.result in counted else []
    found += [
        _Identifier(one.domain, False, one.result is Result.PASS) for one in dkim if one.result in counted
    ]
    return [one for one in found if one.domain]


def _is_aligned(record: Record, lookups: DmarcLookups, identifier: _Identifier) -> bool | None:
    """RFC 9989 section 4.4; None when that is unknown."""
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
    """Domains whose organisational domain decides (RFC 9989 section 4.10.2: not equal, not strict)."""
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
    """RFC 9989 section 4.10.1, one step weaker in test mode (section 4.7, `t`)."""
    policy = record.policy
    if record.domain != lookups.author.start:
        inherited = record.subdomain_policy
        if not lookups.author_exists:
            inherited = record.nonexistent_policy or inherited
        policy = inherited or policy
    return _WEAKER[policy] if record.testing else policy


async def _exists(domain: str, resolver: Resolver) -> bool:
    """RFC 9989 section 3.2 with RFC 8020: only NXDOMAIN says that a name does not exist."""
    try:
        # Any type would do; MX is asked for the MX state too, so this costs no question of its own.
        return (await resolver.resolve(domain, "MX")).exists
    except TempFail:
        return True
