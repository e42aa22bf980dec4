"""The six-digit code by which a member of staff signs in to the console; it is never stored.

The code is derived from a key of the gateway and a secret of the browser, so it is useless in another
browser. Access to the database, or to a secret sent from another browser, does not allow computing it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import unicodedata
from datetime import datetime, timedelta

CODE_DIGITS = 6
SEAL_LASTS = timedelta(hours=1)
_TEXT = "console code {} {}"


def hash_secret(secret: str) -> str:
    """Return the stored hash of a browser's 256-bit secret."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def make_digest(key: bytes, what: str, text: str) -> str:
    """Return the stored digest of an address or client, for counting; without the key it resists guessing."""
    return hmac.digest(key, f"console {what} {text}".encode("utf-8", "replace"), "sha256").hex()


def make_account_digest(key: bytes, issuer: str, subject: str) -> str:
    """Return the stored digest of somebody at an OpenID provider."""
    return make_digest(key, "account", json.dumps([issuer, subject]))


def seal_account(key: bytes, account: str, issuer: str, now: datetime) -> str:
    """Return what a browser shows within SEAL_LASTS to have an account linked; only the gateway can make it.

    `account` is its digest.
    """
    stamp = f"{int(now.timestamp()):x}"
    return f"{account}.{stamp}.{make_digest(key, 'seal', f'{account} {stamp} {issuer}')}"


def open_seal(key: bytes, seal: str, issuer: str, now: datetime) -> str:
    """Return the digest of the account in a seal; empty if it is not ours, too old, or of another issuer."""
    account, _, rest = seal.partition(".")
    stamp, _, mac = rest.partition(".")
    wanted = make_digest(key, "seal", f"{account} {stamp} {issuer}")
    if not key or not hmac.compare_digest(wanted.encode(), mac.encode("utf-8", "replace")):
        return ""
    return account if now.timestamp() - int(stamp, 16) < SEAL_LASTS.total_seconds() else ""


def make_code(key: bytes, digest: str, member: str) -> str:
    """Return the code for a browser (by the hash of its secret) and a mailbox."""
    seed = hmac.digest(key, _TEXT.format(digest, member).encode("utf-8", "replace"), "sha256")
    return f"{int.from_bytes(seed, 'big') % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def read_code(text: str) -> str:
    """Return the digits that somebody typed or pasted, without spaces and hyphens and in ASCII form."""
    folded = unicodedata.normalize("NFKC", text[:100])
    return "".join(sign for sign in folded if not sign.isspace() and sign != "-")


def is_code(key: bytes, digest: str, member: str, typed: str) -> bool:
    """Return whether the code is correct, in constant time."""
    wanted = make_code(key, digest, member).encode()
    return hmac.compare_digest(wanted, read_code(typed).encode("utf-8", "replace"))
