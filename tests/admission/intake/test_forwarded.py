"""A form that somebody else filled in, forwarded or quoted: its consent is not the author's."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent
from gateway.admission.application.layout.table.several import fold_name
from gateway.admission.intake.applicants.forwarded import drop_consent_of_another, may_name
from gateway.mail.address import parse

AUTHOR = parse("hanako@town.mihon.lg.jp")
HEADS = (
    "差出人: {name} <{box}>\n送信日時: 2026年11月20日 10:00\n宛先: 見本 花子\n件名: 申請\n",
    "-----Original Message-----\nFrom: {name} <{box}>\nSent: Friday, November 20, 2026 10:00\nTo: 見本\n",
    "---------- Forwarded message ---------\nFrom: {name} <{box}>\nDate: 2026年11月20日(金) 10:00\n",
    "2026年11月20日(金) 10:00 {name} <{box}>:\n",
)
FORM = "団体名：見本町\n部課名：総務課\n氏名：{name}\n規約への同意：同意する\n"
NAMES = st.sampled_from(["見本 花子", "佐藤 次郎", "鈴木 健", "試作 葉子"])


def consent(head: str, sender: str, box: str, form_name: str, author_name: str) -> Consent:
    text = f"申請書をお送りします。\n\n{head.format(name=sender, box=box)}\n{FORM.format(name=form_name)}"
    form = parse_form(text)
    assert Consent.YES is form.consent
    return drop_consent_of_another(form, text, AUTHOR, author_name).consent


@given(st.sampled_from(HEADS), NAMES, NAMES)
def test_the_consent_of_a_forwarded_form_is_its_senders(head: str, sender: str, author_name: str) -> None:
    found = consent(head, sender, "jiro@town.mihon.lg.jp", sender, author_name)
    assert (sender == author_name) is (found is Consent.YES)


@pytest.mark.parametrize("head", HEADS)
def test_a_blank_form_of_somebody_else_that_the_author_fills_in_is_the_authors(head: str) -> None:
    assert Consent.YES is consent(head, "佐藤 次郎", "jiro@pref.mihon.lg.jp", "見本 花子", "見本 花子")
    assert Consent.YES is consent(head, "受付窓口", "request@gw.example.go.jp", "見本 花子", "")


@pytest.mark.parametrize(
    ("box", "expected"), [("jiro@town.mihon.lg.jp", Consent.ABSENT), (str(AUTHOR), Consent.YES)]
)
def test_without_a_name_in_from_the_addresses_are_compared(box: str, expected: Consent) -> None:
    assert expected is consent(HEADS[0], "見本 花子", box, "見本 花子", "")


PIECES = st.lists(
    st.sampled_from(("見本", "花子", " ", "　", "(みほん)", "/ミホン", "差出人: ", "Hanako", "＜a＞", "ﾐﾎﾝ"))
    | st.text(max_size=1),
    max_size=6,
).map("".join)


@settings(max_examples=1_000)
@given(PIECES, PIECES)
def test_a_line_without_a_name_at_a_glance_does_not_contain_it(line: str, name: str) -> None:
    key = fold_name(name)
    if not may_name(line, key):
        assert key not in fold_name(unicodedata.normalize("NFKC", line))
