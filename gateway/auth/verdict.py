"""Computes the verdict: a pure function from the results of all checks to the outcome for the mail.

Unknown is never fail and never pass. Each answer that DNS did not give is tried both ways, and the verdict is
TEMPERROR only if that changes the outcome.
"""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from gateway.auth.dmarc.organizational_domain import is_domain_or_parent, is_same_organisation
from gateway.auth.dns.public_suffix import is_public_suffix
from gateway.auth.results import (
    Arc,
    Dkim,
    Dmarc,
    Evidence,
    MxState,
    Outcome,
    ProofGrade,
    QueryLogEntry,
    Result,
    Spf,
    Verdict,
)


def compute_verdict(
    author_domain: str,
    spf: Spf,
    dkim: tuple[Dkim, ...],
    dmarc: Dmarc,
    mx: MxState,
    arc: Arc | None = None,
    answers: tuple[QueryLogEntry, ...] = (),
    *,
    has_own_spf: bool | None = False,
) -> Verdict:
    """Compute the verdict for the domain in From, given in lower case without a trailing dot.

    `arc` counts only if nothing else authenticates the author; `answers` are only recorded. `has_own_spf` is
    whether the author domain has an SPF record, None if DNS did not answer; it matters if SPF passed for a
    parent domain.
    """
    if is_public_suffix(author_domain):
        reason = "The author domain is a public suffix, which belongs to no single organisation."
        return Verdict(
            author_domain, Outcome.UNPROVEN, Evidence.NONE, reason, spf, dkim, dmarc, mx, arc, answers
        )
    proven, grade = _find_proof(author_domain, spf, dkim, dmarc, has_own_spf)
    if proven is not True and arc is not None:
        proven, grade = _apply_arc(proven, author_domain, arc, dmarc)
    outcome = _outcome(proven, _can_receive(mx))
    reason = _explain_outcome(outcome, grade, author_domain, spf, dmarc, mx)
    if grade is Evidence.ARC and arc is not None and outcome is Outcome.PROVEN:
        reason = f"ARC authenticates {author_domain}: the trusted sealer {arc.sealer} recorded a pass."
    proof, prover = _find_prover(author_domain, spf, dkim, grade)
    if outcome is not Outcome.PROVEN:
        proof, prover = ProofGrade.NONE, ""
    found = Verdict(author_domain, outcome, grade, reason, spf, dkim, dmarc, mx, arc, answers, proof, prover)
    return replace(found, reason=f"{reason} {_BY_OTHER.format(prover)}") if found.is_by_other_name else found


_BY_OTHER = (
    "It is authenticated only by {}, another name of the same organisation: such a sender may "
    "apply, but not decide."
)


def _find_prover(author: str, spf: Spf, dkim: tuple[Dkim, ...], grade: Evidence) -> tuple[ProofGrade, str]:
    """Return what the mail may do and the domain that vouches, by the strongest check that passed."""
    signed = [one.domain for one in dkim if one.result is Result.PASS and one.domain]
    own = next((name for name in signed if is_domain_or_parent(name, author)), "")
    if own:
        return ProofGrade.DECISION, own
    has_spf = spf.result is Result.PASS and spf.domain != ""
    if has_spf and spf.domain == author and spf.identity == "mailfrom" and not spf.wide:
        return ProofGrade.DECISION, author
    if grade is Evidence.ARC:
        return ProofGrade.APPLICATION, author
    others = ([spf.domain] if has_spf else []) + signed
    related = [name for name in others if is_same_organisation(name, author)]
    # The name that vouches least: one below the author domain, if there is any.
    return ProofGrade.APPLICATION, next(iter(sorted(related, key=len, reverse=True)), "")


def _apply_arc(proven: bool | None, author: str, arc: Arc, dmarc: Dmarc) -> tuple[bool | None, Evidence]:
    """Apply RFC 8617 section 7.2: what a trusted sealer saw can replace what it broke itself."""
    match arc.result:
        case Result.PASS:
            return (True, Evidence.ARC) if _is_vouched_for(author, arc, dmarc) else (proven, Evidence.NONE)
        case Result.TEMPERROR:
            return None, Evidence.NONE
        case _:
            return proven, Evidence.NONE


def _is_vouched_for(author: str, arc: Arc, dmarc: Dmarc) -> bool:
    """Return whether the sealer saw DMARC pass for the author; without a DMARC result, SPF or DKIM."""
    if arc.dmarc and arc.dmarc not in {Result.NONE.value, Result.PERMERROR.value}:
        return arc.dmarc == Result.PASS.value and arc.dmarc_domain == author
    passed = {domain for domain in (*arc.dkim_domains, arc.spf_domain) if domain}
    if dmarc.result in {Result.NONE, Result.PERMERROR}:
        signed = any(is_domain_or_parent(domain, author) for domain in arc.dkim_domains if domain)
        return signed or arc.spf_domain == author
    # There is, or may be, a policy that requires strict alignment.
    return author in passed


def _find_proof(
    author: str, spf: Spf, dkim: tuple[Dkim, ...], dmarc: Dmarc, has_own_spf: bool | None
) -> tuple[bool | None, Evidence]:
    """Return whether the author domain is authenticated (None if unknown), and by what."""
    match dmarc.result:
        case Result.PASS:
            return True, Evidence.DMARC
        case Result.TEMPERROR:
            return _without_policy(author, spf, dkim)
        case Result.NONE | Result.PERMERROR:
            # RFC 9989 section 4.10.1: an invalid record is not applied.
            return _without_record(author, spf, dkim, has_own_spf)
        case Result.FAIL | Result.SOFTFAIL | Result.NEUTRAL:
            return False, Evidence.NONE
        case _:
            assert_never(dmarc.result)


def _without_record(
    author: str, spf: Spf, dkim: tuple[Dkim, ...], has_own_spf: bool | None
) -> tuple[bool | None, Evidence]:
    """Require the author domain or a parent: by DKIM, or by SPF if the author domain has no SPF record.

    A subdomain is never sufficient.
    """
    results = _countable_results(spf, dkim)
    related = [one for one in results if one.domain and is_domain_or_parent(one.domain, author)]
    if has_own_spf:
        related = [one for one in related if isinstance(one, Dkim) or one.domain == author]
    for one in related:
        if one.result is Result.PASS and (
            isinstance(one, Dkim) or one.domain == author or has_own_spf is False
        ):
            return True, _grade(one)
    if any(one.result is Result.PASS for one in related):
        return None, Evidence.NONE
    return _unproven_or_unknown(related)


def _countable_results(spf: Spf, dkim: tuple[Dkim, ...]) -> tuple[Dkim | Spf, ...]:
    """Return the results that can authenticate an author by themselves.

    An SPF record that permits every client says nothing about this mail. (Under DMARC it still counts,
    RFC 9989 section 4.4, and the staff are notified.)
    """
    return dkim if spf.wide else (*dkim, spf)


def _without_policy(author: str, spf: Spf, dkim: tuple[Dkim, ...]) -> tuple[bool | None, Evidence]:
    """Decide without a known DMARC policy: a pass for the exact domain counts with and without a record."""
    results = _countable_results(spf, dkim)
    related = [one for one in results if one.domain and is_same_organisation(one.domain, author)]
    for one in related:
        if one.result is Result.PASS and one.domain == author:
            return True, _grade(one)
    if any(one.result is Result.PASS for one in related):
        return None, Evidence.NONE
    return _unproven_or_unknown(related)


def _unproven_or_unknown(related: list[Dkim | Spf]) -> tuple[bool | None, Evidence]:
    unknown = any(one.result is Result.TEMPERROR for one in related)
    return (None if unknown else False), Evidence.NONE


def _grade(one: Dkim | Spf) -> Evidence:
    return Evidence.DKIM if isinstance(one, Dkim) else Evidence.SPF


def _can_receive(mx: MxState) -> bool | None:
    match mx:
        case MxState.MX | MxState.IMPLICIT:
            return True
        case MxState.NULL_MX | MxState.NONE | MxState.NXDOMAIN:
            return False
        case MxState.TEMP:
            return None
        case _:
            assert_never(mx)


def _outcome(proven: bool | None, receives: bool | None) -> Outcome:
    """Return the only outcome that is possible whatever the unknown answers are, else TEMPERROR."""
    possible = {
        _certain_outcome(is_proven, can_receive)
        for is_proven in ((True, False) if proven is None else (proven,))
        for can_receive in ((True, False) if receives is None else (receives,))
    }
    return possible.pop() if len(possible) == 1 else Outcome.TEMPERROR


def _certain_outcome(proven: bool, receives: bool) -> Outcome:
    if not receives:
        return Outcome.UNREACHABLE
    return Outcome.PROVEN if proven else Outcome.UNPROVEN


_MX_WORDS = {
    MxState.NULL_MX: "accepts no mail (null MX)",
    MxState.NONE: "has no mail host reachable from the Internet",
    MxState.NXDOMAIN: "does not exist",
}


def _explain_outcome(
    outcome: Outcome, grade: Evidence, author: str, spf: Spf, dmarc: Dmarc, mx: MxState
) -> str:
    match outcome:
        case Outcome.PROVEN if grade is Evidence.DMARC:
            return f"DMARC authenticates {author}."
        case Outcome.PROVEN:
            return f"{grade.value.upper()} authenticates {author}; there is no DMARC policy to satisfy."
        case Outcome.UNREACHABLE:
            return f"The domain {author} {_MX_WORDS[mx]}."
        case Outcome.TEMPERROR:
            return f"DNS lookups for {author} failed, so the sender could not be authenticated."
        case Outcome.UNPROVEN:
            return _explain_unproven(author, spf, dmarc)
        case _:
            assert_never(outcome)


def _explain_unproven(author: str, spf: Spf, dmarc: Dmarc) -> str:
    if dmarc.result is Result.FAIL:
        return f"DMARC fails for {author}, whose policy is {dmarc.policy or 'unknown'}."
    if spf.wide:
        return (
            f"The SPF record of {spf.domain} allows too many clients, so it does not authenticate {author}."
        )
    return f"Neither SPF nor DKIM authenticates {author}."
