"""All variants of confirming an affiliation, for previews and tests."""

from __future__ import annotations

from dataclasses import replace

from gateway.admission.case.deadlines import DeadlineKind, all_deadlines
from gateway.admission.case.decide import decide
from gateway.admission.case.events import (
    CaseEvent,
    Confirm,
    DeadlinePassed,
    Decide,
    Inquire,
    NameColleague,
    Undelivered,
    VoidCall,
)
from gateway.admission.case.model import Case, Letter, State
from gateway.admission.case.model.affiliation import Affiliation, ConfirmerLoad, TelephoneCall
from gateway.admission.replies.outsiders.confirmation import Confirmation
from gateway.admission.replies.reading import Decision, ParsedReply
from gateway.mail.address import parse
from gateway.preview.sample_cases import DESK, NOW, SATO, TOWN, Applicant
from gateway.printing.statement import Statement

NamedStep = tuple[str, Case | None, CaseEvent]
CALL = "03-0000-0000 総務課 山田様"
_FULL = ConfirmerLoad(letters=2)


def build_decision(decision: Decision, note: str = "") -> Decide:
    """Build the event of a decision word from a member of staff."""
    unread = ("了解です。",) if decision is Decision.NONE else ()
    reply = ParsedReply(decision, note, Statement("nearly_read", said="了解です"), unread)
    return Decide(SATO, reply, 1, recallable=True)


def build_deadline(of: Case, at: int) -> DeadlinePassed:
    """Build the event of a case's deadline; `at` is its index in order of days."""
    return DeadlinePassed(all_deadlines(of, DESK)[at])


def add_call(case: Case) -> Case:
    """Return the case with an additional confirmation by telephone."""
    return replace(case, affiliation=replace(case.affiliation, call=TelephoneCall(str(SATO), CALL, NOW)))


def affiliation_steps(of: Applicant) -> list[NamedStep]:
    """Return the steps that only occur if the address does not show the organisation."""
    if of.confirmed_by_domain:
        return []
    waiting = of.case(State.AWAITING_AFFILIATION)
    asked = _decided(waiting, NameColleague((of.colleague,)))
    again = next(one for one in all_deadlines(asked, DESK) if one.kind is DeadlineKind.CHECK_REMIND)
    stranger = parse("dareka@town.mihon.example")
    own = parse(f"{waiting.applicant.local_part}@{of.colleague.domain}")
    return [
        ("named", waiting, NameColleague((of.colleague,))),
        ("named-two", waiting, NameColleague((of.colleague, SATO))),
        ("named-again", asked, NameColleague((of.colleague,))),
        ("named-own", waiting, NameColleague((own,))),
        ("named-waiting", waiting, NameColleague((of.colleague,), load=ConfirmerLoad(is_waiting=True))),
        ("named-stranger", waiting, NameColleague((stranger,))),
        ("named-many", asked, NameColleague((parse(f"x@{of.colleague.domain}"),), load=_FULL)),
        ("named-fourth", replace(asked, affiliation=_fill(asked)), NameColleague((parse("x@mihon.go.jp"),))),
        ("asked-again", asked, DeadlinePassed(again)),
        ("confirmed", asked, _answer(of, Confirmation.CONFIRM, "はい")),
        ("denied", asked, _answer(of, Confirmation.DENY, "いいえ")),
        ("not-known", asked, _answer(of, Confirmation.UNKNOWN, "心当たりがない")),
        ("unread", asked, _answer(of, Confirmation.NONE, "確認しました。")),
        ("unusable", waiting, Confirm(stranger, Confirmation.CONFIRM, TOWN.background)),
        (
            "called",
            waiting,
            build_decision(Decision.AFFILIATED, CALL),
        ),
        (
            "status-called",
            _decided(waiting, build_decision(Decision.AFFILIATED, CALL)),
            build_decision(Decision.STATUS),
        ),
        ("call-void", add_call(waiting), VoidCall("operator:rei")),
        (
            "check-undelivered",
            asked,
            Undelivered(Letter.AFFILIATION_CHECK, of.colleague, "550 5.1.1 unknown"),
        ),
        ("asked-held", asked, Inquire("held")),
        ("reminded", waiting, build_deadline(waiting, 0)),
        ("closed", waiting, build_deadline(waiting, 2)),
    ]


def _decided(before: Case, event: CaseEvent) -> Case:
    return decide(before, event, NOW, DESK).case or before


def _answer(of: Applicant, answer: Confirmation, words: str) -> Confirm:
    return Confirm(
        of.colleague, answer, TOWN.background, of.colleague, name="同僚 三郎", words=words, is_vouched=True
    )


def _fill(case: Case) -> Affiliation:
    """Return the affiliation with the maximum number of colleagues asked."""
    (check,) = case.affiliation.checks
    others = (replace(check, address=parse(f"{name}@{check.address.domain}")) for name in ("a", "b"))
    return replace(case.affiliation, checks=(check, *others))
