"""What the system's gateway needs of the machine: user, group, owners and modes, units. Read, never changed.

The shipped sysusers and tmpfiles say the same to systemd; here it is said where one of them was left out.
"""

from __future__ import annotations

import asyncio
import grp
import pwd
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gateway.app.doctor.check import CheckResult, Subject, error, ok, warning
from gateway.app.wiring.resources import resource_dir
from gateway.settings import FILE_NAME, SYSTEM_FOLDER, Settings
from gateway.settings.secret_files import CREDENTIAL_STORE, CREDENTIALS, SERVICE_USER

CHECK = "installation"
UNIT_FOLDERS = ("etc/systemd/system", "run/systemd/system", "usr/lib/systemd/system", "lib/systemd/system")
NEEDED_UNITS = ("gateway.service", "gateway.socket", "gateway-backup.timer", "gateway-doctor.timer")
USERS = "systemd-sysusers, after the file sysusers.d/gateway.conf was put into /etc/sysusers.d"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A place with its owner, group and mode; what is missing is a fault only where it is `needed`."""

    place: Path
    owner: str
    group: str
    mode: int
    needed: bool = True


@dataclass(frozen=True, slots=True)
class Machine:
    """What is looked at: the folder that is `/`, and what numbers user and group have (None: none)."""

    root: Path
    user_id: Callable[[str], int | None]
    group_id: Callable[[str], int | None]


def this_machine() -> Machine:
    """The machine that this runs on."""
    return Machine(Path("/"), _find_user, _find_group)


async def check_installation(subject: Subject) -> Iterable[CheckResult]:
    """Only the gateway of /etc/gateway has all this; another one is its owner's affair."""
    if subject.folder != SYSTEM_FOLDER:
        return []
    found = await asyncio.to_thread(lambda: list(find_faults(subject.config, this_machine())))
    return found or [ok(CHECK, "user, owners, modes and units are as they should be")]


def find_faults(config: Settings, machine: Machine) -> Iterator[CheckResult]:
    """What is missing or another's, each with what is wanted. Raises PermissionError."""
    missing = [
        *(["user"] if machine.user_id(SERVICE_USER) is None else []),
        *(["group"] if machine.group_id(SERVICE_USER) is None else []),
    ]
    if missing:
        text = f"there is no {' and no '.join(missing)} {SERVICE_USER}: the service ends with 217/USER"
        yield error(CHECK, text, USERS)
        return
    for one in list_wanted(config, machine.root):
        yield from _check_place(one, machine)
    yield from _check_units(machine.root)


def list_wanted(config: Settings, root: Path) -> tuple[Wanted, ...]:
    """Each place that the service needs, with whose it has to be."""
    etc, store = root / SYSTEM_FOLDER.relative_to("/"), root / CREDENTIAL_STORE.relative_to("/")
    state = root / str(Path(config.store.path).absolute().parent).lstrip("/")
    return (
        Wanted(etc, "root", SERVICE_USER, 0o750),
        Wanted(etc / FILE_NAME, "root", SERVICE_USER, 0o640),
        Wanted(state, SERVICE_USER, SERVICE_USER, 0o710),
        Wanted(store, "root", "root", 0o700, needed=False),
        *(Wanted(store / one.name, "root", "root", 0o600, needed=False) for one in CREDENTIALS),
    )


def _check_place(wanted: Wanted, machine: Machine) -> Iterator[CheckResult]:
    try:
        found = wanted.place.stat()
    except FileNotFoundError:
        if wanted.needed:
            yield error(CHECK, f"{wanted.place} is missing", f"make it: {_say_wanted(wanted)}")
        return
    except PermissionError:
        return  # as another user one sees less; root sees it
    owner, group = machine.user_id(wanted.owner), machine.group_id(wanted.group)
    mode = stat.S_IMODE(found.st_mode)
    if mode == 0 and wanted.place.is_mount():
        return  # InaccessiblePaths= of our own units: nobody sees from there what lies below
    remedy = f"chown {wanted.owner}:{wanted.group} {wanted.place}; chmod {wanted.mode:04o} {wanted.place}"
    if found.st_uid != owner or (found.st_gid != group and wanted.group != "root"):
        other = _name(found.st_uid, found.st_gid)
        text = f"{wanted.place} belongs to {other}; wanted is {_say_wanted(wanted)}"
        yield error(CHECK, text, remedy)
    elif mode & ~wanted.mode:
        text = f"{wanted.place} has mode {mode:04o}, others may do too much; wanted is {_say_wanted(wanted)}"
        yield warning(CHECK, text, remedy)
    elif wanted.mode & ~mode & 0o770:
        text = f"{wanted.place} has mode {mode:04o}; wanted is {_say_wanted(wanted)}"
        yield error(CHECK, text, remedy)


def _check_units(root: Path) -> Iterator[CheckResult]:
    """The units are there, and are those of this version."""
    shipped = resource_dir("systemd")
    copy = f"install -m 644 {shipped}/gateway* /etc/systemd/system/; systemctl daemon-reload"
    for name in NEEDED_UNITS:
        places = [place for folder in UNIT_FOLDERS if (place := root / folder / name).is_file()]
        if not places:
            yield error(CHECK, f"the unit {name} is not installed", copy)
        elif places[0].read_bytes() != (shipped / name).read_bytes():
            text = f"{places[0]} is not the one of this version; changes of yours belong into a drop-in"
            yield warning(CHECK, text, f"{copy} (systemctl edit {name} for your own lines)")


def _say_wanted(wanted: Wanted) -> str:
    return f"owner {wanted.owner}, group {wanted.group}, mode {wanted.mode:04o}"


def _name(uid: int, gid: int) -> str:
    try:
        return f"{pwd.getpwuid(uid).pw_name}:{grp.getgrgid(gid).gr_name}"
    except KeyError:
        return f"{uid}:{gid}"


def _find_user(name: str) -> int | None:
    try:
        return pwd.getpwnam(name).pw_uid
    except KeyError:
        return None


def _find_group(name: str) -> int | None:
    try:
        return grp.getgrnam(name).gr_gid
    except KeyError:
        return None
