"""A note beside a value that calls the form an example, a draft or a deputy's takes the consent back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.application.fields import Consent
from gateway.admission.application.form import parse_form

VALUES = {
    "区分": "自治体",
    "団体名": "見本町",
    "全国地方公共団体コード": "990019",
    "部課名": "総務課",
    "役職": "主事",
    "氏名": "見本 花子",
}
NOTES = [
    *("記入例", "見本", "下書き", "仮申請", "テスト", "代筆", "入力は鈴木", "未定", "本人未確認", "予定者"),
    "案",
]


def consent(**values: str) -> Consent:
    rows = {**VALUES, **values, "規約への同意": "同意します"}
    return parse_form("\n".join(f"{label}：{value}" for label, value in rows.items())).consent


@pytest.mark.parametrize(
    ("label", "value"),
    [
        *(
            ("氏名", "見本 花子（みほん はなこ）"),
            ("氏名", "【見本 花子】"),
            ("氏名", "見本 花子（旧姓 試作）"),
        ),
        *(("団体名", "【見本町】"), ("部課名", "総務課（庶務係）"), ("役職", "主事（会計年度任用職員）")),
        *(("全国地方公共団体コード", "990019（見本町）"), ("部課名", "総務課（4月から企画課）")),
    ],
)
def test_a_reading_or_an_office_beside_a_value_leaves_the_consent(label: str, value: str) -> None:
    assert Consent.YES is consent(**{label: value})


@pytest.mark.parametrize(
    "name",
    [
        *("（氏名）", "〇〇 〇〇", "見本花子 代理 鈴木一郎"),
        *("未定（見本 花子か鈴木 一郎）", "見本 花子（代理送信：佐藤）"),
    ],
)
def test_a_name_that_is_nobodys_leaves_no_consent(name: str) -> None:
    assert Consent.YES is not consent(氏名=name)


@given(
    st.sampled_from(sorted(VALUES)),
    st.sampled_from(NOTES),
    st.sampled_from(["{}（{}）", "{} ({})", "{}　※{}", "{}【{}】", "{}[{}]"]),
)
def test_a_note_that_takes_the_form_back_leaves_no_consent(label: str, note: str, shape: str) -> None:
    assert Consent.YES is not consent(**{label: shape.format(VALUES[label], note)})
