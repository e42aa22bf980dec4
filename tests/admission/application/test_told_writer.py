"""A form whose name only a sentence or signature gives: its consent is that person's, like with a label."""

from __future__ import annotations

import pytest

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent

_GREETING = "お世話になっております。\n見本町企画課の見本 花子です。\n"
_AGREED = "規約に同意します。\n"


@pytest.mark.parametrize(
    "text",
    [
        _GREETING + _AGREED,
        _GREETING + _AGREED + "\n見本町 企画課\n見本 花子",
        _GREETING + _AGREED + "\n見本町企画課 主任 見本 花子\nTEL 0155-11-2233",
        "見本町企画課の見本です。\n" + _AGREED + "\n--\n見本町 企画課\n見本 花子",
        "区分：自治体\n団体名：見本町\n部課名：企画課\n氏名：署名のとおり\n規約への同意：同意する\n\n--\n"
        "見本町企画課\n見本 花子",
    ],
)
def test_the_writer_consents(text: str) -> None:
    form = parse_form(text)
    assert (form.consent, form.department) == (Consent.YES, "企画課")
    assert form.name.startswith("見本")


@pytest.mark.parametrize(
    "text",
    [
        _GREETING + _AGREED + "田中 一郎",
        _GREETING + "田中 一郎\n" + _AGREED,
        _GREETING + "総務課 田中 一郎\n" + _AGREED,
        _GREETING + "総務課の田中です。\n" + _AGREED,
        _GREETING + "送信者：田中 一郎\n" + _AGREED,
        _GREETING + "見本は出張中です。\n" + _AGREED,
        _GREETING + _AGREED + "代理",
        _GREETING + _AGREED + "\n代理",
    ],
)
def test_somebody_else_does_not(text: str) -> None:
    assert parse_form(text).consent is Consent.ABSENT
