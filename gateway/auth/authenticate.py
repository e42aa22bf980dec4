"""Runs all checks of a message concurrently, under one deadline, and computes the verdict."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from gateway.auth.arc import validate
from gateway.auth.authentication_results.trusted_relay import ClientFacts, TrustedRelay, find_client_facts
from gateway.auth.dkim import verify
from gateway.auth.dmarc import evaluate, record
from gateway.auth.dmarc.organizational_domain import is_same_organisation
from gateway.auth.dns import mx
from gateway.auth.dns.query_log import BUDGET_BYTES, QueryLog
from gateway.auth.dns.resolver import Resolver, TempFail
from gateway.auth.results import Arc, Dmarc, Evidence, MxState, Outcome, ProofGrade, Result, Spf, Verdict
from gateway.auth.spf import check
from gateway.auth.verdict import compute_verdict
from gateway.mail.message import DEFAULT_CAPS, Caps, Message
from gateway.mail.smtp.envelope import Envelope


@dataclass(frozen=True, slots=True)
class TrustPolicy:
    """The relays and ARC sealers whose results are trusted. None, unless configured."""

    relay: TrustedRelay | None = None
    sealers: frozenset[str] = frozenset()


TRUST_NOBODY = TrustPolicy()
MAX_NAMED = 3
_SPF_VERSION = re.compile(r"v=spf1(?: |$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CheckLimits:
    """Limits on how much of a mail is checked, and for how long."""

    caps: Caps = DEFAULT_CAPS
    checks_s: float = 20.0


DEFAULT_CHECK_LIMITS = CheckLimits()


async def authenticate(
    message: Message,
    envelope: Envelope,
    author_domain: str,
    resolver: Resolver,
    *,
    allow_loopback_mx: bool = False,
    deadline_s: float = 20.0,
    relay: TrustedRelay | None = None,
    trusted_sealers: frozenset[str] = frozenset(),
) -> Verdict:
    """Authenticate the sender; `author_domain` is the domain of the only From mailbox.

    `relay` describes our own relays. `trusted_sealers` are the domains (lower case) whose ARC seal can
    replace a signature that they broke. Never raises, whatever the message or DNS contains. After the
    deadline, all unfinished checks are temperror, and so is the verdict.
    """
    author = author_domain.lower().removesuffix(".")
    recorder = QueryLog(resolver)
    facts = find_client_facts(message, envelope, relay)
    try:
        async with asyncio.timeout(deadline_s):
            checked = await _run_checks(message, facts, author, recorder, allow_loopback_mx)
            if trusted_sealers and checked.outcome in {Outcome.UNPROVEN, Outcome.TEMPERROR}:
                sealed = await validate.check(message, recorder, trusted_sealers, envelope.received_at)
                checked = _add_arc_result(checked, sealed, recorder)
    except TimeoutError:
        return _timeout_verdict(envelope, author, recorder)
    return _name_faults(checked, recorder)


async def _run_checks(
    message: Message, facts: ClientFacts, author: str, resolver: QueryLog, allow_loopback_mx: bool
) -> Verdict:
    checks = (
        _check_spf(facts, resolver),
        verify.verify(message, resolver, facts.envelope.received_at),
        record.walk_tree(author, resolver),
        mx.check(author, resolver, allow_loopback=allow_loopback_mx),
    )
    if resolver.has_cached(((author, "TXT"), (author, "MX"), *record.tree_queries(author))):
        # The usual case: a task for each check would cost as much as the checks.
        spf_result, dkim_results = await checks[0], await checks[1]
        walk, mx_state = await checks[2], await checks[3]
    else:
        spf_result, dkim_results, walk, mx_state = await asyncio.gather(*checks)
    if is_same_organisation(spf_result.domain, author):
        spf_result = await _mark_wide_spf(spf_result, facts.envelope, resolver)
    lookups = await evaluate.look_up(walk, spf_result, dkim_results, resolver)
    dmarc_result = evaluate.evaluate(lookups, spf_result, dkim_results)
    has_own_spf = await _has_own_spf(author, spf_result, resolver)
    found = compute_verdict(author, spf_result, dkim_results, dmarc_result, mx_state, has_own_spf=has_own_spf)
    aliases = await _find_foreign_aliases(found, resolver)
    return replace(found, foreign_aliases=aliases, answers=resolver.answers)


async def _has_own_spf(author: str, spf: Spf, resolver: Resolver) -> bool | None:
    """Return whether the author domain has an SPF record, None if unknown.

    Queried only if SPF passed for a parent domain.
    """
    if spf.result is not Result.PASS or not author.endswith("." + spf.domain):
        return False
    try:
        answer = await resolver.resolve(author, "TXT")
    except TempFail:
        return None
    # RFC 7208 section 4.5. An unusable answer also means that the parent's record must not decide.
    return bool(answer.fault) or any(_SPF_VERSION.match(text) for text in answer.records)


async def _find_foreign_aliases(found: Verdict, resolver: QueryLog) -> tuple[str, ...]:
    """Return CNAME targets outside the organisation unit of the domain that vouches, for its SPF or MX.

    CNAMEs at `*._domainkey` and `_dmarc` are other names, and common practice.
    """
    prover = found.prover
    for rtype in ("TXT", "MX") if found.is_by_other_name else ():
        with suppress(TempFail):
            await resolver.resolve(prover, rtype)
    return tuple(name for name in resolver.find_aliases(prover) if not is_same_organisation(name, prover))


async def _check_spf(facts: ClientFacts, resolver: Resolver) -> Spf:
    """Return the relay's SPF result, or check SPF here."""
    stated, envelope = facts.spf, facts.envelope
    if stated is not None and (stated.result is not Result.PASS or not facts.client_known):
        return replace(stated, hosts_known=False)
    found = await check.check(envelope.client_ip, envelope.reverse_path, envelope.helo, resolver)
    if stated is None:
        return found
    # The relay's result counts. The hosts that it depends on are those of our own check, if that agrees.
    is_same = found.result is Result.PASS and found.domain == stated.domain
    return replace(stated, through=found.through, hosts_known=is_same)


async def _mark_wide_spf(found: Spf, envelope: Envelope, resolver: Resolver) -> Spf:
    """Mark a pass that says nothing about the sender, because the record permits too many clients."""
    if found.result is not Result.PASS:
        return found
    wide = await check.allows_everybody(envelope.client_ip, envelope.reverse_path, envelope.helo, resolver)
    return replace(found, wide=wide)


def _add_arc_result(checked: Verdict, sealed: Arc, recorder: QueryLog) -> Verdict:
    found = (checked.spf, checked.dkim, checked.dmarc, checked.mx)
    answers = recorder.answers
    if checked.outcome is Outcome.TEMPERROR:  # unfinished checks stay unknown; only the seal counts
        return compute_verdict(checked.author_domain, *found, sealed, answers, has_own_spf=None)
    return compute_verdict(checked.author_domain, *found, sealed, answers, has_own_spf=True)


def _name_faults(checked: Verdict, recorder: QueryLog) -> Verdict:
    """Add the unusable DNS answers to the reason of the verdict.

    A mail that used up its DNS budget is never authenticated, because chance decides which answers came
    first.
    """
    if recorder.is_spent:
        reason = f"The DNS answers for this message exceed the limit of {BUDGET_BYTES} octets."
        return replace(
            checked, outcome=Outcome.UNPROVEN, grade=Evidence.NONE, reason=reason, proof=ProofGrade.NONE
        )
    if checked.outcome is Outcome.PROVEN:
        return checked
    faults = recorder.faults
    said = "".join(f" {fault}: {_list_names(faults, fault)}." for fault in dict.fromkeys(faults.values()))
    return replace(checked, reason=f"{checked.reason}{said}") if said else checked


def _list_names(faults: Mapping[str, str], fault: str) -> str:
    return ", ".join([asked for asked, why in faults.items() if why == fault][:MAX_NAMED])


def _timeout_verdict(envelope: Envelope, author: str, recorder: QueryLog) -> Verdict:
    late = "the checks timed out"
    domain = envelope.reverse_path.domain if envelope.reverse_path else ""
    unknown = Spf(Result.TEMPERROR, domain, "mailfrom" if domain else "helo", late)
    dmarc_result = Dmarc(Result.TEMPERROR, reason=late)
    return compute_verdict(author, unknown, (), dmarc_result, MxState.TEMP, answers=recorder.answers)
