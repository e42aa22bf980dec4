"""The DKIM verifier: rules of RFC 6376 as a table, dkimpy as the oracle, hostile keys and fields."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from datetime import UTC, datetime
from functools import cache

import dkim as dkimpy
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.auth.dkim import canonicalization, verify
from gateway.auth.dkim.sign import public_record
from gateway.auth.results import Dkim, Result
from gateway.mail import message
from gateway.mail.message import Field
from tests.support.dns import ZoneResolver

NOW = datetime(2026, 11, 20, tzinfo=UTC)
DOMAIN = "city.mihon.lg.jp"
KEY_NAME = f"sel._domainkey.{DOMAIN}"
MAIL = (
    b"From: Rei <rei@city.mihon.lg.jp>\r\nTo: request@desk.example\r\nSubject:  A \t request\r\n"
    b"Date: Fri, 20 Nov 2026 10:00:00 +0900\r\n\r\nHello  there \t\r\n\r\n text\r\n\r\n\r\n"
)


@cache
def rsa(bits: int = 2048) -> RSAPrivateKey:
    return generate_private_key(65537, bits)


@cache
def ed25519() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


def record(key: RSAPrivateKey | Ed25519PrivateKey | None = None) -> str:
    return public_record(key or rsa())


def dkimpy_signed(
    raw: bytes = MAIL, *, key: RSAPrivateKey | None = None, canon: bytes = b"relaxed/relaxed", **more: object
) -> bytes:
    """`raw` with a signature by dkimpy in front."""
    pem = (key or rsa()).private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    methods = tuple(canon.split(b"/"))
    field: bytes = dkimpy.sign(raw, b"sel", DOMAIN.encode(), pem, canonicalize=methods, **more)
    return field + raw


async def checked(raw: bytes, text: str | None = None, *more: str) -> Dkim:
    resolver = ZoneResolver()
    for one in (record() if text is None else text, *more):
        if one:
            resolver.add(KEY_NAME, "TXT", one)
    (result,) = await verify.verify(message.parse(raw), resolver, NOW)
    return result


@pytest.mark.parametrize(
    "canon", [b"relaxed/relaxed", b"relaxed/simple", b"simple/relaxed", b"simple/simple"]
)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\r\n",
        b"\r\n\r\n",
        b"one",
        b"one\r\n",
        b" \r\n",
        b"\t\r\n",
        b"a \t b \r\n\r\n",
        b"a\r\n\r\nb\r\n \r\n",
    ],
)
async def test_what_dkimpy_signs_passes(canon: bytes, body: bytes) -> None:
    raw = dkimpy_signed(MAIL.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" + body, canon=canon)
    assert (Result.PASS, "") == ((got := await checked(raw)).result, got.reason)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.lists(
        st.sampled_from([b"a", b" ", b"\t", b"\r\n", b"bc", b"=", b"\xe3\x81\x82"]), max_size=30
    ).map(b"".join),
    subject=st.lists(st.sampled_from([b"x", b" ", b"\t", b"\r\n z", b";b=", b":"]), max_size=12).map(
        b"".join
    ),
    canon=st.sampled_from([b"relaxed/relaxed", b"simple/simple"]),
)
async def test_generated_messages_of_dkimpy_pass(body: bytes, subject: bytes, canon: bytes) -> None:
    raw = b"From: rei@city.mihon.lg.jp\r\nSubject: q" + subject + b"\r\n\r\n" + body + b"\r\n"
    assert (Result.PASS, "") == ((got := await checked(dkimpy_signed(raw, canon=canon))).result, got.reason)


async def test_a_message_without_signature_gives_nothing() -> None:
    assert () == await verify.verify(message.parse(MAIL), ZoneResolver(), NOW)


# The tags of a good signature, changed one at a time; checks that come before the cryptography.
@pytest.mark.parametrize(
    ("old", "new", "result", "reason"),
    [
        (rb"v=1;", b"v=2;", Result.PERMERROR, "the DKIM version (v=) is unknown"),
        (rb"v=1; ", b"", Result.PERMERROR, "v= is missing"),
        (rb"a=rsa-sha256", b"a=rsa-sha1", Result.PERMERROR, "SHA-1 is not accepted"),
        (rb"a=rsa-sha256", b"a=rsa-md5", Result.PERMERROR, "the algorithm (a=) is unknown"),
        (
            rb"a=rsa-sha256",
            b"a=ed25519-sha256",
            Result.PERMERROR,
            "the key type does not match the signature algorithm",
        ),
        (rb"c=relaxed/relaxed", b"c=loose", Result.PERMERROR, "the canonicalisation (c=) is unknown"),
        (rb"d=city.mihon.lg.jp", b"d=mihon", Result.PERMERROR, "d= is not a domain"),
        (rb"d=city.mihon.lg.jp", b"d=city.mihon.lg.jp'a.example", Result.PERMERROR, "d= is not a domain"),
        (rb"d=city.mihon.lg.jp", b"d=lg.jp", Result.PERMERROR, "d= is a public suffix"),
        (
            rb"i=@city.mihon.lg.jp",
            b"i=@town.mihon.lg.jp",
            Result.PERMERROR,
            "i= is not within the domain in d=",
        ),
        (
            rb"i=@city.mihon.lg.jp",
            b"i=@xcity.mihon.lg.jp",
            Result.PERMERROR,
            "i= is not within the domain in d=",
        ),
        (rb"s=sel", b"s=s/l", Result.PERMERROR, "s= is not a selector"),
        (rb"q=dns/txt", b"q=http", Result.PERMERROR, "the query method (q=) is unknown"),
        (rb"q=dns/txt", b"q=dns/txt; q=dns/txt", Result.PERMERROR, "the tag q= is duplicated"),
        (rb"q=dns/txt", b"q=dns/txt; x=1700000000", Result.PERMERROR, "x= is not after t="),
        (rb"t=[0-9]+", b"t=1; x=1700000000", Result.FAIL, "the signature has expired"),
        (rb"t=[0-9]+", b"x=abc", Result.PERMERROR, "x= is not a number"),
        (rb"q=dns/txt", b"q=dns/txt; l=5", Result.FAIL, "l= is shorter than the body"),
        (rb"q=dns/txt", b"q=dns/txt; l=5000", Result.FAIL, "l= is longer than the body"),
        (rb"h=from", b"h=x-from", Result.PERMERROR, "From is not signed"),
        (rb"bh=[^;]+", b"bh=!!!", Result.PERMERROR, "bh= is not base64"),
        (rb"bh=[^;]+", b"bh=" + b64encode(bytes(32)), Result.FAIL, "the body hash does not match"),
        (rb"q=dns/txt", b"q=dns/txt; a b", Result.PERMERROR, "the field is not a list of tag=value pairs"),
        (rb"q=dns/txt", b"q=dns/txt; y=\xe3", Result.PERMERROR, "y= contains an invalid character"),
        (rb"q=dns/txt", b"q=dns/txt; y=harmless", Result.FAIL, "the signature does not match the header"),
    ],
)
async def test_a_signature_with_changed_tags_is_refused(
    old: bytes, new: bytes, result: Result, reason: str
) -> None:
    good = dkimpy_signed(include_headers=[b"from", b"subject"], identity=b"@" + DOMAIN.encode())
    changed, count = re.subn(old, new, good, count=1)
    assert 1 == count
    got = await checked(changed)
    assert (result, reason) == (got.result, got.reason)


P = re.compile(r"p=(.*)")


@pytest.mark.parametrize(
    ("change", "result", "reason"),
    [
        (lambda text: "", Result.PERMERROR, "there is no key record"),
        (lambda text: P.sub("p=", text), Result.PERMERROR, "the key has been revoked"),
        (lambda text: "v=DKIM1; k=rsa", Result.PERMERROR, "the key record has no p="),
        (lambda text: P.sub("p=x", text), Result.PERMERROR, "p= is not base64"),
        (lambda text: P.sub("p=AAAA", text), Result.PERMERROR, "p= is not an RSA key"),
        (lambda text: text[:-40], Result.PERMERROR, "p= is truncated"),
        (
            lambda text: text.replace("DKIM1", "DKIM2"),
            Result.PERMERROR,
            "the key record has an unknown version",
        ),
        (
            lambda text: text.replace("v=DKIM1; k=rsa", "k=rsa; v=DKIM1"),
            Result.PERMERROR,
            "the key record has an unknown version",
        ),
        (lambda text: text.replace("k=rsa", "k=xx"), Result.PERMERROR, "the key type is unknown"),
        (
            lambda text: text.replace("k=rsa", "h=sha1"),
            Result.PERMERROR,
            "the key record does not permit sha256",
        ),
        (
            lambda text: text.replace("k=rsa", "s=tlsrpt"),
            Result.PERMERROR,
            "the key record does not permit use for email",
        ),
        (lambda text: text.replace("k=rsa", "k=rsa; k=rsa"), Result.PERMERROR, "the tag k= is duplicated"),
        (lambda text: text.replace("k=rsa", "t=y"), Result.NONE, "the key is in testing mode (t=y)"),
        (
            lambda text: text.replace("k=rsa", "t=s"),
            Result.PERMERROR,
            "i= differs from d= although the key says t=s",
        ),
        (
            lambda text: text.replace("k=rsa", "k=rsa; n=\xe9"),
            Result.PERMERROR,
            "n= contains an invalid character",
        ),
        (lambda text: text + "A" * 5000, Result.PERMERROR, "the key record is too long"),
        (lambda text: text.replace("v=DKIM1; k=rsa; ", ""), Result.PASS, ""),
        (lambda text: text.replace("k=rsa", "k=rsa; s=* ; h=sha1:sha256; z=1"), Result.PASS, ""),
    ],
)
async def test_key_records(change: object, result: Result, reason: str) -> None:
    raw = dkimpy_signed(identity=b"rei@sub." + DOMAIN.encode())
    got = await checked(raw, change(record()))  # type: ignore[operator]
    assert (result, reason) == (got.result, got.reason)


OTHER_RECORD = "v=spf1 -all"


@pytest.mark.parametrize(
    ("records", "result", "reason"),
    [
        ((record(), record(rsa(1024))), Result.PASS, ""),
        ((record(rsa(1024)), record()), Result.PASS, ""),
        ((OTHER_RECORD, record()), Result.PASS, ""),
        ((record().replace("v=DKIM1;", "v=DKIM1; t=y;"), record()), Result.PASS, ""),
        (("v=DKIM1; p=", record()), Result.PASS, ""),
        ((record(rsa(1024)), record(rsa(3072))), Result.FAIL, "the signature does not match the header"),
        ((OTHER_RECORD, "v=DKIM1; p="), Result.PERMERROR, "the key record has an unknown version"),
        (
            (record().replace("k=rsa", "k=rsa; t=y"), OTHER_RECORD),
            Result.NONE,
            "the key is in testing mode (t=y)",
        ),
        ((record(),) * 5, Result.PERMERROR, "there are too many key records"),
    ],
)
async def test_of_several_key_records_each_is_tried(
    records: tuple[str, ...], result: Result, reason: str
) -> None:
    """RFC 6376 section 6.1.2; a rotation leaves two for a while."""
    got = await checked(dkimpy_signed(), *records)
    assert (result, reason) == (got.result, got.reason)


@pytest.mark.parametrize("trouble", ["TEMPFAIL", "SILENT"])
async def test_dns_trouble_is_temperror_and_not_a_missing_key(trouble: str) -> None:
    resolver = ZoneResolver(f"{KEY_NAME} {trouble}")
    (got,) = await verify.verify(message.parse(dkimpy_signed()), resolver, NOW)
    assert Result.TEMPERROR == got.result


def der(tag: int, content: bytes) -> bytes:
    size = len(content).to_bytes(3, "big")
    return bytes([tag, 0x83]) + size + content


def rsa_record(modulus: int, exponent: int) -> str:
    numbers = b"".join(der(2, n.to_bytes(n.bit_length() // 8 + 1, "big")) for n in (modulus, exponent))
    return "v=DKIM1; p=" + b64encode(der(0x30, numbers)).decode()


@pytest.mark.parametrize(
    ("bits", "exponent", "reason"),
    [
        (512, 65537, "the RSA key is shorter than 1024 bits"),
        (1023, 65537, "the RSA key is shorter than 1024 bits"),
        (4097, 65537, "the RSA key is longer than 4096 bits"),
        (16384, 65537, "the RSA key is longer than 4096 bits"),
        (2048, 2**33 + 1, "the RSA public exponent is too large"),
        (2048, 2**2000 + 1, "the RSA public exponent is too large"),
        (2048, 2, "the RSA key is not valid"),
        (2048, 0, "the RSA key is not valid"),
    ],
)
async def test_hostile_rsa_numbers_are_refused_before_they_are_used(
    bits: int, exponent: int, reason: str
) -> None:
    got = await checked(dkimpy_signed(), rsa_record(2 ** (bits - 1) + 1, exponent))
    assert (Result.PERMERROR, reason) == (got.result, got.reason)


async def test_a_bare_rsa_public_key_is_read_too() -> None:
    numbers = rsa().public_key().public_numbers()
    assert Result.PASS == (await checked(dkimpy_signed(), rsa_record(numbers.n, numbers.e))).result


@pytest.mark.parametrize("place", ["before", "behind"])
async def test_a_second_from_added_to_a_signed_message_fails(place: str) -> None:
    raw = dkimpy_signed(include_headers=[b"from", b"subject"])
    added = b"From: other@city.mihon.lg.jp\r\n"
    raw = added + raw if place == "before" else raw.replace(b"Subject:", added + b"Subject:", 1)
    got = await checked(raw)
    assert (Result.FAIL, "the message has an unsigned From field") == (got.result, got.reason)


@pytest.mark.parametrize("name", ["Subject", "Content-Type", "In-Reply-To"])
async def test_a_second_field_of_a_kind_that_stands_once_must_be_signed_too(name: str) -> None:
    raw = f"{name}: as signed\r\n".encode() + MAIL.replace(b"Subject:", b"X-Subject:")
    key = name.lower().encode()
    once = dkimpy_signed(raw, include_headers=[b"from", key])
    assert Result.PASS == (await checked(once)).result
    got = await checked(f"{name}: added\r\n".encode() + once)
    assert (Result.FAIL, f"the message has a second, unsigned {name.lower()} field") == (
        got.result,
        got.reason,
    )
    twice = dkimpy_signed(f"{name}: both\r\n".encode() + raw, include_headers=[b"from", key, key])
    assert Result.PASS == (await checked(twice)).result
    # A copy shows nobody anything else.
    assert Result.PASS == (await checked(f"{name}:  as signed\r\n".encode() + once)).result


@pytest.mark.parametrize("canon", [b"relaxed/relaxed", b"simple/simple"])
async def test_white_space_before_a_colon_is_signed_as_it_stands(canon: bytes) -> None:
    """RFC 6376 section 3.4: simple keeps it, relaxed deletes it."""
    names = ["from", "x-n"]
    unsigned = Field(
        "DKIM-Signature",
        b"DKIM-Signature: v=1; a=rsa-sha256; c=%b; d=%b; s=sel; h=from:x-n; bh=%b; b="
        % (canon, DOMAIN.encode(), b64encode(hashlib.sha256(b"x\r\n").digest())),
    )
    head = b"From: rei@%b\r\n" % DOMAIN.encode()
    short = b"from:rei@%b\r\nx-n:1\r\n" % DOMAIN.encode()
    covered = head + b"X-N \t: 1\r\n" if canon.startswith(b"simple") else short
    data = covered + canonicalization.unsigned_field(unsigned, relaxed=canon.startswith(b"relaxed"))
    signature = b64encode(rsa().sign(data, PKCS1v15(), hashes.SHA256()))
    raw = unsigned.raw + signature + b"\r\n" + head + b"X-N \t: 1\r\n\r\nx\r\n"
    assert (Result.PASS, names) == ((got := await checked(raw)).result, list(got.signed)), got.reason


async def test_fields_of_one_name_are_taken_from_the_bottom() -> None:
    raw = b"X-N: 1\r\nX-N: 2\r\n" + MAIL
    signed = dkimpy_signed(raw, include_headers=[b"from", b"x-n"])
    assert Result.PASS == (await checked(signed.replace(b"X-N: 1", b"X-N: 9"))).result
    assert Result.FAIL == (await checked(signed.replace(b"X-N: 2", b"X-N: 9"))).result


async def test_at_most_five_signatures_are_looked_at() -> None:
    signature = dkimpy_signed()[: -len(MAIL)]
    resolver = ZoneResolver(f"{KEY_NAME} TXT {record()}")
    results = await verify.verify(message.parse(signature * 8 + MAIL), resolver, NOW)
    assert [Result.PASS] * 5 == [one.result for one in results]


PIECES = [
    b"v=1;", b"a=rsa-sha256;", b"b=", b"bh=", b"d=a.b;", b"h=from;", b"s=x;", b"=", b";", b"\t", b"\xff",
    b"l=9", b"x",
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(value=st.lists(st.sampled_from(PIECES), max_size=25).map(b"".join))
async def test_no_signature_field_raises(value: bytes) -> None:
    raw = b"DKIM-Signature: " + value + b"z\r\n" + MAIL
    (got,) = await verify.verify(message.parse(raw), ZoneResolver(), NOW)
    assert Result.PASS != got.result


@settings(max_examples=300, deadline=None)
@given(body=st.lists(st.sampled_from([b"\r\n", b"\r", b"\n", b" ", b"\t", b"a"]), max_size=14).map(b"".join))
def test_relaxed_bodies_equal_the_definition_line_by_line(body: bytes) -> None:
    lines = [re.sub(rb"[ \t]+", b" ", line).removesuffix(b" ") for line in body.split(b"\r\n")]
    while lines and not lines[-1]:
        lines.pop()
    assert b"".join(line + b"\r\n" for line in lines) == canonicalization.relaxed_body(body)
