"""A label of the consent names the rules and nothing else: no other person, no other rules, no limit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent
from gateway.admission.replies.grammar.names.people import FAMILY_NAMES

FORM = "区分：自治体\n団体名：見本町\n部課名：総務課\n氏名：見本 花子\n{label}：同意します\n"
LABELS = ["規約への同意", "利用規約への同意", "規約", "同意", "規約への同意の有無"]


def consent(label: str) -> Consent:
    return parse_form(FORM.format(label=label)).consent


@pytest.mark.parametrize(
    "label",
    [
        *LABELS,
        *(
            "規約への同意（必須）",
            "規約への同意（「同意する」と記入）",
            "規約への同意（同意する／同意しない）",
        ),
        *(
            "規約への同意（する・しない）",
            "７　規約への同意",
            "【規約への同意】",
            "■規約への同意 / Consent to the rules",
        ),
        *(
            "参加規約等への同意について",
            "コミュニティのルールへの同意",
            "Consent to the rules (write: I agree)",
            "同",
        ),
    ],
)
def test_a_label_that_names_the_rules_holds_a_consent(label: str) -> None:
    assert Consent.YES is consent(label)


@pytest.mark.parametrize(
    "label",
    [
        *("規約への同意（予定）", "規約への同意（課長）", "規約への同意（記入例）", "規約への同意（仮）"),
        *("規約への同意の有無（未定）", "規約への同意（任意・後日可）", "規約（旧）", "規約への同意[見本]"),
        *("鈴木の規約への同意", "代理人の規約への同意", "課長の同意", "庁内規約への同意", "旧規約への同意"),
        *(
            "Windowsの使用許諾規約への同意",
            "別サービスの規約への同意",
            "前回の規約への同意",
            "仮規約への同意",
        ),
    ],
)
def test_a_label_with_a_person_other_rules_or_a_limit_holds_none(label: str) -> None:
    assert Consent.YES is not consent(label)


@given(
    st.sampled_from(LABELS),
    st.sampled_from(sorted(FAMILY_NAMES)) | st.text("棄否拒疑懸未案仮試旧例代", min_size=1, max_size=4),
    st.sampled_from(["{0}（{1}）", "{0}【{1}】", "{1}の{0}", "{1}{0}", "({1}){0}", "{0}[{1}]"]),
)
def test_any_other_word_in_a_label_leaves_no_consent(label: str, word: str, shape: str) -> None:
    assert Consent.YES is not consent(shape.format(label, word))
