"""Relayed mail: the listed relay's words count, the same words from anywhere else do not."""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.auth.authenticate import authenticate
from gateway.auth.authentication_results.trusted_relay import TrustedRelay, find_client_facts
from gateway.auth.results import Evidence, Outcome, Result, Spf, Verdict
from gateway.mail import address, message
from gateway.mail.smtp.envelope import Envelope
from tests.support.dns import ZoneResolver

NOW = datetime(2026, 11, 20, tzinfo=UTC)
AUTHOR = "city.mihon.lg.jp"
RELAY = TrustedRelay((ip_network("192.0.2.0/28"), ip_network("2001:db8:1::/64")), frozenset({"MX.rei.lg.jp"}))
RELAY_IP, CLIENT_IP, STRANGER_IP = "192.0.2.3", "203.0.113.9", "198.51.100.1"
ZONE = f"""
{AUTHOR} TXT v=spf1 ip4:203.0.113.0/24 -all
{AUTHOR} MX 10 mx.{AUTHOR}
mx.{AUTHOR} A 203.0.113.5
"""
PASSED = f"mx.rei.lg.jp; spf=pass smtp.mailfrom=rei@{AUTHOR}"


def mail(*fields: str) -> message.Message:
    lines = [f"Authentication-Results: {field}\r\n" for field in fields]
    return message.parse(("".join(lines) + f"From: rei@{AUTHOR}\r\n\r\nHello\r\n").encode("latin-1"))


def envelope(client_ip: str = RELAY_IP, sender: str = f"rei@{AUTHOR}") -> Envelope:
    return Envelope(client_ip, "relay.example", address.parse(sender) if sender else None, (), NOW)


async def checked(client_ip: str, *fields: str, relay: TrustedRelay | None = RELAY) -> Verdict:
    return await authenticate(mail(*fields), envelope(client_ip), AUTHOR, ZoneResolver(ZONE), relay=relay)


@pytest.mark.parametrize(
    ("client_ip", "relay", "outcome"),
    [
        (RELAY_IP, RELAY, Outcome.PROVEN),
        ("2001:db8:1::5", RELAY, Outcome.PROVEN),
        (STRANGER_IP, RELAY, Outcome.UNPROVEN),
        ("192.0.2.16", RELAY, Outcome.UNPROVEN),
        ("no address", RELAY, Outcome.UNPROVEN),
        (RELAY_IP, None, Outcome.UNPROVEN),
    ],
)
async def test_the_field_counts_only_from_the_listed_addresses(
    client_ip: str, relay: TrustedRelay | None, outcome: Outcome
) -> None:
    got = await checked(client_ip, PASSED, relay=relay)
    assert outcome == got.outcome
    assert ("mx.rei.lg.jp" if outcome is Outcome.PROVEN else "") == got.spf.relay


@pytest.mark.parametrize(
    ("fields", "result"),
    [
        ([PASSED], Result.PASS),
        (["other.example; spf=fail smtp.mailfrom=x.example", PASSED], Result.PASS),
        ([f"mx.rei.lg.jp; spf=fail smtp.mailfrom={AUTHOR}", PASSED], Result.NONE),
        ([PASSED, PASSED], Result.NONE),
        ([f"mx.rei.lg.jp; spf=fail smtp.mailfrom={AUTHOR}"], Result.FAIL),
        (["mx.rei.lg.jp; dkim=pass header.d=x.example", PASSED], Result.NONE),
        (["mx.rei.lg.jp; none", PASSED], Result.NONE),
        (["mx.rei.lg.jp; spf=pass smtp.mailfrom=", PASSED], Result.NONE),
        (["mx.rei.lg.jp; (", PASSED], Result.NONE),
        (["spf=fail smtp.mailfrom=x.example", PASSED], Result.NONE),
        ([f"xmx.rei.lg.jp; spf=pass smtp.mailfrom={AUTHOR}"], Result.NONE),
        ([f"mx.rei.lg.jp; spf=pass smtp.mailfrom={AUTHOR}(.evil.example"], Result.NONE),
        ([f"mx.rei.lg.jp; spf=temperror smtp.mailfrom={AUTHOR}"], Result.TEMPERROR),
        ([], Result.NONE),
    ],
)
async def test_only_the_one_field_under_the_configured_name_counts(fields: list[str], result: Result) -> None:
    got = await checked(RELAY_IP, *fields)
    assert result == got.spf.result
    assert (result is Result.PASS) == (not got.spf.reason)


RECEIVED = "Received: from a by b"
RESULTS = f"Authentication-Results: {PASSED}"
FAILED = f"Authentication-Results: mx.rei.lg.jp; spf=fail smtp.mailfrom={AUTHOR}"
OTHER = "Authentication-Results: other.example; spf=fail smtp.mailfrom=x.example"
UNREADABLE = "Authentication-Results: (mx.rei.lg.jp"
# Header fields from the top, and what counts of them.
PLACES = [
    ("above the relay's Received", [RESULTS, RECEIVED, RECEIVED], Result.PASS),
    ("directly below it", [RECEIVED, RESULTS, RECEIVED], Result.PASS),
    ("below it, other fields between", [RECEIVED, "DKIM-Signature: v=1", RESULTS, RECEIVED], Result.PASS),
    ("below it, another's results between", [RECEIVED, OTHER, RESULTS, RECEIVED], Result.PASS),
    ("below the sender's Received", [RECEIVED, RECEIVED, RESULTS], Result.NONE),
    ("far below", [RECEIVED, RECEIVED, RECEIVED, RECEIVED, RESULTS], Result.NONE),
    ("below, in another case", [RECEIVED.upper(), "RECEIVED: from c", RESULTS], Result.NONE),
    ("twice, both of the relay's", [RESULTS, RECEIVED, FAILED], Result.NONE),
    ("twice, one the sender's", [RESULTS, RECEIVED, RECEIVED, FAILED], Result.NONE),
    ("twice, the sender's passes", [FAILED, RECEIVED, RECEIVED, RESULTS], Result.NONE),
    ("unreadable above it", [UNREADABLE, RESULTS, RECEIVED], Result.NONE),
    ("unreadable below it", [RESULTS, RECEIVED, RECEIVED, UNREADABLE], Result.PASS),
    ("none of the relay's", [OTHER, RECEIVED, RECEIVED], Result.NONE),
]


@pytest.mark.parametrize(("header", "result"), [row[1:] for row in PLACES], ids=[row[0] for row in PLACES])
async def test_a_result_counts_where_the_relay_writes_it(header: list[str], result: Result) -> None:
    raw = "".join(f"{line}\r\n" for line in header) + f"From: rei@{AUTHOR}\r\n\r\nHello\r\n"
    parsed = message.parse(raw.encode())
    got = await authenticate(parsed, envelope(RELAY_IP), AUTHOR, ZoneResolver(ZONE), relay=RELAY)
    assert result == got.spf.result


@given(st.lists(st.sampled_from((RESULTS, FAILED, OTHER, RECEIVED)), max_size=8))
def test_nothing_below_the_second_received_ever_passes(below: list[str]) -> None:
    header = [RECEIVED, RECEIVED, *below]
    raw = "".join(f"{line}\r\n" for line in header) + f"From: rei@{AUTHOR}\r\n\r\nHello\r\n"
    found = find_client_facts(message.parse(raw.encode()), envelope(RELAY_IP), RELAY)
    assert found.spf is not None
    assert Result.NONE is found.spf.result


@pytest.mark.parametrize("named", ["smtp.remote-ip", "policy.iprev"])
@pytest.mark.parametrize(
    ("ip", "result"),
    [
        (CLIENT_IP, Result.PASS),
        (f"::ffff:{CLIENT_IP}", Result.PASS),
        (STRANGER_IP, Result.FAIL),
        (RELAY_IP, Result.NONE),
        ("mihon", Result.NONE),
    ],
)
async def test_without_a_result_the_named_client_is_checked_here(named: str, ip: str, result: Result) -> None:
    got = await checked(RELAY_IP, f"mx.rei.lg.jp; iprev=pass {named}={ip}")
    assert result == got.spf.result


async def test_a_stored_temperror_is_checked_again_where_the_client_is_known() -> None:
    field = f"mx.rei.lg.jp; spf=temperror smtp.mailfrom={AUTHOR} smtp.remote-ip={CLIENT_IP}"
    got = await checked(RELAY_IP, field)
    assert (Result.PASS, "") == (got.spf.result, got.spf.relay)


async def test_an_envelope_of_xclient_or_proxy_holds_the_client_and_is_direct() -> None:
    got = await checked(CLIENT_IP, "mx.rei.lg.jp; spf=fail smtp.mailfrom=x.example")
    assert (Result.PASS, "", Evidence.SPF) == (got.spf.result, got.spf.relay, got.grade)


def test_facts_of_the_client_come_from_the_field() -> None:
    field = f"mx.rei.lg.jp; spf=pass smtp.helo=mta.mihon.example smtp.remote-ip={CLIENT_IP}"
    found = find_client_facts(mail(field), envelope(sender=""), RELAY)
    assert (CLIENT_IP, "mta.mihon.example") == (found.envelope.client_ip, found.envelope.helo)
    assert Spf(Result.PASS, "mta.mihon.example", "helo", relay="mx.rei.lg.jp") == found.spf


def test_two_clients_are_none() -> None:
    field = f"mx.rei.lg.jp; iprev=pass policy.iprev={CLIENT_IP}; spf=pass smtp.remote-ip={STRANGER_IP}"
    found = find_client_facts(mail(field), envelope(), RELAY)
    assert (RELAY_IP, Result.NONE) == (found.envelope.client_ip, found.spf.result if found.spf else None)
