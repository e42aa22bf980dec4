"""Signing keys from files: two at once, changed while running, and what happens when one is gone."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from gateway.auth.dkim import verify
from gateway.auth.dkim.sign import PrivateKey, public_record
from gateway.auth.results import Result
from gateway.mail import message
from gateway.net.delivery.dkim_keys import KeyRing
from tests.support.dns import ZoneResolver
from tests.support.factories import NOW

DOMAIN = "gw.example.go.jp"
RAW = b"From: request@gw.example.go.jp\r\nSubject: x\r\n\r\nbody\r\n"
RSA = generate_private_key(65537, 2048)
BROKEN = b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
ED = Ed25519PrivateKey.generate()


def pem(key: PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    found = {"r1": tmp_path / "rsa.pem", "e1": tmp_path / "ed.pem"}
    found["r1"].write_bytes(pem(RSA))
    found["e1"].write_bytes(pem(ED))
    return found


async def results(signed: bytes) -> list[tuple[Result, str]]:
    zone = "".join(
        f"{selector}._domainkey.{DOMAIN} TXT {public_record(key)}\n"
        for selector, key in (("r1", RSA), ("e1", ED))
    )
    found = await verify.verify(message.parse(signed), ZoneResolver(zone), NOW)
    return [(one.result, one.domain) for one in found]


async def test_both_selectors_sign_and_both_signatures_verify(files: dict[str, Path]) -> None:
    ring = KeyRing(DOMAIN, files)
    assert "" == ring.trouble()
    assert [(Result.PASS, DOMAIN)] * 2 == await results(ring.sign(RAW) + RAW)


@pytest.mark.parametrize("content", [None, b"", BROKEN])
async def test_o14_a_key_that_goes_missing_is_said_and_nothing_is_signed_until_it_is_back(
    files: dict[str, Path], content: bytes | None
) -> None:
    seconds = [0.0]
    ring = KeyRing(DOMAIN, files, clock=lambda: seconds[0])
    assert "" == ring.trouble()
    files["e1"].unlink()
    if content is not None:
        files["e1"].write_bytes(content)
    seconds[0] = 31.0
    assert "selector e1" in ring.trouble()
    with pytest.raises(ValueError, match="selector e1"):
        ring.sign(RAW)
    files["e1"].write_bytes(pem(ED))
    assert "" == ring.trouble()
    assert [(Result.PASS, DOMAIN)] * 2 == await results(ring.sign(RAW) + RAW)


def test_nothing_is_signed_before_the_keys_were_read(files: dict[str, Path]) -> None:
    with pytest.raises(ValueError, match="have not been loaded"):
        KeyRing(DOMAIN, files).sign(RAW)
