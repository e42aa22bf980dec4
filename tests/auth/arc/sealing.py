"""A mail gateway that seals what it hands on (RFC 8617), honestly or not as the test wants."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from gateway.auth.dkim import canonicalization
from gateway.auth.dkim.sign import public_record
from gateway.mail.message import Field, parse

SETS = ("arc-seal", "arc-message-signature", "arc-authentication-results")


Key = RSAPrivateKey | Ed25519PrivateKey
Tags = dict[str, str]


@dataclass(frozen=True, slots=True)
class Sealer:
    """Adds the next set for `domain`; the arguments of `seal` make it lie.

    `arrange` puts the tags of seals and message signatures into another order.
    """

    domain: str
    key: Key
    selector: str = "arc"
    arrange: Callable[[list[str]], list[str]] = list

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
        aar = _field("ARC-Authentication-Results", f" i={number}; mx.{self.domain}; {results}")
        head, _, form = canon.partition("/")
        body = canonicalization.relaxed_body if form == "relaxed" else canonicalization.simple_body
        digest = b64encode(hashlib.sha256(body(message.body)).digest()).decode()
        tags = {"i": str(number), "a": self._algorithm, "c": canon, "d": signer or self.domain}
        tags |= {"s": self.selector, **_tags(more), "h": names, "bh": digest, "b": ""}
        unsigned = self._build("ARC-Message-Signature", tags)
        signed = canonicalization.signed_header(message, names.split(":"), unsigned, head == "relaxed")
        ams = self._build(unsigned.name, tags | {"b": self._sign(signed)})
        tags = {"i": str(number), "a": self._algorithm, "cv": cv, "d": self.domain, "s": self.selector}
        unsigned = self._build("ARC-Seal", tags | {"b": ""})
        chain = [*_oldest_first(old), aar, ams]
        lines = [canonicalization.relaxed_field(one.name, one.value) + b"\r\n" for one in chain]
        data = b"".join(lines) + canonicalization.relaxed_field(unsigned.name, unsigned.value)
        seal = self._build(unsigned.name, tags | {"b": self._sign(data)})
        return b"".join(one.raw + b"\r\n" for one in (seal, ams, aar)) + raw

    @property
    def zone(self) -> str:
        """The line that publishes the key."""
        return f"{self.selector}._domainkey.{self.domain} TXT {public_record(self.key)}\n"

    @property
    def _algorithm(self) -> str:
        return "rsa-sha256" if isinstance(self.key, RSAPrivateKey) else "ed25519-sha256"

    def _build(self, name: str, tags: Tags) -> Field:
        return _field(name, " " + "; ".join(self.arrange([f"{key}={value}" for key, value in tags.items()])))

    def _sign(self, data: bytes) -> str:
        if isinstance(self.key, Ed25519PrivateKey):
            return b64encode(self.key.sign(hashlib.sha256(data).digest())).decode("ascii")
        return b64encode(self.key.sign(data, PKCS1v15(), hashes.SHA256())).decode("ascii")


def _tags(text: str) -> Tags:
    return dict(part.strip().split("=") for part in text.split(";") if part.strip())


def _field(name: str, value: str) -> Field:
    return Field(name, f"{name}:{value}".encode("latin-1"))


def _oldest_first(fields: list[Field]) -> list[Field]:
    """RFC 8617 section 5.1.1: set by set, each as results, signature, seal; newest sets stand on top."""
    return list(reversed(fields))
