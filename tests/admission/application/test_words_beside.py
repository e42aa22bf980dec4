"""Words beside a form: kept when they say something, left out when they are the form or a greeting."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.application.beside.words import find_words_beside
from gateway.admission.application.form import parse_form
from gateway.admission.application.layout.lines import split_every_line

FORM = "区分：自治体\n団体名：見本町\n部課名：危機管理室\n氏名：試作 葉子\n規約への同意：同意する"


def beside(text: str) -> str:
    """What is found beside the form of a text."""
    return find_words_beside(split_every_line(text), parse_form(text))


def test_a_reason_and_a_question_are_kept() -> None:
    words = "休職のため早めにお願いします。\n費用はかかりますか。"
    assert words == beside(f"お世話になっております。\n{words}\n\n{FORM}\n\n見本町 総務課 試作 葉子")


def test_a_form_alone_leaves_nothing() -> None:
    assert "" == beside(FORM)
    assert "" == beside(f"---- ここから ----\n{FORM}\n---- ここまで ----\nよろしくお願いします。")


@given(
    st.lists(
        st.sampled_from(["急いでいます。", "いつ頃ですか。", "別件で電話します。", "費用は？"]), unique=True
    )
)
def test_no_line_with_other_words_is_lost(lines: list[str]) -> None:
    assert "\n".join(lines) == beside("\n".join([*lines, "", FORM]))
