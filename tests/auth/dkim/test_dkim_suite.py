"""Messages that others signed: the samples of RFC 6376 and the test messages of dkimpy."""

from __future__ import annotations

from datetime import UTC, datetime

import dkim as dkimpy
import pytest

from gateway.auth.dkim import verify
from gateway.auth.results import Dkim, Result
from gateway.mail import message
from tests.suites.cache import CACHE, missing
from tests.support.dns import ZoneResolver

NOW = datetime(2026, 11, 20, tzinfo=UTC)
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
From: Joe SixPack <joe@football.example.com>
To: Suzie Q <suzie@shopping.example.net>
Subject: Is dinner ready?
Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
Message-ID: <20030712040037.46341.5F8J@football.example.com>

Hi.

We lost the game. Are you hungry yet?

Joe.
"""


async def test_the_sample_of_rfc_6376_passes_and_is_flagged_as_weak() -> None:
    raw = RFC_6376.replace("\n", "\r\n").encode()
    (got,) = await verify.verify(message.parse(raw), ZoneResolver(RFC_6376_ZONE), NOW)
    expected = Dkim(Result.PASS, "example.com", "brisbane", "rsa-sha256", 1024, weak=True)
    assert expected == got


GMAIL = (
    "k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA1Kd87/UeJjenpabgbFwh+eBCsSTrqmwIYYvywlbhbqoo2Dy"
    "mndFkbjOVIPIldNs/m40KF+yzMn1skyoxcTUGCQs8g3FgD2Ap3ZB5DekAo5wMmk4wimDO+U8QzI3SD07y2+07wlNWwIt8svnxgdx"
    "GkVbbhzY8i+RQ9DpSVpPbF7ykQxtKXkv/ahW3KjViiAH+ghvvIhkx4xYSIc9oSwVmAl5OctMEeWUwg8Istjqz8BZeTWbf41fbNht"
    "e7Y+YqZOwq1Sd0DbvYAD9NOZK9vlfuac0598HY+vtSBczUiKERHv1yRbcaQtZFh5wtiRrN04BLUTD21MycBX5jYchHjPY/wIDAQA"
    "B"
)
ED25519 = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="


def file(name: str) -> bytes:
    path = CACHE / name
    if not path.exists():
        missing("the suite of dkimpy")
    # They are stored with LF; mail has CRLF.
    return path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("rfc6376.signed.msg", ["pass", "pass"]),
        ("rfc6376.signed.rsa.msg", ["pass"]),
        ("rfc6376.signed.no_t.msg", ["fail"]),
        ("test2.message", ["pass"]),
        ("ed25519test2.msg", ["pass"]),
        ("test.message.baddomain", ["permerror"]),
        ("message.mbox", ["permerror"]),
        ("test.message", []),
    ],
)
async def test_messages_of_dkimpy(name: str, expected: list[str]) -> None:
    resolver = ZoneResolver()
    for key, text in {
        "test._domainkey.football.example.com": file("test.txt").decode().strip(),
        "brisbane._domainkey.football.example.com": ED25519,
        "20120113._domainkey.gmail.com": GMAIL,
        "sed._domainkey.test.ex": file("eximtest.dns").decode().strip(),
    }.items():
        resolver.add(key, "TXT", text)
    results = await verify.verify(message.parse(file(name)), resolver, NOW)
    assert expected == [one.result.value for one in results]


@pytest.mark.parametrize(
    ("private", "record", "reason"),
    [
        ("test.private", "test.txt", ""),
        ("test.private", "test2.txt", ""),
        ("test.private", "badversion.txt", "the key record has another version"),
        ("test.private", "badk.txt", "the key is of an unknown type"),
        ("test.private", "test_tlsrpt.txt", "the key is not for mail"),
        ("test.private", "1024_testkey_wo_markers.pub.txt", "the signature does not match the header"),
        ("1024_testkey.key", "1024_testkey_wo_markers.pub.txt", ""),
        ("1024_testkey.key", "1024_testkey_wo_markers.pub.rsa.txt", ""),
        ("2048_testkey.key", "2048_testkey_wo_markers.pub.txt", ""),
        ("2048_testkey.key", "2048_testkey_wo_markers.pub.rsa.txt", ""),
        ("2048_testkey_PKCS8.key", "2048_testkey_PKCS8.key.pub.txt", ""),
    ],
)
@pytest.mark.parametrize("canon", ["simple/simple", "relaxed/relaxed"])
async def test_keys_of_dkimpy(private: str, record: str, reason: str, canon: str) -> None:
    raw, methods = file("test.message"), tuple(part.encode() for part in canon.split("/"))
    pem = file(private).replace(b"\r\n", b"\n")
    signature = dkimpy.sign(raw, b"test", b"example.com", pem, canonicalize=methods)
    resolver = ZoneResolver(f"test._domainkey.example.com TXT {file(record).decode().strip()}")
    (got,) = await verify.verify(message.parse(signature + raw), resolver, NOW)
    assert reason == got.reason
    assert (not reason) == (got.result is Result.PASS)
