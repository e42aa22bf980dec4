"""The verdict as a table, and the Authentication-Results field made from it."""

from __future__ import annotations

import itertools

import pytest

from gateway.auth.results import Dkim, Dmarc, Evidence, MxState, Outcome, Result, Spf
from gateway.auth.verdict import compute_verdict

AUTHOR = "city.mihon.lg.jp"
NO_SPF = Spf(Result.NONE, "")
NO_DMARC = Dmarc(Result.NONE)
OPEN = Dmarc(Result.TEMPERROR)


def spf(domain: str = AUTHOR, result: Result = Result.PASS) -> Spf:
    return Spf(result, domain)


def dkim(domain: str = AUTHOR, result: Result = Result.PASS) -> tuple[Dkim, ...]:
    return (Dkim(result, domain, "sel", "rsa-sha256"),)


def dmarc(result: Result) -> Dmarc:
    return Dmarc(result, AUTHOR, "reject")


@pytest.mark.parametrize(
    ("spf_result", "dkim_results", "dmarc_result", "outcome", "grade"),
    [
        # A policy decides.
        (spf(), (), dmarc(Result.PASS), Outcome.PROVEN, Evidence.DMARC),
        (spf(), dkim(), dmarc(Result.FAIL), Outcome.UNPROVEN, Evidence.NONE),
        # Without one: the same domain or a parent inside the unit, never a child.
        (spf(), (), NO_DMARC, Outcome.PROVEN, Evidence.SPF),
        (NO_SPF, dkim(), NO_DMARC, Outcome.PROVEN, Evidence.DKIM),
        (spf(), dkim(), NO_DMARC, Outcome.PROVEN, Evidence.DKIM),
        (spf(), dkim(), dmarc(Result.PERMERROR), Outcome.PROVEN, Evidence.DKIM),
        (spf("bounce.city.mihon.lg.jp"), (), NO_DMARC, Outcome.UNPROVEN, Evidence.NONE),
        (NO_SPF, dkim("bounce.city.mihon.lg.jp"), NO_DMARC, Outcome.UNPROVEN, Evidence.NONE),
        (spf("bounce.city.mihon.lg.jp", Result.TEMPERROR), (), NO_DMARC, Outcome.UNPROVEN, Evidence.NONE),
        (spf("mihon.lg.jp"), (), NO_DMARC, Outcome.UNPROVEN, Evidence.NONE),
        (spf("lg.jp"), (), NO_DMARC, Outcome.UNPROVEN, Evidence.NONE),
        (spf("pref.mihon.lg.jp"), dkim("town.mihon.lg.jp"), NO_DMARC, Outcome.UNPROVEN, Evidence.NONE),
        (spf("other.example"), dkim("other.example"), NO_DMARC, Outcome.UNPROVEN, Evidence.NONE),
        *((spf(result=result), (), NO_DMARC, Outcome.UNPROVEN, Evidence.NONE)
          for result in (Result.FAIL, Result.SOFTFAIL, Result.NEUTRAL, Result.PERMERROR, Result.NONE)),
        (NO_SPF, dkim(result=Result.NONE), NO_DMARC, Outcome.UNPROVEN, Evidence.NONE),
        # Unknown counts where it could turn the outcome.
        (spf(result=Result.TEMPERROR), (), NO_DMARC, Outcome.TEMPERROR, Evidence.NONE),
        (spf(result=Result.TEMPERROR), dkim(), NO_DMARC, Outcome.PROVEN, Evidence.DKIM),
        (spf("other.example", Result.TEMPERROR), (), NO_DMARC, Outcome.UNPROVEN, Evidence.NONE),
        (spf(result=Result.FAIL), dkim(result=Result.TEMPERROR), NO_DMARC, Outcome.TEMPERROR, Evidence.NONE),
        (spf(), (), OPEN, Outcome.PROVEN, Evidence.SPF),
        (spf("bounce.city.mihon.lg.jp"), (), OPEN, Outcome.TEMPERROR, Evidence.NONE),
        (spf("other.example"), (), OPEN, Outcome.UNPROVEN, Evidence.NONE),
        (spf(result=Result.TEMPERROR), (), OPEN, Outcome.TEMPERROR, Evidence.NONE),
        (NO_SPF, (), OPEN, Outcome.UNPROVEN, Evidence.NONE),
        (spf(result=Result.TEMPERROR), (), dmarc(Result.FAIL), Outcome.UNPROVEN, Evidence.NONE),
    ],
)  # fmt: skip
def test_outcomes(
    spf_result: Spf, dkim_results: tuple[Dkim, ...], dmarc_result: Dmarc, outcome: Outcome, grade: Evidence
) -> None:
    got = compute_verdict(AUTHOR, spf_result, dkim_results, dmarc_result, MxState.MX)
    assert (outcome, grade) == (got.outcome, got.grade)
    assert got.reason.endswith(".")


@pytest.mark.parametrize("mx", [MxState.NULL_MX, MxState.NONE, MxState.NXDOMAIN])
@pytest.mark.parametrize("dmarc_result", [dmarc(Result.PASS), dmarc(Result.FAIL), OPEN])
def test_a_domain_that_takes_no_mail_is_unreachable_proven_or_not(mx: MxState, dmarc_result: Dmarc) -> None:
    assert Outcome.UNREACHABLE == compute_verdict(AUTHOR, NO_SPF, (), dmarc_result, mx).outcome


@pytest.mark.parametrize("dmarc_result", [dmarc(Result.PASS), dmarc(Result.FAIL), NO_DMARC, OPEN])
def test_an_unknown_mx_is_temperror(dmarc_result: Dmarc) -> None:
    assert Outcome.TEMPERROR == compute_verdict(AUTHOR, NO_SPF, (), dmarc_result, MxState.TEMP).outcome


@pytest.mark.parametrize("author", ["lg.jp", "tokyo.jp", "jp", ""])
def test_a_public_suffix_is_never_proven(author: str) -> None:
    got = compute_verdict(author, Spf(Result.PASS, author), (), Dmarc(Result.PASS, author), MxState.MX)
    assert Outcome.UNPROVEN == got.outcome


def test_every_combination_has_a_reason_and_unknown_never_proves() -> None:
    for spf_is, dkim_is, dmarc_is, mx in itertools.product(Result, Result, Result, MxState):
        got = compute_verdict(AUTHOR, spf(result=spf_is), dkim(result=dkim_is), dmarc(dmarc_is), mx)
        assert got.reason
        if got.outcome is Outcome.PROVEN:
            assert Result.PASS in (spf_is, dkim_is, dmarc_is)
            assert mx in (MxState.MX, MxState.IMPLICIT)
