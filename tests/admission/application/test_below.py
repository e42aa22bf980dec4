"""Values below their labels, whose form a quotation holds, labels spaced out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.application.consent.below.second_thought import is_second_thought
from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent


@pytest.mark.parametrize("mark", ["", "> ", "＞ "])
@given(
    side=st.sampled_from(["---", "====", "──", "＝＝", "~~"]),
    words=st.sampled_from(["ここまで", "申請者", "以下署名"]),
)
def test_words_between_drawn_lines_are_no_value(mark: str, side: str, words: str) -> None:
    for label in ("部課名", "全国地方公共団体コード（自治体のみ、6桁）", "氏名", "団体名"):
        assert parse_form(f"{mark}・{label}：\n{mark}{side} {words} {side}\n").is_empty


@pytest.mark.parametrize("own_first", [True, False])
def test_a_quoted_form_of_somebody_else_is_not_read(*, own_first: bool) -> None:
    own = "団体名：見本市\n氏名：見本 花子\n"
    old = (
        "> 団体名：見本市\n> コード：990001\n> 役職：課長補佐\n> 氏名：試作 葉造\n> 規約への同意：同意する\n"
    )
    form = parse_form(own + "\n" + old if own_first else old + "\n" + own)
    assert ("見本 花子", "", "", Consent.ABSENT) == (form.name, form.code, form.title, form.consent)


def test_the_own_quoted_form_is_read_beside_what_was_added() -> None:
    form = parse_form("コード：990001\n\n> 団体名：見本市\n> 氏名：見本 花子\n")
    assert ("見本市", "見本 花子", "990001") == (form.organisation, form.name, form.code)


@pytest.mark.parametrize(
    ("text", "department"),
    [
        ("部課名\n総務部\n情報政策課\n役職\n主任", "総務部 情報政策課"),
        ("部課名：総務部\n情報政策課\n役職：主任", "総務部 情報政策課"),
        ("部課名：総務部\n情報政策課", "総務部"),  # may be a signature
        ("部課名：総務部\n見本市 情報政策課\n役職：主任", "総務部"),
    ],
)
def test_units_stand_one_below_the_other(text: str, department: str) -> None:
    assert department == parse_form(text).department


@pytest.mark.parametrize(
    ("text", "item", "value"),
    [
        ("５　職　　名　　主査", "title", "主査"),
        ("　規 約 へ の 同 意　：　同意する", "consent", "yes"),
        ("　区　　　分　：　自 治 体", "category", "local"),
        ("*団体名：*見本市", "organisation", "見本市"),
        ("**団体名：** 見本市", "organisation", "見本市"),
        ("団体名：見本市 (Mihon City)", "organisation", "見本市"),
        ("団体名：見本市（二級）", "organisation", "見本市（二級）"),
    ],
)
def test_labels_spaced_out_bold_and_names_with_a_reading(text: str, item: str, value: str) -> None:
    assert value == str(getattr(parse_form(text), item))


PAIRS = [("団体名", "見本市"), ("部課名", "総務部DX推進課"), ("氏名", "見本 花子"), ("区分", "自治体")]


@given(
    order=st.permutations(PAIRS),
    layout=st.sampled_from(["{}/{}", "{}／{}", "{}は{}です。", "{}は、{}でございます"]),
)
def test_lines_of_one_kind_are_labels_and_values(order: list[tuple[str, str]], layout: str) -> None:
    form = parse_form("\n".join(layout.format(*pair) for pair in order))
    assert ("見本市", "総務部DX推進課", "見本 花子", "local") == (
        form.organisation,
        form.department,
        form.name,
        form.category,
    )


@pytest.mark.parametrize(
    "text",
    [
        "氏名/Name\n所属/部課名",
        "氏名は課長に聞いたところ、不明です。\nよろしくお願いします。",
        "申請者は田中です。\n規約への同意は上司の許可後です。",
    ],
)
def test_lines_that_look_like_them_say_nothing(text: str) -> None:
    form = parse_form(text)
    assert ("", "", Consent.ABSENT) == (form.organisation, form.department, form.consent)


@pytest.mark.parametrize(
    ("sentence", "doubtful"),
    [
        ("なお、招待メールはいつごろ届きますでしょうか。", False),
        ("12月1日から休職のため、早めにいただけると助かります。", False),
        ("来月から育休の予定のため、お早めにご対応いただけますと幸いです。", False),
        ("休職のため、参加できるか分かりません。", True),
        ("結果がいつ分かるかによって同意を考えます。", True),
        ("上司の判断を待つため、早めにいただけると助かります。", True),
    ],
)
def test_haste_and_questions_take_nothing_back(sentence: str, *, doubtful: bool) -> None:
    assert doubtful == is_second_thought(sentence)
