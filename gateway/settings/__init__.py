"""The settings: one TOML file, read once, with every key checked and unknown keys rejected.

No module below this package reads configuration; `app` builds the working objects from these values.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from gateway.net.host.desk_units import find_units
from gateway.settings.errors import SettingsError, UnreadableSettingsError, explain_error
from gateway.settings.model import Settings
from gateway.settings.page import read_rules
from gateway.settings.secret_files import check_secrets, resolve_files
from gateway.settings.validation import check

__all__ = [
    "FILE_NAME",
    "Settings",
    "SettingsError",
    "UnreadableSettingsError",
    "find_settings_file",
    "load",
    "parse",
]

FILE_NAME = "gateway.toml"
SYSTEM_FOLDER = Path("/etc/gateway")


def find_settings_file(explicit: Path | None) -> Path:
    """Return the settings file: `--config`, $GATEWAY_CONFIG_DIR, $CONFIGURATION_DIRECTORY, /etc/gateway."""
    if explicit is not None:
        return explicit / FILE_NAME if explicit.is_dir() else explicit
    for variable in ("GATEWAY_CONFIG_DIR", "CONFIGURATION_DIRECTORY"):
        if folder := os.environ.get(variable):
            return Path(folder) / FILE_NAME
    return SYSTEM_FOLDER / FILE_NAME


def load(path: Path, *, serving: bool = True) -> Settings:
    """Read and check a settings file. Raises SettingsError.

    Without `serving`, keys and passwords that only the service needs may be missing or unreadable.
    """
    try:
        raw = path.read_bytes()
    except PermissionError as error:
        user = find_units(path.absolute()).user
        raise UnreadableSettingsError(
            f"{path}: permission denied; run the command as root, {user}, or a member of "
            f"the group {user} (expected owner root, group {user}, mode 0640, in a directory with mode 0750)"
        ) from error
    except OSError as error:
        raise SettingsError(
            f"{path}: cannot be read ({error.strerror}); create it, or use --config FILE"
        ) from error
    return parse(raw, str(path), serving=serving)


def parse(raw: bytes, source: str, *, serving: bool = True) -> Settings:
    """Parse and check settings in TOML. Raises SettingsError with `source`, the key and what is permitted."""
    try:
        settings = msgspec.toml.decode(raw, type=Settings)
    except msgspec.ValidationError as error:
        raise SettingsError(f"{source}: {explain_error(str(error), raw)}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{source}: invalid TOML: {error}") from error
    check(settings, source)
    settings = resolve_files(settings, source, serving=serving)
    check_secrets(settings, source)
    if settings.desk.rules_file:
        read_rules(settings.desk.rules_file, f"{source}: desk.rules_file = {settings.desk.rules_file!r}")
    return settings
