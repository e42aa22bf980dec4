"""Files that the settings name: where they are looked for, and who may read those that hold a secret.

systemd.exec(5), section Credentials: secrets reach the service as files that only it can read.
"""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

import msgspec

from gateway.settings.errors import SettingsError
from gateway.settings.model import Settings

CREDENTIAL_STORE = Path("/etc/credstore")
SECRET_KEYS = (
    "listen.tls_key",
    "delivery.dkim_key",
    "delivery.dkim_second_key",
    "delivery.password_file",
    "invitation.webhook_secret_file",
    "invitation.slack_token_file",
)
FILE_KEYS = (*SECRET_KEYS, "listen.tls_certificate", "delivery.ca_file", "desk.rules_file")


def resolve_files(settings: Settings, source: str) -> Settings:
    """The settings with every file as an absolute path. Raises SettingsError for one that is not there."""
    for key in FILE_KEYS:
        section, _, name = key.partition(".")
        text = getattr(getattr(settings, section), name)
        if text:
            place = str(_resolve_path(text, Path(source).parent, f"{source}: {key} = {text!r}"))
            changed = msgspec.structs.replace(getattr(settings, section), **{name: place})
            settings = msgspec.structs.replace(settings, **{section: changed})
    return settings


def check_secrets(settings: Settings, source: str) -> None:
    """Refuse secrets that others than their owner can read. Raises SettingsError."""
    for key in SECRET_KEYS:
        section, _, name = key.partition(".")
        text = getattr(getattr(settings, section), name)
        if text and not _is_credential(Path(text)):
            # Where this user may not look, others may not either; who reads it will say the rest.
            with contextlib.suppress(OSError):
                _check_mode(Path(text), f"{source}: {key} = {text!r}")


def _resolve_path(text: str, folder: Path, said: str) -> Path:
    """A bare name is a credential, or lies beside the settings; a path is taken from there."""
    if "/" in text:
        looked_in = [folder / text]
    else:
        handed = os.environ.get("CREDENTIALS_DIRECTORY", "")
        folders = [Path(handed)] if handed else []
        looked_in = [each / text for each in (*folders, folder, CREDENTIAL_STORE)]
    for place in looked_in:
        if _is_present(place):
            return place.absolute()
    raise SettingsError(f"{said}: allowed is a file that exists; looked for {', '.join(map(str, looked_in))}")


def _is_present(place: Path) -> bool:
    """In a folder that this user may not search, it is taken to be there: who must read it will know."""
    try:
        return place.is_file()
    except PermissionError:
        return True


def _is_credential(place: Path) -> bool:
    handed = os.environ.get("CREDENTIALS_DIRECTORY", "")
    return bool(handed) and place.is_relative_to(Path(handed).absolute())


def _check_mode(place: Path, said: str) -> None:
    mode = stat.S_IMODE(place.stat().st_mode)
    if mode & 0o077:
        raise SettingsError(
            f"{said}: others than its owner have access to this secret (mode {mode:04o}); allowed is mode "
            f"0600: chmod 600 {place}, or hand it over as a credential: put it into {CREDENTIAL_STORE}"
        )
