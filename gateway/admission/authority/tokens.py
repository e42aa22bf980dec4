"""Tokens and case numbers, by which letters and replies are assigned to their case.

A token is a secret of 130 bits in a forward-path. Only its hash is stored, and it never gives authority by
itself. A case number such as K7QM-4T is a name, not a secret.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

from gateway.patterns import compile_later

# Crockford's base 32 excludes I, L, O and U, which people misread or mistype.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TOKEN_LENGTH = 26  # 26 characters of 5 bits: 130 bits, and `decide+TOKEN` stays under 64 octets
NUMBER_LENGTH = 6
CODE_LENGTH = 4

_MISREAD = str.maketrans("ILO", "110")
_NUMBER = compile_later(r"(?<![0-9A-Z])([0-9A-Z]{4})-([0-9A-Z]{2})(?![0-9A-Z])")


def make_token(entropy: bytes) -> str:
    """Return a token in lower case, from at least 17 random bytes."""
    return _encode_base32(entropy, TOKEN_LENGTH).lower()


def make_number(entropy: bytes) -> str:
    """Return a case number in its written form, from at least 4 random bytes."""
    digits = _encode_base32(entropy, NUMBER_LENGTH)
    return f"{digits[:4]}-{digits[4:]}"


def token_hash(token: str) -> bytes:
    """Return the stored hash of a token, in lower case because mail systems may change the case."""
    return hashlib.sha256(token.lower().encode("ascii", "replace")).digest()


def make_code(token: str, attempt: int) -> str:
    """Return the code of a letter: four characters with at least one digit and one letter.

    It is derived from the token alone, and proves that the author read this letter and means to decide.
    `attempt` gives another code if the letter's text contains one by chance.
    """
    for extra in range(1_000):
        seed = f"code {attempt} {extra} {token.lower()}".encode("ascii", "replace")
        code = _encode_base32(hashlib.sha256(seed).digest(), CODE_LENGTH)
        if not code.isalpha() and not code.isdigit():
            return code
    raise AssertionError("no code with both digits and letters could be derived")


CODE_LABEL = "確認符号"
_CODE_LINE = compile_later(rf"^\s*{CODE_LABEL}(?:: |：)([{ALPHABET}]{{4}})\s*$", re.MULTILINE)


def find_code(letter_text: str) -> str:
    """Return the code that one of our letters shows on a separate line; empty if there is none."""
    found = _CODE_LINE.search(letter_text)
    return found[1] if found else ""


def has_code_elsewhere(letter_text: str, code: str) -> bool:
    """Return whether a letter contains the code, in any spelling, outside that line."""
    rest = unicodedata.normalize("NFKC", _CODE_LINE.sub("", letter_text)).upper()
    return code in "".join(filter(str.isalnum, rest.translate(_MISREAD)))


def find_number(text: str) -> str | None:
    """Return the first case number in `text` (already folded to ASCII forms by the caller), or None."""
    return next(iter(find_numbers(text)), None)


def find_numbers(text: str) -> tuple[str, ...]:
    """Return everything in `text` that may be a case number, without duplicates, in order."""
    found = ("-".join(match.groups()).translate(_MISREAD) for match in _NUMBER.finditer(text.upper()))
    return tuple(dict.fromkeys(number for number in found if set(number) <= set(ALPHABET + "-")))


def _encode_base32(entropy: bytes, length: int) -> str:
    bits = int.from_bytes(entropy, "big")
    if len(entropy) * 8 < length * 5:
        raise ValueError(f"{length} characters need {length * 5} bits, got {len(entropy) * 8}")
    return "".join(ALPHABET[(bits >> (5 * place)) & 31] for place in range(length))
