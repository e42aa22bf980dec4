"""The verdict: one pure function from the results of all checks to what they mean for the mail.

Unknown is never fail and never pass: every answer that DNS did not give is tried both ways, and only
where that changes the outcome is the verdict TEMPERROR.
"""

from __future__ import annotations

import re
from typing import assert_never

from gateway.auth.alignment import is_public_suffix, one_organisation, same_unit
from gateway.auth.results import Dkim, Dmarc, Grade, MxState, Outcome, Result, Spf, Verdict
from gateway.mail.address import is_domain

_TOKEN = re.compile(r"[A-Za-z0-9._-]{1,63}", re.ASCII)


def verdict(author_domain: str, spf: Spf, dkim: tuple[Dkim, ...], dmarc: Dmarc, mx: MxState) -> Verdict:
    """Weigh the results for the domain of From, given in lower case without a trailing dot."""
    if is_public_suffix(author_domain):
        reason = "The author domain is a public suffix, which is nobody's."
        return Verdict(author_domain, Outcome.UNPROVEN, Grade.NONE, reason, spf, dkim, dmarc, mx)
    proven, grade = _proof(author_domain, spf, dkim, dmarc)
    outcome = _outcome(proven, _receives(mx))
    reason = _reason(outcome, grade, author_domain, dmarc, mx)
    return Verdict(author_domain, outcome, grade, reason, spf, dkim, dmarc, mx)


def _proof(author: str, spf: Spf, dkim: tuple[Dkim, ...], dmarc: Dmarc) -> tuple[bool | None, Grade]:
    """Whether the author domain is proven, None when unknown, and by what."""
    match dmarc.result:
        case Result.PASS:
            return True, Grade.DMARC
        case Result.TEMPERROR:
            return _without_policy(author, spf, dkim)
        case Result.NONE | Result.PERMERROR:
            # RFC 9989 section 4.10.1: a record that is not valid is not applied.
            return _without_record(author, spf, dkim)
        case Result.FAIL | Result.SOFTFAIL | Result.NEUTRAL:
            return False, Grade.NONE
        case _:
            assert_never(dmarc.result)


def _without_record(author: str, spf: Spf, dkim: tuple[Dkim, ...]) -> tuple[bool | None, Grade]:
    results: tuple[Dkim | Spf, ...] = (*dkim, spf)
    related = [one for one in results if one.domain and same_unit(one.domain, author)]
    for one in related:
        if one.result is Result.PASS:
            return True, _grade(one)
    return _unless_unknown(related)


def _without_policy(author: str, spf: Spf, dkim: tuple[Dkim, ...]) -> tuple[bool | None, Grade]:
    """The DMARC policy is unknown: a pass for the very domain counts with and without any record."""
    results: tuple[Dkim | Spf, ...] = (*dkim, spf)
    related = [one for one in results if one.domain and one_organisation(one.domain, author)]
    for one in related:
        if one.result is Result.PASS and one.domain == author:
            return True, _grade(one)
    if any(one.result is Result.PASS for one in related):
        return None, Grade.NONE
    return _unless_unknown(related)


def _unless_unknown(related: list[Dkim | Spf]) -> tuple[bool | None, Grade]:
    unknown = any(one.result is Result.TEMPERROR for one in related)
    return (None if unknown else False), Grade.NONE


def _grade(one: Dkim | Spf) -> Grade:
    return Grade.DKIM if isinstance(one, Dkim) else Grade.SPF


def _receives(mx: MxState) -> bool | None:
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
        _certain(is_proven, can_receive)
        for is_proven in ((True, False) if proven is None else (proven,))
        for can_receive in ((True, False) if receives is None else (receives,))
    }
    return possible.pop() if len(possible) == 1 else Outcome.TEMPERROR


def _certain(proven: bool, receives: bool) -> Outcome:
    if not receives:
        return Outcome.UNREACHABLE
    return Outcome.PROVEN if proven else Outcome.UNPROVEN


_MX_WORDS = {
    MxState.NULL_MX: "says that it takes no mail (null MX)",
    MxState.NONE: "has no mail host that can be reached from the Internet",
    MxState.NXDOMAIN: "does not exist",
}


def _reason(outcome: Outcome, grade: Grade, author: str, dmarc: Dmarc, mx: MxState) -> str:
    match outcome:
        case Outcome.PROVEN if grade is Grade.DMARC:
            return f"DMARC proves {author}."
        case Outcome.PROVEN:
            return f"{grade.value.upper()} proves {author}; it counts without a DMARC policy."
        case Outcome.UNREACHABLE:
            return f"The domain {author} {_MX_WORDS[mx]}."
        case Outcome.TEMPERROR:
            return f"DNS did not give all answers about {author}, so the proof is open."
        case Outcome.UNPROVEN if dmarc.result is Result.FAIL:
            return f"DMARC fails for {author}, whose policy is {dmarc.policy or 'unknown'}."
        case Outcome.UNPROVEN:
            return f"Neither SPF nor DKIM proves {author}."
        case _:
            assert_never(outcome)


def field(of: Verdict, authserv_id: str) -> str:
    """The value of an Authentication-Results field (RFC 8601 section 2.2), in one line to fold at spaces.

    Built from result names, checked domains and checked tokens only. Raises ValueError when
    `authserv_id` is no domain.
    """
    if not is_domain(authserv_id):
        raise ValueError("an authserv-id is a domain")
    identity = "smtp.helo" if of.spf.identity == "helo" else "smtp.mailfrom"
    parts = [_method("spf", of.spf.result, {identity: _domain(of.spf.domain)})]
    for one in of.dkim:
        properties = {"header.d": _domain(one.domain), "header.s": _token(one.selector)}
        parts.append(_method("dkim", one.result, properties | {"header.a": _token(one.algorithm)}))
    if not of.dkim:
        parts.append("dkim=none")
    policy = {"header.from": _domain(of.author_domain), "policy.dmarc": _token(of.dmarc.policy)}
    parts.append(_method("dmarc", of.dmarc.result, policy))
    return "; ".join([authserv_id, *parts])


def _method(name: str, result: Result, properties: dict[str, str]) -> str:
    return " ".join(
        [f"{name}={result.value}", *(f"{key}={text}" for key, text in properties.items() if text)]
    )


def _domain(text: str) -> str:
    return text if is_domain(text) else ""


def _token(text: str) -> str:
    return text if _TOKEN.fullmatch(text) else ""
