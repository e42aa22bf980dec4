"""Files that the settings refer to: where they are searched for, and who may read secrets.

Secrets reach the service as files that only it can read (systemd.exec(5), section Credentials). It reads them
at startup. No command needs a secret, only the running gateway.
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
    """A credential that the unit requests from systemd, the usual key for it, and its use.

    Those without a key are reserved for later releases, so that a unit of today works with them.
    """

    name: str
    key: str
    reader: str


# The complete list: the unit's LoadCredential= lines and the table in docs/operate/index.md must match it.
CREDENTIALS = (
    Credential("gateway.dkim.key", "delivery.dkim_key", "signing outgoing mail, at startup"),
    Credential("gateway.dkim2.key", "delivery.dkim_second_key", "signing outgoing mail, at startup"),
    Credential("gateway.tls.crt", "listen.tls_certificate", "STARTTLS, at startup"),
    Credential("gateway.tls.key", "listen.tls_key", "STARTTLS, at startup"),
    Credential("gateway.smarthost.password", "delivery.password_file", "outgoing mail, at startup"),
    Credential("gateway.webhook.secret", "invitation.webhook_secret_file", "invitations, at startup"),
    Credential("gateway.slack.token", "invitation.slack_token_file", "invitations, at startup"),
    Credential("gateway.store.password", "store.password_file", "the database server, at startup"),
    Credential(
        "gateway.console.secret", "console.proxy_secret_file", "console sign-in through a proxy, at startup"
    ),
    Credential(
        "gateway.openid.secret",
        "console.openid_secret_file",
        "console sign-in through an OpenID provider, at startup",
    ),
)
SECRET_KEYS = (
    "listen.tls_key",
    "delivery.dkim_key",
    "delivery.dkim_second_key",
    "delivery.password_file",
    "invitation.webhook_secret_file",
    "invitation.slack_token_file",
    "store.password_file",
    "console.proxy_secret_file",
    "console.openid_secret_file",
)
# Keys of all credentials, secret or not: only the service needs them.
SERVICE_KEYS = (*SECRET_KEYS, "listen.tls_certificate")
# Keys of files that only the console reads, under its own user.
CONSOLE_KEYS = ("store.reader_password_file",)
FILE_KEYS = (*SERVICE_KEYS, *CONSOLE_KEYS, "delivery.ca_file", "desk.rules_file")


def get_key(settings: Settings, key: str) -> str:
    """Return the value of a key such as `listen.tls_key`."""
    section, _, name = key.partition(".")
    return str(getattr(getattr(settings, section), name))


def set_key(settings: Settings, key: str, text: str) -> Settings:
    """Return the settings with another value for a key."""
    section, _, name = key.partition(".")
    changed = msgspec.structs.replace(getattr(settings, section), **{name: text})
    return msgspec.structs.replace(settings, **{section: changed})


def resolve_files(settings: Settings, source: str, *, serving: bool = True) -> Settings:
    """Return the settings with absolute paths for all files. Raises SettingsError if one is missing.

    Without `serving`, a file that only the service needs may be missing, and one that only the console needs
    may always be; its path is then where systemd has it.
    """
    for key in FILE_KEYS:
        if text := get_key(settings, key):
            said = f"{source}: {key} = {text!r}"
            lenient = key in CONSOLE_KEYS or (not serving and key in SERVICE_KEYS)
            place = _find(text, Path(source).parent) or _guess(text, Path(source).parent, lenient=lenient)
            if place is None:
                raise SettingsError(f"{said}: {_explain_missing(text, Path(source).parent)}")
            settings = set_key(settings, key, str(place.absolute()))
    return settings


def check_secrets(settings: Settings, source: str) -> None:
    """Reject secrets owned or readable by others than root or the service. Raises SettingsError."""
    units = find_units(Path(source))
    for key in (*SECRET_KEYS, *CONSOLE_KEYS):
        text = get_key(settings, key)
        if text and not _is_credential(Path(text)):
            # A file that this user may not access is skipped; the service, which reads it, reports other
            # problems.
            with contextlib.suppress(OSError):
                user = units.console_user if key in CONSOLE_KEYS else units.user
                _check_owner(Path(text), f"{source}: {key} = {text!r}", user)


def list_unreadable(settings: Settings) -> tuple[str, ...]:
    """Return the keys of files that only the service can read, or of credentials that only systemd has."""
    named = [(key, get_key(settings, key)) for key in SERVICE_KEYS]
    return tuple(key for key, text in named if text and not os.access(text, os.R_OK))


def without_files(settings: Settings, keys: tuple[str, ...]) -> Settings:
    """Return the settings without these files and everything that needs them, for a check."""
    if any(key.startswith("listen.tls") for key in keys):
        keys = (*keys, "listen.tls_certificate", "listen.tls_key")
    for key in keys:
        settings = set_key(settings, key, "")
    if any(key.startswith("invitation.") for key in keys):
        settings = set_key(settings, "invitation.sender", "mail")
    if any(key.startswith("console.") for key in keys):
        settings = set_key(settings, "console.login", "code")
    return settings


def is_missing(place: Path) -> bool:
    """Return whether a file is missing, also among the encrypted credentials, as far as this user can see."""
    try:
        return not place.is_file() and not (ENCRYPTED_STORE / place.name).is_file()
    except PermissionError:
        return False


def changed_since(settings: Settings, started_at: float, units: DeskUnits = FIRST_DESK) -> list[str]:
    """Return the credentials whose files were changed after `started_at` (Unix time).

    File names begin with the user of `units`. The service has copies that systemd passed at startup. Never
    raises: a file that may not be accessed is skipped.
    """
    named = [Path(text).name for key in SERVICE_KEYS if (text := get_key(settings, key))]
    names = {name_in_store(one, units) for one in named if one.startswith(f"{USER}.") or not units.desk}
    found = set()
    for folder in (CREDENTIAL_STORE, ENCRYPTED_STORE):
        for name in names:
            with contextlib.suppress(OSError):
                # ctime also detects a copy that keeps the modification time of its original.
                if (folder / name).stat().st_ctime > started_at:
                    found.add(name)
    return sorted(found)


def _candidates(text: str, folder: Path) -> list[Path]:
    """Return where a file is searched for: a bare name is a credential, or next to the settings."""
    if "/" in text:
        return [folder / text]
    handed = os.environ.get("CREDENTIALS_DIRECTORY", "")
    # The service cannot access the store: a credential that systemd did not pass is missing.
    if handed:
        return [Path(handed) / text, folder / text]
    return [folder / text, CREDENTIAL_STORE / name_in_store(text, find_units(folder))]


def name_in_store(name: str, units: DeskUnits) -> str:
    """Return the file name of a credential; it never equals that of another desk on the same machine."""
    return f"{units.user}{name.removeprefix(USER)}" if name.startswith(f"{USER}.") else name


def _find(text: str, folder: Path) -> Path | None:
    for place in _candidates(text, folder):
        with contextlib.suppress(PermissionError):
            if place.is_file():
                return place
    return None


def _guess(text: str, folder: Path, *, lenient: bool) -> Path | None:
    """Return the path of an unseen file: in a folder that this user may not search, or with systemd."""
    for place in _candidates(text, folder):
        try:
            place.is_file()
        except PermissionError:
            return place
    return _candidates(text, folder)[-1] if lenient else None


def _explain_missing(text: str, folder: Path) -> str:
    looked = ", ".join(str(place) for place in _candidates(text, folder))
    if "/" in text or not os.environ.get("CREDENTIALS_DIRECTORY"):
        return f"file not found; searched {looked}"
    units = find_units(folder)
    stored = name_in_store(text, units)
    line = text if stored == text else f"{text}:{stored}"
    return (
        f"systemd passed no credential {text}; save it as {stored} in {CREDENTIAL_STORE}, add to the unit "
        f"LoadCredential={line} (systemctl edit {units.name()}), and restart; searched {looked}"
    )


def _is_credential(place: Path) -> bool:
    handed = os.environ.get("CREDENTIALS_DIRECTORY", "")
    return bool(handed) and place.is_relative_to(Path(handed).absolute())


def _check_owner(place: Path, said: str, user: str) -> None:
    found = place.stat()
    mode = stat.S_IMODE(found.st_mode)
    remedy = f"pass it as a credential: save it in {CREDENTIAL_STORE}"
    if mode & 0o077:
        raise SettingsError(
            f"{said}: other users have access to this secret (mode {mode:04o}); expected mode "
            f"0600: chmod 600 {place}, or {remedy}"
        )
    if found.st_uid not in {0, os.geteuid(), *_find_user(user)}:
        raise SettingsError(
            f"{said}: this secret is owned by user {found.st_uid}, who can change it; expected root or "
            f"the service: chown root {place}, or {remedy}"
        )


def _find_user(name: str) -> tuple[int, ...]:
    try:
        return (pwd.getpwnam(name).pw_uid,)
    except KeyError:
        return ()
