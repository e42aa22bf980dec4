"""What reading a mail gives the desk."""

from __future__ import annotations

import pytest

from gateway.admission.intake.extract import extract_facts
from gateway.admission.intake.mail_facts import MailFacts
from gateway.mail import message
from gateway.mail.smtp.mailboxes import Purpose

ALTERNATIVE = (
    "Subject: =?utf-8?B?55Sz6KuL?=\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n"
    "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{}\r\n"
    "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{}\r\n--b--\r\n"
)


def read(plain: str, html: str) -> MailFacts:
    raw = ALTERNATIVE.format(plain, html).encode()
    return extract_facts(message.parse(raw), None, Purpose.REQUEST, null_reverse_path=False)


@pytest.mark.parametrize(
    ("name", "plain", "html"),
    [
        ("見本 玲", "氏名: 見本 玲", "<p>氏名: 見本 玲</p>"),
        ("見本 玲", "氏名: 見本 玲", "<p>氏名: 偽物</p>"),
        ("見本 玲", "", "<p>氏名: 見本 玲</p>"),
        ("見本 玲", "このメールはHTML形式です。", "<p>氏名: 見本 玲</p>"),
        ("", "このメールはHTML形式です。", "<p hidden>氏名: 偽物</p>"),
    ],
)
def test_the_html_part_wins_only_where_the_text_says_nothing(name: str, plain: str, html: str) -> None:
    assert name == read(plain, html).form.name
