"""Proof that is not the author's: envelope, signatures, seals, records and results of somebody else.

Group A of the catalogue, and the attacks of `Weak Links in Authentication Chains` on SPF, DKIM, DMARC and
ARC, through the real listener. The attacker may send and sign for attack.test, and owns evil.lg.jp beside the
victim city.a.lg.jp.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from gateway.auth.dns.resolver import Answer
from tests.hostile.desk import ATTACK_KEY, FORM, HostileDesk, hostile_desk, signed

pytestmark = pytest.mark.asyncio(loop_scope="module")
ME = "any@attack.test"
NOT_PROVEN, TROUBLE = "550 5.7.26", "451 4.4.3"


def mail(author: str, number: int = 1, more: str = "") -> bytes:
    """An application in the name of `author`."""
    return (
        f"{more}From: <{author}>\r\nSubject: s\r\nMessage-ID: <{number}@{author.rpartition('@')[2]}>\r\n"
        f"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{FORM}"
    ).encode()


def by_attacker(raw: bytes, domain: str = "attack.test") -> bytes:
    """Signed with the attacker's key."""
    return signed(raw, domain, ATTACK_KEY)


def retagged(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    """Signed by the attacker, with a tag of the signature changed afterwards."""
    return lambda raw: by_attacker(raw).replace(old, new, 1)


VICTIM, CITY = "admin@legit.test", "a@city.a.lg.jp"
SEAL = (
    "ARC-Seal: i=1; a=rsa-sha256; cv=none; d=attack.test; s=s; b=AAAA\r\n"
    "ARC-Message-Signature: i=1; a=rsa-sha256; c=relaxed; d=attack.test; s=s; h=from; bh=AA==; b=AAAA\r\n"
    "ARC-Authentication-Results: i=1; mx.test; dmarc=pass header.from=legit.test\r\n"
)
ROWS: dict[str, tuple[bytes, str]] = {
    "A03-quote-in-d": (retagged(b"d=attack.test", b"d=legit.test'a.attack.test")(mail(VICTIM)), ME),
    "A03-bracket-in-d": (retagged(b"d=attack.test", b"d=legit.test(.attack.test")(mail(VICTIM)), ME),
    "A03-two-d": (retagged(b"d=attack.test", b"d=attack.test; d=legit.test")(mail(VICTIM)), ME),
    "A03-null-in-s": (retagged(b"s=s;", b"s=s%00.x;")(mail(VICTIM)), ME),
    "A03-results-in-s": (retagged(b"s=s;", b"s=s header.d=legit.test;")(mail(VICTIM)), ME),
    "A04-own-results": (
        mail(VICTIM, more="Authentication-Results: mx.test; dmarc=pass header.from=legit.test\r\n"),
        ME,
    ),
    "A04-received-spf": (mail(VICTIM, more="Received-SPF: pass (mx.test) client-ip=198.51.100.7\r\n"), ME),
    "A05-null-reverse-path": (mail(VICTIM), ""),
    "A06-spf-of-another-domain": (mail(VICTIM), ME),
    "A06-victim-in-mail-from": (mail(VICTIM), VICTIM),
    "A06-subdomain-of-victim-in-mail-from": (mail(VICTIM), "any@notexist.legit.test"),
    "A06-dkim-of-another-domain": (by_attacker(mail(VICTIM)), ME),
    "A06-without-dmarc": (by_attacker(mail(CITY)), ME),
    "A07-subdomain": (mail("admin@sub.legit.test"), ME),
    "A07-nonexistent-subdomain": (mail("admin@nonexistent.legit.test"), "any@nonexistent.legit.test"),
    "A07-victim-as-subdomain-of-ours": (mail(VICTIM), "any@a.attack.test"),
    "A08-neighbour-under-lg-jp": (by_attacker(mail(CITY), "evil.lg.jp"), "any@evil.lg.jp"),
    "A08-other-city": (mail(CITY), "any@city.b.lg.jp"),
    "A08-public-suffix": (mail("a@lg.jp"), "any@evil.lg.jp"),
    "A10-second-signature": (signed(by_attacker(mail(VICTIM)), "legit.test", ATTACK_KEY), ME),
    "A11-seal-by-a-stranger": (mail(VICTIM, more=SEAL), ME),
    "A11-signature-by-unpublished-selector": (
        signed(mail(VICTIM)).replace(b"s=s;", b"s=other;", 1),
        ME,
    ),
}


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[HostileDesk]:
    """One desk for all rows."""
    async with hostile_desk(tmp_path_factory.mktemp("proof")) as running:
        yield running


@pytest.mark.parametrize(("raw", "reverse_path"), ROWS.values(), ids=ROWS)
async def test_the_proof_of_one_domain_is_not_that_of_another(
    desk: HostileDesk, raw: bytes, reverse_path: str
) -> None:
    answer = await desk.send(raw, reverse_path)
    assert "550 5.7" == answer[:7]
    assert (0, set()) == (desk.mails(), desk.addressees())


async def test_a04_results_in_our_name_are_not_kept(tmp_path: Path) -> None:
    forged = "Authentication-Results: mx.test; dkim=pass header.d=legit.test\r\n"
    other = "Authentication-Results: elsewhere.test; dkim=none\r\n"
    async with hostile_desk(tmp_path) as desk:
        assert "250" == (await desk.send(mail(ME, more=forged + other), ME))[:3]
        ((raw,),) = desk.rows("SELECT raw FROM mails")
    assert b"legit.test" not in raw
    assert b"elsewhere.test; dkim=none" in raw


async def test_a18_a_replayed_mail_has_no_second_effect(tmp_path: Path) -> None:
    raw = signed(mail(VICTIM))
    async with hostile_desk(tmp_path) as desk:
        assert "250 2.0.0 Message accepted" == await desk.send(raw, ME)
        outgoing = desk.rows("SELECT id FROM letters")
        for again in (raw, b"Received: from elsewhere\r\n" + raw, raw + b"\r\n"):
            assert "250 2.0.0 Message already accepted (duplicate)" == await desk.send(again, "b@a.test")
        assert (1, outgoing) == (desk.mails(), desk.rows("SELECT id FROM letters"))


async def test_a20_a_signature_survives_a_forwarder(tmp_path: Path) -> None:
    async with hostile_desk(tmp_path) as desk:
        assert "250" == (await desk.send(signed(mail(VICTIM)), "srs0=x=legit.test=admin@a.test"))[:3]
        assert {VICTIM} == desk.authors()


WIDE = [
    "v=spf1 +all",
    "v=spf1 ip4:0.0.0.0/0 -all",
    "v=spf1 ip4:0.0.0.0/1 ip4:128.0.0.0/1 -all",
    "v=spf1 exists:a.test",
]


@pytest.mark.parametrize("record", [*WIDE, "v=spf1 include:wide.test -all"])
async def test_a21_an_spf_that_allows_everybody_proves_nobody(tmp_path: Path, record: str) -> None:
    async with hostile_desk(tmp_path) as desk:
        for line in (
            "careless.test MX 10 mx.a.test",
            f"careless.test TXT {record}",
            "wide.test TXT v=spf1 +all",
        ):
            desk.zone.add(*line.split(" ", 2))
        # A passing signature of somebody else must not keep us from looking.
        for raw in (mail("a@careless.test"), by_attacker(mail("a@careless.test"))):
            assert NOT_PROVEN == (await desk.send(raw, "a@careless.test"))[:10]


async def test_a21_under_dmarc_it_counts_and_the_staff_are_told(tmp_path: Path) -> None:
    async with hostile_desk(tmp_path) as desk:
        for line in ("MX 10 mx.a.test", "TXT v=spf1 +all"):
            desk.zone.add("careless.test", *line.split(" ", 1))
        desk.zone.add("_dmarc.careless.test", "TXT", "v=DMARC1; p=reject")
        assert "250" == (await desk.send(mail("a@careless.test"), "a@careless.test"))[:3]
        ((background,),) = desk.rows("SELECT background FROM cases")
    assert "spf_allows_all" in background


async def test_a31_without_dns_nothing_is_refused_recorded_or_queued(tmp_path: Path) -> None:
    async with hostile_desk(tmp_path) as desk:
        for domain in ("legit.test", "attack.test", "city.a.lg.jp"):
            for name in (domain, f"_dmarc.{domain}", f"s._domainkey.{domain}"):
                desk.zone.add(name, "TEMPFAIL", "")
        for raw in (mail(VICTIM), signed(mail(VICTIM)), by_attacker(mail(ME)), mail(CITY)):
            assert TROUBLE == (await desk.send(raw, ME))[:9]
        assert (0, [], set()) == (desk.mails(), desk.rows("SELECT * FROM journal"), desk.addressees())


async def test_a16_trouble_at_the_key_is_no_forgery(tmp_path: Path) -> None:
    async with hostile_desk(tmp_path) as desk:
        desk.zone.add("s._domainkey.legit.test", "TEMPFAIL", "")
        assert TROUBLE == (await desk.send(signed(mail(VICTIM)), ME))[:9]
        assert 0 == desk.mails()


HOSTILE_RECORDS = {
    "A13": ["v=DKIM1; p=" + "A" * 7_000],
    "A15": ["v=DKIM1; p=", "v=DKIM2; p=AAAA", "k=xx; p=AAAA", "\xff\xfe", "v=DKIM1; p=AA; p=AB", "é", ""],
    "A22": [
        "v=spf1 include:legit.test -all",
        "v=spf1 " + "a " * 5_000,
        "v=spf1 ip4:\xff",
        "v=spf1 " + "x" * 65_000,
    ],
    "A24": [
        "v=spf1 exists:" + "%{l}" * 20_000 + ".a.test -all",
        "v=spf1 exists:%{" * 500,
        "v=spf1 exists:%{l99}%%%_",
    ],
    "A30": [
        "v=DMARC1",
        "v=DMARC1; p=",
        "v=DMARC1; p=" + "x" * 65_000,
        "v=DMARC1; p=none; pct=0",
        "v=DMARC1; p=x; t=y",
    ],
}


def lying(desk: HostileDesk, answer: Answer) -> Callable[..., Any]:
    """The desk's DNS, with this answer for every text of the victim."""
    asked = desk.zone.resolve

    async def resolve(name: str, rtype: str) -> Answer:
        return answer if rtype == "TXT" and name.endswith("legit.test") else await asked(name, rtype)

    return resolve


@pytest.mark.parametrize("case", HOSTILE_RECORDS)
async def test_no_record_of_a_stranger_proves_or_breaks_anything(
    tmp_path: Path, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the victim's DNS is made to say, the attacker is not believed, and the desk goes on."""
    async with hostile_desk(tmp_path) as desk:
        for text in HOSTILE_RECORDS[case]:
            answer = Answer((text, text) if case == "A30" else (text,))
            with monkeypatch.context() as patch:
                patch.setattr(desk.zone, "resolve", lying(desk, answer))
                for raw in (mail(VICTIM), signed(mail(VICTIM), "legit.test", ATTACK_KEY)):
                    assert NOT_PROVEN == (await desk.send(raw, VICTIM))[:10]
        assert "250" == (await desk.send(mail(ME), ME))[:3]
        assert {ME} == desk.authors()
