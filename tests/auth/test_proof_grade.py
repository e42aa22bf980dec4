"""How far a proof goes inside one organisation: the very domain and its parent decide, a child never does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from gateway.auth.authenticate import authenticate
from gateway.auth.dkim.sign import Signer, public_record
from gateway.auth.dns.resolver import Resolver
from gateway.auth.results import Dkim, Dmarc, MxState, Outcome, ProofGrade, Result, Spf, Verdict
from gateway.auth.verdict import compute_verdict
from gateway.mail import address, message
from gateway.mail.smtp.envelope import Envelope
from gateway.net.dns.resolver import DnsResolver
from gateway.net.dns.server import Zone, serve
from tests.support.dns import ZoneResolver

NOW = datetime(2026, 11, 28, tzinfo=UTC)
F = "city.mihon.lg.jp"
CHILD, SIBLING, DEPT = f"old.{F}", "city.other.lg.jp", f"dept.{F}"
IP = "192.0.2.1"
KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
HOSTS = "".join(f"{name} MX 10 mx.{F}\n" for name in (F, CHILD, DEPT)) + f"mx.{F} A 192.0.2.9\n"
RELAXED, STRICT = (
    f"_dmarc.{F} TXT v=DMARC1; p=reject\n",
    f"_dmarc.{F} TXT v=DMARC1; p=reject; aspf=s; adkim=s\n",
)


def spf(name: str) -> str:
    return f"{name} TXT v=spf1 ip4:{IP} -all\n"


async def prove(zone: str | Resolver, author: str = F, sender: str = "", signer: str = "") -> Verdict:
    """The verdict on a mail of `author` from MAIL FROM at `sender`, signed by `signer`."""
    raw = f"From: rei@{author}\r\nSubject: x\r\n\r\nhello\r\n".encode()
    text = zone if isinstance(zone, str) else ""
    if signer:
        raw = Signer(signer, "s", KEY).sign(raw) + raw
        text += f"s._domainkey.{signer} TXT {public_record(KEY)}\n"
    envelope = Envelope(IP, "mx.example", address.parse(f"b@{sender or 'elsewhere.example'}"), (), NOW)
    resolver = ZoneResolver(text) if isinstance(zone, str) else zone
    return await authenticate(message.parse(raw), envelope, author, resolver)


NONE, DOWN = f"{DEPT} TXT v=spf1 -all\n", f"{DEPT} TEMPFAIL TXT\n"
ALL, WIDE = f"{F} TXT v=spf1 +all\n", f"{F} TXT v=spf1 ip4:192.0.0.0/7 -all\n"
INVALID = f"_dmarc.{F} TXT v=DMARC1; p=x\n"
PROVEN, UNPROVEN, OPEN = Outcome.PROVEN, Outcome.UNPROVEN, Outcome.TEMPERROR
DECISION, APPLICATION, NOTHING = ProofGrade.DECISION, ProofGrade.APPLICATION, ProofGrade.NONE
# What the zone says, author, MAIL FROM, signature: outcome, grade.
TABLE = [
    ("the very domain, SPF", spf(F), F, F, "", PROVEN, DECISION),
    ("the very domain, DKIM", "", F, "", F, PROVEN, DECISION),
    ("the very domain, DMARC", RELAXED + spf(F), F, F, "", PROVEN, DECISION),
    ("the parent, DKIM", "", DEPT, "", F, PROVEN, DECISION),
    ("the parent, DKIM, the child has SPF", spf(DEPT), DEPT, "", F, PROVEN, DECISION),
    ("the parent, SPF, the child has none", spf(F), DEPT, F, "", PROVEN, APPLICATION),
    ("the parent, SPF, the child has its own", spf(F) + NONE, DEPT, F, "", UNPROVEN, NOTHING),
    ("the parent, SPF, the child has two", spf(F) + 2 * NONE, DEPT, F, "", UNPROVEN, NOTHING),
    ("the parent, SPF, the child not known", spf(F) + DOWN, DEPT, F, "", OPEN, NOTHING),
    ("the parent, SPF, under DMARC", RELAXED + spf(F), DEPT, F, "", PROVEN, APPLICATION),
    ("a child, SPF, no DMARC", spf(CHILD), F, CHILD, "", UNPROVEN, NOTHING),
    ("a child, DKIM, no DMARC", "", F, "", CHILD, UNPROVEN, NOTHING),
    ("a child, SPF, relaxed DMARC", RELAXED + spf(CHILD), F, CHILD, "", PROVEN, APPLICATION),
    ("a child, DKIM, relaxed DMARC", RELAXED, F, "", CHILD, PROVEN, APPLICATION),
    ("a child, strict DMARC", STRICT + spf(CHILD), F, CHILD, CHILD, UNPROVEN, NOTHING),
    ("a child, DMARC not valid", INVALID + spf(CHILD), F, CHILD, "", UNPROVEN, NOTHING),
    ("a brother, no DMARC", spf(CHILD), DEPT, CHILD, CHILD, UNPROVEN, NOTHING),
    ("a brother, relaxed DMARC", RELAXED + spf(CHILD), DEPT, CHILD, "", PROVEN, APPLICATION),
    ("a child and the very domain", RELAXED + spf(CHILD), F, CHILD, F, PROVEN, DECISION),
    ("another government, relaxed DMARC", RELAXED + spf(SIBLING), F, SIBLING, SIBLING, UNPROVEN, NOTHING),
    ("+all, no DMARC", ALL, F, F, "", UNPROVEN, NOTHING),
    ("+all, DMARC", RELAXED + ALL, F, F, "", PROVEN, APPLICATION),
    ("more than a /8, no DMARC", WIDE, F, F, "", UNPROVEN, NOTHING),
    ("more than a /8, DMARC", RELAXED + WIDE, F, F, "", PROVEN, APPLICATION),
    ("more than a /8, DKIM of a child", RELAXED + ALL, F, F, CHILD, PROVEN, APPLICATION),
    ("more than a /8, DKIM", WIDE, F, F, F, PROVEN, DECISION),
]  # fmt: skip


@pytest.mark.parametrize(("name", "zone", "author", "sender", "signer", "outcome", "grade"), TABLE)
async def test_the_grade_of(
    name: str, zone: str, author: str, sender: str, signer: str, outcome: Outcome, grade: ProofGrade
) -> None:
    got = await prove(HOSTS + zone, author, sender, signer)
    assert (outcome, grade) == (got.outcome, got.proof), name
    assert got.is_by_other_name is (grade is APPLICATION and got.prover == CHILD)
    assert not got.is_by_other_name or got.prover in got.reason


results = st.sampled_from(Result)
names = st.sampled_from(
    (F, CHILD, DEPT, SIBLING, f"a.{CHILD}", "mihon.lg.jp", "lg.jp", "jp", "x.example", "")
)
signatures = st.lists(st.builds(Dkim, results, names, st.just("s")), max_size=3).map(tuple)
spfs = st.builds(Spf, results, names, st.sampled_from(("mailfrom", "helo")), wide=st.booleans())


@given(spfs, signatures, results, st.sampled_from(MxState), st.sampled_from((True, False, None)))
def test_no_other_name_ever_proves_a_decision(
    spf_is: Spf, dkim: tuple[Dkim, ...], dmarc: Result, mx: MxState, own: bool | None
) -> None:
    got = compute_verdict(F, spf_is, dkim, Dmarc(dmarc, F, "none"), mx, has_own_spf=own)
    by_itself = Spf(Result.PASS, F) == spf_is or any(
        one.result is Result.PASS and one.domain == F for one in dkim
    )
    assert got.proof is not DECISION or (by_itself and got.outcome is PROVEN)
    assert (got.proof is NOTHING) is (got.outcome is not PROVEN)


@given(
    spfs, signatures, st.sampled_from((Result.NONE, Result.PERMERROR)), st.sampled_from((True, False, None))
)
def test_without_dmarc_no_name_below_or_beside_proves_anything(
    spf_is: Spf, dkim: tuple[Dkim, ...], dmarc: Result, own: bool | None
) -> None:
    got = compute_verdict(F, spf_is, dkim, Dmarc(dmarc), MxState.MX, has_own_spf=own)
    if got.outcome is PROVEN:
        assert F in {spf_is.domain, *(one.domain for one in dkim)}


DANGLING = f"""
{CHILD} CNAME taken.cloud.example
taken.cloud.example TXT v=spf1 ip4:{IP} -all
taken.cloud.example MX 10 mx.{F}
web.{F} CNAME www.{F}
www.{F} TXT v=spf1 ip4:{IP} -all
gone.{F} CNAME nowhere.cloud.example
s._domainkey.{F} CNAME s.provider.example
s.provider.example TXT {public_record(KEY)}
s._domainkey.gone.{F} TXT {public_record(KEY)}
"""


@pytest.fixture
async def real_dns() -> AsyncIterator[tuple[Zone, DnsResolver]]:
    zone = Zone.parse(HOSTS.replace(f"{CHILD} MX 10 mx.{F}\n", "") + DANGLING)
    server = await serve(zone)
    resolver = DnsResolver([server.host], server.port, timeout_s=1, lifetime_s=2)
    yield zone, resolver
    await resolver.close()
    await server.close()


async def test_a_dangling_alias_proves_no_city_without_dmarc(real_dns: tuple[Zone, DnsResolver]) -> None:
    got = await prove(real_dns[1], F, CHILD)
    assert (Result.PASS, UNPROVEN) == (got.spf.result, got.outcome)


@pytest.mark.parametrize(
    ("sender", "signer", "aliases"),
    [
        (CHILD, "", ("taken.cloud.example",)),
        (f"web.{F}", "", ()),
        ("", f"gone.{F}", ("nowhere.cloud.example",)),
    ],
)
async def test_a_child_under_dmarc_applies_and_a_foreign_alias_is_told(
    real_dns: tuple[Zone, DnsResolver], sender: str, signer: str, aliases: tuple[str, ...]
) -> None:
    zone, resolver = real_dns
    zone.add(f"_dmarc.{F}", "TXT", "v=DMARC1; p=reject")
    got = await prove(resolver, F, sender, signer)
    assert (PROVEN, APPLICATION, aliases) == (got.outcome, got.proof, got.foreign_aliases)


async def test_aliases_of_keys_and_policies_are_no_fault(real_dns: tuple[Zone, DnsResolver]) -> None:
    zone, resolver = real_dns
    zone.add(f"_dmarc.{F}", "CNAME", "dmarc.provider.example")
    zone.add("dmarc.provider.example", "TXT", "v=DMARC1; p=reject")
    got = await prove(resolver, F, "", F)
    assert (PROVEN, DECISION, ()) == (got.outcome, got.proof, got.foreign_aliases)


async def test_an_author_below_a_foreign_alias_is_told_too(real_dns: tuple[Zone, DnsResolver]) -> None:
    got = await prove(real_dns[1], CHILD, CHILD)
    assert (DECISION, ("taken.cloud.example",)) == (got.proof, got.foreign_aliases)
