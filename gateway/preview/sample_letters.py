"""Every letter that the desk can owe, made by the steps that owe them: for previews and tests.

No letter is written by hand here, so that what is looked at is what would be sent.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from gateway.admission.application.form import Form, read
from gateway.admission.case import digest as overview
from gateway.admission.case import digest_reply, letters
from gateway.admission.case.deadlines import agenda
from gateway.admission.case.decide import decide
from gateway.admission.case.events import (
    Apply,
    Confirm,
    Decide,
    Elapsed,
    Handed,
    Intent,
    Misuse,
    Overview,
    Revoke,
    Supplement,
    Undelivered,
    Unknown,
    Withdraw,
)
from gateway.admission.case.model import Case, Letter, Owed, Role, Staff, State
from gateway.admission.replies.confirmation import Confirmation
from gateway.admission.replies.decision import Decision, Reading
from gateway.mail.address import parse
from gateway.preview.sample_cases import DESK, NOW, NUMBER, SATO, SUZUKI, TOWN, Applicant

Named = tuple[str, Case | None, Intent]

APPROVAL = Decide(SATO, Reading(Decision.APPROVE, "", "承認と読みました"), 1, recallable=True)
BATCHES = {
    "two": f"{NUMBER} 承認\nAB12-CD 却下 対象外",
    "unread": f"{NUMBER} 承認しますか?",
    "none": "承認",
}


def _decided(decision: Decision, note: str = "") -> Decide:
    return Decide(SATO, Reading(decision, note, "「了解」は判断の言葉ではありません"), 1, recallable=True)


def _elapsed(of: Case, at: int) -> Elapsed:
    return Elapsed(agenda(of, DESK)[at])


def steps(of: Applicant, extra: str = "") -> list[Named]:
    """Names, cases and intents that together bring every letter about this applicant in every variant.

    `extra` is added to each text that a person writes, to see what becomes of it.
    """
    return [
        *_arriving(of, extra),
        *_waiting(of),
        *_office(of, extra),
        *_questions(of, extra),
        *_later(of, extra),
    ]


def _arriving(of: Applicant, extra: str) -> list[Named]:
    incomplete = replace(of.form, department="", consent=Form().consent)
    moved = replace(of.background, earlier="AB12-CD")
    return [
        ("apply", None, Apply(of.address, of.form, of.background, NUMBER)),
        ("apply-moved", None, Apply(of.address, of.form, moved, NUMBER)),
        ("apply-half", None, Apply(of.address, incomplete, of.background, NUMBER)),
        ("apply-nothing", None, Apply(of.address, read(f"氏名: {of.form.name}"), of.background, NUMBER)),
        ("apply-again", of.case(State.INVITED), Apply(of.address, of.form, of.background, NUMBER)),
        ("third-party", of.case(), Confirm(of.colleague, Confirmation.CONFIRM, of.background)),
        ("changed", of.case(), Supplement(read("部署名: 総務課"), "")),
        (
            "wrote",
            of.case(),
            Supplement(Form(), f"来月の異動の後も使えますか。\nhttps://mihon.example/{extra}"),
        ),
        ("withdrawn", of.case(), Withdraw()),
        ("unknown", None, Unknown(of.address)),
    ]


def _waiting(of: Applicant) -> list[Named]:
    """What only somebody can bring whose address does not show the organisation."""
    if of.confirmed_by_domain:
        return []
    waiting = of.case(State.AWAITING_AFFILIATION)
    own = TOWN.background
    return [
        ("confirmed", waiting, Confirm(of.colleague, Confirmation.CONFIRM, own)),
        ("denied", waiting, Confirm(of.colleague, Confirmation.DENY, own)),
        ("unusable", waiting, Confirm(of.colleague, Confirmation.NONE, own)),
        ("reminded", waiting, _elapsed(waiting, 0)),
        ("closed", waiting, _elapsed(waiting, 2)),
    ]


def _office(of: Applicant, extra: str) -> list[Named]:
    approved = of.case(State.APPROVED, decided_by=str(SATO), decided_at=NOW, handler=str(SATO))
    invited = replace(approved, state=State.INVITED, invited_at=NOW)
    reason = f"民間企業にお勤めの方は、参加の対象ではないためです。{extra}"
    return [
        ("approved", of.case(), _decided(Decision.APPROVE)),
        ("declined", of.case(), _decided(Decision.DECLINE, reason)),
        ("undone", approved, _decided(Decision.UNDO)),
        ("held", of.case(), _decided(Decision.HOLD, "12月1日まで")),
        ("taken", of.case(), _decided(Decision.TAKE)),
        ("status-decided", approved, _decided(Decision.STATUS)),
        ("unclear", of.case(), _decided(Decision.NONE)),
        ("too-late", approved, _decided(Decision.APPROVE)),
        ("misuse", of.case(), Misuse(of.colleague, SATO)),
        ("misuse-of-none", None, Misuse(of.colleague, SATO)),
        ("joined", invited, _decided(Decision.JOINED)),
        ("resent", invited, _decided(Decision.RESEND)),
        ("reminded-invited", invited, _elapsed(invited, 0)),
        ("invitation-over", invited, _elapsed(invited, 1)),
        ("revoked", approved, Revoke("operator:rei", f"誤って承認したため。{extra}")),
    ]


def _questions(of: Applicant, extra: str) -> list[Named]:
    asked = of.case(State.NEEDS_INFORMATION, question=f"課の正式な名前を教えてください。{extra}")
    return [
        ("asked", of.case(), _decided(Decision.ASK, f"課の正式な名前を教えてください。{extra}")),
        ("answered", asked, Supplement(Form(), f"正式には「総務部総務課」です。{extra}")),
        ("help", asked, _decided(Decision.HELP)),
        ("reminded-asked", asked, _elapsed(asked, 1)),
    ]


def _later(of: Applicant, extra: str) -> list[Named]:
    held = of.case(State.ON_HOLD, held_until=date(2026, 12, 1), handler=str(SUZUKI))
    asked = of.case(State.NEEDS_INFORMATION, number="AB12-CD", question=f"課名は何ですか?{extra}")
    incomplete = of.case(State.NEEDS_INFORMATION, form=read(f"氏名: {of.form.name}"))
    return [
        ("status", held, _decided(Decision.STATUS)),
        ("overview", None, Overview(SATO, (of.case(), held, asked))),
        ("overview-empty", None, Overview(SATO)),
        ("overview-long", None, Overview(SATO, (of.case(),) * (overview.MAX_LINES + 3))),
        ("hold-over", held, _elapsed(held, 0)),
        ("due", of.case(), _elapsed(of.case(), 0)),
        ("overdue", of.case(), _elapsed(of.case(), 2)),
        ("reminded-missing", incomplete, _elapsed(incomplete, 1)),
        ("closed-missing", incomplete, _elapsed(incomplete, 2)),
        ("undelivered", of.case(), Undelivered(Letter.ACKNOWLEDGMENT, of.address, "550 5.1.1 no such user")),
    ]


def letters_about(of: Applicant, extra: str = "") -> list[tuple[str, Owed]]:
    """(name of the step and letter, letter), one for each kind of addressee."""
    found: dict[str, Owed] = {}
    for name, before, intent in steps(of, extra):
        for owed in decide(before, intent, NOW, DESK).owed:
            found.setdefault(f"{name}-{owed.letter.value}", owed)
    for name, owed in (*_otherwise(of), *_by_role(of), *_transcripts(of)):
        found.setdefault(name, owed)
    first = next(owed for owed in found.values() if owed.to == of.address)
    found[f"attachment-{first.letter.value}"] = replace(
        first, facts={**first.facts, "attachments_dropped": True}
    )
    found["class-3-not_kept"] = Owed(Letter.NOT_KEPT, of.address, {})
    return list(found.items())


def _otherwise(of: Applicant) -> Iterator[tuple[str, Owed]]:
    """What only other settings bring: the first of two approvals, invitations that others send, and somebody
    who hears of the due day."""
    desk = replace(DESK, second_approval=True, escalation=parse("kacho@kyoso.mihon.go.jp"))
    for owed in decide(of.case(), APPROVAL, NOW, desk).owed if not of.confirmed_by_domain else ():
        yield f"first-{owed.letter.value}", owed
    approved = of.case(State.APPROVED, decided_by=str(SATO), decided_at=NOW)
    invitation = letters.to_applicant(approved, Letter.INVITATION)
    payload = json.dumps(
        letters.handoff_facts(invitation.facts, "<key@example>"), ensure_ascii=False, indent=1
    )
    handoff = {**invitation.facts, "payload": payload, "to_name": "招待担当"}
    yield "approved-handoff", Owed(Letter.HANDOFF, SATO, handoff)
    for sender in ("slack", "webhook"):
        (notice,) = decide(approved, Handed(), NOW, replace(desk, invites_by=sender)).owed
        yield f"handed-{sender}-{notice.letter.value}", notice
    yield "barred-case_notice", letters.notices_about_none(desk, "barred", cause="slack: token_revoked")[0]
    yield "escalated-case_notice", decide(of.case(), _elapsed(of.case(), 2), NOW, desk).owed[-1]


def _by_role(of: Applicant) -> Iterator[tuple[str, Owed]]:
    trouble: dict[str, object] = {
        "refused": [{"author": str(of.colleague), "count": 3}],
        "more_refused": 2,
        "erased": {"cases": 3, "mails": 12},
        "failed": [
            {
                "number": NUMBER,
                "letter": "acknowledgment",
                "to": str(of.address),
                "cause": "550 5.1.1 unknown",
            }
        ],
    }
    for role in Role:
        person = Staff(SATO, "佐藤", role)
        (request,) = letters.to_staff(of.case(), Letter.REVIEW_REQUEST, [person], occasion="new")
        yield f"role-{role.value}-review_request", request
        digest: Callable[..., Owed] = overview.digest
        yield f"role-{role.value}-digest", digest(person, [of.case()], NOW.date(), DESK, **trouble)


def _transcripts(of: Applicant) -> Iterator[tuple[str, Owed]]:
    known = {NUMBER: digest_reply.Known(of.case(), False)}
    for name, text in BATCHES.items():
        reply = digest_reply.read(SATO, text, frozenset(), {NUMBER: 1})
        yield f"{name}-transcript", digest_reply.decide(reply, known, NOW, DESK)[-1][1].owed[0]
