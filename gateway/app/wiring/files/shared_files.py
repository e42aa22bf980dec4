"""Hashes of what must agree on all machines of a desk: settings, DKIM keys, the operator's files.

The key of the tombstones must agree too; a machine with another one does not start (`store.postgres`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import msgspec

from gateway.settings import Settings

_HEX = 16
_OWN = ("organisations.tsv", "eligibility.toml")
# How each machine listens, and the paths of its files.
_OF_THE_MACHINE = ("listen", "log", "store", "watch")


def hash_shared(config: Settings, folder: Path | None) -> str:
    """Return `PART=HASH` for each part, separated by blanks, leaving out what this user may not read.

    Passwords are not included: somebody who can read the database could guess them by their hash.
    """
    delivery = config.delivery
    keys = [Path(place) for place in (delivery.dkim_key, delivery.dkim_second_key) if place]
    parts = {
        "settings": hash_settings(config),
        "keys": _hash_files(keys),
        "files": _hash_files(_list_own(config, folder)),
    }
    return " ".join(f"{name}={value}" for name, value in parts.items() if value)


def hash_settings(config: Settings) -> str:
    """Return a hash of all settings except those of the machine itself."""
    shared = {
        name: value for name, value in msgspec.to_builtins(config).items() if name not in _OF_THE_MACHINE
    }
    return hashlib.sha256(msgspec.json.encode(shared, order="deterministic")).hexdigest()[:_HEX]


def _list_own(config: Settings, folder: Path | None) -> list[Path]:
    """Return the files next to the settings that letters and decisions depend on, in a fixed order."""
    rules = [Path(config.desk.rules_file)] if config.desk.rules_file else []
    if folder is None:
        return rules
    templates = sorted(place for place in (folder / "templates").rglob("*") if place.is_file())
    return [*rules, *(place for name in _OWN if (place := folder / name).is_file()), *templates]


def _hash_files(places: Iterable[Path]) -> str:
    """Hash names and contents; return an empty text if a file cannot be read."""
    found = hashlib.sha256()
    try:
        for place in places:
            raw = place.read_bytes()
            found.update(f"{place.name} {len(raw)}\n".encode() + raw)
    except OSError:
        return ""
    return found.hexdigest()[:_HEX]
