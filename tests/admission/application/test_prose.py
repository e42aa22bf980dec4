"""Lines that are passed over at a glance: prose, and none that says anything in a form."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.application.form import parse_every_line, parse_form
from gateway.admission.application.items.labels import find_item
from gateway.admission.application.layout.line import parse_line
from gateway.admission.application.layout.prose import IRRELEVANT_LINE
from gateway.admission.application.writer import find_in_prose


@given(
    st.text(
        st.sampled_from("氏名区分所属部課名お必須任意団体メルー窓災の（）()【】欄・ 　:：ｶﾞ\u3099aB1"),
        max_size=12,
    )
)
def test_what_is_told_to_be_prose_at_a_glance_is_no_label(text: str) -> None:
    """A label ends at a sign or a gap, so never inside the first word."""
    word = re.match("[ぁ-ゖァ-ヺ一-鿿]*", text)
    if IRRELEVANT_LINE.fullmatch(text) and word and word.group():
        assert all(find_item(text[:end]) is None for end in range(word.end(), len(text) + 1))


LINE_PIECES = st.one_of(
    st.sampled_from(
        ["氏名", "区分", "所属", "部課名", "団体", "ご", "必須", "任意", "窓口", "災害", "同", "意"]
    ),
    st.sampled_from(
        ["同意", "agree", "Accept", "consent", "ａ", "ſ", "規約に", "する", "ー", "゛", "\u3099"]
    ),
    st.sampled_from(list("（）()【】・:：>。éeAc3…①㈱ \u3000\t")),
)


@given(st.lists(LINE_PIECES, max_size=9).map("".join))
def test_a_line_that_is_passed_over_holds_neither_label_nor_word_of_consent(text: str) -> None:
    if IRRELEVANT_LINE.fullmatch(text):
        assert parse_line(text.lstrip()) is None
        folded = unicodedata.normalize("NFKC", text).casefold()
        assert re.search("同意|agree|accept|consent", folded) is None


@pytest.mark.parametrize(
    "line",
    [
        "",
        "\u3000",
        "お世話になっております。例示市の田中です。",
        "\u3000窓口業務の見直し(3831)、DXとSlackの使い方、住民の方への案内を学びたく参加を希望します！",
        "所属では業務システムの標準化と移行を担当しております。",
    ],
)
def test_prose_is_passed_over(line: str) -> None:
    assert IRRELEVANT_LINE.fullmatch(line)


LINES = st.lists(
    LINE_PIECES | st.sampled_from(["自治体", "例示市", "> ", "□", "☑", "\n", "\n\n"]), max_size=30
)


@given(LINES.map("".join))
def test_a_form_is_read_fast_as_plainly(text: str) -> None:
    assert parse_every_line(text) == parse_form(text)


@pytest.mark.parametrize(
    ("signature", "name"),
    [
        ("岩国市役所 デジタル推進課\n佐々木 楓", "佐々木 楓"),
        ("斜里町役場 総務課\n北見 美咲", "北見 美咲"),
        ("岩国市役所 デジタル推進課", ""),
        ("見本町 総務課\n服部　花子", "服部　花子"),
        ("高市 一郎", "高市 一郎"),
    ],
)
def test_an_office_in_a_signature_is_nobodys_name(signature: str, name: str) -> None:
    assert name == find_in_prose(f"参加を申し込みたいです。\n-- \n{signature}\n").name


def test_a_signature_fills_what_is_sent_back_but_for_another_persons() -> None:
    signed = "\n\n見本町 生活課 主任\n　見本　文（みほん）\n"
    own = find_in_prose(f"見本町の見本です。参加したいです。{signed}")
    assert ("見本町", "生活課", "主任", "見本　文") == (own.organisation, own.department, own.title, own.name)
    other = find_in_prose(f"見本町の例示です。参加したいです。{signed}")
    assert ("", "", "例示") == (other.department, other.title, other.name)
