"""The sample message of RFC 8463 appendix A, signed with Ed25519 and RSA by its authors."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gateway.auth.dkim import verify
from gateway.auth.results import Result
from gateway.mail import message
from tests.support.dns import ZoneResolver

ZONE = """
brisbane._domainkey.football.example.com TXT v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
test._domainkey.football.example.com TXT v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB
"""  # noqa: E501 - a key is one line
SAMPLE = """\
DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=brisbane; t=1528637909; h=from : to :
 subject : date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
 Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=test; t=1528637909; h=from : to : subject :
 date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3
 DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz
 dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=
From: Joe SixPack <joe@football.example.com>
To: Suzie Q <suzie@shopping.example.net>
Subject: Is dinner ready?
Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
Message-ID: <20030712040037.46341.5F8J@football.example.com>

Hi.

We lost the game.  Are you hungry yet?

Joe.
""".replace("\n", "\r\n").encode("ascii")
NOW = datetime(2026, 11, 20, tzinfo=UTC)


async def test_both_signatures_of_the_rfc_8463_sample_pass() -> None:
    results = await verify.verify(message.parse(SAMPLE), ZoneResolver(ZONE), NOW)
    assert [("ed25519-sha256", 256), ("rsa-sha256", 1024)] == [
        (one.algorithm, one.key_bits) for one in results
    ]
    assert [Result.PASS, Result.PASS] == [one.result for one in results]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b"Is dinner ready?", b"Is dinner steady?", "the signature does not match the header"),
        (b"We lost", b"We won", "the body does not match"),
    ],
)
async def test_a_changed_sample_fails(old: bytes, new: bytes, reason: str) -> None:
    results = await verify.verify(message.parse(SAMPLE.replace(old, new)), ZoneResolver(ZONE), NOW)
    assert [(Result.FAIL, reason)] * 2 == [(one.result, one.reason) for one in results]
