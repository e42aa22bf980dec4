"""Cleaning what people write: the fast way and the plain one give the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.application.items.values import clean, clean_value, remove_harmful


@given(st.text() | st.text("a漢\t\n\r\x00\u00ad\u200b\u200c\u200d\u202e\ud800\ufeff\U000e0001"))
def test_text_is_cleaned_fast_as_plainly(text: str) -> None:
    assert remove_harmful(text) == clean(text)


@pytest.mark.parametrize("value", ["見本町‹記入例 town.example.go.jp›役場", "(例) 見本町 (例) 役場"])
def test_a_value_is_never_two_pieces_joined(value: str) -> None:
    assert clean_value(value) in value
