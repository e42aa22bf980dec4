"""ARC chains: whole ones of a trusted sealer prove, everything else does not."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from random import Random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.auth.arc import validate
from gateway.auth.authenticate import authenticate
from gateway.auth.dkim.sign import Signer, public_record
from gateway.auth.results import Arc, Dmarc, Evidence, MxState, Outcome, Result, Spf
from gateway.auth.verdict import compute_verdict
from gateway.mail import address, message
from gateway.mail.smtp.envelope import Envelope
from tests.auth.arc.sealing import Sealer
from tests.support.dns import ZoneResolver

EDWARDS = Ed25519PrivateKey.generate()
NOW = datetime(2026, 11, 20, tzinfo=UTC)
AUTHOR = "city.mihon.lg.jp"
TRUSTED = "lgwan.pref.rei.lg.jp"
MAIL = (
    b"From: Rei <rei@city.mihon.lg.jp>\r\nTo: request@desk.example\r\nSubject: a  request\r\n"
    b"Date: Fri, 20 Nov 2026 10:00:00 +0900\r\n\r\nHello  there \r\n\r\n"
)
SAW = f"dkim=pass header.d={AUTHOR} header.s=sel; dmarc=pass header.from={AUTHOR}"


@cache
def key(name: str, bits: int = 2048) -> RSAPrivateKey:
    return generate_private_key(65537, bits)


def sealer(domain: str = TRUSTED) -> Sealer:
    return Sealer(domain, key(domain))


def zone(*domains: str) -> str:
    return "".join(sealer(domain).zone for domain in (TRUSTED, "evil.example", "list.example", *domains))


async def checked(raw: bytes, records: str | None = None) -> Arc:
    resolver = ZoneResolver(zone() if records is None else records)
    return await validate.check(message.parse(raw), resolver, frozenset({TRUSTED}), NOW)


@pytest.mark.parametrize("canon", ["relaxed/relaxed", "relaxed/simple", "simple/simple", "simple/relaxed"])
async def test_a_chain_of_a_trusted_sealer_passes_and_says_what_it_saw(canon: str) -> None:
    got = await checked(sealer().seal(MAIL, f"spf=pass smtp.mailfrom=x@{AUTHOR}; {SAW}", canon=canon))
    assert Arc(Result.PASS, TRUSTED, AUTHOR, (AUTHOR,), "pass", AUTHOR) == got


async def test_a_chain_of_two_passes_when_the_trusted_sealer_is_the_newest() -> None:
    raw = sealer("list.example").seal(MAIL, "spf=none")
    assert Result.PASS == (await checked(sealer().seal(raw, f"arc=pass; {SAW}"))).result


@given(seed=st.integers(), edwards=st.booleans(), edwards_before=st.booleans())
@settings(max_examples=40)
async def test_tags_may_stand_in_any_order_and_seals_may_be_ed25519(
    seed: int, edwards: bool, edwards_before: bool
) -> None:
    shuffle = Random(seed)  # noqa: S311 - an order, no secret

    def made(domain: str, *, short: bool) -> Sealer:
        order = shuffle.sample(range(20), 20)

        def arrange(tags: list[str]) -> list[str]:
            return [tags[at] for at in order if at < len(tags)]

        return Sealer(domain, EDWARDS if short else key(domain), "arc", arrange)

    before, newest = made("list.example", short=edwards_before), made(TRUSTED, short=edwards)
    raw = newest.seal(before.seal(MAIL, "spf=none"), f"arc=pass; {SAW}")
    records = before.zone + newest.zone
    assert (Result.PASS, "") == ((got := await checked(raw, records)).result, got.reason)
    for old, new in ((b"Hello", b"Hallo"), (b"spf=none", b"spf=pass"), (b"Subject: a", b"Subject: b")):
        assert Result.FAIL == (await checked(raw.replace(old, new, 1), records)).result


async def test_a_message_signature_of_another_domain_counts_under_the_seal_of_the_trusted_one() -> None:
    """RFC 8617 section 4.1.2: the two need not be of one domain; the seal covers the signature."""
    raw = sealer().seal(MAIL, SAW, signer="list.example")
    shared = Sealer("list.example", key(TRUSTED)).zone
    assert (Result.PASS, TRUSTED) == ((got := await checked(raw, zone() + shared)).result, got.sealer)
    assert Result.FAIL == (await checked(raw)).result


async def test_mail_without_a_chain_is_none_and_costs_no_question() -> None:
    resolver = ZoneResolver()
    got = await validate.check(message.parse(MAIL), resolver, frozenset({TRUSTED}), NOW)
    assert (Result.NONE, []) == (got.result, resolver.queries)


async def test_an_untrusted_newest_sealer_is_none_whatever_stands_below() -> None:
    resolver = ZoneResolver(zone())
    raw = sealer("evil.example").seal(sealer().seal(MAIL, SAW), SAW)
    got = await validate.check(message.parse(raw), resolver, frozenset({TRUSTED}), NOW)
    assert (Result.NONE, "evil.example", []) == (got.result, got.sealer, resolver.queries)


GOOD = sealer().seal(MAIL, SAW)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        # Forged: something was changed behind the sealer.
        (rb"Hello", b"Hallo", "chain fails"),
        (rb"Subject: a", b"Subject: b", "chain fails"),
        (rb"rei@city", b"rex@city", "chain fails"),
        (rb"header.from=city", b"header.from=town", "chain fails"),
        (rb"dmarc=pass", b"dmarc=pass  policy.x=y", "chain fails"),
        (rb"^ARC-Seal: i=1; a=rsa-sha256; cv=none", b"ARC-Seal: i=1; a=rsa-sha256; cv=fail", "seal 1"),
        (rb"^ARC-Seal: i=1; a=rsa-sha256; cv=none", b"ARC-Seal: i=1; a=rsa-sha256; cv=pass", "seal 1"),
        (
            rb"d=lgwan.pref.rei.lg.jp; s=arc; b=",
            b"d=lgwan.pref.rei.lg.jp; s=arc; h=from; b=",
            "a seal contains h=, which is not allowed",
        ),
        (rb"a=rsa-sha256", b"a=rsa-sha1", "the algorithm (a=) is unknown"),
        (rb"s=arc", b"s=a/c", "d= or s= is not a domain name"),
        (rb"i=1; a=", b"i=2; a=", "incomplete"),
        (rb"i=1; a=", b"a=", "has no i="),
        (rb"Results: i=1; ", b"Results: ", "has no i="),
        (rb"Results: i=1; (.*)\r\n", rb"Results: \1; i=1\r\n", "has no i="),
        (rb"i=1; a=", b"i=1; i=2; a=", "is duplicated"),
        (rb"ARC-Authentication-Results: i=1;[^\r]*\r\n", b"", "incomplete"),
        (rb"ARC-Seal: [^\r]*\r\n", b"", "incomplete"),
        (rb"^(ARC-Seal: [^\r]*\r\n)", rb"\1\1", "the same instance number"),
        (rb"From:", b"From: x@evil.example\r\nFrom:", "an unsigned From field"),
        (rb"From:", b"Subject: x\r\nSubject: y\r\nFrom:", "a second, unsigned subject field"),
        (rb"; b=[^\r]{10}", b"; b=", "chain fails"),
        (rb"; b=", b"; b=!", "b= is not base64"),
        (rb"; dmarc=pass", b"; dmarc=(pass", "an unterminated comment"),
    ],
)
async def test_a_changed_chain_fails(old: bytes, new: bytes, reason: str) -> None:
    changed, count = re.subn(old, new, GOOD, count=1, flags=re.MULTILINE)
    assert 1 == count
    got = await checked(changed)
    assert Result.FAIL == got.result
    assert reason in got.reason


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ({"names": "to:subject"}, "an unsigned From field"),
        ({"names": "from:arc-seal"}, "covers a seal"),
        ({"more": " l=5;"}, "part of the body (l=)"),
        ({"more": " x=1700000000;"}, "has expired"),
        ({"canon": "folded/simple"}, "the canonicalisation (c=) is unknown"),
        ({"signer": "evil.example"}, "the newest message signature does not match"),
    ],
)
async def test_what_dkim_refuses_a_chain_may_not_have_either(how: dict[str, str], reason: str) -> None:
    got = await checked(sealer().seal(MAIL, SAW, **how))  # type: ignore[arg-type]  # all of these are texts
    assert Result.FAIL == got.result
    assert reason in got.reason


async def test_results_of_a_trusted_sealer_replayed_under_another_seal_do_not_count() -> None:
    """The fields of the trusted set are kept, the seal is made by somebody else in its name."""
    thief = Sealer(TRUSTED, key("thief"))
    got = await checked(thief.seal(MAIL, SAW))
    assert Result.FAIL == got.result
    stolen = GOOD[: GOOD.index(b"From:")]
    assert Result.FAIL == (await checked(stolen + MAIL.replace(b"Hello", b"Pay"))).result


async def test_a_chain_broken_below_the_trusted_seal_fails() -> None:
    broken = sealer("list.example").seal(MAIL, "spf=none").replace(b"spf=none", b"spf=pass")
    got = await checked(sealer().seal(broken, f"arc=pass; {SAW}"))
    assert (Result.FAIL, TRUSTED) == (got.result, got.sealer)


async def test_a_seal_that_says_the_chain_failed_fails() -> None:
    raw = sealer("list.example").seal(MAIL, "spf=none")
    assert "seal 2" in (await checked(sealer().seal(raw, SAW, cv="fail"))).reason


@pytest.mark.parametrize(
    ("records", "result"),
    [
        ("", Result.FAIL),
        (f"arc._domainkey.{TRUSTED} TEMPFAIL", Result.TEMPERROR),
        (sealer().zone + Sealer(TRUSTED, key("other")).zone, Result.PASS),
        (Sealer(TRUSTED, key("other")).zone + sealer().zone, Result.PASS),
        (f"arc._domainkey.{TRUSTED} TXT v=spf1 -all\n{sealer().zone}", Result.PASS),
        (sealer().zone * 5, Result.FAIL),
        (Sealer(TRUSTED, key("other")).zone, Result.FAIL),
        (sealer().zone.replace("k=rsa", "k=rsa; t=y"), Result.FAIL),
        (sealer().zone.replace("k=rsa", "k=rsa; h=sha1"), Result.FAIL),
        (f"arc._domainkey.{TRUSTED} TXT {public_record(Ed25519PrivateKey.generate())}", Result.FAIL),
        (f"arc._domainkey.{TRUSTED} TXT v=DKIM1; p=", Result.FAIL),
    ],
)
async def test_keys_of_a_chain_are_measured_as_those_of_dkim(records: str, result: Result) -> None:
    assert result == (await checked(GOOD, records)).result


async def test_a_chain_costs_a_bounded_number_of_questions() -> None:
    raw = MAIL
    for number in range(12):
        raw = sealer(f"s{number}.example" if number < 11 else TRUSTED).seal(raw, "spf=none", names="from")
    resolver = ZoneResolver()
    got = await validate.check(message.parse(raw), resolver, frozenset({TRUSTED}), NOW)
    assert (Result.FAIL, []) == (got.result, resolver.queries)
    assert "more than 10 ARC sets" in got.reason


def seen(**how: object) -> Arc:
    return Arc(Result.PASS, TRUSTED, **how)  # type: ignore[arg-type]  # keywords of one class


FAILS, NO_RECORD = Dmarc(Result.FAIL, AUTHOR, "reject"), Dmarc(Result.NONE)


@pytest.mark.parametrize(
    ("saw", "dmarc", "outcome"),
    [
        (seen(dmarc="pass", dmarc_domain=AUTHOR), FAILS, Outcome.PROVEN),
        (seen(dmarc="pass", dmarc_domain="town.mihon.lg.jp"), FAILS, Outcome.UNPROVEN),
        (seen(dmarc="pass"), FAILS, Outcome.UNPROVEN),
        (seen(dmarc="fail", dmarc_domain=AUTHOR, dkim_domains=(AUTHOR,)), FAILS, Outcome.UNPROVEN),
        (seen(dmarc="bestguesspass", dkim_domains=(AUTHOR,)), NO_RECORD, Outcome.UNPROVEN),
        (seen(dkim_domains=(AUTHOR,)), FAILS, Outcome.PROVEN),
        (seen(dkim_domains=(f"mail.{AUTHOR}",)), FAILS, Outcome.UNPROVEN),
        (seen(dkim_domains=(f"mail.{AUTHOR}",)), NO_RECORD, Outcome.UNPROVEN),
        (seen(spf_domain=f"mail.{AUTHOR}"), NO_RECORD, Outcome.UNPROVEN),
        (seen(dmarc="none", spf_domain=AUTHOR), NO_RECORD, Outcome.PROVEN),
        (seen(spf_domain="pref.mihon.lg.jp"), NO_RECORD, Outcome.UNPROVEN),
        (seen(spf_domain="lg.jp", dkim_domains=("evil.example",)), NO_RECORD, Outcome.UNPROVEN),
        (seen(), NO_RECORD, Outcome.UNPROVEN),
        (Arc(Result.FAIL, TRUSTED, AUTHOR, (AUTHOR,), "pass", AUTHOR), FAILS, Outcome.UNPROVEN),
        (Arc(Result.NONE, TRUSTED, AUTHOR, (AUTHOR,), "pass", AUTHOR), FAILS, Outcome.UNPROVEN),
        (Arc(Result.TEMPERROR, TRUSTED), FAILS, Outcome.TEMPERROR),
    ],
)
def test_what_the_sealer_saw_must_be_for_the_author(saw: Arc, dmarc: Dmarc, outcome: Outcome) -> None:
    got = compute_verdict(AUTHOR, Spf(Result.FAIL, AUTHOR), (), dmarc, MxState.MX, saw)
    assert outcome == got.outcome
    assert (outcome is Outcome.PROVEN) == (got.grade is Evidence.ARC)


def test_a_chain_proves_no_domain_that_takes_no_mail_and_no_public_suffix() -> None:
    saw = seen(dmarc="pass", dmarc_domain="lg.jp")
    got = compute_verdict("lg.jp", Spf(Result.NONE, ""), (), NO_RECORD, MxState.MX, saw)
    assert Outcome.UNPROVEN == got.outcome
    got = compute_verdict(
        AUTHOR, Spf(Result.NONE, ""), (), NO_RECORD, MxState.NULL_MX, seen(dmarc="pass", dmarc_domain=AUTHOR)
    )
    assert Outcome.UNREACHABLE == got.outcome


@pytest.mark.parametrize(
    ("trusted", "outcome", "grade"),
    [({TRUSTED}, Outcome.PROVEN, Evidence.ARC), (set(), Outcome.UNPROVEN, Evidence.NONE)],
)
async def test_a_gateway_that_breaks_dkim_is_believed_only_when_it_is_listed(
    trusted: set[str], outcome: Outcome, grade: Evidence
) -> None:
    signing = key("author")
    records = zone() + (
        f"{AUTHOR} MX 10 mx.{AUTHOR}\nmx.{AUTHOR} A 203.0.113.5\n_dmarc.{AUTHOR} TXT v=DMARC1; p=reject\n"
        f"sel._domainkey.{AUTHOR} TXT {public_record(signing)}\n"
    )
    sanitised = (Signer(AUTHOR, "sel", signing).sign(MAIL) + MAIL).replace(b"Hello", b"[link removed]")
    envelope = Envelope("198.51.100.1", "mta.example", address.parse("x@rei.example"), (), NOW)
    got = await authenticate(
        message.parse(sealer().seal(sanitised, SAW)),
        envelope,
        AUTHOR,
        ZoneResolver(records),
        trusted_sealers=frozenset(trusted),
    )
    assert (outcome, grade) == (got.outcome, got.grade), got.reason
    assert bool(trusted) == (got.arc is not None)
