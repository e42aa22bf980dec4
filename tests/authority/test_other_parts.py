"""What the HTML part and the Subject say beside the plain text: the same, or the mail is unclear."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gateway.admission.replies.decision import parse
from gateway.admission.replies.grammar.parsing.matching import is_understood
from gateway.admission.replies.outsiders.confirmation import Confirmation, parse_confirmation
from gateway.admission.replies.outsiders.withdrawal import is_withdrawal
from gateway.admission.replies.reading import Decision
from gateway.mail.mime.html_text import to_text
from tests.support.authority import APPROVALS, LETTER_SUBJECT, load
from tests.support.replies import CONTEXT

ASKED = replace(CONTEXT, code="4F7K", letter_subject=LETTER_SUBJECT)
SUBJECT = f"Re: {LETTER_SUBJECT}"
PLAIN = ("承認", "承認します。", "承認 4F7K", "却下", "却下 4F7K", "取り消します", "取消 4F7K", "保留 4F7K")
CHANGED = (
    *(
        "不{}",
        "未{}",
        "{}待ち",
        "{}はできません",
        "{}とは言えません。",
        "{}。ただし契約書が届いた場合に限ります。",
    ),
    *(
        "{}？",
        "{}。やっぱりやめます。",
        "{}\n鈴木さんの意見です。私は反対です。",
        "{}\n例",
        "まだ決めていません",
        "{}（仮）",
    ),
    *("{}…", "いいえ、{}ではありません", "「{}」", "> {}"),
)
UNSEEN = (
    *(
        "<s>{}</s>",
        "<strike>{}</strike>",
        "<del>{}</del>",
        '<span style="text-decoration:line-through">{}</span>',
    ),
    *('<p style="text-decoration-line: line-through">{}</p>', "<select><option>{}</option></select>"),
    *("<textarea>{}</textarea>", '<p style="display:none">{}</p>', "<img alt='{}'>", "<!-- {} -->"),
)


@pytest.mark.parametrize("plain", PLAIN)
@pytest.mark.parametrize("frame", CHANGED)
def test_an_html_part_that_says_something_else(plain: str, frame: str) -> None:
    said = plain.rstrip("。")
    got = parse(plain, SUBJECT, ASKED, html_text=frame.format(said))
    assert (Decision.NONE, "html") == (got.decision, got.kind)
    assert parse(plain, SUBJECT, ASKED, html_text=plain).decision is not Decision.NONE


@pytest.mark.parametrize("plain", PLAIN)
@pytest.mark.parametrize("frame", UNSEEN)
def test_an_html_part_that_does_not_show_the_word(plain: str, frame: str) -> None:
    shown = to_text(f"<html><body>{frame.format(plain)}</body></html>") or "\n"
    assert parse(plain, SUBJECT, ASKED, html_text=shown).decision is Decision.NONE


@pytest.mark.parametrize("text", APPROVALS)
def test_an_html_part_that_says_the_same_in_other_lines(text: str) -> None:
    """Programs wrap the plain text, gateways add their notes to one part."""
    joined = text.replace("\n\n", "\n")
    for shown in (text, joined, f"【外部メール】\n{text}", f"{text}\n\n佐藤 一郎\n総務課"):
        got = parse(text, SUBJECT, ASKED, html_text=shown)
        assert (shown, Decision.APPROVE) == (shown, got.decision)


@given(st.sampled_from(PLAIN), st.sampled_from(load("hostile/approvals.txt")))
def test_no_hostile_html_beside_a_word(plain: str, shown: str) -> None:
    """Where the HTML part by itself is no decision, it is none beside a plain text either."""
    assume(parse(shown, SUBJECT, ASKED).decision is Decision.NONE)  # hostile where no code was sent
    assert parse(plain, SUBJECT, ASKED, html_text=shown).decision is Decision.NONE


@pytest.mark.parametrize(
    ("plain", "shown"),
    [
        ("はい 4F7K", "いいえ 4F7K"),
        ("はい 4F7K", "はい 4F7K\n\nたぶん違います"),
        ("手書花子は総務課に在籍しています。", "手書花子は総務課に在籍していません。"),
        ("手書花子は総務課に在籍しています。", "\n"),
    ],
)
def test_an_html_part_of_a_confirmation(plain: str, shown: str) -> None:
    assert Confirmation.CONFIRM is parse_confirmation(plain, ASKED, html_text=plain)
    assert Confirmation.NONE is parse_confirmation(plain, ASKED, html_text=shown)


def test_an_html_part_of_a_withdrawal() -> None:
    assert is_withdrawal("申請を取り下げます。", html_text="申請を取り下げます。")
    assert not is_withdrawal("申請を取り下げます。", html_text="申請を取り下げません。")


HARMLESS = (
    SUBJECT,
    f"[外部] RE: {LETTER_SUBJECT}",
    f"{SUBJECT} 承認します",
    f"Re: Re: {LETTER_SUBJECT}",
    "",
    "Re:",
)
PROGRAMS = ("RE:{}", "返信: {}", "Re[2]: {}", "[shinsa:0123] Re: {}", "【外部メール】Re: {}", "AW: {}")
DOUBTING = (
    *(
        "テスト送信（下書き）",
        "未承認",
        "【誤送信】{}",
        "承認しない",
        "承認待ち",
        "Re: 別件",
        "{}（練習）",
        "Fwd: 鈴木さんの判断",
    ),
    *("Recall: {}", "訂正: {}", "例文", "明日から {}", "{} 保留", "Fwd: {}", "会議の件", "{} 2件目"),
)


@pytest.mark.parametrize("subject", [*HARMLESS, *(each.format(LETTER_SUBJECT) for each in PROGRAMS)])
def test_a_subject_of_a_reply(subject: str) -> None:
    assert parse("承認します。", subject, ASKED).decision is Decision.APPROVE


@pytest.mark.parametrize("subject", DOUBTING)
def test_a_subject_that_says_more(subject: str) -> None:
    got = parse("承認します。", subject.format(LETTER_SUBJECT), ASKED)
    assert (Decision.NONE, "subject") == (got.decision, got.kind)


@given(st.text(alphabet=st.characters(whitelist_categories=("Lo", "Ll")), min_size=2, max_size=30))
def test_nothing_unknown_in_a_subject(said: str) -> None:
    assume(not is_understood(said, ASKED))  # approve is the word itself
    assert parse("承認します。", f"{SUBJECT} {said}。", ASKED).decision is Decision.NONE


@pytest.mark.parametrize("subject", DOUBTING)
def test_a_subject_that_says_more_makes_word_and_code_unclear(subject: str) -> None:
    got = parse("承認 4F7K", subject.format(LETTER_SUBJECT), ASKED)
    assert (Decision.NONE, "subject") == (got.decision, got.kind)
