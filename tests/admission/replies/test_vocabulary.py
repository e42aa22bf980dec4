"""The words of the grammar, as the printer of letters needs them."""

from __future__ import annotations

import pytest

from gateway.admission.replies.grammar.vocabulary import Reader, reader_stems

READERS: tuple[Reader, ...] = ("staff", "confirmer", "applicant")


@pytest.mark.parametrize("reader", READERS)
def test_no_stem_is_shorter_than_two_signs_or_holds_another(reader: Reader) -> None:
    stems = reader_stems(reader)
    assert stems
    assert all(2 <= len(stem) for stem in stems)
    japanese = {stem for stem in stems if not stem.isascii()}
    assert not [(one, two) for one in japanese for two in japanese if one != two and one in two]


def test_the_staff_have_the_words_of_decision_and_of_emergency() -> None:
    assert {"承認", "許可", "却下", "照会", "保留", "取消", "停止", "approve"} <= reader_stems("staff")
    assert not {"担当", "状況"} & reader_stems("staff")
    assert {"在籍", "所属", "勤務", "はい"} <= reader_stems("confirmer")
    assert {"同意", "取り下げ"} <= reader_stems("applicant")
