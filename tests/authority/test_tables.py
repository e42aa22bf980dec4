"""Replies as people send them, and replies that look like a decision and are none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

from gateway.admission.replies.context import ReplyContext
from gateway.admission.replies.decision import Decision, parse
from tests.support.authority import LETTER_SUBJECT, SIGNATURES, HonestReply, load, replies
from tests.support.replies import CONTEXT

HOSTILE = (*load("hostile/approvals.txt"), *load("hostile/others.txt"))
NOTED = tuple(tuple(part.strip(" ") for part in row.split(" | ")) for row in load("honest/others.txt"))


@pytest.mark.parametrize("text", load("hostile/approvals.txt"))
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
def test_the_honest_cross(practised: bool, record_property: Callable[[str, object], None]) -> None:
    """30 plain approvals x 12 signatures x 6 gateways' marks x 3 Subjects."""
    every = list(replies())
    read = Counter(parse(each.text, each.subject, context_of(each, practised)).decision for each in every)
    assert 6_480 == len(every)
    assert {Decision.APPROVE, Decision.NONE} >= set(read)
    share = read[Decision.APPROVE] / len(every)
    record_property(
        "figure", f"honest approvals read {'after' if practised else 'without'} practice: {share:.1%}"
    )
    assert share >= (0.9 if practised else 0.7)


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
