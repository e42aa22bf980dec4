"""Behind a relay of our own side: a word by SPF is as weak as the hosts that it rests on, and as unknown."""

from __future__ import annotations

import secrets
from dataclasses import replace
from ipaddress import ip_network

import pytest

from gateway.admission.eligibility.assess import Rules
from gateway.auth.authenticate import TrustPolicy
from gateway.auth.authentication_results.trusted_relay import TrustedRelay
from gateway.inbound.screening import LocalScreener
from gateway.mail.address import parse
from gateway.mail.smtp.envelope import Envelope
from tests.support.desk_bench import (
    BOXES,
    CODE,
    GOOGLE,
    OPENDKIM,
    OWN_HOST,
    PROVIDER,
    STRANGER,
    DeskBench,
    Reply,
    sign,
)
from tests.support.dns import ZoneResolver
from tests.support.factories import SATO, background
from tests.support.path_in import build_path

NATURAL, BY_CODE = "承認します。\n", f"承認 {CODE}\n"
RELAY_IP, NAME = "10.0.0.5", "mx.gw.example.go.jp"
TRUST = TrustPolicy(relay=TrustedRelay((ip_network("10.0.0.0/8"),), frozenset({NAME})))


async def relay(bench: DeskBench, raw: bytes, token: str, client: str) -> None:
    """The mail as our relay hands it over: it says that SPF passed, and for which client, or not."""
    screener = LocalScreener(ZoneResolver(bench.zone), BOXES, TRUST)
    path = build_path(bench.store, screener, bench.desk, BOXES, Rules, entropy=secrets.token_bytes)
    envelope = Envelope(RELAY_IP, NAME, SATO, (parse(bench.mailbox(token)),), bench.now)
    said = f"Authentication-Results: {NAME}; spf=pass smtp.mailfrom={SATO}{client}\r\n"
    await path.receive(envelope, f"{said}Received: from a by {NAME}\r\n".encode() + raw)


@pytest.mark.parametrize(
    ("client", "text", "names", "expected"),
    [
        pytest.param("", NATURAL, [], "under_review", id="nobody knows the host"),
        pytest.param("", BY_CODE, [], "under_review", id="nor by code, unsigned"),
        pytest.param(f" smtp.remote-ip={PROVIDER}", NATURAL, [], "under_review", id="a provider's host"),
        pytest.param(f" smtp.remote-ip={STRANGER}", NATURAL, [], "under_review", id="it fails here"),
        pytest.param(f" smtp.remote-ip={OWN_HOST}", NATURAL, [], "approved", id="the domain's own host"),
        pytest.param("", NATURAL, OPENDKIM, "approved", id="all is signed"),
        pytest.param("", NATURAL, GOOGLE, "under_review", id="signed in part"),
        pytest.param("", BY_CODE, GOOGLE, "approved", id="its code is signed"),
    ],
)
async def test_of_a_flagged_case_a_word_by_unknown_or_shared_hosts_is_the_first_of_two(
    bench: DeskBench, client: str, text: str, names: list[str], expected: str
) -> None:
    token = await bench.ask(await bench.open_case(background=replace(background(), flags=("要確認",))))
    raw = Reply(text).octets(bench.mailbox(token))
    await relay(bench, sign(raw, names) if names else raw, token, client)
    assert expected == await bench.state()
    assert bench.journal()[-1] in {"decision.approve", "decision.first_approval"}
