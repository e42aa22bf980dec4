"""The test messages and keys of dkimpy."""

from __future__ import annotations

from datetime import UTC, datetime

import dkim as dkimpy
import pytest

from gateway.auth.dkim import verify
from gateway.auth.results import Result
from gateway.mail import message
from tests.suites.cache import read
from tests.support.dns import ZoneResolver

NOW = datetime(2026, 11, 20, tzinfo=UTC)
GMAIL = (
    "k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA1Kd87/UeJjenpabgbFwh+eBCsSTrqmwIYYvywlbhbqoo2Dy"
    "mndFkbjOVIPIldNs/m40KF+yzMn1skyoxcTUGCQs8g3FgD2Ap3ZB5DekAo5wMmk4wimDO+U8QzI3SD07y2+07wlNWwIt8svnxgdx"
    "GkVbbhzY8i+RQ9DpSVpPbF7ykQxtKXkv/ahW3KjViiAH+ghvvIhkx4xYSIc9oSwVmAl5OctMEeWUwg8Istjqz8BZeTWbf41fbNht"
    "e7Y+YqZOwq1Sd0DbvYAD9NOZK9vlfuac0598HY+vtSBczUiKERHv1yRbcaQtZFh5wtiRrN04BLUTD21MycBX5jYchHjPY/wIDAQA"
    "B"
)
ED25519 = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="


def file(name: str) -> bytes:
    # They are stored with LF; mail has CRLF.
    return read(name, "the suite of dkimpy").replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


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
        ("test.private", "badversion.txt", "the key record has an unknown version"),
        ("test.private", "badk.txt", "the key type is unknown"),
        ("test.private", "test_tlsrpt.txt", "the key record does not permit use for email"),
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
