"""Whose lines stand in a reply: of a letter, of a signature, of an applicant, in a Subject."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gateway.admission.intake.staff.known_lines import find_signature_lines
from gateway.admission.replies.decision import parse
from gateway.admission.replies.grammar.parsing.matching import is_understood
from gateway.admission.replies.reading import Decision
from tests.support.authority import LETTER_SUBJECT
from tests.support.replies import CONTEXT

CODED = replace(CONTEXT, code="4F7K", letter_subject=LETTER_SUBJECT)
SUBJECT = f"Re: {LETTER_SUBJECT}"
MEMO = st.text("招待はまだ先に在籍確認をしてお待ち", min_size=4, max_size=20)


@given(MEMO)
def test_what_a_letter_prints_of_somebody_else_is_heard_without_a_mark(memo: str) -> None:
    context = replace(CODED, letter_lines=(*CODED.letter_lines, "", f"| {memo}", ""))
    assert Decision.NONE is parse(f"承認します。\n{memo}", SUBJECT, context).decision
    assert Decision.NONE is parse(f"承認します。\n\n{memo}\n\n佐藤 一郎", SUBJECT, context).decision
    for mark in ("> ", "| ", "> | "):
        assert Decision.APPROVE is parse(f"承認します。\n\n{mark}{memo}", SUBJECT, context).decision


def test_a_letter_without_marks_is_taken_out_with_what_it_prints() -> None:
    context = replace(CODED, letter_lines=("申請の内容", "| まず電話をお願いします"))
    text = "承認します。\n\n申請の内容\nまず電話をお願いします"
    assert Decision.APPROVE is parse(text, SUBJECT, context).decision


@pytest.mark.parametrize(
    "line",
    [
        *("今のなし", "本回答は無効です", "反対です", "ダメです", "NG", "これは案です", "草案", "仮の返信"),
        *("個人の見解です", "送信者は決定権がありません", "鈴木が決めます", "代筆です", "自動返信です"),
        *("This is not a formal decision", "Not binding", "Opposite day", "来週まで有効"),
    ],
)
def test_what_is_said_of_the_reply_is_no_signature(line: str) -> None:
    text = f"承認します。\n\n佐藤 一郎\n見本省\n{line}"
    assert () == find_signature_lines(text, CONTEXT, practised=True)


@pytest.mark.parametrize("line", ["★ふるさと納税受付中★", "節電にご協力ください", "市制施行70周年"])
def test_a_known_line_counts_beside_another_of_the_signature(line: str) -> None:
    learned = find_signature_lines(f"承認します。\n\n佐藤 一郎\n見本省\n{line}", CONTEXT, practised=True)
    context = replace(CODED, known_lines=learned)
    assert Decision.APPROVE is parse(f"承認します。\n\n佐藤 一郎\n{line}", SUBJECT, context).decision
    assert Decision.NONE is parse(f"承認します。\n\n{line}", SUBJECT, context).decision
    assert Decision.NONE is parse(f"承認 4F7K\n\n{line}", SUBJECT, context).decision


@pytest.mark.parametrize(
    "name",
    [
        *(
            "見送り",
            "中止",
            "延期",
            "無効",
            "別件",
            "全員",
            "以外",
            "明日",
            "来週",
            "予定",
            "テスト",
            "間違い",
        ),
        *("待ってください", "しない", "反対", "不可", "If", "Unless", "Not", "Wait", "招待まで", "本人のみ"),
    ],
)
def test_a_word_is_no_name(name: str) -> None:
    context = replace(CODED, applicant_name=name)
    for said in ("{}の件、承認します。", "{}さんの件、承認します。", "氏名: {}\n承認します。"):
        assert Decision.NONE is parse(said.format(name), SUBJECT, context).decision


ALIEN = st.text(st.characters(categories=("Lo", "Ll", "Po", "So", "Pd")), min_size=1, max_size=12)


@given(ALIEN, st.sampled_from(("Re: {0} {1}", "{1} Re: {0}", "Re: {0}（{1}）", "【{1}】Re: {0}", "{1}")))
def test_a_subject_beside_word_and_code_is_understood_or_nothing_counts(said: str, frame: str) -> None:
    """As beside natural words: a Subject is part of what the writer says."""
    assume(not is_understood(said, CODED) and "承認" not in said and said not in LETTER_SUBJECT)
    assume(said.strip(".。．｡…‥!！*"))  # the end of a sentence alone says nothing
    got = parse("承認 4F7K", frame.format(LETTER_SUBJECT, said), CODED)
    assert (Decision.NONE, "subject") == (got.decision, got.kind)


@pytest.mark.parametrize(
    "said",
    [
        *(
            "{} NG",
            "{} 以外",
            "{}の辞退",
            "{}（鈴木分）",
            "{} 12/10から",
            "Canceled: {}",
            "{}？",
            "{} 条件付き",
        ),
        *(
            "会議の件",
            "自動応答: {}",
            "？",
            "{} ×",
            "【案】{}",
            "{} 要確認",
            "没 {}",
            "{} 嘘",
            "【This mail is private.】{}",
        ),
        *("緊急停止", "Re: 別件", "Re: ダメ", "NG"),
        *("Re: {} しません", "{} if he calls", "明日 {}"),
    ],
)
def test_a_subject_beside_word_and_code(said: str) -> None:
    assert Decision.NONE is parse("承認 4F7K", said.format(LETTER_SUBJECT), CODED).decision


@pytest.mark.parametrize(
    "said",
    ["Re: {}", "RE: {}", "{}", "[外部] Re: {}", "Re: {} 承認します", "", "Re: 審査依頼"],
)
def test_an_honest_subject_beside_word_and_code(said: str) -> None:
    assert Decision.APPROVE is parse("承認 4F7K", said.format(LETTER_SUBJECT), CODED).decision


@pytest.mark.parametrize("line", ["却下します。", "やはり取り消します。"])
def test_a_shown_line_with_another_decision_is_never_dropped(line: str) -> None:
    context = replace(CODED, shown_unread=(line,))
    assert Decision.NONE is parse(f"承認 4F7K\n\n{line}", SUBJECT, context).decision


@pytest.mark.parametrize("said", ["会議の件", "自動応答: {}", "[社外秘メール] Re: {}"])
def test_what_was_shown_of_a_subject_may_stand_there_again(said: str) -> None:
    """A mark of the writer's own mail system does not shut the writer out."""
    subject = said.format(LETTER_SUBJECT)
    unclear = parse("承認 4F7K", subject, CODED)
    assert "subject" == unclear.kind
    context = replace(CODED, shown_unread=unclear.unread)
    assert Decision.APPROVE is parse("承認 4F7K", subject, context).decision
    assert Decision.NONE is parse("承認します。", subject, context).decision
    assert Decision.NONE is parse("承認 4F7K", f"{subject} 却下", context).decision
