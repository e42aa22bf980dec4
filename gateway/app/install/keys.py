"""Generates keys: for DKIM, and a self-signed certificate for STARTTLS until there is a better one."""

from __future__ import annotations

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

# RFC 8301 section 3.2: at least 2048 bits; longer keys do not fit the DNS of many providers.
DKIM_BITS = 2048
# Senders do not check it (RFC 7435), so it may last.
SELF_SIGNED_LIFE = timedelta(days=3650)


def generate_dkim_key() -> bytes:
    """Generate a private key, in PEM."""
    return generate_rsa(65537, DKIM_BITS).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def generate_self_signed_certificate(
    name: str, now: datetime, life: timedelta = SELF_SIGNED_LIFE
) -> tuple[bytes, bytes]:
    """Generate a certificate for `name` and its private key, both in PEM."""
    key = generate_private_key(SECP256R1())
    # RFC 5280 appendix A.1: a common name has at most 64 characters; only the alternative name counts.
    issuer = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name[:64])])
    certificate = (
        x509.CertificateBuilder(issuer, issuer, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + life)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return certificate.public_bytes(Encoding.PEM), private
