"""A note beside a value that calls the form an example, a draft or a deputy's takes the consent back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent

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
    ("body", "wanted"),
    [
        ("株式会社通販見本", Consent.YES),
        ("例示商事株式会社", Consent.YES),
        ("（株）例示", Consent.YES),
        ("㈲例示商店", Consent.YES),
        ("株式会社例示 東京支店", Consent.YES),
        ("社会福祉法人例示会", Consent.YES),
        ("NPO法人例示ネット", Consent.YES),
        ("株式会社に勤める友人の分", Consent.UNSURE),
        ("株式会社例示（代理）", Consent.ABSENT),
        ("株式会社、見送り", Consent.ABSENT),
        ("株式会社を退職したので取り下げ", Consent.ABSENT),
        ("（株）はまだ決めていない", Consent.ABSENT),
        ("見本県例示地区後期高齢者医療及び介護保険並びに消防事務広域連合", Consent.YES),
        ("例示市及び見本町並びに架空村環境衛生施設一部事務組合", Consent.YES),
        ("見本町及び取り下げ", Consent.ABSENT),
        ("見本県例示地区の消防を担う予定の組合ではない", Consent.ABSENT),
    ],
)
def test_a_body_with_a_name_in_full_is_named(body: str, wanted: Consent) -> None:
    """The staff decline a private one, but nothing is asked twice."""
    assert wanted is consent(団体名=body)


@pytest.mark.parametrize(
    "name",
    [
        *("（氏名）", "〇〇 〇〇", "見本花子 代理 鈴木一郎"),
        *("未定（見本 花子か鈴木 一郎）", "見本 花子（代理送信：佐藤）"),
    ],
)
def test_a_name_that_is_nobodys_leaves_no_consent(name: str) -> None:
    assert Consent.YES is not consent(氏名=name)


PLAIN = {
    "区分": ["地方公共団体（市）", "自治体"],
    "団体名": [
        "神奈川県央地区後期高齢者医療及び介護保険並びに消防事務広域連合",
        "見本町（熊本県球磨郡）",
        "見本県町村会",
        "City of Mihon",
        "「見本町」",
    ],
    "全国地方公共団体コード": ["990019（6桁）", "－（該当なし）"],
    "部課名": [
        *(
            "健康・生活衛生局 感染症対策部 予防接種課",
            "観光・産業部　産業政策課",
            "登記部門",
            "まち・みらい課",
        ),
        *("*総務・福祉課*", "企画観光課 ※令和8年4月〜", "Climate Change Policy Division", "総務課です"),
        *("課は置いておりません", "なし", "訓練課", "DX課", "総務課（旧庶務課）", "総務課〔前の総務係〕"),
    ],
    "役職": [
        *(
            "主　任",
            "技査",
            "企画員",
            "職員II",
            "地域おこし協力隊員",
            "Senior Officer",
            "特になし",
            "（記載省略）",
        ),
        *("Coordinator for International Relations", "主事（会計年度任用職員）"),
        *("（主事）", "主事（元県職員）"),
    ],
}
SAID = {
    "区分": [
        "自治体（これは練習）",
        "自治体（研修用）",
        "自治体（ダミー）",
        "自治体（ひとまず）",
        "自治体 ←うそ",
        "自治体／演習",
        "自治体 -- mock",
    ],
    "団体名": [
        *("見本町（本物ではありません）", "見本町（借用）", "所在確認の途上", "どこかの町", "某市"),
        *("架空市", "ダミー町", "テスト市", "旧見本町", "見本町（旧称）", "A市", "XX町"),
    ],
    "部課名": [
        *(
            "審議中につき後日",
            "四月の改組後に決定",
            "調整がつき次第お知らせします",
            "会議の結果による",
            "解散した課",
            "架空課",
            "訓練用の課",
            "B課",
            "なんとか課",
            "総務課〔旧称〕",
        ),
        *("to be decided after the vote", "under review", "総務課（前向きに検討中）"),
    ],
    "役職": [
        "内示待ちのため未定",
        "発令前につき記載できません",
        "没",
        "見せるだけ",
        "主事（サンプル）",
        "元係長",
        "（退職済）",
    ],
    "氏名": [
        "見本 花子（仮名）",
        "見本 花子（サンプル）",
        "見本 花子（存在せず）",
        "見本 花子／芸名",
        "見本 花子＝替え玉",
        "見本 花子 ほか２名",
        "ダミー 花子",
        "テスト 太郎",
        "ななし",
        "匿名希望",
        "課員一同",
    ],
}


def below_label(label: str, value: str) -> Consent:
    rows = {**VALUES, label: value, "規約への同意": "同意します"}
    return parse_form("\n".join(f"■{label}\n{value}" for label, value in rows.items())).consent


@pytest.mark.parametrize(("label", "value"), [(label, one) for label in PLAIN for one in PLAIN[label]])
def test_a_value_named_like_what_its_label_asks_for_leaves_the_consent(label: str, value: str) -> None:
    assert Consent.YES is consent(**{label: value})
    assert Consent.YES is below_label(label, value)


@pytest.mark.parametrize(("label", "value"), [(label, one) for label in SAID for one in SAID[label]])
def test_a_value_or_note_that_says_anything_else_leaves_no_plain_consent(label: str, value: str) -> None:
    assert Consent.YES is not consent(**{label: value})
    assert Consent.YES is not below_label(label, value)


@given(
    st.sampled_from(["区分", "団体名", "部課名", "役職"]),
    st.text("棄懸躊躇渋逡巡厭写稽閲戯擬", min_size=2, max_size=8),
    st.sampled_from(["{}（{}）", "{} ※{}", "{}【{}】"]),
)
def test_a_note_of_unknown_words_is_for_the_staff(label: str, note: str, shape: str) -> None:
    value = shape.format(VALUES[label], note)
    assert Consent.YES is not consent(**{label: value})
    assert Consent.YES is not below_label(label, value)


@given(
    st.sampled_from(sorted(VALUES)),
    st.sampled_from(NOTES),
    st.sampled_from(["{}（{}）", "{} ({})", "{}　※{}", "{}【{}】", "{}[{}]"]),
)
def test_a_note_that_takes_the_form_back_leaves_no_consent(label: str, note: str, shape: str) -> None:
    assert Consent.YES is not consent(**{label: shape.format(VALUES[label], note)})
