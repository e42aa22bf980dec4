"""Cleaning what people write: the fast way and the plain one give the same."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.application.values import clean, remove_harmful


@given(st.text() | st.text("a漢\t\n\r\x00\u00ad\u200b\u200c\u200d\u202e\ud800\ufeff\U000e0001"))
def test_text_is_cleaned_fast_as_plainly(text: str) -> None:
    assert remove_harmful(text) == clean(text)
