"""The whole proof over a zone: who is proven, who is not, and what DNS trouble does."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.auth.authenticate import authenticate
from gateway.auth.dkim.sign import Signer, public_record
from gateway.auth.dns.resolver import Answer
from gateway.auth.results import AnswerStatus, Evidence, Outcome, Result, Verdict
from gateway.mail import address, message
from gateway.mail.smtp.envelope import Envelope
from tests.support.dns import ZoneResolver

AUTHOR = "city.mihon.lg.jp"
KEY = Ed25519PrivateKey.generate()
ZONE = f"""
{AUTHOR} TXT v=spf1 ip4:203.0.113.0/24 -all
{AUTHOR} MX 10 mx.{AUTHOR}
mx.{AUTHOR} A 203.0.113.5
sel._domainkey.{AUTHOR} TXT {public_record(KEY)}
evil.example TXT v=spf1 +all
"""
MAIL = b"From: rei@city.mihon.lg.jp\r\nSubject: request\r\n\r\nHello\r\n"
SIGNED = Signer(AUTHOR, "sel", KEY).sign(MAIL) + MAIL


def envelope(
    client_ip: str = "203.0.113.9", sender: str = f"rei@{AUTHOR}", helo: str = "mta.example"
) -> Envelope:
    now = datetime(2026, 11, 20, tzinfo=UTC)
    reverse_path = address.parse(sender) if sender else None
    return Envelope(client_ip, helo, reverse_path, (), now)


async def checked(zone: str = "", raw: bytes = MAIL, **facts: str) -> Verdict:
    return await authenticate(message.parse(raw), envelope(**facts), AUTHOR, ZoneResolver(ZONE + zone))


@pytest.mark.parametrize(
    ("zone", "raw", "facts", "outcome", "grade"),
    [
        ("", MAIL, {}, Outcome.PROVEN, Evidence.SPF),
        ("", SIGNED, {}, Outcome.PROVEN, Evidence.DKIM),
        ("", SIGNED, {"client_ip": "198.51.100.1"}, Outcome.PROVEN, Evidence.DKIM),
        ("", MAIL, {"client_ip": "198.51.100.1"}, Outcome.UNPROVEN, Evidence.NONE),
        ("", MAIL, {"sender": "x@evil.example"}, Outcome.UNPROVEN, Evidence.NONE),
        ("", MAIL, {"sender": "", "helo": AUTHOR}, Outcome.PROVEN, Evidence.SPF),
        ("", MAIL, {"sender": "", "helo": "evil.example"}, Outcome.UNPROVEN, Evidence.NONE),
        (f"_dmarc.{AUTHOR} TXT v=DMARC1; p=reject", SIGNED, {}, Outcome.PROVEN, Evidence.DMARC),
        (
            f"_dmarc.{AUTHOR} TXT v=DMARC1; p=reject",
            MAIL,
            {"sender": "x@evil.example"},
            Outcome.UNPROVEN,
            Evidence.NONE,
        ),
        (
            f"sel._domainkey.{AUTHOR} TEMPFAIL",
            SIGNED,
            {"client_ip": "198.51.100.1"},
            Outcome.TEMPERROR,
            Evidence.NONE,
        ),
        (f"sel._domainkey.{AUTHOR} TEMPFAIL", SIGNED, {}, Outcome.PROVEN, Evidence.SPF),
        ("evil.example TEMPFAIL", MAIL, {"sender": "x@evil.example"}, Outcome.UNPROVEN, Evidence.NONE),
        (f"_dmarc.{AUTHOR} TEMPFAIL", SIGNED, {}, Outcome.PROVEN, Evidence.DKIM),
        (f"mx.{AUTHOR} TEMPFAIL", SIGNED, {}, Outcome.TEMPERROR, Evidence.DKIM),
        (f"{AUTHOR} TEMPFAIL", MAIL, {}, Outcome.TEMPERROR, Evidence.NONE),
    ],
)
async def test_outcomes(
    zone: str, raw: bytes, facts: dict[str, str], outcome: Outcome, grade: Evidence
) -> None:
    got = await checked(zone, raw, **facts)
    assert (outcome, grade) == (got.outcome, got.grade), got.reason


async def test_a_host_on_loopback_counts_only_where_it_is_allowed() -> None:
    zone = ZoneResolver(ZONE.replace("A 203.0.113.5", "A 127.0.0.1"))
    refused = await authenticate(message.parse(SIGNED), envelope(), AUTHOR, zone)
    taken = await authenticate(message.parse(SIGNED), envelope(), AUTHOR, zone, allow_loopback_mx=True)
    assert (Outcome.UNREACHABLE, Outcome.PROVEN) == (refused.outcome, taken.outcome)


async def test_a_mail_costs_at_most_ten_questions() -> None:
    zone = ZoneResolver(ZONE)
    await authenticate(message.parse(SIGNED), envelope(), AUTHOR, zone)
    assert 10 >= len(zone.queries)


async def test_when_the_deadline_passes_everything_is_temperror() -> None:
    class Silent:
        async def resolve(self, name: str, rtype: str) -> Answer:
            await asyncio.Event().wait()
            raise AssertionError(name, rtype)

        def has_cached(self, questions: object) -> bool:
            return False

    got = await authenticate(message.parse(SIGNED), envelope(), AUTHOR, Silent(), deadline_s=0.01)
    assert (Outcome.TEMPERROR, Result.TEMPERROR) == (got.outcome, got.dmarc.result)
    assert {(AUTHOR, "MX", AnswerStatus.TEMPFAIL)} <= {
        (one.name, one.rtype, one.status) for one in got.answers
    }
