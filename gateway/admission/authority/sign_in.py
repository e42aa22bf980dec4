"""The code by which a member of the staff signs in to the console: six digits that are stored nowhere.

The code follows from a key of the gateway and from what the browser holds, so it is worth nothing in another
browser. Whoever reads the database, or sends the browser's secret to itself, cannot compute it.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata

CODE_DIGITS = 6
_TEXT = "console code {} {}"


def hash_secret(secret: str) -> str:
    """What is stored of a secret of 256 bits that a browser holds."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def make_digest(key: bytes, what: str, text: str) -> str:
    """What is stored of an address or a client, for counting: it can be compared, and not tried out."""
    return hmac.digest(key, f"console {what} {text}".encode("utf-8", "replace"), "sha256").hex()


def make_code(key: bytes, digest: str, member: str) -> str:
    """The code for a browser, by the hash of its secret, and a mailbox."""
    seed = hmac.digest(key, _TEXT.format(digest, member).encode("utf-8", "replace"), "sha256")
    return f"{int.from_bytes(seed, 'big') % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def read_code(text: str) -> str:
    """The digits that somebody typed or pasted: full-width ones and spaces between them do not count."""
    folded = unicodedata.normalize("NFKC", text[:100])
    return "".join(sign for sign in folded if not sign.isspace() and sign != "-")


def is_code(key: bytes, digest: str, member: str, typed: str) -> bool:
    """Whether that is the code; takes the same time whatever was typed."""
    wanted = make_code(key, digest, member).encode()
    return hmac.compare_digest(wanted, read_code(typed).encode("utf-8", "replace"))
