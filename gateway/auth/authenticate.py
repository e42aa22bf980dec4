"""Run all checks of one message side by side, under one deadline, and give the verdict."""

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
    """Whose word counts for proof: relays of our own side, and ARC sealers. Nobody's, unless configured."""

    relay: TrustedRelay | None = None
    sealers: frozenset[str] = frozenset()


TRUST_NOBODY = TrustPolicy()
MAX_NAMED = 3
_SPF_VERSION = re.compile(r"v=spf1(?: |$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CheckLimits:
    """How much of one mail is looked at, and for how long."""

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
    """Who wrote `message`? `author_domain` is the domain of its one From mailbox.

    `relay` names the servers of our own side that hand mail over, `trusted_sealers` the domains (lower
    case) whose ARC seal may stand for a proof that they broke. Raises nothing for what the message or
    DNS holds; when the deadline passes, everything not known is temperror, and so is the verdict.
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
    """Whether the author domain has an SPF record; asked only where the SPF of a name above it passed."""
    if spf.result is not Result.PASS or not author.endswith("." + spf.domain):
        return False
    try:
        answer = await resolver.resolve(author, "TXT")
    except TempFail:
        return None
    # RFC 7208 section 4.5. What can never be used says what the parent's record must not settle.
    return bool(answer.fault) or any(_SPF_VERSION.match(text) for text in answer.records)


async def _find_foreign_aliases(found: Verdict, resolver: QueryLog) -> tuple[str, ...]:
    """CNAMEs that lead SPF or MX of the domain that vouches out of its unit. Those at `*._domainkey` and
    `_dmarc` are other names and everyday practice."""
    prover = found.prover
    for rtype in ("TXT", "MX") if found.is_by_other_name else ():
        with suppress(TempFail):
            await resolver.resolve(prover, rtype)
    return tuple(name for name in resolver.find_aliases(prover) if not is_same_organisation(name, prover))


async def _check_spf(facts: ClientFacts, resolver: Resolver) -> Spf:
    """As the relay says, or checked here."""
    stated, envelope = facts.spf, facts.envelope
    if stated is not None and (stated.result is not Result.PASS or not facts.client_known):
        return replace(stated, hosts_known=False)
    found = await check.check(envelope.client_ip, envelope.reverse_path, envelope.helo, resolver)
    if stated is None:
        return found
    # The relay's word is the result; the hosts that it rests on are those by which it comes out here too.
    is_same = found.result is Result.PASS and found.domain == stated.domain
    return replace(stated, through=found.through, hosts_known=is_same)


async def _mark_wide_spf(found: Spf, envelope: Envelope, resolver: Resolver) -> Spf:
    """A pass on which the proof may rest, marked when it says nothing about who sent the mail."""
    if found.result is not Result.PASS:
        return found
    wide = await check.allows_everybody(envelope.client_ip, envelope.reverse_path, envelope.helo, resolver)
    return replace(found, wide=wide)


def _add_arc_result(checked: Verdict, sealed: Arc, recorder: QueryLog) -> Verdict:
    found = (checked.spf, checked.dkim, checked.dmarc, checked.mx)
    answers = recorder.answers
    if checked.outcome is Outcome.TEMPERROR:  # what was open stays open for all but the seal
        return compute_verdict(checked.author_domain, *found, sealed, answers, has_own_spf=None)
    return compute_verdict(checked.author_domain, *found, sealed, answers, has_own_spf=True)


def _name_faults(checked: Verdict, recorder: QueryLog) -> Verdict:
    """The verdict with the answers of DNS that can never be used.

    A mail that took all of its budget is never proven: which answers came before the end is chance.
    """
    if recorder.is_spent:
        reason = f"The DNS answers for this mail are more than the {BUDGET_BYTES} octets that one may take."
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
    late = "the time for all checks ran out"
    domain = envelope.reverse_path.domain if envelope.reverse_path else ""
    unknown = Spf(Result.TEMPERROR, domain, "mailfrom" if domain else "helo", late)
    dmarc_result = Dmarc(Result.TEMPERROR, reason=late)
    return compute_verdict(author, unknown, (), dmarc_result, MxState.TEMP, answers=recorder.answers)
