"""What the desk says in its own words: notices while they are young, and its rules on one page."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.case.model import Letter
from gateway.mail.text import display_width
from gateway.outbound.protocols import RenderedLetter
from gateway.printing.forms import remove_signs
from gateway.templating.dates import format_english_date
from gateway.templating.desk_words import list_desk_words, print_page
from gateway.templating.renderer import finish

OFFICE = {
    "notices": [(date(2026, 11, 20), "要件を改めました"), (date(2026, 10, 25), "様式を改めました")],
    "notice_days": 60,
    "rules": "",
}


def notices(today: date) -> str:
    return remove_signs(str(list_desk_words(OFFICE, today)["notices"]))


def test_a_notice_is_shown_while_it_is_young_the_newest_first() -> None:
    new, old = "  2026年11月20日（金）　要件を改めました", "  2026年10月25日（日）　様式を改めました"
    assert old == notices(date(2026, 11, 19))  # not before its day
    assert f"{new}\n{old}" == notices(date(2026, 11, 20))
    assert new == notices(date(2027, 1, 19))
    assert "" == notices(date(2027, 1, 20))


@given(st.text(max_size=300))
def test_no_line_of_the_rules_is_wider_than_a_letter(text: str) -> None:
    assert all(display_width(line) <= 70 for line in remove_signs(print_page(text)).split("\n"))


def test_a_word_that_an_applicant_could_say_is_broken_in_the_rules() -> None:
    page = print_page("申請を取り下げます。")
    letter = finish(Letter.HOW_TO_APPLY, RenderedLetter("", page, None))
    assert "取り下げ" not in letter.text
    assert "取" in letter.text


def test_a_day_in_english() -> None:
    assert "2 December 2026" == format_english_date("2026-12-02")
