"""User, group, owners, modes and units of the system's gateway: each fault names what is wanted."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway import settings
from gateway.app.doctor import installation
from gateway.app.doctor.check import CheckResult
from gateway.app.doctor.installation import Machine
from gateway.app.wiring.files.resources import resource_dir
from gateway.net.host.desk_units import FIRST_DESK, DeskUnits
from gateway.settings import Settings
from tests.support.paths import ROOT

ME, MINE = os.getuid(), os.getgid()
CONFIG = settings.parse(
    b'desk.domain = "gw.example.go.jp"\nstaff = [{address = "a@example.go.jp", name = "a"}]\n'
    b'invitation.join_link = "https://join.example/x"\n',
    "gateway.toml",
)


def installed(root: Path, desk: DeskUnits = FIRST_DESK) -> Machine:
    """A machine on which all is well, as far as one user can make it: root and gateway are this user."""
    machine = Machine(root, lambda _: ME, lambda _: MINE)
    for one in installation.list_wanted(CONFIG, root, desk):
        if one.mode & 0o100:
            one.place.mkdir(parents=True, exist_ok=True)
        else:
            one.place.parent.mkdir(parents=True, exist_ok=True)
            one.place.touch()
        one.place.chmod(one.mode)
    units = root / installation.UNIT_FOLDERS[0]
    units.mkdir(parents=True)
    for name in map(desk.file, installation.NEEDED_UNITS):
        shutil.copy(resource_dir("systemd") / name, units / name)
    return machine


def faults(machine: Machine, config: Settings = CONFIG) -> list[CheckResult]:
    return list(installation.find_faults(config, machine))


def test_a_machine_that_was_set_up_as_the_readme_says_has_no_fault(tmp_path: Path) -> None:
    assert [] == faults(installed(tmp_path))


ON_POSTGRES = msgspec.structs.replace(
    CONFIG, store=msgspec.structs.replace(CONFIG.store, url="postgresql://gateway@db.example/desk")
)
WITH_CONSOLE = msgspec.structs.replace(
    ON_POSTGRES, console=msgspec.structs.replace(CONFIG.console, public_url="https://desk.example.go.jp")
)


@pytest.mark.parametrize("desk", [FIRST_DESK, DeskUnits("town")])
def test_a_node_has_the_drop_ins_that_the_commands_of_the_guide_install(
    tmp_path: Path, desk: DeskUnits
) -> None:
    """The units stay as shipped. What is missing is named, and the doctor's own commands heal it too."""
    config, machine = ON_POSTGRES, installed(tmp_path, desk)
    told = list(installation.find_faults(config, machine, desk))
    assert [desk.name(unit) for unit in installation.NODE_UNITS] == [one.text.split()[2] for one in told]
    assert "ConditionPathExists=!/" in told[0].text
    assert "AmbientCapabilities=CAP_NET_BIND_SERVICE" in told[1].text
    remedies = [re.match(r"(install .*?);", one.to_do) for one in told]
    for commands in (list_commands_of_the_guide(desk), [one[1] for one in remedies if one]):
        for command in commands:
            subprocess.run(["sh", "-ec", command.replace("/etc/", f"{tmp_path}/etc/")], check=True)
        assert [] == list(installation.find_faults(config, machine, desk))
        for unit in installation.NODE_UNITS:
            shutil.rmtree(tmp_path / installation.UNIT_FOLDERS[0] / f"{desk.name(unit)}.d")
        assert told == list(installation.find_faults(config, machine, desk))


@pytest.mark.parametrize(("config", "most"), [(CONFIG, 0o710), (WITH_CONSOLE, 0o711)])
@pytest.mark.parametrize("mode", [0o710, 0o711, 0o715])
def test_with_a_console_its_account_may_pass_the_folder_of_the_database(
    tmp_path: Path, config: Settings, most: int, mode: int
) -> None:
    """As its drop-in for the service says (StateDirectoryMode=)."""
    machine = installed(tmp_path)
    (tmp_path / "var/lib/gateway").chmod(mode)
    found = [one.text for one in faults(machine, config) if "var/lib/gateway has mode" in one.text]
    assert bool(found) is (mode & ~most != 0), found
    drop_in = (resource_dir("systemd") / "console" / "gateway.service.conf").read_text(encoding="utf-8")
    assert "StateDirectoryMode=0711\n" in drop_in


@pytest.mark.parametrize("desk", [FIRST_DESK, DeskUnits("town")])
def test_the_console_of_a_node_may_reach_the_server_and_nothing_else(tmp_path: Path, desk: DeskUnits) -> None:
    """The drop-in opens the network, and the address of the server is the operator's to name."""
    name, machine = desk.name(installation.CONSOLE), installed(tmp_path, desk)
    for command in list_commands_of_the_guide(desk):
        subprocess.run(["sh", "-ec", command.replace("/etc/", f"{tmp_path}/etc/")], check=True)
    assert [] == list(installation.find_faults(ON_POSTGRES, machine, desk))
    told = list(installation.find_faults(WITH_CONSOLE, machine, desk))
    assert [f"{name} needs a drop-in", f"{name} has no network access"] == [
        re.sub(r"with store.url, (.*?)[;:] .*", r"\1", one.text) for one in told
    ]
    assert all(f"restart {name}" in one.to_do or f"systemctl edit {name}" in one.to_do for one in told)
    for command in list_commands_of_the_guide(desk, of_console=True):
        subprocess.run(["sh", "-ec", command.replace("/etc/", f"{tmp_path}/etc/")], check=True)
    assert [] == list(installation.find_faults(WITH_CONSOLE, machine, desk))


@pytest.mark.parametrize("name", ["gateway.socket", "gateway@.socket"])
def test_the_socket_of_a_node_has_an_address(name: str) -> None:
    # systemd refuses a socket unit without one, and with it the service that requires it.
    shipped = resource_dir("systemd")
    lines = (shipped / name).read_text() + (shipped / "node/gateway.socket.conf").read_text()
    assert any(line.startswith("ListenStream=") for line in lines.splitlines())


def list_commands_of_the_guide(desk: DeskUnits, *, of_console: bool = False) -> list[str]:
    """The lines that install the drop-ins, for a desk, with the files of this checkout."""
    guide = (ROOT / "docs" / "guide" / "machines.md").read_text(encoding="utf-8")
    lines = re.findall(
        r"^ *((?:install -Dm 644 \$share/systemd/node/|printf ).*/etc/systemd/system/.*)$",
        guide,
        re.MULTILINE,
    )
    lines = [line for line in lines if ("gateway-console" in line) is of_console]
    assert lines if of_console else len(installation.NODE_UNITS) == len(lines)

    def name(at: re.Match[str]) -> str:
        return f"/{desk.name(at[1])}.d/"

    named = [re.sub(r"/(gateway[-\w]*\.\w+)\.d/", name, line) for line in lines]
    return [line.replace("$share/systemd", str(resource_dir("systemd"))) for line in named]


@pytest.mark.parametrize(
    ("lacks", "says"),
    [("user", "no user gateway"), ("group", "no group gateway"), ("both", "no user or group gateway")],
)
def test_without_user_or_group_nothing_else_is_said(tmp_path: Path, lacks: str, says: str) -> None:
    """What systemd says is 217/USER, and nothing more."""
    machine = installed(tmp_path)
    if lacks != "group":
        machine = replace(machine, user_id=lambda _: None)
    if lacks != "user":
        machine = replace(machine, group_id=lambda _: None)
    (found,) = faults(machine)
    assert says in found.text
    assert "217/USER" in found.text
    assert "systemd-sysusers" in found.to_do


@pytest.mark.parametrize(
    ("place", "change", "says"),
    [
        ("etc/gateway/gateway.toml", lambda at: at.unlink(), "is missing"),
        ("etc/gateway/gateway.toml", lambda at: at.chmod(0o644), "mode 0644"),
        ("etc/gateway/gateway.toml", lambda at: at.chmod(0o600), "mode 0600"),
        ("etc/gateway", lambda at: at.chmod(0o700), "mode 0700"),
        ("var/lib/gateway", lambda at: at.chmod(0o755), "mode 0755"),
        ("etc/credstore/gateway.dkim.key", lambda at: at.chmod(0o640), "mode 0640"),
        ("etc/systemd/system/gateway.socket", lambda at: at.unlink(), "not installed"),
        ("etc/systemd/system/gateway.service", lambda at: at.write_text("[Unit]\n"), "differs from the one"),
    ],
)
def test_each_fault_says_what_is_wanted(
    tmp_path: Path, place: str, change: Callable[[Path], None], says: str
) -> None:
    machine = installed(tmp_path)
    change(tmp_path / place)
    (found,) = faults(machine)
    assert says in found.text
    assert place.rpartition("/")[2] in found.text
    assert found.to_do
    if "mode" in says:
        assert "expected owner " in found.text
        assert "mode 0" in found.text.partition("expected")[2]


def test_a_further_desk_is_looked_at_under_its_own_names(tmp_path: Path) -> None:
    town = DeskUnits("town")
    machine = installed(tmp_path, town)
    assert [] == list(installation.find_faults(CONFIG, machine, town))
    (tmp_path / "etc/gateway-town/gateway.toml").chmod(0o644)
    (tmp_path / "etc/credstore/gateway-town.tls.key").chmod(0o644)
    (tmp_path / installation.UNIT_FOLDERS[0] / "gateway@.socket").unlink()
    found = list(installation.find_faults(CONFIG, machine, town))
    assert 3 == len(found)
    assert all("gateway-town" in one.text or "gateway@" in one.text for one in found)
    (nobody,) = installation.find_faults(CONFIG, replace(machine, user_id=lambda _: None), town)
    assert "no user gateway-town" in nobody.text
    assert "sysusers.d/gateway-town.conf" in nobody.to_do


def test_a_credential_that_is_not_there_is_no_fault(tmp_path: Path) -> None:
    machine = installed(tmp_path)
    shutil.rmtree(tmp_path / "etc" / "credstore")
    assert [] == faults(machine)


@given(number=st.integers(0, 20), mode=st.integers(0, 0o777))
def test_a_remedy_that_is_followed_heals(
    tmp_path_factory: pytest.TempPathFactory, number: int, mode: int
) -> None:
    """Whatever the mode of a place is: with the mode that the message wants, nothing is said of it."""
    root = tmp_path_factory.mktemp("root")
    machine = installed(root)
    places = installation.list_wanted(CONFIG, root)
    wanted = places[number % len(places)]
    wanted.place.chmod(mode | (0o700 if wanted.mode & 0o100 else 0))
    for one in faults(machine):
        assert f"chmod {wanted.mode:04o} {wanted.place}" in one.to_do
    wanted.place.chmod(wanted.mode)
    assert [] == faults(machine)


@pytest.mark.parametrize(("mounted", "says"), [(True, []), (False, ["mode 0000"])])
def test_a_place_that_the_unit_of_the_doctor_shuts_off_is_no_fault(
    mounted: bool, says: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """systemd mounts a folder that nobody may enter over each of `InaccessiblePaths=`."""
    machine = installed(tmp_path)
    (tmp_path / "etc/credstore").chmod(0)
    monkeypatch.setattr(Path, "is_mount", lambda _self: mounted)
    found = [one.text for one in faults(machine) if "/etc/credstore " in one.text]
    (tmp_path / "etc/credstore").chmod(0o700)
    assert len(says) == len(found)
    assert all(word in text for word, text in zip(says, found, strict=True))


def test_another_owner_is_named(tmp_path: Path) -> None:
    machine = replace(installed(tmp_path), user_id=lambda name: ME if name == "root" else ME + 1)
    (found,) = faults(machine)
    assert "var/lib/gateway belongs to " in found.text
    assert "expected owner gateway, group gateway, mode 0710" in found.text
