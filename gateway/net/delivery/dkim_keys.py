"""The keys that letters are signed with, read from their files once and again when a file changes.

Signing with two selectors at once lets verifiers that know only RSA (RFC 6376) and those that know Ed25519
(RFC 8463) find one they can check. When a key cannot be read, nothing is signed, and so nothing leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from time import monotonic

from gateway.auth.dkim import sign as dkim_sign
from gateway.auth.dkim.sign import Signer, load_key

RECHECK_INTERVAL_S = 30.0


class KeyRing:
    """Signs for `domain` with the key of each selector; `files` maps selectors to PEM files."""

    def __init__(
        self, domain: str, files: Mapping[str, Path], clock: Callable[[], float] = monotonic
    ) -> None:
        self._domain = domain
        self._files = dict(files)
        self._clock = clock
        self._signers: dict[str, Signer] = {}
        self._seen: dict[str, tuple[int, int]] = {}
        self._trouble = "the keys have not been read"
        self._look_at = 0.0

    def trouble(self) -> str:
        """Why nothing can be signed now; empty when all is well. The files are looked at twice a minute."""
        now = self._clock()
        if now >= self._look_at or self._trouble:
            self._look_at = now + RECHECK_INTERVAL_S
            self._trouble = "; ".join(filter(None, map(self._refresh, self._files)))
        return self._trouble

    def sign(self, raw: bytes) -> bytes:
        """One DKIM-Signature field a selector. Raises ValueError when a key is not there."""
        if len(self._signers) < len(self._files):
            raise ValueError(self._trouble)
        prepared = dkim_sign.prepare(raw)
        return b"".join(self._signers[selector].sign_prepared(prepared) for selector in self._files)

    def _refresh(self, selector: str) -> str:
        """Read one key again if its file changed; a key that cannot be read any more is forgotten."""
        path = self._files[selector]
        try:
            found = path.stat()
            state = (found.st_mtime_ns, found.st_size)
            if self._seen.get(selector) != state:
                self._signers[selector] = Signer(self._domain, selector, load_key(path.read_bytes()))
                self._seen[selector] = state
        except (OSError, ValueError) as error:
            self._signers.pop(selector, None)
            self._seen.pop(selector, None)
            return f"the DKIM key of selector {selector} cannot be used: {path}: {_describe_error(error)}"
        return ""


def _describe_error(error: OSError | ValueError) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)
