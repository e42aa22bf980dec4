"""SMTP replies: code and status agree, and the text is safe to say to anybody."""

from __future__ import annotations

import re

import pytest

from gateway.mail.smtp import smtp_reply
from gateway.mail.smtp.smtp_reply import SENDER_UNAUTHENTICATED as SENDER
from gateway.mail.smtp.smtp_reply import SmtpReply
from gateway.settings.urls import MAX_LINK

REPLIES = {name: value for name, value in vars(smtp_reply).items() if isinstance(value, SmtpReply)}


@pytest.mark.parametrize("name", REPLIES)
def test_every_reply_is_well_formed(name: str) -> None:
    answer = REPLIES[name]
    assert re.fullmatch(r"[2345][0-5][0-9]", str(answer.code))  # RFC 5321 section 4.2.1
    assert re.fullmatch(r"(?:[245]\.[0-9]{1,3}\.[0-9]{1,3})?", answer.status)  # RFC 3463 section 2
    assert len(str(answer)) <= 510  # RFC 5321 section 4.5.3.1.5: 512 with CRLF
    assert "%" not in answer.text


@pytest.mark.parametrize(
    ("accepted", "temporary", "answer"),
    [
        (True, False, smtp_reply.ACCEPTED),
        (True, False, smtp_reply.DUPLICATE),
        (False, True, smtp_reply.LOCAL_ERROR),
        (False, True, smtp_reply.DNS_ERROR),
        (False, True, smtp_reply.TOO_MANY_RECIPIENTS),
        (False, False, smtp_reply.BAD_AUTHOR),
        (False, False, smtp_reply.SENDER_UNAUTHENTICATED),
    ],
)
def test_classes_of_replies(accepted: bool, temporary: bool, answer: SmtpReply) -> None:
    assert (accepted, temporary) == (answer.is_success, answer.is_temporary)


@pytest.mark.parametrize(
    "name", ["LOCAL_ERROR", "STORE_UNAVAILABLE", "DNS_ERROR", "CHECKS_TOO_SLOW", "INSUFFICIENT_STORAGE"]
)
def test_own_trouble_is_temporary(name: str) -> None:
    assert REPLIES[name].is_temporary


def test_reply_as_said_on_the_wire() -> None:
    assert "250 2.0.0 Recorded" == str(SmtpReply(250, "2.0.0", "Recorded"))
    assert "354 Go on" == str(SmtpReply(354, "", "Go on"))


@pytest.mark.parametrize(
    ("status", "text"),
    [("4.0.0", "x"), ("2.0.0", "a\r\n250 b"), ("2.0.0", "é"), ("2.0.0", "\x1b[31m"), ("2.0.0", "a\x00")],
)
def test_bad_reply_cannot_be_made(status: str, text: str) -> None:
    with pytest.raises(ValueError):
        SmtpReply(250, status, text)


def test_the_page_of_help_is_appended_to_a_permanent_reply_alone() -> None:
    url = "https://kyoso.example/mail"
    refused = SENDER.with_page(url)
    assert f"{SENDER}; see {url}" == str(refused)
    assert SENDER is SENDER.with_page("")
    assert smtp_reply.DNS_ERROR is smtp_reply.DNS_ERROR.with_page(url)


def test_a_reply_with_the_longest_page_fits_in_a_line() -> None:
    """RFC 5321 section 4.5.3.1.5: 512 octets, CRLF included."""
    longest = "https://kyoso.example/".ljust(MAX_LINK, "x")
    assert all(510 >= len(str(reply.with_page(longest))) for reply in REPLIES.values())
