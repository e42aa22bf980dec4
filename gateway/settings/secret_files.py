"""Files that the settings name: where they are looked for, and who may read those that hold a secret.

systemd.exec(5), section Credentials: secrets reach the service as files that only it can read. It reads them
at the start; no command asks for one, but the running gateway.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

import msgspec

from gateway.net.host.desk_units import FIRST_DESK, USER, DeskUnits, find_units
from gateway.settings.errors import SettingsError
from gateway.settings.model import Settings

CREDENTIAL_STORE = Path("/etc/credstore")
ENCRYPTED_STORE = Path("/etc/credstore.encrypted")


@dataclass(frozen=True, slots=True)
class Credential:
    """A name that the unit asks systemd for, the key that usually names it, and who reads it when.

    Those without a key are kept for later releases, so that a unit of today serves them.
    """

    name: str
    key: str
    reader: str


# The closed list: the unit's LoadCredential= lines and the table in docs/operate.md are equal to it.
CREDENTIALS = (
    Credential("gateway.dkim.key", "delivery.dkim_key", "the signing of letters, at start"),
    Credential("gateway.dkim2.key", "delivery.dkim_second_key", "the signing of letters, at start"),
    Credential("gateway.tls.crt", "listen.tls_certificate", "STARTTLS, at start"),
    Credential("gateway.tls.key", "listen.tls_key", "STARTTLS, at start"),
    Credential("gateway.smarthost.password", "delivery.password_file", "outgoing mail, at start"),
    Credential("gateway.webhook.secret", "invitation.webhook_secret_file", "the invitations, at start"),
    Credential("gateway.slack.token", "invitation.slack_token_file", "the invitations, at start"),
    Credential("gateway.store.password", "store.password_file", "the database server, at start"),
    Credential("gateway.console.secret", "", "the console, in a later release"),
)
SECRET_KEYS = (
    "listen.tls_key",
    "delivery.dkim_key",
    "delivery.dkim_second_key",
    "delivery.password_file",
    "invitation.webhook_secret_file",
    "invitation.slack_token_file",
    "store.password_file",
)
# What comes as a credential, secret or not: only the service needs it.
SERVICE_KEYS = (*SECRET_KEYS, "listen.tls_certificate")
FILE_KEYS = (*SERVICE_KEYS, "delivery.ca_file", "desk.rules_file")


def get_key(settings: Settings, key: str) -> str:
    """The value of a key such as `listen.tls_key`."""
    section, _, name = key.partition(".")
    return str(getattr(getattr(settings, section), name))


def set_key(settings: Settings, key: str, text: str) -> Settings:
    """The settings with another value for a key."""
    section, _, name = key.partition(".")
    changed = msgspec.structs.replace(getattr(settings, section), **{name: text})
    return msgspec.structs.replace(settings, **{section: changed})


def resolve_files(settings: Settings, source: str, *, serving: bool = True) -> Settings:
    """The settings with every file as an absolute path. Raises SettingsError for one that is not there.

    Without `serving`, what only the service needs may be missing; it then stands where systemd has it.
    """
    for key in FILE_KEYS:
        if text := get_key(settings, key):
            said = f"{source}: {key} = {text!r}"
            lenient = not serving and key in SERVICE_KEYS
            place = _find(text, Path(source).parent) or _guess(text, Path(source).parent, lenient=lenient)
            if place is None:
                raise SettingsError(f"{said}: {_explain_missing(text, Path(source).parent)}")
            settings = set_key(settings, key, str(place.absolute()))
    return settings


def check_secrets(settings: Settings, source: str) -> None:
    """Refuse secrets that others than root or the service have, or can read. Raises SettingsError."""
    for key in SECRET_KEYS:
        text = get_key(settings, key)
        if text and not _is_credential(Path(text)):
            # Where this user may not look, others may not either; who reads it will say the rest.
            with contextlib.suppress(OSError):
                _check_owner(Path(text), f"{source}: {key} = {text!r}", find_units(Path(source)).user)


def list_unreadable(settings: Settings) -> tuple[str, ...]:
    """The keys whose files only the service can read, or whose credential only systemd has."""
    named = [(key, get_key(settings, key)) for key in SERVICE_KEYS]
    return tuple(key for key, text in named if text and not os.access(text, os.R_OK))


def without_files(settings: Settings, keys: tuple[str, ...]) -> Settings:
    """The settings as far as they can be checked without these files: nothing that needs one of them."""
    if any(key.startswith("listen.tls") for key in keys):
        keys = (*keys, "listen.tls_certificate", "listen.tls_key")
    for key in keys:
        settings = set_key(settings, key, "")
    if any(key.startswith("invitation.") for key in keys):
        settings = set_key(settings, "invitation.sender", "mail")
    return settings


def is_missing(place: Path) -> bool:
    """Whether a file is neither there nor among the encrypted credentials, as far as this user can see."""
    try:
        return not place.is_file() and not (ENCRYPTED_STORE / place.name).is_file()
    except PermissionError:
        return False


def changed_since(settings: Settings, started_at: float, units: DeskUnits = FIRST_DESK) -> list[str]:
    """The credentials of these settings whose files were written, or touched, after `started_at` (Unix time).

    The user of `units` begins the names of the files. What systemd handed over at the start is a copy. Raises
    nothing: what may not be looked at is left out.
    """
    named = [Path(text).name for key in SERVICE_KEYS if (text := get_key(settings, key))]
    names = {name_in_store(one, units) for one in named if one.startswith(f"{USER}.") or not units.desk}
    found = set()
    for folder in (CREDENTIAL_STORE, ENCRYPTED_STORE):
        for name in names:
            with contextlib.suppress(OSError):
                # ctime also tells of a copy that keeps the time of its original.
                if (folder / name).stat().st_ctime > started_at:
                    found.add(name)
    return sorted(found)


def _candidates(text: str, folder: Path) -> list[Path]:
    """Where a file is looked for: a bare name is a credential, or lies beside the settings."""
    if "/" in text:
        return [folder / text]
    handed = os.environ.get("CREDENTIALS_DIRECTORY", "")
    # Within the service the store is closed: what systemd did not hand over is not there.
    if handed:
        return [Path(handed) / text, folder / text]
    return [folder / text, CREDENTIAL_STORE / name_in_store(text, find_units(folder))]


def name_in_store(name: str, units: DeskUnits) -> str:
    """How a credential's file is called: never as another desk's of the same machine."""
    return f"{units.user}{name.removeprefix(USER)}" if name.startswith(f"{USER}.") else name


def _find(text: str, folder: Path) -> Path | None:
    for place in _candidates(text, folder):
        with contextlib.suppress(PermissionError):
            if place.is_file():
                return place
    return None


def _guess(text: str, folder: Path, *, lenient: bool) -> Path | None:
    """Where a file must be that was not seen: in a folder that this user may not search, or with systemd."""
    for place in _candidates(text, folder):
        try:
            place.is_file()
        except PermissionError:
            return place
    return _candidates(text, folder)[-1] if lenient else None


def _explain_missing(text: str, folder: Path) -> str:
    looked = ", ".join(str(place) for place in _candidates(text, folder))
    if "/" in text or not os.environ.get("CREDENTIALS_DIRECTORY"):
        return f"allowed is a file that exists; searched for {looked}"
    units = find_units(folder)
    stored = name_in_store(text, units)
    line = text if stored == text else f"{text}:{stored}"
    return (
        f"systemd passed no credential {text}; put it as {stored} into {CREDENTIAL_STORE}, give the "
        f"unit the line LoadCredential={line} (systemctl edit {units.name()}), and restart; searched for "
        f"{looked}"
    )


def _is_credential(place: Path) -> bool:
    handed = os.environ.get("CREDENTIALS_DIRECTORY", "")
    return bool(handed) and place.is_relative_to(Path(handed).absolute())


def _check_owner(place: Path, said: str, user: str) -> None:
    found = place.stat()
    mode = stat.S_IMODE(found.st_mode)
    remedy = f"pass it as a credential: put it into {CREDENTIAL_STORE}"
    if mode & 0o077:
        raise SettingsError(
            f"{said}: others than its owner have access to this secret (mode {mode:04o}); allowed is mode "
            f"0600: chmod 600 {place}, or {remedy}"
        )
    if found.st_uid not in {0, os.geteuid(), *_find_user(user)}:
        raise SettingsError(
            f"{said}: this secret belongs to user {found.st_uid}, who can change it; allowed are root and "
            f"the service: chown root {place}, or {remedy}"
        )


def _find_user(name: str) -> tuple[int, ...]:
    try:
        return (pwd.getpwnam(name).pw_uid,)
    except KeyError:
        return ()
