"""What the settings say of the log, made true."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from pathlib import Path

from gateway.log import handlers
from gateway.settings import Settings
from gateway.store.tables import tombstones

# 80 bits: two addresses of one desk never look alike.
_HASH_CHARS = 16


def apply_log_settings(config: Settings, level: str | None) -> None:
    """Log as the settings say; a `level` of the command line stands before theirs."""
    hide = None if config.log.addresses else build_hider(Path(config.store.path))
    handlers.configure_logging(level or config.log.level, hide)


@dataclass(frozen=True, slots=True)
class Hider:
    """What stands for an address in the log: the same for the same address, by the key of the tombstones.

    Before the first start has made that key, by `passing`, which nobody keeps. Picklable, for the fronts.
    """

    database: Path
    passing: bytes

    def __call__(self, address: str) -> str:
        """The words for one address."""
        found = tombstones.digest(tombstones.load_key(self.database) or self.passing, address.lower())
        return "address-" + base64.b32encode(found).decode("ascii")[:_HASH_CHARS].lower()


def build_hider(database: Path) -> Hider:
    """The hider of a desk, by its database."""
    return Hider(database, secrets.token_bytes(tombstones.KEY_BYTES))
