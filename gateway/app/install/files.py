"""Creates the files of a new gateway: commented settings, keys and password; never changes existing ones."""

from __future__ import annotations

import grp
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from gateway.app.install import keys
from gateway.app.wiring.files.resources import resource_dir
from gateway.net.host.desk_units import DeskUnits, find_units
from gateway.settings import FILE_NAME, SYSTEM_FOLDER
from gateway.settings.reference import format_toml
from gateway.settings.secret_files import CREDENTIAL_STORE, name_in_store

STATE = Path("/var/lib")
DKIM_KEY, PASSWORD = "gateway.dkim.key", "gateway.smarthost.password"
TLS_CERTIFICATE, TLS_KEY = "gateway.tls.crt", "gateway.tls.key"


class SetupError(Exception):
    """Raised if the files cannot be written; the message says why. Existing files are unchanged."""


@dataclass(frozen=True, slots=True)
class Answers:
    """The operator's answers. `values` are settings by key; `password` is for the smarthost, or empty."""

    values: Mapping[str, object]
    staff: Sequence[tuple[str, str]]
    password: str = field(default="", repr=False)
    sign: bool = True
    certificate: bool = True


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """One file; `existed` if it was there before."""

    path: Path
    what: str
    existed: bool = False


def is_of_system(folder: Path) -> bool:
    """Return whether systemd runs this desk: /etc/gateway, or one of several in /etc/gateway-NAME."""
    return folder == SYSTEM_FOLDER or bool(find_units(folder).desk)


def locate_secret(folder: Path, name: str) -> Path:
    """Return the path of a secret: in the system's store under its desk's name, or beside the settings."""
    return (
        CREDENTIAL_STORE / name_in_store(name, find_units(folder)) if is_of_system(folder) else folder / name
    )


def write_files(folder: Path, answers: Answers, now: datetime) -> tuple[WrittenFile, ...]:
    """Write settings and secrets. Raises SetupError or OSError; the settings come last, to allow a retry."""
    place = folder / FILE_NAME
    if place.exists():
        raise SetupError(f"{place} already exists; edit it, or use a different --config. Nothing was changed")
    units, values = find_units(folder), dict(answers.values)
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    locate_secret(folder, DKIM_KEY).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder != SYSTEM_FOLDER:
        values.setdefault("store.path", str(_locate_database(folder, units)))
    written = [*_write_secrets(folder, answers, values, now)]
    text = fill_settings(
        (resource_dir("config") / FILE_NAME).read_text(encoding="utf-8"), values, answers.staff
    )
    _create(place, text.encode(), 0o640)
    group = _find_group(units)
    for each in (folder, place):
        if group is not None:
            os.chown(each, -1, group)
    return (*written, WrittenFile(place, "the settings, with every key explained"))


def _locate_database(folder: Path, units: DeskUnits) -> Path:
    """Return the database path: where a further desk's unit may write, or beside the settings of a trial."""
    return (STATE / units.user if units.desk else folder) / "gateway.db"


def _find_group(units: DeskUnits) -> int | None:
    """Return the group of the desk's service, if it exists and root runs this; None otherwise."""
    try:
        return grp.getgrnam(units.user).gr_gid if os.geteuid() == 0 else None
    except KeyError:
        return None


def _write_secrets(
    folder: Path, answers: Answers, values: dict[str, object], now: datetime
) -> Iterator[WrittenFile]:
    """Write keys and password, and add each to `values`."""
    if answers.sign:
        values |= {"delivery.dkim_selector": f"gw{now:%Y%m}", "delivery.dkim_key": DKIM_KEY}
        yield _write_secret(
            locate_secret(folder, DKIM_KEY), keys.generate_dkim_key, "the key for signing outgoing mail"
        )
    if answers.certificate:
        values |= {"listen.tls_certificate": TLS_CERTIFICATE, "listen.tls_key": TLS_KEY}
        name = str(values.get("listen.hostname") or values["desk.domain"])
        pair = [locate_secret(folder, each) for each in (TLS_KEY, TLS_CERTIFICATE)]
        if len({each.exists() for each in pair}) > 1:
            folder = pair[0].parent
            raise SetupError(
                f"{folder} contains only one of {pair[0].name} and {pair[1].name}; "
                "add the other or remove this one"
            )
        certificate, key = keys.generate_self_signed_certificate(name, now)
        yield _write_secret(pair[0], lambda: key, "the key for STARTTLS")
        yield _write_secret(pair[1], lambda: certificate, "its self-signed certificate")
    if answers.password:
        values["delivery.password_file"] = PASSWORD
        yield _write_secret(
            locate_secret(folder, PASSWORD), f"{answers.password}\n".encode, "the smarthost's password"
        )


def _write_secret(place: Path, make: Callable[[], bytes], what: str) -> WrittenFile:
    if place.exists():
        return WrittenFile(place, what, existed=True)
    _create(place, make(), 0o600)
    return WrittenFile(place, what)


def _create(place: Path, content: bytes, mode: int) -> None:
    """Create a file with its final mode from the beginning. Raises FileExistsError."""
    handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
    with os.fdopen(handle, "wb") as file:
        os.fchmod(handle, mode)
        file.write(content)
        file.flush()
        os.fsync(handle)


# --- the settings' text -----------------------------------------------------------------------


def fill_settings(example: str, values: Mapping[str, object], staff: Sequence[tuple[str, str]]) -> str:
    """Insert values into the shipped example, keeping its comments. Raises SetupError for an unknown key."""
    left = dict(values)
    table, lines = "", list[str]()
    for line in example.splitlines():
        if found := re.match(r"\[\[?([a-z_]+)\]\]?$", line):
            table = found[1]
        found = re.match(r"#?([a-z_]+) = ", line)
        key = f"{table}.{found[1]}" if found else ""
        lines.append(f"{key.partition('.')[2]} = {format_toml(left.pop(key))}" if key in left else line)
    if left:
        raise SetupError(f"the example has no key {', '.join(left)}")
    return _with_staff("\n".join(lines) + "\n", staff)


def _with_staff(text: str, staff: Sequence[tuple[str, str]]) -> str:
    """Insert one [[staff]] table per person, the first with the comments."""
    before, table, after = re.split(r"(?ms)^(\[\[staff\]\]\n.*?\n)(?=\n)", text, maxsplit=1)
    (address, name), *others = staff
    first = re.sub(r"(?m)^address = .*$", lambda _: f"address = {format_toml(address)}", table)
    first = re.sub(r"(?m)^name = .*$", lambda _: f"name = {format_toml(name)}", first)
    more = "".join(
        f"\n[[staff]]\naddress = {format_toml(each)}\nname = {format_toml(who)}\n" for each, who in others
    )
    return before + first + more + after
