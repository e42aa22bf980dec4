"""The verdict: one pure function from the results of all checks to what they mean for the mail.

Unknown is never fail and never pass: every answer that DNS did not give is tried both ways, and only
where that changes the outcome is the verdict TEMPERROR.
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
    """Weigh the results for the domain of From, given in lower case without a trailing dot.

    `arc` counts only where nothing else proves the author; `answers` weigh nothing. `has_own_spf`: whether
    the author domain has an SPF record, None when DNS did not tell; it matters where a parent's SPF passed.
    """
    if is_public_suffix(author_domain):
        reason = "The author domain is a public suffix, which is nobody's."
        return Verdict(
            author_domain, Outcome.UNPROVEN, Evidence.NONE, reason, spf, dkim, dmarc, mx, arc, answers
        )
    proven, grade = _find_proof(author_domain, spf, dkim, dmarc, has_own_spf)
    if proven is not True and arc is not None:
        proven, grade = _apply_arc(proven, author_domain, arc, dmarc)
    outcome = _outcome(proven, _can_receive(mx))
    reason = _explain_outcome(outcome, grade, author_domain, spf, dmarc, mx)
    if grade is Evidence.ARC and arc is not None and outcome is Outcome.PROVEN:
        reason = f"ARC proves {author_domain}: the trusted sealer {arc.sealer} saw a proof."
    proof, prover = _find_prover(author_domain, spf, dkim, grade)
    if outcome is not Outcome.PROVEN:
        proof, prover = ProofGrade.NONE, ""
    found = Verdict(author_domain, outcome, grade, reason, spf, dkim, dmarc, mx, arc, answers, proof, prover)
    return replace(found, reason=f"{reason} {_BY_OTHER.format(prover)}") if found.is_by_other_name else found


_BY_OTHER = "Only {} vouches, another name of its unit: it may apply, and decides nothing."


def _find_prover(author: str, spf: Spf, dkim: tuple[Dkim, ...], grade: Evidence) -> tuple[ProofGrade, str]:
    """How far the proof goes, and the domain that it rests on; the strongest of all that passed."""
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
    # The name that vouches least: one below, if there is any.
    return ProofGrade.APPLICATION, next(iter(sorted(related, key=len, reverse=True)), "")


def _apply_arc(proven: bool | None, author: str, arc: Arc, dmarc: Dmarc) -> tuple[bool | None, Evidence]:
    """RFC 8617 section 7.2: what a trusted sealer saw may stand for what it broke itself."""
    match arc.result:
        case Result.PASS:
            return (True, Evidence.ARC) if _is_vouched_for(author, arc, dmarc) else (proven, Evidence.NONE)
        case Result.TEMPERROR:
            return None, Evidence.NONE
        case _:
            return proven, Evidence.NONE


def _is_vouched_for(author: str, arc: Arc, dmarc: Dmarc) -> bool:
    """Whether the sealer saw DMARC pass for the author, or where it says nothing of DMARC, SPF or DKIM."""
    if arc.dmarc and arc.dmarc not in {Result.NONE.value, Result.PERMERROR.value}:
        return arc.dmarc == Result.PASS.value and arc.dmarc_domain == author
    passed = {domain for domain in (*arc.dkim_domains, arc.spf_domain) if domain}
    if dmarc.result in {Result.NONE, Result.PERMERROR}:
        signed = any(is_domain_or_parent(domain, author) for domain in arc.dkim_domains if domain)
        return signed or arc.spf_domain == author
    # There is, or may be, a policy that asks for strict alignment.
    return author in passed


def _find_proof(
    author: str, spf: Spf, dkim: tuple[Dkim, ...], dmarc: Dmarc, has_own_spf: bool | None
) -> tuple[bool | None, Evidence]:
    """Whether the author domain is proven, None when unknown, and by what."""
    match dmarc.result:
        case Result.PASS:
            return True, Evidence.DMARC
        case Result.TEMPERROR:
            return _without_policy(author, spf, dkim)
        case Result.NONE | Result.PERMERROR:
            # RFC 9989 section 4.10.1: a record that is not valid is not applied.
            return _without_record(author, spf, dkim, has_own_spf)
        case Result.FAIL | Result.SOFTFAIL | Result.NEUTRAL:
            return False, Evidence.NONE
        case _:
            assert_never(dmarc.result)


def _without_record(
    author: str, spf: Spf, dkim: tuple[Dkim, ...], has_own_spf: bool | None
) -> tuple[bool | None, Evidence]:
    """The very domain, or a name above it: by DKIM, by SPF only where the author has no SPF record. A name
    below never proves."""
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
    """What may prove an author by itself: an SPF that every client passes is no word of the domain's owner
    about this mail. (Under DMARC it counts all the same, RFC 9989 section 4.4, and the staff are told.)"""
    return dkim if spf.wide else (*dkim, spf)


def _without_policy(author: str, spf: Spf, dkim: tuple[Dkim, ...]) -> tuple[bool | None, Evidence]:
    """The DMARC policy is unknown: a pass for the very domain counts with and without any record."""
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
    """The one outcome that holds whatever the unknown answers are, else TEMPERROR."""
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
    MxState.NULL_MX: "says that it takes no mail (null MX)",
    MxState.NONE: "has no mail host that can be reached from the Internet",
    MxState.NXDOMAIN: "does not exist",
}


def _explain_outcome(
    outcome: Outcome, grade: Evidence, author: str, spf: Spf, dmarc: Dmarc, mx: MxState
) -> str:
    match outcome:
        case Outcome.PROVEN if grade is Evidence.DMARC:
            return f"DMARC proves {author}."
        case Outcome.PROVEN:
            return f"{grade.value.upper()} proves {author}; it counts without a DMARC policy."
        case Outcome.UNREACHABLE:
            return f"The domain {author} {_MX_WORDS[mx]}."
        case Outcome.TEMPERROR:
            return f"DNS did not give all answers about {author}, so the proof is open."
        case Outcome.UNPROVEN:
            return _explain_unproven(author, spf, dmarc)
        case _:
            assert_never(outcome)


def _explain_unproven(author: str, spf: Spf, dmarc: Dmarc) -> str:
    if dmarc.result is Result.FAIL:
        return f"DMARC fails for {author}, whose policy is {dmarc.policy or 'unknown'}."
    if spf.wide:
        return f"The SPF record of {spf.domain} allows too many clients, so it does not prove {author}."
    return f"Neither SPF nor DKIM proves {author}."
