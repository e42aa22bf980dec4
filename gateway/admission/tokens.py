"""Tokens and case numbers: how letters and replies find their case again.

A token is a secret of 130 bits that stands in a forward-path; only its hash is stored, and it is
never authority by itself. A case number such as K7QM-4T is a name, not a secret.
"""

from __future__ import annotations

import hashlib
import re

# Crockford's base 32 leaves out I, L, O and U, which people misread or mistype.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TOKEN_LENGTH = 26  # 26 characters of 5 bits: 130 bits, and `decide+TOKEN` stays under 64 octets
NUMBER_LENGTH = 6

_MISREAD = str.maketrans("ILO", "110")
_NUMBER = re.compile(r"(?<![0-9A-Z])([0-9A-Z]{4})-([0-9A-Z]{2})(?![0-9A-Z])")


def make_token(entropy: bytes) -> str:
    """A token in lower case from at least 17 random bytes."""
    return _encode_base32(entropy, TOKEN_LENGTH).lower()


def make_number(entropy: bytes) -> str:
    """A case number in its written form, from at least 4 random bytes."""
    digits = _encode_base32(entropy, NUMBER_LENGTH)
    return f"{digits[:4]}-{digits[4:]}"


def token_hash(token: str) -> bytes:
    """What is stored of a token. Mail systems may change the case of a local part, so it is folded."""
    return hashlib.sha256(token.lower().encode("ascii", "replace")).digest()


def find_number(text: str) -> str | None:
    """The first case number in `text` (already folded to ASCII forms by the caller), or None."""
    for match in _NUMBER.finditer(text.upper()):
        number = "-".join(match.groups()).translate(_MISREAD)
        if set(number) <= set(ALPHABET + "-"):
            return number
    return None


def _encode_base32(entropy: bytes, length: int) -> str:
    bits = int.from_bytes(entropy, "big")
    if len(entropy) * 8 < length * 5:
        raise ValueError(f"{length} characters need {length * 5} bits, got {len(entropy) * 8}")
    return "".join(ALPHABET[(bits >> (5 * place)) & 31] for place in range(length))
