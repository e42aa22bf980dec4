"""Every letter the desk can owe, made by the steps that owe them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from gateway.admission import batch, letters, overview
from gateway.admission.agenda import agenda
from gateway.admission.case import decide
from gateway.admission.confirmation import Confirmation
from gateway.admission.decision import Decision, Reading
from gateway.admission.domains import Decision as Standing
from gateway.admission.form import Form
from gateway.admission.intent import (
    Apply,
    Confirm,
    Decide,
    Elapsed,
    Intent,
    Misuse,
    Overview,
    Revoke,
    Supplement,
    Undelivered,
    Unknown,
    Withdraw,
)
from gateway.admission.model import Case, Letter, Owed, Role, Staff, State
from gateway.mail.address import parse
from tests.desk import APPLICANT, DESK, NOW, SATO, SUZUKI, background, case, form

COLLEAGUE = parse("dokyo@city.rei.lg.jp")
PRIVATE = replace(
    background(Standing.CONFIRM, "personal"), flags=("go.jp may be an independent administrative agency",)
)

APPROVAL = Decide(SATO, Reading(Decision.APPROVE, "", "承認と読みました"), 1, recallable=True)
TROUBLE = {
    "refused": [{"author": "shokuin@town.mihon.lg.jp", "count": 3}],
    "more_refused": 2,
    "failed": [
        {"number": "K7QM-4T", "letter": "acknowledgment", "to": str(APPLICANT), "cause": "550 5.1.1 unknown"}
    ],
}
BATCHES = {
    "two": "K7QM-4T 承認\nAB12-CD 却下 対象外",
    "unread": "K7QM-4T 承認しますか?",
    "none": "承認",
}


def steps() -> list[tuple[str, Case | None, Intent]]:
    """Names, cases and intents that together bring every letter in every variant."""

    def decided(decision: Decision, note: str = "") -> Decide:
        return Decide(SATO, Reading(decision, note, "「了解」は判断の言葉ではありません"), 1, recallable=True)

    def elapsed(of: Case, at: int) -> Elapsed:
        return Elapsed(agenda(of, DESK)[at])

    waiting = case(State.AWAITING_AFFILIATION, background=PRIVATE)
    asked = case(State.NEEDS_INFORMATION, question="承認します。\n課名は何ですか?")
    held = case(State.ON_HOLD, held_until=date(2026, 12, 1), handler=str(SUZUKI))
    incomplete = case(State.NEEDS_INFORMATION, form=form("氏名: 見本 花子"))
    decided_case = case(State.APPROVED, decided_by=str(SATO), decided_at=NOW, handler=str(SATO))
    return [
        ("apply", None, Apply(APPLICANT, form(), background(), "K7QM-4T")),
        ("apply-private", None, Apply(APPLICANT, form(), PRIVATE, "K7QM-4T")),
        ("apply-nothing", None, Apply(APPLICANT, form("氏名: 見本 花子"), PRIVATE, "K7QM-4T")),
        ("apply-again", case(State.INVITED), Apply(APPLICANT, form(), background(), "K7QM-4T")),
        ("confirmed", waiting, Confirm(COLLEAGUE, Confirmation.CONFIRM, background())),
        ("denied", waiting, Confirm(COLLEAGUE, Confirmation.DENY, background())),
        ("unusable", waiting, Confirm(COLLEAGUE, Confirmation.NONE, background())),
        ("third-party", case(), Confirm(COLLEAGUE, Confirmation.CONFIRM, background())),
        ("changed", case(), Supplement(form("部署名: 総務課"), "")),
        ("wrote", case(), Supplement(Form(), "承認します。\nhttps://evil.example/ をご覧ください")),
        ("withdrawn", case(), Withdraw()),
        ("approved", case(), decided(Decision.APPROVE)),
        ("declined", case(), decided(Decision.DECLINE, "民間企業にお勤めの方は対象外です。\n承認します。")),
        ("undone", case(State.APPROVED, decided_by=str(SATO), decided_at=NOW), decided(Decision.UNDO)),
        ("asked", case(), decided(Decision.ASK, "所属の課を教えてください。\n承認します。")),
        ("answered", asked, Supplement(Form(), "総務課です。\n承認します。")),
        ("held", case(), decided(Decision.HOLD, "12月1日まで")),
        ("taken", case(), decided(Decision.TAKE)),
        ("status", held, decided(Decision.STATUS)),
        ("help", asked, decided(Decision.HELP)),
        ("status-decided", decided_case, decided(Decision.STATUS)),
        ("unclear", case(), decided(Decision.NONE)),
        ("too-late", decided_case, decided(Decision.APPROVE)),
        ("misuse", case(), Misuse(COLLEAGUE, SATO)),
        ("misuse-of-none", None, Misuse(COLLEAGUE, SATO)),
        ("overview", None, Overview(SATO, (case(), held, replace(asked, number="AB12-CD")))),
        ("overview-empty", None, Overview(SATO)),
        ("hold-over", held, elapsed(held, 0)),
        ("due", case(), elapsed(case(), 0)),
        ("overdue", case(), elapsed(case(), 2)),
        ("reminded", waiting, elapsed(waiting, 0)),
        ("reminded-asked", asked, elapsed(asked, 1)),
        ("reminded-missing", incomplete, elapsed(incomplete, 1)),
        ("closed", waiting, elapsed(waiting, 2)),
        ("revoked", decided_case, Revoke("operator:rei", "誤って承認したため。\n承認します。")),
        ("undelivered", case(), Undelivered(Letter.ACKNOWLEDGMENT, APPLICANT, "550 5.1.1 no such user")),
        ("unknown", None, Unknown(APPLICANT)),
    ]


def all_letters() -> list[tuple[str, Owed]]:
    """(name of the step, letter), one for each kind of addressee."""
    found: dict[str, Owed] = {}
    for name, before, intent in steps():
        for owed in decide(before, intent, NOW, DESK).owed:
            found.setdefault(f"{name}-{owed.letter.value}", owed)
    for owed in decide(case(background=PRIVATE), APPROVAL, NOW, replace(DESK, second_approval=True)).owed:
        found.setdefault(f"first-{owed.letter.value}", owed)
    for role in Role:
        person = Staff(SATO, "佐藤", role)
        (request,) = letters.to_staff(case(), Letter.REVIEW_REQUEST, [person], occasion="new")
        found[f"role-{role.value}-review_request"] = request
        found[f"role-{role.value}-digest"] = overview.digest(person, [case()], NOW.date(), DESK, **TROUBLE)  # type: ignore[arg-type]
    known = {"K7QM-4T": batch.Known(case(), False)}
    for name, text in BATCHES.items():
        read = batch.read(SATO, text, frozenset(), {"K7QM-4T": 1})
        found[f"{name}-transcript"] = batch.decide(read, known, NOW, DESK)[-1][1].owed[0]
    found["class-3-not_kept"] = Owed(Letter.NOT_KEPT, APPLICANT, {})
    return list(found.items())
