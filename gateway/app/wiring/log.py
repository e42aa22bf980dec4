"""What the settings say of the log, made true."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable
from pathlib import Path

from gateway.log import handlers
from gateway.settings import Settings
from gateway.store.sqlite import tombstones

# 80 bits: two addresses of one desk never look alike.
_HASH_CHARS = 16


def apply_log_settings(config: Settings, level: str | None) -> None:
    """Log as the settings say; a `level` of the command line stands before theirs."""
    hide = None if config.log.addresses else build_hider(Path(config.store.path))
    handlers.configure_logging(level or config.log.level, hide)


def build_hider(database: Path) -> Callable[[str], str]:
    """What stands for an address in the log: the same for the same address, by the key of the tombstones.

    Before the first start has made that key, by one that nobody keeps.
    """
    passing = secrets.token_bytes(tombstones.KEY_BYTES)

    def hide(address: str) -> str:
        found = tombstones.digest(tombstones.load_key(database) or passing, address.lower())
        return "address-" + base64.b32encode(found).decode("ascii")[:_HASH_CHARS].lower()

    return hide
