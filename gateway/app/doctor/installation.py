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
from gateway.net.host.desk_units import FIRST_DESK, DeskUnits
from gateway.settings import FILE_NAME, SYSTEM_FOLDER, Settings
from gateway.settings.secret_files import CREDENTIAL_STORE, CREDENTIALS, name_in_store

CHECK = "installation"
UNIT_FOLDERS = ("etc/systemd/system", "run/systemd/system", "usr/lib/systemd/system", "lib/systemd/system")
NEEDED_UNITS = ("gateway.service", "gateway.socket", "gateway-backup.timer", "gateway-doctor.timer")


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
    """The gateways of /etc/gateway and /etc/gateway-NAME have all this; another one is its owner's affair."""
    units = subject.units
    if subject.folder.absolute() != SYSTEM_FOLDER and not units.desk:
        return []
    found = await asyncio.to_thread(lambda: list(find_faults(subject.config, this_machine(), units)))
    return found or [ok(CHECK, "user, owners, modes and units are as they should be")]


def find_faults(config: Settings, machine: Machine, units: DeskUnits = FIRST_DESK) -> Iterator[CheckResult]:
    """What is missing or another's, each with what is wanted. Raises PermissionError."""
    missing = [
        *(["user"] if machine.user_id(units.user) is None else []),
        *(["group"] if machine.group_id(units.user) is None else []),
    ]
    if missing:
        text = f"there is no {' and no '.join(missing)} {units.user}: the service exits with 217/USER"
        to_do = f"systemd-sysusers, after the file sysusers.d/{units.user}.conf was put into /etc/sysusers.d"
        yield error(CHECK, text, to_do)
        return
    for one in list_wanted(config, machine.root, units):
        yield from _check_place(one, machine)
    yield from _check_units(machine.root, units)


def list_wanted(config: Settings, root: Path, units: DeskUnits = FIRST_DESK) -> tuple[Wanted, ...]:
    """Each place that the service needs, with whose it has to be."""
    user, store = units.user, root / CREDENTIAL_STORE.relative_to("/")
    etc = root / SYSTEM_FOLDER.with_name(user).relative_to("/")
    state = root / str(Path(config.store.path).absolute().parent).lstrip("/")
    credentials = [store / name_in_store(one.name, units) for one in CREDENTIALS]
    return (
        Wanted(etc, "root", user, 0o750),
        Wanted(etc / FILE_NAME, "root", user, 0o640),
        # Of a further desk systemd makes it at the first start.
        Wanted(state, user, user, 0o710, needed=not units.desk),
        Wanted(store, "root", "root", 0o700, needed=False),
        *(Wanted(place, "root", "root", 0o600, needed=False) for place in credentials),
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


def _check_units(root: Path, units: DeskUnits) -> Iterator[CheckResult]:
    """The units are there, and are those of this version."""
    shipped = resource_dir("systemd")
    copy = f"install -m 644 {shipped}/gateway* /etc/systemd/system/; systemctl daemon-reload"
    for needed in NEEDED_UNITS:
        name = units.file(needed)
        places = [place for folder in UNIT_FOLDERS if (place := root / folder / name).is_file()]
        if not places:
            yield error(CHECK, f"the unit {name} is not installed", copy)
        elif places[0].read_bytes() != (shipped / name).read_bytes():
            text = f"{places[0]} is not the one of this version; changes of yours belong into a drop-in"
            yield warning(CHECK, text, f"{copy} (systemctl edit {units.name(needed)} for your own lines)")


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
