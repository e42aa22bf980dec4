"""The key of a mail: the same when relays touched it, another when it is another mail."""

from __future__ import annotations

import pytest

from gateway.inbound.record.fingerprint import message_fingerprint
from gateway.mail.message import parse

HEAD = (
    b"From: <rei@city.mihon.example>\r\nTo: <request@desk.example>\r\nSubject: a b\r\n"
    b"Date: Mon, 23 Nov 2026 09:00:00 +0900\r\nMessage-ID: <1@x.example>\r\n"
)
RAW = HEAD + b"\r\nbody\r\n"
AUTHOR = "rei@city.mihon.example"


def key_of(
    raw: bytes, domain: str = "city.mihon.example", author: str = AUTHOR, route: str = "REQUEST+"
) -> str:
    """The key with the usual other values."""
    return message_fingerprint(domain, parse(raw), author, route)


def test_key_is_a_sha256_in_hexadecimal() -> None:
    assert 64 == len(key_of(RAW))
    assert key_of(RAW) == key_of(RAW)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"Received: from a by b; now\r\n" + RAW, id="received"),
        pytest.param(b"DKIM-Signature: v=1; b=x\r\nReturn-Path: <x@y.example>\r\n" + RAW, id="signature"),
        pytest.param(
            b"Authentication-Results: mx; spf=pass\r\nX-Spam-Score: 1\r\n" + RAW, id="relay's-fields"
        ),
        pytest.param(RAW.replace(b"a b", b"a\r\n b"), id="folded-anew"),
        pytest.param(RAW.replace(b"Subject:", b"SUBJECT: "), id="white-space-and-case-of-names"),
        pytest.param(RAW + b"\r\n\r\n", id="empty-lines-at-the-end"),
    ],
)
def test_what_relays_do_changes_nothing(raw: bytes) -> None:
    assert key_of(RAW) == key_of(raw)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(RAW.replace(b"body", b"Body"), id="body"),
        pytest.param(RAW.replace(b"a b", b"ab"), id="subject"),
        pytest.param(RAW.replace(b"09:00", b"09:01"), id="date"),
        pytest.param(RAW.replace(b"<1@", b"<2@"), id="message-id"),
        pytest.param(RAW.replace(b"request@", b"other@"), id="to"),
        pytest.param(b"Cc: <x@y.example>\r\n" + RAW, id="cc"),
        pytest.param(b"Subject: a b\r\n" + RAW, id="a-field-twice"),
    ],
)
def test_another_mail_has_another_key(raw: bytes) -> None:
    assert key_of(RAW) != key_of(raw)


def test_stranger_cannot_use_up_a_key() -> None:
    """A Message-ID sent ahead by somebody else, or to another mailbox of ours, is another mail."""
    keys = {
        key_of(RAW),
        key_of(RAW, domain="attack.example"),
        key_of(RAW, author="x@city.mihon.example"),
        key_of(RAW, route="CASE+abc"),
        key_of(RAW, domain="city.mihon.examplerei", author="@city.mihon.example"),
    }
    assert 5 == len(keys)


def test_text_that_cannot_be_encoded_does_no_harm() -> None:
    assert key_of(RAW, author="\ud800")
