"""The six-digit code by which a member of staff signs in to the console; it is never stored.

The code is derived from a key of the gateway and a secret of the browser, so it is useless in another
browser. Access to the database, or to a secret sent from another browser, does not allow computing it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

CODE_DIGITS = 6
SEAL_LASTS = timedelta(hours=1)
# Of what an account says, octets and characters; a cookie holds all of it.
MAX_ADDRESS, MAX_NAME, MAX_SEAL = 254, 60, 1_200
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


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody at an OpenID provider: `digest` names them.

    `address` and `name` are what their account says, for people who read it; they prove nothing.
    """

    digest: str
    issuer: str
    address: str = ""
    name: str = ""


def seal_account(key: bytes, account: Account, now: datetime) -> str:
    """Return what a browser shows within SEAL_LASTS to have an account linked.

    Only the gateway can make it; anybody can read it.
    """
    stamp, said = f"{int(now.timestamp()):x}", _encode(account)
    return f"{account.digest}.{stamp}.{_seal(key, account.digest, stamp, said)}.{said}"


def open_seal(key: bytes, seal: str, issuer: str, now: datetime) -> Account | None:
    """Return the account in a seal; None if it is not ours, too old, or of another issuer."""
    digest, stamp, mac, said = _split(seal)
    wanted = _seal(key, digest, stamp, said)
    if not key or not hmac.compare_digest(wanted.encode(), mac.encode("utf-8", "replace")):
        return None
    account = read_seal(seal)
    is_fresh = now.timestamp() - int(stamp, 16) < SEAL_LASTS.total_seconds()
    return account if is_fresh and account is not None and account.issuer == issuer else None


def read_seal(seal: str) -> Account | None:
    """Return the account that a seal says it is for, unchecked: for a page; None if it says none."""
    digest, _, _, said = _split(seal)
    try:
        issuer, address, name = json.loads(base64.urlsafe_b64decode(said.encode("ascii")))
    except (ValueError, TypeError):
        return None
    return Account(digest, str(issuer), str(address), str(name))


def _encode(account: Account) -> str:
    """Return what a seal says of an account; a name is cut, an address that is too long left out."""
    address = account.address if len(account.address.encode("utf-8", "replace")) <= MAX_ADDRESS else ""
    said = [account.issuer, address, account.name[:MAX_NAME]]
    raw = json.dumps(said, ensure_ascii=False).encode("utf-8", "replace")
    return base64.urlsafe_b64encode(raw).decode()


def _split(seal: str) -> tuple[str, str, str, str]:
    parts = [*seal.split("."), "", "", "", ""]
    return parts[0], parts[1], parts[2], parts[3]


def _seal(key: bytes, digest: str, stamp: str, said: str) -> str:
    return make_digest(key, "seal", f"{digest} {stamp} {said}")


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
