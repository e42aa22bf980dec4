"""Replies as people send them, and replies that look like a decision and are none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from gateway.admission.application.items.fields import Form
from gateway.admission.authority.binding import Binding
from gateway.admission.case.events import Decide, Practise
from gateway.admission.case.model import Letter, Staff
from gateway.admission.case.transitions.office import practice
from gateway.admission.intake.classify import classify
from gateway.admission.intake.mail_facts import MailFacts, TokenHolder
from gateway.admission.replies.context import ReplyContext
from gateway.admission.replies.decision import parse
from gateway.admission.replies.reading import Decision
from gateway.auth.results import ProofGrade
from gateway.mail.smtp.mailboxes import Purpose
from gateway.store.repositories import case_repository
from gateway.store.sqlite.store import SqliteStore
from tests.support.authority import LETTER_SUBJECT, SIGNATURES, HonestReply, load, replies
from tests.support.factories import DESK, NOW, SATO, SUZUKI, background, case
from tests.support.replies import CONTEXT

APPROVALS = (*load("hostile/approvals.txt"), *load("hostile/signatures.txt"))
HOSTILE = (*APPROVALS, *load("hostile/others.txt"))
NOTED = tuple(tuple(part.strip(" ") for part in row.split(" | ")) for row in load("honest/others.txt"))


@pytest.mark.parametrize("text", APPROVALS)
def test_no_approval(text: str) -> None:
    got = parse(text, "", CONTEXT)
    assert (Decision.NONE, "") == (got.decision, got.note)
    assert got.why


@pytest.mark.parametrize("text", load("hostile/others.txt"))
def test_no_decision(text: str) -> None:
    assert Decision.NONE is parse(text, "", CONTEXT).decision


@pytest.mark.parametrize("text", load("honest/approvals.txt"))
def test_approval(text: str) -> None:
    assert Decision.APPROVE is parse(text, "", CONTEXT).decision


@pytest.mark.parametrize(("decision", "text", "note"), NOTED)
def test_decision_with_its_note(decision: str, text: str, note: str) -> None:
    got = parse(text, "", CONTEXT)
    assert (decision, note) == (got.decision, got.note)


@pytest.mark.parametrize("practised", [True, False], ids=["after one practice reply", "without"])
async def test_the_honest_cross(
    practised: bool, store: SqliteStore, record_property: Callable[[str, object], None]
) -> None:
    """30 plain approvals x 12 signatures x 6 gateways' marks x 3 Subjects, as events of real mails."""
    known = {each: await practise(store, each) if practised else () for each in SIGNATURES}
    every = list(replies())
    read = Counter(decide(each.text, each.subject, known["\n".join(each.signature)]) for each in every)
    assert 6_480 == len(every)
    assert {Decision.APPROVE, Decision.NONE} >= set(read)
    share = read[Decision.APPROVE] / len(every)
    record_property(
        "figure", f"honest approvals read {'after' if practised else 'without'} practice: {share:.1%}"
    )
    assert share >= (0.9 if practised else 0.7)


async def practise(store: SqliteStore, signature: str) -> tuple[str, ...]:
    """What the store knows of a member after one practice reply with this signature."""
    mail = build_mail(f"承認します。\n\n{signature}", LETTER_SUBJECT, Purpose.PRACTICE)
    event = classify(mail, holder_of(Purpose.PRACTICE, Letter.PRACTICE_REQUEST), None, STAFFED)
    assert isinstance(event, Practise)
    assert practice.has_passed(event)
    await store.transact(lambda tx: case_repository.keep_signature(tx, event, b"", NOW))
    return await store.transact(lambda tx: tx.known_lines(SATO, 1))


def decide(text: str, subject: str, known_lines: tuple[str, ...]) -> Decision:
    """What a mail of the member decides about the case, as the path in reads it."""
    held = holder_of(Purpose.DECIDE, Letter.REVIEW_REQUEST, known_lines=known_lines)
    event = classify(build_mail(text, subject, Purpose.DECIDE), held, ABOUT, STAFFED)
    assert isinstance(event, Decide)
    return event.reply.decision


STAFFED = replace(
    DESK,
    staff=(
        Staff(SATO, CONTEXT.member_names[0], names=CONTEXT.member_names[1:]),
        Staff(SUZUKI, *CONTEXT.other_member_names),
    ),
)
ABOUT = case(
    form=Form(name=CONTEXT.applicant_name, organisation=CONTEXT.organisation, department=CONTEXT.department)
)


BOUND = Binding(
    SATO.domain, ProofGrade.DECISION, own_host=True, names_mailbox=True, date=NOW, received_at=NOW
)


def build_mail(text: str, subject: str, purpose: Purpose) -> MailFacts:
    return MailFacts(SATO, purpose, subject, text, Form(), None, None, background(), binding=BOUND)


def holder_of(purpose: Purpose, letter: Letter, known_lines: tuple[str, ...] = ()) -> TokenHolder:
    return TokenHolder(
        purpose,
        SATO,
        letter,
        1,
        False,
        CONTEXT.letter_lines,
        True,
        code="4F7K",
        letter_subject=LETTER_SUBJECT,
        known_lines=known_lines,
        today=CONTEXT.today,
    )


def context_of(reply: HonestReply, practised: bool) -> ReplyContext:
    """What is known of the writer of a reply of the cross."""
    known = reply.signature if practised else ()
    return replace(CONTEXT, letter_subject=LETTER_SUBJECT, known_lines=known)


def test_declines_holds_and_questions_with_signatures(record_property: Callable[[str, object], None]) -> None:
    words = tuple((decision, text) for decision, text, _ in NOTED if decision in {"decline", "hold", "ask"})
    read = {Decision(decision): [0, 0, 0] for decision, _ in words}
    for decision, text in words:
        for each in replies((text,), ("Re: 審査依頼",), SIGNATURES[::2]):
            got = parse(each.text, each.subject, context_of(each, True)).decision
            read[Decision(decision)][0 if got == decision else 1 if got is Decision.NONE else 2] += 1
    for decision, (right, unclear, wrong) in read.items():
        share = right / (right + unclear)
        record_property("figure", f"{decision.value}: {share:.1%} read, {wrong} wrong")
        assert (0, True) == (wrong, share >= 0.85)


def test_nothing_hostile_decides_below_any_mark(
    record_property: Callable[[str, object], None],
) -> None:
    """Each hostile text as it would come through a gateway, with a signature below."""
    every = replies(HOSTILE, ("Re: 審査依頼",), SIGNATURES[:3])
    tried = [each for each in every if not each.text.startswith("--")]
    wrong = Counter(parse(each.text, "", context_of(each, True)).decision for each in tried)
    record_property("figure", f"wrong approvals: {wrong[Decision.APPROVE]} of {len(tried)}")
    record_property("figure", f"wrong declines: {wrong[Decision.DECLINE]} of {len(tried)}")
    assert {Decision.NONE} == set(wrong)


@pytest.mark.parametrize(
    "text", ["保留 12月10日", "保留 4F7K\n\n12月10日まで", "保留します。\n期限：12月10日"]
)
@pytest.mark.parametrize("subject", ["保留 12月20日", "12月20日まで", "期限 2020年1月1日"])
def test_a_day_in_the_subject_that_contradicts_makes_a_hold_unclear(text: str, subject: str) -> None:
    context = replace(CONTEXT, code="4F7K", letter_subject=LETTER_SUBJECT)
    assert Decision.HOLD is parse(text, f"Re: {LETTER_SUBJECT}", context).decision
    assert Decision.NONE is parse(text, f"Re: {LETTER_SUBJECT} {subject}", context).decision


def test_a_hold_by_word_and_code_ends_on_the_day_below() -> None:
    context = replace(CONTEXT, code="4F7K")
    assert date(2026, 12, 10) == parse("保留 4F7K\n\n12月10日まで", "", context).until
    assert Decision.NONE is parse("保留 4F7K\n\n12月1日\n12月10日", "", context).decision
