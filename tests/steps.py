"""Every letter the desk can owe, made by the steps that owe them."""

from __future__ import annotations

from dataclasses import replace

from gateway.admission.case import decide
from gateway.admission.confirmation import Confirmation
from gateway.admission.decision import Decision, Reading
from gateway.admission.domains import Decision as Standing
from gateway.admission.form import Form
from gateway.admission.intent import (
    Apply,
    Confirm,
    Decide,
    Intent,
    Misuse,
    Supplement,
    Undelivered,
    Unknown,
    Withdraw,
)
from gateway.admission.model import Case, Letter, Owed, State
from gateway.mail.address import parse
from tests.desk import APPLICANT, DESK, NOW, SATO, background, case, form

COLLEAGUE = parse("dokyo@city.rei.lg.jp")
PRIVATE = replace(
    background(Standing.CONFIRM, "personal"), flags=("go.jp may be an independent administrative agency",)
)


def steps() -> list[tuple[str, Case | None, Intent]]:
    """Names, cases and intents that together bring every letter in every variant."""

    def decided(decision: Decision, note: str = "") -> Decide:
        return Decide(SATO, Reading(decision, note, "「了解」は判断の言葉ではありません"), 1, recallable=True)

    waiting = case(State.AWAITING_AFFILIATION, background=PRIVATE)
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
        ("unclear", case(), decided(Decision.NONE)),
        ("misuse", case(), Misuse(COLLEAGUE)),
        ("undelivered", case(), Undelivered(Letter.ACKNOWLEDGMENT, APPLICANT, "550 5.1.1 no such user")),
        ("unknown", None, Unknown(APPLICANT)),
    ]


def all_letters() -> list[tuple[str, Owed]]:
    """(name of the step, letter), one for each kind of addressee."""
    found: dict[str, Owed] = {}
    for name, before, intent in steps():
        for owed in decide(before, intent, NOW, DESK).owed:
            found.setdefault(f"{name}-{owed.letter.value}", owed)
    found["class-3-not_kept"] = Owed(Letter.NOT_KEPT, APPLICANT, {})
    return list(found.items())
