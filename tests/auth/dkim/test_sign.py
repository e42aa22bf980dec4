"""What we sign is good for dkimpy and for ourselves, and From cannot be added to it."""

from __future__ import annotations

from datetime import UTC, datetime

import dkim as dkimpy
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from gateway.auth.dkim import verify
from gateway.auth.dkim.sign import SIGNED_FIELDS, PrivateKey, Signer, load_key, public_record
from gateway.auth.results import Result
from gateway.mail import message
from tests.support.dns import ZoneResolver

NOW = datetime(2026, 11, 20, tzinfo=UTC)
DOMAIN = "desk.example"
KEYS: dict[str, PrivateKey] = {
    "rsa": generate_private_key(65537, 2048),
    "ed25519": Ed25519PrivateKey.generate(),
}
HEADER = (
    b"From: Desk <request@desk.example>\r\nTo: rei@city.mihon.lg.jp\r\n"
    b"Subject: =?utf-8?B?44GC?=\r\n folded\r\n"
)
WEAK_BITS = 1024
BODIES = [b"", b"\r\n", b"one\r\n", b"trailing \t \r\n\r\n\r\n", "日本語\r\n".encode()]


def pem(key: PrivateKey, password: bytes | None = None) -> bytes:
    secret = BestAvailableEncryption(password) if password else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, secret)


@pytest.mark.parametrize("kind", KEYS)
@pytest.mark.parametrize("body", BODIES)
async def test_what_we_sign_is_good_for_dkimpy_and_for_us(kind: str, body: bytes) -> None:
    key = KEYS[kind]
    raw = HEADER + b"\r\n" + body
    signed = Signer(DOMAIN, "sel", key).sign(raw) + raw
    text = public_record(key)
    if kind == "rsa":  # dkimpy needs one more package for Ed25519; there the RFC 8463 sample is the oracle
        assert dkimpy.verify(signed, dnsfunc=lambda name, timeout=5: text.encode())
    (got,) = await verify.verify(
        message.parse(signed), ZoneResolver(f"sel._domainkey.{DOMAIN} TXT {text}"), NOW
    )
    assert (Result.PASS, DOMAIN, "sel", f"{kind}-sha256") == (
        got.result,
        got.domain,
        got.selector,
        got.algorithm,
    )


@pytest.mark.parametrize(
    ("old", "new"), [(b"To:", b"From: b@desk.example\r\nTo:"), (b"one", b"two"), (b"rei@", b"ren@")]
)
async def test_a_changed_message_is_no_longer_ours(old: bytes, new: bytes) -> None:
    raw = HEADER + b"\r\none\r\n"
    signed = Signer(DOMAIN, "sel", KEYS["rsa"]).sign(raw) + raw
    zone = ZoneResolver(f"sel._domainkey.{DOMAIN} TXT {public_record(KEYS['rsa'])}")
    (got,) = await verify.verify(message.parse(signed.replace(old, new, 1)), zone, NOW)
    assert Result.FAIL == got.result


@pytest.mark.parametrize("name", SIGNED_FIELDS)
async def test_no_field_that_carries_meaning_can_be_added(name: str) -> None:
    """RFC 6376 section 8.15: also one of which there is none yet."""
    raw = HEADER + b"\r\none\r\n"
    signed = Signer(DOMAIN, "sel", KEYS["ed25519"]).sign(raw) + raw
    text = public_record(KEYS["ed25519"])
    zone = ZoneResolver(f"sel._domainkey.{DOMAIN} TXT {text}")
    forged = b"%s: forged@desk.example\r\n" % name.encode("ascii") + signed
    (got,) = await verify.verify(message.parse(forged), zone, NOW)
    assert Result.FAIL == got.result


def test_the_field_is_folded_and_ends_with_crlf() -> None:
    field = Signer(DOMAIN, "sel", KEYS["rsa"]).sign(HEADER + b"\r\n")
    assert field.endswith(b"\r\n")
    assert 78 >= max(len(line) for line in field.split(b"\r\n"))


def test_a_message_without_from_is_not_signed() -> None:
    with pytest.raises(ValueError, match="without a From field"):
        Signer(DOMAIN, "sel", KEYS["rsa"]).sign(b"To: a@desk.example\r\n\r\n")


@pytest.mark.parametrize("kind", KEYS)
def test_keys_are_read_from_pem(kind: str) -> None:
    assert public_record(KEYS[kind]) == public_record(load_key(pem(KEYS[kind])))


@pytest.mark.parametrize(
    "data", [b"", b"no key", pem(generate_private_key(65537, WEAK_BITS)), pem(KEYS["rsa"], b"secret")]
)
def test_other_keys_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        load_key(data)
