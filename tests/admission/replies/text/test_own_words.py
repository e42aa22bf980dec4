"""A text that is plain at a glance is all the writer's own, as each of its lines says."""

from hypothesis import given, settings

from gateway.admission.replies.text.own_words import split, split_every_line
from tests.support.mail_texts import MAIL_TEXTS


@settings(max_examples=1_000)
@given(MAIL_TEXTS)
def test_a_text_is_split_fast_as_plainly(text: str) -> None:
    assert split_every_line(text) == split(text)
