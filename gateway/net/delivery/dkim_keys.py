"""DKIM signing keys, read from their files and reloaded when a file changes.

Signing with two selectors at once lets verifiers that support only RSA (RFC 6376) and those that support
Ed25519 (RFC 8463) find a signature they can check. If a key cannot be read, nothing is signed and no letter
is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from time import monotonic

from gateway.auth.dkim import sign as dkim_sign
from gateway.auth.dkim.sign import Signer, load_key

RECHECK_INTERVAL_S = 30.0


class KeyRing:
    """The signing keys of `domain`, one per selector; `files` maps selectors to PEM files."""

    def __init__(
        self, domain: str, files: Mapping[str, Path], clock: Callable[[], float] = monotonic
    ) -> None:
        self._domain = domain
        self._files = dict(files)
        self._clock = clock
        self._signers: dict[str, Signer] = {}
        self._seen: dict[str, tuple[int, int]] = {}
        self._trouble = "the keys have not been loaded"
        self._look_at = 0.0

    def trouble(self) -> str:
        """Return why signing is impossible, or an empty string. Key files are checked every 30 seconds."""
        now = self._clock()
        if now >= self._look_at or self._trouble:
            self._look_at = now + RECHECK_INTERVAL_S
            self._trouble = "; ".join(filter(None, map(self._refresh, self._files)))
        return self._trouble

    def sign(self, raw: bytes) -> bytes:
        """Return one DKIM-Signature field per selector. Raises ValueError if a key is missing."""
        if len(self._signers) < len(self._files):
            raise ValueError(self._trouble)
        prepared = dkim_sign.prepare(raw)
        return b"".join(self._signers[selector].sign_prepared(prepared) for selector in self._files)

    def _refresh(self, selector: str) -> str:
        """Reload a key if its file changed, or drop it if unreadable; return the error or an empty string."""
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
            return f"the DKIM key for selector {selector} cannot be used: {path}: {_describe_error(error)}"
        return ""


def _describe_error(error: OSError | ValueError) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)
