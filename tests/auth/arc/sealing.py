"""A mail gateway that seals what it hands on (RFC 8617), honestly or not as the test wants."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from gateway.auth.dkim import canonicalization
from gateway.auth.dkim.sign import public_record
from gateway.mail.message import Field, parse

SETS = ("arc-seal", "arc-message-signature", "arc-authentication-results")


@dataclass(frozen=True, slots=True)
class Sealer:
    """Adds the next set for `domain`; the arguments of `seal` make it lie."""

    domain: str
    key: RSAPrivateKey
    selector: str = "arc"

    def seal(
        self,
        raw: bytes,
        results: str,
        *,
        cv: str = "",
        names: str = "from:to:subject:date",
        more: str = "",
        signer: str = "",
        canon: str = "relaxed/relaxed",
    ) -> bytes:
        """`raw` with one more set on top; `results` are those of ARC-Authentication-Results."""
        message = parse(raw)
        old = [field for field in message.fields if field.key in SETS]
        number = len(old) // 3 + 1
        cv = cv or ("none" if number == 1 else "pass")
        signer = signer or self.domain
        aar = _field("ARC-Authentication-Results", f" i={number}; mx.{self.domain}; {results}")
        digest = b64encode(hashlib.sha256(canonicalization.relaxed_body(message.body)).digest()).decode()
        ams = _field(
            "ARC-Message-Signature",
            f" i={number}; a=rsa-sha256; c={canon}; d={signer}; s={self.selector};{more}"
            f" h={names}; bh={digest}; b=",
        )
        signed = canonicalization.signed_header(message, names.split(":"), ams, relaxed=True)
        ams = Field(ams.name, ams.raw + self._sign(signed))
        seal = _field(
            "ARC-Seal", f" i={number}; a=rsa-sha256; cv={cv}; d={self.domain}; s={self.selector}; b="
        )
        chain = [*_oldest_first(old), aar, ams]
        lines = [canonicalization.relaxed_field(one.name, one.value) + b"\r\n" for one in chain]
        data = b"".join(lines) + canonicalization.relaxed_field(seal.name, seal.value)
        seal = Field(seal.name, seal.raw + self._sign(data))
        return b"".join(one.raw + b"\r\n" for one in (seal, ams, aar)) + raw

    @property
    def zone(self) -> str:
        """The line that publishes the key."""
        return f"{self.selector}._domainkey.{self.domain} TXT {public_record(self.key)}\n"

    def _sign(self, data: bytes) -> bytes:
        return b64encode(self.key.sign(data, PKCS1v15(), hashes.SHA256()))


def _field(name: str, value: str) -> Field:
    return Field(name, f"{name}:{value}".encode("latin-1"))


def _oldest_first(fields: list[Field]) -> list[Field]:
    """RFC 8617 section 5.1.1: set by set, each as results, signature, seal; newest sets stand on top."""
    return list(reversed(fields))
