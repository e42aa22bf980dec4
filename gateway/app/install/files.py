"""A new gateway's files: the commented settings, keys and password; nothing that exists is ever changed."""

from __future__ import annotations

import grp
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from gateway.app.install import keys
from gateway.app.wiring.resources import resource_dir
from gateway.settings import FILE_NAME, SYSTEM_FOLDER
from gateway.settings.reference import format_toml
from gateway.settings.secret_files import CREDENTIAL_STORE

GROUP = "gateway"
DKIM_KEY, PASSWORD = "gateway.dkim.key", "gateway.smarthost.password"
TLS_CERTIFICATE, TLS_KEY = "gateway.tls.crt", "gateway.tls.key"


class SetupError(Exception):
    """The files cannot be written; the message says why. Nothing that existed was changed."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What the office said. `values` are settings by key; `password` is for the smarthost, or empty."""

    values: Mapping[str, object]
    staff: Sequence[tuple[str, str]]
    password: str = field(default="", repr=False)
    sign: bool = True
    certificate: bool = True


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """One file, and whether it is new; `kept` ones were there before."""

    path: Path
    what: str
    existed: bool = False


def credentials_folder(folder: Path) -> Path:
    """Where secrets go: to the store of the system for the system's gateway, else beside the settings."""
    return CREDENTIAL_STORE if folder == SYSTEM_FOLDER else folder


def write_files(folder: Path, answers: Answers, now: datetime) -> tuple[WrittenFile, ...]:
    """Write settings and secrets. Raises SetupError or OSError; settings come last, so it can be repeated."""
    place = folder / FILE_NAME
    if place.exists():
        raise SetupError(f"{place} exists; edit it, or give another --config. Nothing was changed")
    secrets = credentials_folder(folder)
    for each in (folder, secrets):
        each.mkdir(mode=0o750 if each is folder else 0o700, parents=True, exist_ok=True)
    values = dict(answers.values)
    if folder != SYSTEM_FOLDER:
        values.setdefault("store.path", str(folder / "gateway.db"))
    written = [*_write_secrets(secrets, answers, values, now)]
    text = fill_settings(
        (resource_dir("config") / FILE_NAME).read_text(encoding="utf-8"), values, answers.staff
    )
    _create(place, text.encode(), 0o640)
    if has_group():
        for each in (folder, place):
            os.chown(each, -1, grp.getgrnam(GROUP).gr_gid)
    return (*written, WrittenFile(place, "the settings, every key explained"))


def has_group() -> bool:
    """Whether the service's group is there for root to give files to."""
    try:
        grp.getgrnam(GROUP)
    except KeyError:
        return False
    return os.geteuid() == 0


def _write_secrets(
    folder: Path, answers: Answers, values: dict[str, object], now: datetime
) -> Iterator[WrittenFile]:
    """Keys and password, each named in `values`."""
    if answers.sign:
        values |= {"delivery.dkim_selector": f"gw{now:%Y%m}", "delivery.dkim_key": DKIM_KEY}
        yield _write_secret(folder / DKIM_KEY, keys.generate_dkim_key, "the key that signs letters")
    if answers.certificate:
        values |= {"listen.tls_certificate": TLS_CERTIFICATE, "listen.tls_key": TLS_KEY}
        name = str(values.get("listen.hostname") or values["desk.domain"])
        there = [(folder / each).exists() for each in (TLS_KEY, TLS_CERTIFICATE)]
        if any(there) and not all(there):
            raise SetupError(f"{folder} holds only one of {TLS_KEY} and {TLS_CERTIFICATE}; add or remove")
        certificate, key = keys.generate_self_signed_certificate(name, now)
        yield _write_secret(folder / TLS_KEY, lambda: key, "the key for STARTTLS")
        yield _write_secret(folder / TLS_CERTIFICATE, lambda: certificate, "its self-signed certificate")
    if answers.password:
        values["delivery.password_file"] = PASSWORD
        yield _write_secret(folder / PASSWORD, f"{answers.password}\n".encode, "the smarthost's password")


def _write_secret(place: Path, make: Callable[[], bytes], what: str) -> WrittenFile:
    if place.exists():
        return WrittenFile(place, what, existed=True)
    _create(place, make(), 0o600)
    return WrittenFile(place, what)


def _create(place: Path, content: bytes, mode: int) -> None:
    """A new file with its mode from the first moment on. Raises FileExistsError."""
    handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
    with os.fdopen(handle, "wb") as file:
        os.fchmod(handle, mode)
        file.write(content)
        file.flush()
        os.fsync(handle)


# --- the settings' text -----------------------------------------------------------------------


def fill_settings(example: str, values: Mapping[str, object], staff: Sequence[tuple[str, str]]) -> str:
    """The shipped example with these values, its comments kept. Raises SetupError for a key it lacks."""
    left = dict(values)
    table, lines = "", list[str]()
    for line in example.splitlines():
        if found := re.match(r"\[\[?([a-z_]+)\]\]?$", line):
            table = found[1]
        found = re.match(r"#?([a-z_]+) = ", line)
        key = f"{table}.{found[1]}" if found else ""
        lines.append(f"{key.partition('.')[2]} = {format_toml(left.pop(key))}" if key in left else line)
    if left:
        raise SetupError(f"the example does not know {', '.join(left)}")
    return _with_staff("\n".join(lines) + "\n", staff)


def _with_staff(text: str, staff: Sequence[tuple[str, str]]) -> str:
    """One [[staff]] table a person, the first with the comments."""
    before, table, after = re.split(r"(?ms)^(\[\[staff\]\]\n.*?\n)(?=\n)", text, maxsplit=1)
    (address, name), *others = staff
    first = re.sub(r"(?m)^address = .*$", lambda _: f"address = {format_toml(address)}", table)
    first = re.sub(r"(?m)^name = .*$", lambda _: f"name = {format_toml(name)}", first)
    more = "".join(
        f"\n[[staff]]\naddress = {format_toml(each)}\nname = {format_toml(who)}\n" for each, who in others
    )
    return before + first + more + after
