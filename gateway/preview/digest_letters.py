"""Letters about several cases: the summary of colleagues' decisions, and the transcript of a digest reply.

Each is built by the function that queues it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from gateway.admission.case.decide import decide
from gateway.admission.case.digest import figures, summary
from gateway.admission.case.digest import lines as digest_lines
from gateway.admission.case.digest import reply as digest_reply
from gateway.admission.case.events import Decide
from gateway.admission.case.model import Case, Desk, Letter, LetterCaps, OutgoingLetter, State
from gateway.admission.replies.context import ReplyContext
from gateway.admission.replies.reading import Decision
from gateway.mail.address import parse
from gateway.preview.affiliation_steps import add_call, build_decision
from gateway.preview.sample_cases import DESK, NOW, NUMBER, SAMPLE_CODE, SATO, SUZUKI, Applicant

_CAPS = LetterCaps()
_UNDO = f"{NUMBER} 取消 {SAMPLE_CODE}"


@dataclass(frozen=True, slots=True)
class _Reply:
    """A digest reply about one case, and whether the letter of its last word can still be recalled."""

    text: str
    about: Case
    recallable: bool = False
    desk: Desk = DESK


def letters_of_digests(of: Applicant) -> Iterator[tuple[str, OutgoingLetter]]:
    """Yield summaries and transcripts with all their sentences."""
    yield from _build_summaries(of)
    for name, said in _list_replies(of).items():
        known = {NUMBER: digest_reply.DigestCase(said.about, said.recallable)}
        reply = digest_lines.parse(SATO, said.text, ReplyContext(code=SAMPLE_CODE), {NUMBER: 1})
        yield f"{name}-transcript", digest_reply.decide(reply, known, NOW, said.desk)[-1][1].letters[0]
    called = add_call(of.case())
    undone = digest_reply.list_undone(
        [(NUMBER, True, called), ("AB12-CD", False, None)], "operator:root", DESK
    )
    yield "undone-transcript", undone[0]
    told = replace(DESK, escalation=parse("kacho@kyoso.mihon.go.jp"))
    week = ("application", "application", "decision.approve")
    yield "figures-case_notice", figures.build_figures(week, [of.case()], NOW.date(), told).letters[0]


def _list_replies(of: Applicant) -> dict[str, _Reply]:
    waiting = add_call(of.case())
    decided = {"decided_by": str(SATO), "decided_at": NOW}
    replies = {
        "two": _Reply(f"{NUMBER} 承認 {SAMPLE_CODE}\nAB12-CD 却下 {SAMPLE_CODE} 対象外", waiting),
        "unread": _Reply(f"{NUMBER} 承認しますか? {SAMPLE_CODE}", waiting),
        "none": _Reply("承認", waiting),
        "hold": _Reply(f"{NUMBER} 保留 {SAMPLE_CODE} 12月1日", waiting),
        "taken-back": _Reply(_UNDO, of.case(State.DECLINED, **decided)),
        "invited": _Reply(_UNDO, of.case(State.INVITED, invited_at=NOW, **decided)),
    }
    if not of.confirmed_by_domain:
        both = replace(DESK, second_approval=True)
        replies["first"] = _Reply(f"{NUMBER} 承認 {SAMPLE_CODE}", waiting, desk=both)
    return replies


def _build_summaries(of: Applicant) -> Iterator[tuple[str, OutgoingLetter]]:
    """Yield a summary of everything that a colleague is notified of; a read-only member has no buttons."""
    whole: OutgoingLetter | None = None
    for state, word in _list_words():
        before = of.case(
            state, invited_at=NOW, decided_by=str(SATO), decided_at=NOW, held_until=date(2026, 12, 1)
        )
        for receipt in decide(before, word, NOW, DESK).letters:
            if receipt.letter is Letter.DECISION_RECEIPT and receipt.to == SUZUKI:
                new = summary.summarise(receipt, before, NOW, _CAPS)
                whole = summary.join(whole.facts, new) if whole is not None else new
    if whole is not None:
        yield "colleagues-decision_summary", whole
        yield "reader-decision_summary", replace(whole, facts={**whole.facts, "role": "read"})


def _list_words() -> Iterator[tuple[State, Decide]]:
    """Yield each kind of word that colleagues are notified of, with the state in which it is sent."""
    for word, note in (
        (Decision.APPROVE, ""),
        (Decision.DECLINE, "参加の対象ではないためです。"),
        (Decision.ASK, "課の正式な名前を教えてください。"),
        (Decision.HOLD, "12月1日まで"),
        (Decision.TAKE, ""),
    ):
        yield State.UNDER_REVIEW, build_decision(word, note)
    yield State.AWAITING_AFFILIATION, build_decision(Decision.AFFILIATED, "03-0000-0000 総務課 見本様")
    yield State.ON_HOLD, build_decision(Decision.UNDO)
    yield State.INVITED, build_decision(Decision.JOINED)
    yield State.INVITED, build_decision(Decision.RESEND)
