"""Labels of an application: found as they are written, or folded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.application.items.labels import ITEM_BY_LABEL, MAX_LABEL, find_folded_item, find_item

PIECES = st.sampled_from(
    [*ITEM_BY_LABEL, "お", "ご", "御", "欄", "(必須)", "※", "/", "・", "　", " ", "ﾒｰﾙ", "Ａ"]
)


@pytest.mark.parametrize("label", ITEM_BY_LABEL)
def test_a_label_as_we_know_it_is_short_and_folds_to_itself(label: str) -> None:
    assert len(label) <= MAX_LABEL
    assert ITEM_BY_LABEL[label] is find_folded_item(label)


@given(st.lists(PIECES, max_size=4).map("".join) | st.text(max_size=80))
def test_a_label_is_found_fast_as_plainly(text: str) -> None:
    assert find_folded_item(text) is find_item(text)
