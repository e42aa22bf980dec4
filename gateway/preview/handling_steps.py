"""All variants of staff words that count only with the code, for previews and tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gateway.admission.application.form import parse_form
from gateway.admission.case.events import Decide, HandOver, StaffQuery
from gateway.admission.case.model import MailChoice, Memo, OutgoingLetter, State
from gateway.admission.case.transitions.office import looking
from gateway.admission.replies.reading import Decision
from gateway.preview.affiliation_steps import NamedStep, build_decision
from gateway.preview.sample_cases import DESK, NOW, SATO, SUZUKI, Applicant


def handling_steps(of: Applicant, extra: str = "") -> list[NamedStep]:
    """Return a step for each word that is carried out, and one without its code."""
    declined = of.case(State.DECLINED, decided_by=str(SATO), decided_at=NOW)
    noted = replace(of.case(), memos=(Memo(str(SATO), NOW, f"総務課に電話で伺いました。{extra}"),))
    lacking = of.case(State.EXPIRED, form=parse_form(f"氏名: {of.form.name}"))
    return [
        ("replied", of.case(), _coded(Decision.REPLY, f"資料は、来週お送りします。{extra}")),
        ("noted", noted, _coded(Decision.MEMO, f"資料は確認済みです。{extra}")),
        ("status-noted", noted, build_decision(Decision.STATUS)),
        ("withdrawn-by-staff", of.case(), _coded(Decision.WITHDRAW)),
        ("reopened", declined, _coded(Decision.REOPEN)),
        ("reopened-lacking", lacking, _coded(Decision.REOPEN)),
        (
            "corrected",
            of.case(),
            _coded(Decision.CORRECT, f"団体: 見本県見本町\n理由: 電話で確かめました。{extra}"),
        ),
        ("corrected-held", of.case(State.NEEDS_INFORMATION), _coded(Decision.CORRECT, _KIND)),
        ("code-word-wanted", of.case(), build_decision(Decision.MEMO)),
    ]


_KIND = "区分: 政府機関\n理由: 人事交流で出向している方です。"


def _coded(word: Decision, note: str = "") -> Decide:
    event = build_decision(word, note)
    return replace(event, reply=replace(event.reply, by_code=True), recallable=False)


def letters_of_queries(of: Applicant, extra: str = "") -> Iterator[tuple[str, OutgoingLetter]]:
    """Yield replies to a member who asks about the desk, is away, or takes over a colleague's cases."""
    handed = of.case(handler=str(SUZUKI))
    asked = {
        "help": StaffQuery(SATO, "help"),
        "found": StaffQuery(SATO, "search", f"見本{extra}", (of.case(), handed)),
        "found-many": StaffQuery(SATO, "search", "見本", (handed,) * (looking.MAX_FOUND + 1)),
        "found-none": StaffQuery(SATO, "status", "AB12-CD"),
        "asked-status": StaffQuery(SATO, "status", handed.number, (handed,)),
        "away": StaffQuery(SATO, "away", "12月1日-5日"),
        "away-unread": StaffQuery(SATO, "away", "13月1日"),
        "back": StaffQuery(SATO, "back"),
        **{f"mail-{one.value}": StaffQuery(SATO, "mail", mail=one, by_web=True) for one in MailChoice},
        "mail-settings": StaffQuery(SATO, "mail", by_web=True),
    }
    answers = {name: looking.answer(event, NOW, DESK) for name, event in asked.items()}
    answers |= {
        "handed-over": looking.hand_over(HandOver(SATO, "鈴木", (handed,)), DESK),
        "handed-nothing": looking.hand_over(HandOver(SATO, "鈴木"), DESK),
        "handed-to-nobody": looking.hand_over(HandOver(SATO, "田中"), DESK),
    }
    for name, pairs in answers.items():
        for outgoing in pairs[-1][1].letters:
            yield f"{name}-{outgoing.letter.value}-{outgoing.to.local_part}", outgoing
