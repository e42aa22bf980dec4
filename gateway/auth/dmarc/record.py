"""DMARC records, and the tree walk that collects them (RFC 9989 sections 4.7 and 4.10).

A walk is a value: queries fill it in, and everything derived from it is a pure function.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass

from gateway.auth.dns.resolver import Answer, Resolver, TempFail

MAX_QUERIES = 8
_PREFIX = "_dmarc."
POLICIES = ("none", "quarantine", "reject")
# RFC 9989 section 4.7: the version must match exactly, including case, and come first.
_VERSION = re.compile(r"v[ \t]*=[ \t]*DMARC1[ \t]*(?:;|$)", re.ASCII)
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,30}:[\x21-\x2b\x2d-\x3a\x3c-\x7e]+", re.ASCII)
MAX_RECORD_CHARS = 4096


@dataclass(frozen=True, slots=True)
class Record:
    """A DMARC record. `usable` is False if it must not be applied by RFC 9989 section 4.10.1.

    `fault` is the reason if the DNS answer was unusable.
    """

    domain: str
    policy: str = "none"
    subdomain_policy: str = ""
    nonexistent_policy: str = ""
    strict_dkim: bool = False
    strict_spf: bool = False
    psd: str = "u"
    testing: bool = False
    usable: bool = True
    fault: str = ""


@dataclass(frozen=True, slots=True)
class TreeWalk:
    """The records found from `start` upwards, and the names that failed, longest name first.

    `failed` are names for which DNS gave no answer, so that it is unknown whether they have a record.
    """

    start: str
    records: tuple[Record, ...] = ()
    failed: tuple[str, ...] = ()

    @property
    def own(self) -> Record | None:
        """The record of `start` itself."""
        return self.records[0] if self.records and self.records[0].domain == self.start else None

    @property
    def organizational_domain(self) -> str:
        """The organisational domain by the known records (RFC 9989 section 4.10.2)."""
        for record in self.records:
            if record.psd == "n":
                return record.domain
            if record.psd == "y" and record.domain != self.start:
                return _child_of_suffix(record.domain, self.start)
        return self.records[-1].domain if self.records else self.start

    @property
    def policy_record(self) -> Record | None:
        """The record that applies: of the start, its organisational domain, or its public suffix domain."""
        if self.own is not None:
            return self.own
        organisational = self.organizational_domain
        for record in self.records:
            if record.domain == organisational:
                return record
        return next((record for record in self.records if record.psd == "y"), None)


def tree_domains(domain: str) -> tuple[str, ...]:
    """Return the domains that a walk queries, at most eight (RFC 9989 section 4.10 steps 3 to 7)."""
    labels = domain.split(".")
    first = len(labels) - MAX_QUERIES + 1 if len(labels) >= MAX_QUERIES else 1
    return (domain, *(".".join(labels[index:]) for index in range(first, len(labels))))


def tree_queries(domain: str) -> tuple[tuple[str, str], ...]:
    """Return the DNS queries of a walk, as (name, rtype)."""
    return tuple((_PREFIX + name, "TXT") for name in tree_domains(domain))


async def walk_tree(domain: str, resolver: Resolver) -> TreeWalk:
    """Query all names at once; the records after one with psd= are ignored, as if never queried."""
    asked = tree_queries(domain)
    if resolver.has_cached(asked):
        answers = [await _fetch(name, rtype, resolver) for name, rtype in asked]
    else:
        answers = await asyncio.gather(*(_fetch(name, rtype, resolver) for name, rtype in asked))
    records: list[Record] = []
    failed: list[str] = []
    for (asked_name, _), answer in zip(asked, answers, strict=True):
        name = asked_name.removeprefix(_PREFIX)
        if answer is None:
            failed.append(name)
            continue
        if answer.fault:
            records.append(Record(name, usable=False, fault=answer.fault))
        found = [text for text in answer.records if _VERSION.match(text)]
        # RFC 9989 section 4.10 step 2: if there are several records, all are discarded.
        if len(found) == 1:
            records.append(parse(name, found[0]))
            if records[-1].psd != "u":
                break
    return TreeWalk(domain, tuple(records), tuple(failed))


async def _fetch(name: str, rtype: str, resolver: Resolver) -> Answer | None:
    try:
        return await resolver.resolve(name, rtype)
    except TempFail:
        return None


def parse(domain: str, text: str) -> Record:
    """Parse a record that begins with `v=DMARC1`; invalid tags get defaults (RFC 9989 section 4.7)."""
    tags: dict[str, str] = {}
    for part in text[:MAX_RECORD_CHARS].split(";"):
        name, equals, value = part.partition("=")
        if equals:
            # The first of duplicate tags counts, so that nothing after it can change the policy.
            tags.setdefault(name.strip().lower(), value.strip())
    policy = tags.get("p", "").lower()
    inherited = {name: tags[name].lower() for name in ("sp", "np") if name in tags}
    valid = policy in POLICIES and all(value in POLICIES for value in inherited.values())
    return Record(
        domain,
        # RFC 9989 section 4.10.1: an invalid record with a reporting address means p=none, without one it is
        # not applied.
        policy=policy if valid else "none",
        subdomain_policy=inherited.get("sp", "") if valid else "",
        nonexistent_policy=inherited.get("np", "") if valid else "",
        strict_dkim=tags.get("adkim", "").lower() == "s",
        strict_spf=tags.get("aspf", "").lower() == "s",
        psd=psd if (psd := tags.get("psd", "u").lower()) in ("y", "n") else "u",
        testing=tags.get("t", "").lower() == "y",
        usable=valid or any(_URI.fullmatch(uri.strip()) for uri in tags.get("rua", "").split(",")),
    )


def _child_of_suffix(suffix: str, domain: str) -> str:
    """Return the ancestor of `domain` that is one label longer than `suffix`."""
    count = suffix.count(".") + 2
    return ".".join(domain.split(".")[-count:])
