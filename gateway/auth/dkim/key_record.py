"""Parses public DKIM keys published in DNS (RFC 6376 section 3.6, RFC 8301, RFC 8463).

Anybody can publish a key record. Its numbers are checked for size before any arithmetic, because one
exponentiation with a modulus of 16,384 bits would block the event loop for seconds.
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers

from gateway.auth.dkim import tag_list
from gateway.auth.dkim.tag_list import TagError
from gateway.auth.dns.resolver import Answer
from gateway.memoize import memoize

# RFC 8301 section 3.2: at least 1024 bits. The upper limits are ours.
MIN_RSA_BITS = 1024
STRONG_RSA_BITS = 2048
MAX_RSA_BITS = 4096
MAX_EXPONENT_BITS = 33
MAX_RECORD_CHARS = 4096
# RFC 6376 section 6.1.2: if a name has several records, each may be tried. A key rotation leaves two.
MAX_RECORDS = 4
ALGORITHMS = {"rsa-sha256": "rsa", "ed25519-sha256": "ed25519"}
# A key of 4,096 bits takes 736 characters.
MAX_CACHED_CHARS = 1024
_SHA256 = hashes.SHA256()
_PADDING = PKCS1v15()
_RSA_ENCRYPTION = bytes.fromhex("06092a864886f70d010101")


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A usable key: `kind` is `rsa` or `ed25519`, `strict` is t=s, `testing` is t=y."""

    kind: str
    bits: int
    public: RSAPublicKey | Ed25519PublicKey
    strict: bool = False
    testing: bool = False

    @property
    def weak(self) -> bool:
        """Whether the key is an RSA key under 2048 bits (RFC 8301 section 3.2: signers should use more)."""
        return self.kind == "rsa" and self.bits < STRONG_RSA_BITS

    def is_valid_signature(self, signature: bytes, data: bytes) -> bool:
        """Return whether `signature` is valid for the header octets `data`."""
        try:
            if isinstance(self.public, Ed25519PublicKey):
                # RFC 8463 section 3: PureEdDSA over the SHA-256 hash.
                digest = hashes.Hash(_SHA256)
                digest.update(data)
                self.public.verify(signature, digest.finalize())
            else:
                self.public.verify(signature, data, _PADDING, _SHA256)
        except InvalidSignature:
            return False
        return True


@memoize(maxsize=512, max_key=MAX_CACHED_CHARS, why="most mail is signed with the same few keys")
def parse(text: str) -> PublicKey:
    """Parse a key record. Raises TagError with the reason if the key must not be used."""
    if len(text) > MAX_RECORD_CHARS:
        raise TagError("the key record is too long")
    tags = tag_list.parse(text)
    # RFC 6376 section 3.6.1: v= is optional, but must come first and be DKIM1.
    if "v" in tags and (next(iter(tags)) != "v" or tags["v"] != "DKIM1"):
        raise TagError("the key record has an unknown version")
    if "h" in tags and "sha256" not in tag_list.split_colon_list(tags["h"]):
        raise TagError("the key record does not permit sha256")
    if not {"*", "email"} & set(tag_list.split_colon_list(tags.get("s", "*"))):
        raise TagError("the key record does not permit use for email")
    flags = tag_list.split_colon_list(tags.get("t", ""))
    if "p" not in tags:
        raise TagError("the key record has no p=")
    data = tag_list.decode_base64(tags["p"], "p")
    if not data:
        raise TagError("the key has been revoked")
    kind = tags.get("k", "rsa").lower()
    public = _load(kind, data)
    bits = public.key_size if isinstance(public, RSAPublicKey) else 256
    return PublicKey(kind, bits, public, strict="s" in flags, testing="y" in flags)


def read_all(answer: Answer) -> tuple[PublicKey, ...]:
    """Return all usable keys at a name in the order received, at least one.

    Raises TagError if DNS returns no record or more than four, or if no key is usable (with the reason for
    the first).
    """
    if answer.fault:
        raise TagError(answer.fault)
    if not answer.records:
        raise TagError("there is no key record")
    if len(answer.records) > MAX_RECORDS:
        raise TagError("there are too many key records")
    keys, refusals = list[PublicKey](), list[TagError]()
    for text in answer.records:
        try:
            keys.append(parse(text))
        except TagError as error:
            refusals.append(error)
    if not keys:
        raise refusals[0]
    return tuple(keys)


def _load(kind: str, data: bytes) -> RSAPublicKey | Ed25519PublicKey:
    if kind == "ed25519":
        # RFC 8463 section 4: the 32 octets themselves.
        if len(data) != 32:
            raise TagError("an Ed25519 key must be 32 octets long")
        return Ed25519PublicKey.from_public_bytes(data)
    if kind != "rsa":
        raise TagError("the key type is unknown")
    modulus, exponent = _parse_rsa_numbers(data)
    if modulus.bit_length() < MIN_RSA_BITS:
        raise TagError(f"the RSA key is shorter than {MIN_RSA_BITS} bits")
    if modulus.bit_length() > MAX_RSA_BITS:
        raise TagError(f"the RSA key is longer than {MAX_RSA_BITS} bits")
    if exponent.bit_length() > MAX_EXPONENT_BITS:
        raise TagError("the RSA public exponent is too large")
    try:
        return RSAPublicNumbers(exponent, modulus).public_key()
    except ValueError:
        raise TagError("the RSA key is not valid") from None


def _parse_rsa_numbers(data: bytes) -> tuple[int, int]:
    """Return modulus and exponent of a SubjectPublicKeyInfo, or of a bare RSAPublicKey."""
    inner, rest = _parse_der_element(data, 0x30)
    if rest:
        raise TagError("p= has trailing octets after the RSA key")
    if inner[:1] == b"\x30":
        algorithm, inner = _parse_der_element(inner, 0x30)
        if not algorithm.startswith(_RSA_ENCRYPTION):
            raise TagError("p= contains a key of a different type")
        bits, rest = _parse_der_element(inner, 0x03)
        if rest or bits[:1] != b"\0":
            raise TagError("p= is not an RSA key")
        inner, rest = _parse_der_element(bits[1:], 0x30)
        if rest:
            raise TagError("p= has trailing octets after the RSA key")
    modulus, inner = _parse_der_element(inner, 0x02)
    exponent, rest = _parse_der_element(inner, 0x02)
    if rest:
        raise TagError("p= has trailing octets after the RSA key")
    return int.from_bytes(modulus, "big", signed=True), int.from_bytes(exponent, "big", signed=True)


def _parse_der_element(data: bytes, tag: int) -> tuple[bytes, bytes]:
    """Return the content of the DER element at the start of `data`, and the rest."""
    if len(data) < 2 or data[0] != tag:
        raise TagError("p= is not an RSA key")
    length, start = data[1], 2
    if length & 0x80:
        count = length & 0x7F
        start += count
        if not 1 <= count <= 3 or len(data) < start:
            raise TagError("p= is not an RSA key")
        length = int.from_bytes(data[2:start], "big")
    if len(data) < start + length:
        raise TagError("p= is truncated")
    return data[start : start + length], data[start + length :]
