"""Checks what the system's gateway needs: user, group, owners and modes, units. Changes nothing.

The shipped sysusers and tmpfiles configure the same in systemd; this reports what was left out.
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
from gateway.app.wiring.files.resources import resource_dir
from gateway.net.host.desk_units import FIRST_DESK, DeskUnits
from gateway.settings import FILE_NAME, SYSTEM_FOLDER, Settings
from gateway.settings.secret_files import CREDENTIAL_STORE, CREDENTIALS, name_in_store

CHECK = "installation"
UNIT_FOLDERS = ("etc/systemd/system", "run/systemd/system", "usr/lib/systemd/system", "lib/systemd/system")
SOCKET = "gateway.socket"
CONSOLE = "gateway-console.service"
# Units that need a drop-in on PostgreSQL: systemd must not hold the port of a standby; the others need the
# network. The console, if there is one, may reach the database server and nothing else.
NODE_UNITS = (SOCKET, "gateway.service", "gateway-backup.service", "gateway-doctor.service")
NEEDED_UNITS = ("gateway.service", SOCKET, "gateway-backup.timer", "gateway-doctor.timer")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A path with its owner, group and mode; its absence is an error only if it is `needed`."""

    place: Path
    owner: str
    group: str
    mode: int
    needed: bool = True


@dataclass(frozen=True, slots=True)
class Machine:
    """The machine to check: its root folder, and the ids of users and groups (None: does not exist)."""

    root: Path
    user_id: Callable[[str], int | None]
    group_id: Callable[[str], int | None]


def this_machine() -> Machine:
    """Return the machine that this runs on."""
    return Machine(Path("/"), _find_user, _find_group)


async def check_installation(subject: Subject) -> Iterable[CheckResult]:
    """Check the installation in /etc/gateway or /etc/gateway-NAME; others are their owner's business."""
    units = subject.units
    if subject.folder.absolute() != SYSTEM_FOLDER and not units.desk:
        return []
    found = await asyncio.to_thread(lambda: list(find_faults(subject.config, this_machine(), units)))
    return found or [ok(CHECK, "user, owners, modes and units are correct")]


def find_faults(config: Settings, machine: Machine, units: DeskUnits = FIRST_DESK) -> Iterator[CheckResult]:
    """Yield what is missing or wrong, each with what is expected. Raises PermissionError."""
    missing = [
        *(["user"] if machine.user_id(units.user) is None else []),
        *(["group"] if machine.group_id(units.user) is None else []),
    ]
    if missing:
        text = f"there is no {' or '.join(missing)} {units.user}: the service will exit with 217/USER"
        to_do = f"install sysusers.d/{units.user}.conf in /etc/sysusers.d, then run systemd-sysusers"
        yield error(CHECK, text, to_do)
        return
    for one in list_wanted(config, machine.root, units):
        yield from _check_place(one, machine)
    yield from _check_units(machine.root, units)
    if config.store.url:
        yield from _check_drop_ins(machine.root, units, NODE_UNITS)
        if config.console.public_url:
            yield from _check_drop_ins(machine.root, units, [CONSOLE])
            yield from _check_reach(machine.root, units)


def list_wanted(config: Settings, root: Path, units: DeskUnits = FIRST_DESK) -> tuple[Wanted, ...]:
    """Return each path that the service needs, with its owner and mode."""
    user, store = units.user, root / CREDENTIAL_STORE.relative_to("/")
    etc = root / SYSTEM_FOLDER.with_name(user).relative_to("/")
    state = root / str(Path(config.store.path).absolute().parent).lstrip("/")
    credentials = [store / name_in_store(one.name, units) for one in CREDENTIALS]
    # The console's account comes to the files whose names it knows.
    state_mode = 0o711 if config.console.public_url else 0o710
    return (
        Wanted(etc, "root", user, 0o750),
        Wanted(etc / FILE_NAME, "root", user, 0o640),
        # For a further desk, systemd creates it at the first start.
        Wanted(state, user, user, state_mode, needed=not units.desk),
        Wanted(store, "root", "root", 0o700, needed=False),
        *(Wanted(place, "root", "root", 0o600, needed=False) for place in credentials),
    )


def _check_place(wanted: Wanted, machine: Machine) -> Iterator[CheckResult]:
    try:
        found = wanted.place.stat()
    except FileNotFoundError:
        if wanted.needed:
            yield error(CHECK, f"{wanted.place} is missing", f"create it: {_say_wanted(wanted)}")
        return
    except PermissionError:
        return  # other users see less; root sees it
    owner, group = machine.user_id(wanted.owner), machine.group_id(wanted.group)
    mode = stat.S_IMODE(found.st_mode)
    if mode == 0 and wanted.place.is_mount():
        return  # InaccessiblePaths= of our own units hides what is below
    remedy = f"chown {wanted.owner}:{wanted.group} {wanted.place}; chmod {wanted.mode:04o} {wanted.place}"
    if found.st_uid != owner or (found.st_gid != group and wanted.group != "root"):
        other = _name(found.st_uid, found.st_gid)
        text = f"{wanted.place} belongs to {other}; expected {_say_wanted(wanted)}"
        yield error(CHECK, text, remedy)
    elif mode & ~wanted.mode:
        text = f"{wanted.place} has mode {mode:04o}, which is too permissive; expected {_say_wanted(wanted)}"
        yield warning(CHECK, text, remedy)
    elif wanted.mode & ~mode & 0o770:
        text = f"{wanted.place} has mode {mode:04o}; expected {_say_wanted(wanted)}"
        yield error(CHECK, text, remedy)


def _check_units(root: Path, units: DeskUnits) -> Iterator[CheckResult]:
    """Check that the units exist and are those of this version."""
    shipped = resource_dir("systemd")
    copy = f"install -m 644 {shipped}/gateway* /etc/systemd/system/; systemctl daemon-reload"
    for needed in NEEDED_UNITS:
        name = units.file(needed)
        places = [place for folder in UNIT_FOLDERS if (place := root / folder / name).is_file()]
        if not places:
            yield error(CHECK, f"the unit {name} is not installed", copy)
        elif places[0].read_text() != (shipped / name).read_text():
            text = f"{places[0]} differs from the one in this version; move your changes to a drop-in"
            yield warning(CHECK, text, f"{copy} (systemctl edit {units.name(needed)} for your own settings)")


def _check_drop_ins(root: Path, units: DeskUnits, wanted: Iterable[str]) -> Iterator[CheckResult]:
    """Check the drop-ins of a node (docs/guide/machines.md)."""
    for needed in wanted:
        shipped = resource_dir("systemd") / "node" / f"{needed}.conf"
        name = units.name(needed)
        missing = _read_settings(shipped) - _read_drop_ins(root, {name, units.file(needed)})
        if missing:
            place = f"/etc/systemd/system/{name}.d/node.conf"
            text = f"with store.url, {name} needs a drop-in; missing: {', '.join(sorted(missing))}"
            restarted = units.name(CONSOLE if needed == CONSOLE else "gateway.service")
            restart = f"systemctl daemon-reload; systemctl restart {restarted}"
            yield warning(CHECK, text, f"install -D -m 644 {shipped} {place}; {restart}")


def _check_reach(root: Path, units: DeskUnits) -> Iterator[CheckResult]:
    """Check that the console may reach an address: only the operator knows that of the server."""
    name = units.name(CONSOLE)
    found = _read_drop_ins(root, {name, units.file(CONSOLE)})
    if not {"IPAddressAllow", "IPAddressDeny"} & {line.partition("=")[0] for line in found}:
        text = f"with store.url, {name} has no network access: the console cannot read the database"
        to_do = f"systemctl edit {name}: add IPAddressAllow=ADDRESS (the server's) to [Service]; restart it"
        yield warning(CHECK, text, to_do)


def _read_drop_ins(root: Path, names: Iterable[str]) -> set[str]:
    """Return all settings of the drop-ins of a unit, and of its template."""
    folders = [root / folder / f"{name}.d" for folder in UNIT_FOLDERS for name in names]
    return {line for folder in folders for place in folder.glob("*.conf") for line in _read_settings(place)}


def _read_settings(place: Path) -> set[str]:
    """Return the settings of a unit file, without comments and sections."""
    return {line for line in place.read_text().splitlines() if line and line[0] not in "#;["}


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
