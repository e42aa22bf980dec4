"""The telephone call that confirms an affiliation, and whose confirmation a case rests on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from gateway.admission.case.model import Case, Desk, State, awaiting_review, with_state
from gateway.admission.case.model.affiliation import Place, TelephoneCall
from gateway.admission.organisations.domains import Standing
from gateway.mail.text import fold
from gateway.patterns import compile_later
from gateway.printing.statement import Statement

_DIGITS_OF_A_NUMBER = 4  # an extension at least
_NUMBER = compile_later(r"[0-9()+-]+")


def call_refusal(case: Case, note: str) -> Statement | None:
    """Return what is missing in a member's statement that the affiliation was confirmed by telephone."""
    if case.background.standing is Standing.OWN:
        return Statement("call_needless")
    folded = fold(note)
    digits = sum(sign.isdigit() for sign in folded)
    person = "".join(sign for sign in _NUMBER.sub("", folded) if sign.isalpha())
    return Statement("call_wanted") if digits < _DIGITS_OF_A_NUMBER or len(person) < 2 else None


def record_call(case: Case, call: TelephoneCall) -> Case:
    """Return the case as confirmed by telephone; a case on hold remains on hold."""
    known = replace(case.affiliation, call=call)
    called = replace(
        case, affiliation=known, confirmed_by=case.confirmed_by or call.by, confirmed_formerly=False
    )
    return with_state(called, State.UNDER_REVIEW) if case.state is State.AWAITING_AFFILIATION else called


def without_call(case: Case, desk: Desk) -> Case:
    """Return the case without the telephone call: confirmed only by letters that count without one."""
    if case.affiliation.call is None:
        return case
    alone = {
        at for at in case.affiliation.checks if desk.confirmer(case, at.address).place is not Place.WITH_CALL
    }
    checks = tuple(replace(at, counts=at.counts and at in alone) for at in case.affiliation.checks)
    known = replace(case.affiliation, call=None, checks=checks)
    return rest_on_what_counts(replace(case, affiliation=known))


def rest_on_what_counts(case: Case) -> Case:
    """Return the case as confirmed by the first answer that still counts, or by nobody."""
    known = case.affiliation
    counting = [str(check.address) for check in known.checks if check.counts]
    counting += [known.call.by] if known.call is not None else []
    if case.confirmed_formerly or case.confirmed_by in counting:
        return case
    return replace(case, confirmed_by=counting[0] if counting else "")


def doubt(case: Case, now: datetime) -> Case:
    """Return the case after a confirmation was revoked or contradicted.

    What was shown before is outdated, and a first approval that rests on it is requested again.
    """
    doubted = replace(case, revision=case.revision + 1, first_approval="")
    if case.state not in {State.UNDER_REVIEW, State.AWAITING_AFFILIATION}:
        return doubted
    return awaiting_review(doubted, waits_since=now)
