"""A practice reply is read like a real one, tells what it would do, and changes nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.admission.authority.binding import UNBOUND
from gateway.admission.case.decide import decide
from gateway.admission.case.events import Decide, Misuse, Note, Practise
from gateway.admission.case.model import Case, Letter, Role, Staff, Transition
from gateway.admission.case.transitions.office import practice
from gateway.admission.intake.classify import classify
from gateway.admission.intake.mail_facts import TokenHolder
from gateway.admission.replies.reading import Decision
from gateway.mail.address import Address, parse
from gateway.mail.smtp.mailboxes import Purpose
from gateway.printing.statement import Statement
from tests.admission.intake.test_classify import holder, mail
from tests.support.factories import APPLICANT, DESK, NOW, SATO, SUZUKI, case

HELD = holder(Purpose.PRACTICE, SATO, letter=Letter.PRACTICE_REQUEST, code="4F7K", letter_subject="参加申請")
SIGNED = "承認します。\n\n佐藤\n節電にご協力ください"
STRANGER = parse("dokyo@town.mihon.lg.jp")


def practised(text: str, held: TokenHolder = HELD, **changes: object) -> Practise:
    event = classify(mail(SATO, Purpose.PRACTICE, text, **changes), held, None, DESK)
    assert isinstance(event, Practise)
    return event


def answered(event: Practise) -> Transition:
    return decide(None, event, NOW, DESK)


def test_the_answer_tells_word_proof_and_what_a_real_one_would_do() -> None:
    got = answered(practised(SIGNED))
    assert got.case is None
    (letter,) = got.letters
    assert (Letter.PRACTICE_RESULT, SATO) == (letter.letter, letter.to)
    told = {name: letter.facts[name] for name in ("passed", "word", "grade", "why", "state")}
    assert {"passed": True, "word": "approve", "grade": "dmarc", "why": "", "state": "approved"} == told
    assert {"letter": "invitation", "to": "renshu@example.jp"} in letter.facts["sent"]  # type: ignore[operator]
    assert ["word", "signature", "remembered"] == [one["what"] for one in letter.facts["sentences"]]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "word", "passed"),
    [
        ("却下: 対象外です", "decline", True),
        ("保留 12月1日", "hold", True),
        ("照会: 課名は?", "ask", True),
        ("承認 4F7K", "approve", True),
        ("承認します。先に在籍確認をしてください。", "none", False),
        ("取消", "undo", False),
        ("", "none", False),
    ],
)
def test_what_is_read(text: str, word: str, passed: bool) -> None:
    event = practised(text)
    assert (word, passed) == (event.reply.decision.value, practice.has_passed(event))
    (letter,) = answered(event).letters
    assert bool(letter.facts["why"]) is not passed


@pytest.mark.parametrize(
    "text", [SIGNED, "却下: 対象外", "保留", "承認します。先に在籍確認をしてください。", "承認 4F7K"]
)
def test_a_real_reply_is_read_the_same(text: str) -> None:
    real = classify(
        mail(SATO, Purpose.DECIDE, text),
        replace(
            HELD, purpose=Purpose.DECIDE, letter=Letter.REVIEW_REQUEST, known_lines=practised(text).signature
        ),
        practice.CASE,
        DESK,
    )
    assert isinstance(real, Decide)
    assert real.reply == practised(text).reply


@pytest.mark.parametrize(
    ("author", "addressee"), [(SUZUKI, SATO), (APPLICANT, SATO), (STRANGER, STRANGER), (SATO, SUZUKI)]
)
def test_nobody_else_can_teach_a_line(author: Address, addressee: Address) -> None:
    held = replace(HELD, addressee=addressee)
    assert isinstance(classify(mail(author, Purpose.PRACTICE, SIGNED), held, None, DESK), Misuse)
    assert isinstance(classify(mail(author, Purpose.PRACTICE, SIGNED), None, None, DESK), Misuse)


@pytest.mark.parametrize("about", [None, case()])
def test_a_practice_token_never_decides_a_case(about: Case | None) -> None:
    event = classify(mail(SATO, Purpose.PRACTICE, "承認"), HELD, about, DESK)
    assert isinstance(event, Practise)
    assert decide(about, event, NOW, DESK).case is None


def test_a_machine_an_old_token_and_html_alone_teach_nothing() -> None:
    automatic = mail(SATO, Purpose.PRACTICE, SIGNED, automatic="Auto-Submitted")
    assert isinstance(classify(automatic, HELD, None, DESK), Note)
    for event in (practised(SIGNED, replace(HELD, expired=True)), practised(SIGNED, html_only=True)):
        assert ((), Decision.NONE) == (event.signature, event.reply.decision)


def test_a_mail_that_is_not_bound_to_the_letter_teaches_nothing() -> None:
    event = practised(SIGNED, binding=UNBOUND)
    assert ((), Decision.NONE) == (event.signature, event.reply.decision)
    assert "unbound" == practised("承認します。", binding=UNBOUND).reply.kind


def test_what_a_role_may_not_do_is_told() -> None:
    desk = replace(DESK, staff=(Staff(SATO, "佐藤", Role.READ),))
    (letter,) = practice.answer(practised("承認"), NOW, desk).letters
    assert Statement("not_permitted") == letter.facts["why"]


def test_who_left_the_staff_gets_no_answer() -> None:
    assert () == practice.answer(practised("承認"), NOW, replace(DESK, staff=())).letters


def test_the_request_is_about_nobody() -> None:
    request = practice.build_request(DESK.staff[0], NOW, DESK)
    assert (Letter.PRACTICE_REQUEST, SATO, practice.CASE.number) == (
        request.letter,
        request.to,
        request.facts["number"],
    )
