"""Applies the log settings."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from pathlib import Path

from gateway.log import handlers
from gateway.settings import Settings
from gateway.store.privacy import tombstones

# 80 bits: no two addresses of a desk look alike.
_HASH_CHARS = 16


def apply_log_settings(config: Settings, level: str | None) -> None:
    """Configure logging; a `level` from the command line takes precedence over the settings."""
    hide = None if config.log.addresses else build_hider(Path(config.store.path))
    handlers.configure_logging(level or config.log.level, hide)


@dataclass(frozen=True, slots=True)
class Hider:
    """Pseudonyms for addresses in the log, by the key of the tombstones.

    The same address always has the same pseudonym. Before the first start has created that key, it uses
    `passing`, which is not stored. Picklable, for the fronts.
    """

    database: Path
    passing: bytes

    def __call__(self, address: str) -> str:
        """Return the pseudonym of an address."""
        found = tombstones.digest(tombstones.load_key(self.database) or self.passing, address.lower())
        return "address-" + base64.b32encode(found).decode("ascii")[:_HASH_CHARS].lower()


def build_hider(database: Path) -> Hider:
    """Build the hider of a desk, by its database."""
    return Hider(database, secrets.token_bytes(tombstones.KEY_BYTES))
