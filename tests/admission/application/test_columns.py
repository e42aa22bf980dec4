"""Tables with a column of examples or remarks, and examples of a whole form: what nobody filled in is no
value and no consent, in any order of the columns and with any sign between them."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent

ROWS = (
    ("団体名", "○○市", "見本町", ""),
    ("団体コード", "123456", "990019", "6桁"),
    ("部課名", "総務部○○課", "情報政策課", "課まで"),
    ("氏名", "山田 太郎", "見本 花子", "みほん はなこ"),
    ("規約への同意", "同意する", "同意する", "必須"),
)
HEADS = ("項目", "記入例", "記入欄", "備考")
SIGNS = {"tabs": ("", "\t", ""), "bars": ("| ", " | ", " |"), "a box": ("│", "│", "│")}
ORDERS = [(0, *rest) for rest in permutations((1, 2, 3))]


def draw(rows: tuple[tuple[str, ...], ...], order: tuple[int, ...], sign: str) -> str:
    first, between, last = SIGNS[sign]
    return "\n".join(first + between.join(row[at] for at in order) + last for row in (HEADS, *rows))


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("order", ORDERS)
def test_the_column_that_was_filled_in_counts(order: tuple[int, ...], sign: str) -> None:
    form = parse_form(draw(ROWS, order, sign))
    read = (form.organisation, form.code, form.department, form.name, form.consent)
    assert ("見本町", "990019", "情報政策課", "見本 花子", Consent.YES) == read


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("order", ORDERS)
def test_an_example_is_nobodys_answer(order: tuple[int, ...], sign: str) -> None:
    rows = tuple((label, example, "", note) for label, example, _, note in ROWS)
    form = parse_form(draw(rows, order, sign))
    assert ("", "", "", "", Consent.ABSENT) == (
        form.organisation, form.code, form.department, form.name, form.consent,
    )  # fmt: skip


@pytest.mark.parametrize(
    "note", ["第5条を除く", "上司の許可後", "条件あり", "保留", "後日", "□", "×", "同意しない", "仮"]
)
@pytest.mark.parametrize("heads", ["項目\t記入欄\t備考\n", ""])
def test_a_remark_beside_a_consent_may_limit_it(heads: str, note: str) -> None:
    text = f"{heads}団体名\t見本町\t\n氏名\t見本 花子\t\n規約への同意\t同意する\t{note}"
    assert Consent.YES is not parse_form(text).consent


@pytest.mark.parametrize("note", ["必須", "※必須", "規約確認済み", "本人", "規約を読みました"])
@pytest.mark.parametrize("heads", ["項目\t記入欄\t備考\n", ""])
def test_a_remark_that_says_nothing_limits_nothing(heads: str, note: str) -> None:
    text = f"{heads}団体名\t見本町\t\n氏名\t見本 花子\t\n規約への同意\t同意する\t{note}"
    assert Consent.YES is parse_form(text).consent


EXAMPLE = "団体名：○○市\n{gap}氏名：山田 太郎\n{gap}規約への同意：同意する\n"
FORM = "団体名：見本町\n{gap}氏名：見本 花子\n{gap}規約への同意：{consent}\n"


@pytest.mark.parametrize(
    "head", ["【記入例】", "（例）", "＜入力例＞", "■記入例", "記入例：", "-- 例 --", "Example:"]
)
@pytest.mark.parametrize("gap", ["", "\n"])
@pytest.mark.parametrize("below", ["", "\n", "\n【記入欄】\n", "---------\n"])
def test_an_example_of_the_whole_form_is_passed_over(head: str, gap: str, below: str) -> None:
    text = f"{head}\n{EXAMPLE}{below}{FORM}".format(gap=gap, consent="")
    form = parse_form(text)
    assert ("見本町", "見本 花子", Consent.ABSENT) == (form.organisation, form.name, form.consent)
    assert (
        Consent.YES
        is parse_form(f"{head}\n{EXAMPLE}{below}{FORM}".format(gap=gap, consent="同意する")).consent
    )


def test_lines_and_rows_marked_as_an_example_are_passed_over() -> None:
    marked = "例）団体名：○○市\n例）規約への同意：同意する\n団体名：見本町\n"
    row = "団体名\t氏名\t規約への同意\n例\t山田\t同意する\n見本町\t見本 花子\t"
    assert ("見本町", Consent.ABSENT) == (parse_form(marked).organisation, parse_form(marked).consent)
    assert ("見本町", Consent.ABSENT) == (parse_form(row).organisation, parse_form(row).consent)


def test_without_the_empty_cells_an_example_cannot_be_told_from_a_value() -> None:
    form = parse_form("項目　　例　　　記入\n団体名　　○○町　　見本町\n規約への同意　　同意する")
    assert ("見本町", Consent.ABSENT) == (form.organisation, form.consent)


ROW = {
    "区分": "政府機関",
    "組織名": "海上保安庁",
    "部課名": "総務部情報通信課",
    "官職": "係員",
    "氏名": "見本 花子",
    "規約への同意": "同意",
}


@given(
    at=st.integers(0, len(ROW)),
    column=st.sampled_from(["ふりがな", "電話", "内線", "備考", "No."]),
    cell=st.sampled_from(["みほん はなこ", "03-0000-0000", "", "-", "1"]),
    sign=st.sampled_from(["\t", "｜"]),
)
def test_a_column_that_is_no_item_takes_nothing_away(at: int, column: str, cell: str, sign: str) -> None:
    assume(cell or at)  # blanks and a bar in front are a border
    heads, values = list(ROW), list(ROW.values())
    heads.insert(at, column)
    values.insert(at, cell)
    form = parse_form(f"{sign.join(heads)}\n{sign.join(values)}\n")
    values = ("national", "海上保安庁", "総務部情報通信課", "係員", "見本 花子", Consent.YES)
    assert values == (form.category, form.organisation, form.department, form.title, form.name, form.consent)


def test_a_row_of_headings_again_gives_no_consent() -> None:
    heads = "\t".join(ROW)
    assert Consent.ABSENT is parse_form(f"{heads}\n{heads}\n").consent
