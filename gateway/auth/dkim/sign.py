"""Signs outgoing mail (RFC 6376, RFC 8463): relaxed/relaxed, each field oversigned once.

The senders of the demo use this as well, so that their mail is genuine.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from gateway.auth.dkim import canonicalization
from gateway.auth.dkim.key_record import MAX_RSA_BITS
from gateway.mail import message as mail_message
from gateway.mail.message import Field

PrivateKey = RSAPrivateKey | Ed25519PrivateKey
MIN_SIGNING_BITS = 2048
# RFC 6376 section 5.4.1: fields that convey the meaning of the message.
SIGNED_FIELDS = (
    "from", "sender", "to", "cc", "subject", "date", "message-id", "reply-to", "in-reply-to", "references",
    "mime-version", "content-type", "content-transfer-encoding", "auto-submitted",
)  # fmt: skip
_NAME = "DKIM-Signature"
_CHUNK = 64


@dataclass(frozen=True, slots=True)
class PreparedMessage:
    """The names of the signed fields, these fields in canonical form, and the body hash in base64."""

    names: list[str]
    header: bytes
    body_hash: str


@dataclass(frozen=True, slots=True)
class Signer:
    """A signer for `domain` whose public key is published at `<selector>._domainkey.<domain>`."""

    domain: str
    selector: str
    private_key: PrivateKey

    def sign(self, raw: bytes) -> bytes:
        """Return the DKIM-Signature field with its CRLF, to put before `raw` (CRLF line ends).

        Raises MalformedMessageError if `raw` is not a message, ValueError if it has no From.
        """
        return self.sign_prepared(prepare(raw))

    def sign_prepared(self, message: PreparedMessage) -> bytes:
        """Do the same for a message that several keys sign."""
        kind = "rsa" if isinstance(self.private_key, RSAPrivateKey) else "ed25519"
        value = (
            f" v=1; a={kind}-sha256; c=relaxed/relaxed; d={self.domain};\r\n"
            f"\ts={self.selector}; bh={message.body_hash};\r\n"
            f"\th={_fold_names(message.names)};\r\n"
            "\tb="
        ).encode("ascii")
        unsigned = Field(_NAME, _NAME.encode("ascii") + b":" + value)
        data = message.header + canonicalization.unsigned_field(unsigned, relaxed=True)
        return unsigned.raw + _fold(b64encode(self._signature(data))) + b"\r\n"

    def _signature(self, data: bytes) -> bytes:
        if isinstance(self.private_key, RSAPrivateKey):
            return self.private_key.sign(data, PKCS1v15(), hashes.SHA256())
        # RFC 8463 section 3: PureEdDSA over the SHA-256 hash.
        return self.private_key.sign(hashlib.sha256(data).digest())


def prepare(raw: bytes) -> PreparedMessage:
    """Prepare a message (CRLF line ends) for signing. Raises MalformedMessageError or ValueError."""
    message = mail_message.parse(raw)
    if not message.count("from"):
        raise ValueError("a message without a From field cannot be signed")
    # RFC 6376 section 8.15: each field once more than it occurs, so that none can be added.
    names = [name for name in SIGNED_FIELDS for _ in range(message.count(name) + 1)]
    body_hash = b64encode(hashlib.sha256(canonicalization.relaxed_body(message.body)).digest()).decode(
        "ascii"
    )
    return PreparedMessage(names, canonicalization.canonical_fields(message, names, relaxed=True), body_hash)


def load_key(pem: bytes) -> PrivateKey:
    """Load an unencrypted PEM private key, RSA with 2048 to 4096 bits or Ed25519.

    Raises ValueError for anything else.
    """
    try:
        key = load_pem_private_key(pem, password=None)
    except TypeError:
        raise ValueError("the key is encrypted") from None
    if isinstance(key, Ed25519PrivateKey):
        return key
    if not isinstance(key, RSAPrivateKey) or not MIN_SIGNING_BITS <= key.key_size <= MAX_RSA_BITS:
        raise ValueError("a DKIM key must be Ed25519, or RSA with 2048 to 4096 bits")
    return key


def public_record(key: PrivateKey) -> str:
    """Return the text of the TXT record to publish for `key` (RFC 6376 section 3.6.1, RFC 8463 section 4)."""
    public = key.public_key()
    if isinstance(key, RSAPrivateKey):
        kind, data = "rsa", public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    else:
        kind, data = "ed25519", public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return f"v=DKIM1; k={kind}; p={b64encode(data).decode('ascii')}"


def _fold_names(names: list[str]) -> str:
    lines = [names[start : start + 5] for start in range(0, len(names), 5)]
    return ":\r\n\t ".join(":".join(line) for line in lines)


def _fold(data: bytes) -> bytes:
    return b"\r\n\t ".join(data[start : start + _CHUNK] for start in range(0, len(data), _CHUNK))
