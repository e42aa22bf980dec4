"""Six digits are the code of a local government only under its label, or beside the name of the body."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.application.form import parse_form
from gateway.admission.organisations import codes

# The label of a number that is no code of a local government.
OTHERS = """
職員番号 職員コード 職員ID 社員番号 職員証番号 人事番号 内線番号 受付番号
申請番号 整理番号 管理番号 個人番号 共済番号 組合員番号 保険者番号 被保険者番号
郵便番号 電話番号 暗証番号 パスワード 登録番号 文書番号 起案番号 決裁番号
所属コード 部署コード 課コード 予算コード 科目コード 端末番号 資産番号 PC番号
ユーザID ログインID LGWAN番号 会員番号 ID No. 生年月日 採用年月日
FAX番号 法人番号 利用者番号 機関番号 施設コード 事業所番号 学校コード 参照番号
問い合わせ番号 Extension
"""
OWN = """
市町村コード 市区町村コード 地方公共団体コード 全国地方公共団体コード 団体コード 自治体コード 団体CD コード
自治体番号 団体番号 JISコード 総務省コード 全国自治体コード 団体コード（6桁）
全国地方公共団体コード（自治体のみ、6桁）
"""
REST = "部課名：総務課\n氏名：田中 花子\n規約への同意：同意する\n"
# Where a label and its value may stand.
PLACES = (
    "区分：自治体\n{label}：{value}\n団体名：市川市\n" + REST,
    "区分：自治体\n団体名：市川市\n{label}　{value}\n" + REST,
    "区分：自治体\n団体名：市川市\n" + REST + "{label}：{value}\n",
    "区分：自治体\n団体名：市川市\n" + REST + "\n--\n総務課 田中 花子\n{label}: {value}\n",
    "区分：自治体\n団体名：市川市\n" + REST + "\n私の{label}は{value}です。\n",
    "区分：自治体\n団体名：市川市\n団体コード：不明（{label} {value}）\n" + REST,
    "区分\t団体名\t{label}\t部課名\t氏名\t規約への同意\n"
    "自治体\t市川市\t{value}\t総務課\t田中 花子\t同意する\n",
)
# With and without the right check digit; the first is that of 市川市.
VALUES = ("122033", "123456", "011002", "２５２１３１")


@pytest.mark.parametrize("label", OTHERS.split())
def test_a_number_with_a_label_of_its_own_is_no_code(label: str) -> None:
    for value in VALUES:
        said = [parse_form(place.format(label=label, value=value)).code for place in PLACES]
        assert {"", "不明"} >= set(said)


@pytest.mark.parametrize("label", OWN.split())
def test_a_labelled_code_is_read(label: str) -> None:
    for value in ("122033", "１２２０３３", "12203-3"):
        for place in PLACES[:3]:
            assert value == parse_form(place.format(label=label, value=value)).code


@pytest.mark.parametrize(
    "beside",
    ["市川市 122033", "市川市　122033", "122033 市川市", "市川市（122033）", "市川市（団体コード：122033）"],
)
def test_a_code_beside_the_body_is_read(beside: str) -> None:
    form = parse_form(f"区分：自治体\n団体名：{beside}\n{REST}")
    assert ("市川市", "122033") == (form.organisation, form.code)


@given(st.integers(0, 999_999), st.sampled_from(["市川市", "見本町", "例示県"]))
def test_beside_a_blank_only_a_right_check_digit_makes_a_code(number: int, body: str) -> None:
    six = f"{number:06}"
    form = parse_form(f"区分：自治体\n団体名：{body} {six}\n{REST}")
    assert (codes.parse(six).value == six) == ((body, six) == (form.organisation, form.code))


@pytest.mark.parametrize(
    "line", ["コード〔　122033　〕", "・全国地方公共団体コード（122033）", "団体コード【122033】"]
)
def test_a_code_in_brackets_behind_its_label_is_read(line: str) -> None:
    assert parse_form(f"区分：自治体\n団体名：市川市\n{line}\n{REST}").code == "122033"
