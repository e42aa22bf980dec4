"""Files beside the database: private, replaced atomically, synced on request, owned by the gateway."""

from __future__ import annotations

import os
from pathlib import Path


def write(place: Path, raw: bytes, *, durable: bool = True) -> None:
    """Replace the file atomically; if `durable`, it also survives a power loss."""
    draft = place.with_name(f"{place.stem}.tmp")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as file:
        give_to_owner(handle, place.parent)
        file.write(raw)
        file.flush()
        if durable:
            os.fsync(handle)
    draft.replace(place)
    if durable:
        sync(place.parent)


def create(place: Path) -> None:
    """Create an empty private file, which must not exist yet. Raises OSError."""
    handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        give_to_owner(handle, place.parent)
    finally:
        os.close(handle)


def sync(place: Path) -> None:
    """Sync a file's content, or a folder's entries, to disk."""
    handle = os.open(place, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def ensure_private_folder(folder: Path) -> None:
    """Create a private folder if it does not exist."""
    if folder.is_dir():
        return
    folder.mkdir(mode=0o700, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        give_to_owner(handle, folder.parent)
    finally:
        os.close(handle)


def share(place: Path, group: int) -> None:
    """Let a group read an existing file. Raises OSError."""
    handle = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        os.fchown(handle, -1, group)
        os.fchmod(handle, 0o640)
    finally:
        os.close(handle)


def give_to_owner(handle: int, folder: Path) -> None:
    """Give what root creates to the gateway's user, who owns the folder, and who must be able to read it."""
    if os.geteuid() == 0:
        owner = folder.stat()
        os.fchown(handle, owner.st_uid, owner.st_gid)
