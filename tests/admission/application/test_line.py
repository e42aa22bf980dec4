"""One line of an application: the usual label read fast as plainly."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.application.items.labels import ITEM_BY_LABEL, strip_bullets
from gateway.admission.application.layout.line import parse_any_label, parse_line

SIGNS = [*"花子 【】[]()（）：:=□\u3000\t", "必須", "任意", "例示市", "1. ", "・", "■"]


@given(st.lists(st.sampled_from([*ITEM_BY_LABEL, *SIGNS]), max_size=6).map("".join))
def test_a_line_is_read_fast_as_plainly(line: str) -> None:
    assert parse_any_label(strip_bullets(line).strip()) == parse_line(line)


@given(
    st.text(st.sampled_from("氏名区分所属部課名お必須任意団体メールNamecod窓災"), max_size=9),
    st.sampled_from(["", "・", "1. ", "（", "■"]),
    st.text(st.sampled_from("花子 【】()：:□"), max_size=4),
)
def test_a_plain_label_is_read_as_one_with_a_space_behind_it(label: str, bullet: str, value: str) -> None:
    assert parse_line(f"{bullet}{label} ：{value}") == parse_line(f"{bullet}{label}：{value}")
