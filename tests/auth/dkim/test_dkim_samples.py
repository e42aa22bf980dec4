"""The sample message that RFC 6376 and RFC 8463 sign, with the keys and signatures of the RFCs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from gateway.auth.dkim import verify
from gateway.auth.results import Dkim, Result
from gateway.mail import message
from tests.support.dns import ZoneResolver

NOW = datetime(2026, 11, 20, tzinfo=UTC)
MESSAGE = """\
From: Joe SixPack <joe@football.example.com>
To: Suzie Q <suzie@shopping.example.net>
Subject: Is dinner ready?
Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
Message-ID: <20030712040037.46341.5F8J@football.example.com>

Hi.

We lost the game.  Are you hungry yet?

Joe.
"""
# RFC 6376 appendices A.2 and C, with one space between the two sentences: that is what was signed.
RFC_6376_ZONE = (
    "brisbane._domainkey.example.com TXT v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEm"
    "GqZ9ZJW3/DkMoGeLnQg1fWn7/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gb"
    "to/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB"
)
RFC_6376 = """\
DKIM-Signature: v=1; a=rsa-sha256; s=brisbane; d=example.com;
      c=simple/simple; q=dns/txt; i=joe@football.example.com;
      h=Received : From : To : Subject : Date : Message-ID;
      bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
      b=AuUoFEfDxTDkHlLXSZEpZj79LICEps6eda7W3deTVFOk4yAUoqOB
      4nujc7YopdG5dWLSdNg6xNAZpOPr+kHxt1IrE+NahM6L/LbvaHut
      KVdkLLkpVaVVQPzeRDI009SO2Il5Lu7rDNH6mZckBdrIx0orEtZV
      4bmp/YzhwvcubU4=;
Received: from client1.football.example.com  [192.0.2.1]
      by submitserver.example.com with SUBMISSION;
      Fri, 11 Jul 2003 21:01:54 -0700 (PDT)
""" + MESSAGE.replace("  ", " ")
# RFC 8463 appendix A: Ed25519 and RSA.
RFC_8463_ZONE = """
brisbane._domainkey.football.example.com TXT v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
test._domainkey.football.example.com TXT v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB
"""  # noqa: E501 - a key is one line
RFC_8463 = (
    """\
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
"""
    + MESSAGE
)


def octets(text: str) -> bytes:
    """As it goes over the line."""
    return text.replace("\n", "\r\n").encode("ascii")


async def test_the_sample_of_rfc_6376_passes_and_is_flagged_as_weak() -> None:
    (got,) = await verify.verify(message.parse(octets(RFC_6376)), ZoneResolver(RFC_6376_ZONE), NOW)
    expected = Dkim(Result.PASS, "example.com", "brisbane", "rsa-sha256", 1024, weak=True)
    assert expected == replace(got, signed=(), content="")
    assert ("received", "from", "to", "subject", "date", "message-id") == got.signed


async def test_both_signatures_of_the_rfc_8463_sample_pass() -> None:
    results = await verify.verify(message.parse(octets(RFC_8463)), ZoneResolver(RFC_8463_ZONE), NOW)
    assert [("ed25519-sha256", 256), ("rsa-sha256", 1024)] == [
        (one.algorithm, one.key_bits) for one in results
    ]
    assert [Result.PASS, Result.PASS] == [one.result for one in results]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("Is dinner ready?", "Is dinner steady?", "the signature does not match the header"),
        ("We lost", "We won", "the body hash does not match"),
    ],
)
async def test_a_changed_sample_fails(old: str, new: str, reason: str) -> None:
    results = await verify.verify(
        message.parse(octets(RFC_8463.replace(old, new))), ZoneResolver(RFC_8463_ZONE), NOW
    )
    assert [(Result.FAIL, reason)] * 2 == [(one.result, one.reason) for one in results]
