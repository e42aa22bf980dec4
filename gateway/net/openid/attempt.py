"""One attempt to sign in: values that only this gateway can make, and only for one browser.

They are derived from a key of the process, the secret of the browser and the time, so that strangers use no
memory. After a restart or a reload, a member who was just signing in begins again.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

LASTS = timedelta(minutes=10)
MAX_STAMP = 12


@dataclass(frozen=True, slots=True)
class Attempt:
    """Its `state` and `nonce` (OpenID Connect Core, section 3.1.2.1), and `verifier` (RFC 7636)."""

    state: str
    nonce: str
    verifier: str

    @property
    def challenge(self) -> str:
        """Return the `code_challenge` by the method S256."""
        return _encode(hashlib.sha256(self.verifier.encode()).digest())


def begin(key: bytes, browser: str, now: datetime) -> Attempt:
    """Return a new attempt of a browser, given by its secret."""
    return _derive(key, browser, f"{int(now.timestamp()):x}")


def resume(key: bytes, browser: str, state: str, now: datetime) -> Attempt | None:
    """Return the attempt with this state; None if it is another browser's, or began more than LASTS ago."""
    stamp = state.partition(".")[0]
    if not (browser and _is_stamp(stamp)):
        return None
    age = now.timestamp() - int(stamp, 16)
    found = _derive(key, browser, stamp)
    is_right = hmac.compare_digest(found.state.encode(), state.encode())
    return found if is_right and -1 <= age <= LASTS.total_seconds() else None


def _is_stamp(text: str) -> bool:
    return 0 < len(text) <= MAX_STAMP and set(text) <= set("0123456789abcdef")


def _derive(key: bytes, browser: str, stamp: str) -> Attempt:
    state, nonce, verifier = (
        _encode(hmac.digest(key, f"{what}\0{stamp}\0{browser}".encode(), "sha256"))
        for what in ("state", "nonce", "verifier")
    )
    return Attempt(f"{stamp}.{state}", nonce, verifier)


def _encode(raw: bytes) -> str:
    """Return base64url without padding (RFC 7636, appendix A)."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
