"""What a release is made of: locked requirements that fit the project, and files that fit each other."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOCK = (ROOT / "requirements.txt").read_text("utf-8")
WANTED = [
    *PROJECT["dependencies"],
    *PROJECT["optional-dependencies"]["fast"],
    *PROJECT["optional-dependencies"]["invite"],
]


def read_lock(text: str) -> dict[str, tuple[Version, str, list[str]]]:
    """Name to version, marker and hashes of every entry. Raises ValueError for a line of another form."""
    entries = {}
    for entry in filter(None, re.split(r"\n(?=\S)", text.strip())):
        lines = [line.strip().removesuffix("\\").strip() for line in entry.splitlines()]
        found = re.fullmatch(r"([a-z0-9-]+)==([^ ;]+)(?: ; (.+))?", lines[0])
        hashes = [line.removeprefix("--hash=sha256:") for line in lines[1:]]
        if found is None or not hashes or not all(re.fullmatch(r"[0-9a-f]{64}", each) for each in hashes):
            raise ValueError(f"{lines[0]!r} is no locked requirement with hashes")
        if found[1] in entries:
            raise ValueError(f"{found[1]} stands there twice")
        entries[found[1]] = (Version(found[2]), found[3] or "", hashes)
    return entries


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("text", WANTED)
def test_what_the_project_asks_for_is_locked_at_a_version_that_it_allows(text: str) -> None:
    wanted = Requirement(text)
    version, _, _ = read_lock(LOCK)[normal(wanted.name)]
    assert wanted.specifier.contains(version), f"{text}, but {version} is locked: run tools/lock"


def test_nothing_is_locked_at_a_preliminary_version() -> None:
    assert [name for name, (version, _, _) in read_lock(LOCK).items() if version.is_prerelease] == []


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
def test_the_lock_is_the_same_for_every_python_on_linux(python: str) -> None:
    environment = {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "sys_platform": "linux",
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
    }
    left_out = [
        name
        for name, (_, marker, _) in read_lock(LOCK).items()
        if marker and not Marker(marker).evaluate(environment)
    ]
    assert left_out == []


@pytest.mark.parametrize(
    "broken",
    [
        "click==8.3.0\n",
        "click>=8.3 \\\n    --hash=sha256:" + "0" * 64,
        "click==8.3.0 \\\n    --hash=md5:" + "0" * 32,
        "click==8.3.0 \\\n    --hash=sha256:" + "0" * 63,
        "-e .\n",
        "click @ https://example.org/click.whl \\\n    --hash=sha256:" + "0" * 64,
        "--index-url https://example.org/\n",
    ],
)
def test_a_line_without_version_or_hash_is_found(broken: str) -> None:
    with pytest.raises(ValueError, match="no locked requirement"):
        read_lock(broken)


def test_a_package_that_stands_there_twice_is_found() -> None:
    one = "click==8.3.0 \\\n    --hash=sha256:" + "0" * 64
    with pytest.raises(ValueError, match="twice"):
        read_lock(f"{one}\n{one}")


def test_the_units_of_several_desks_are_those_of_one() -> None:
    done = subprocess.run(
        (sys.executable, ROOT / "tools/units", "--check"), capture_output=True, text=True, check=False
    )
    assert (0, "") == (done.returncode, done.stderr)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_the_units_of_a_second_desk_are_what_systemd_takes(tmp_path: Path) -> None:
    templates = sorted((ROOT / "systemd").glob("*@.*"))
    for place in templates:
        text = place.read_text("utf-8").replace("/opt/gateway/bin/gateway", "/bin/true")
        (tmp_path / place.name).write_text(text)
    address = tmp_path / "gateway@town.socket.d"
    address.mkdir()
    (address / "address.conf").write_text("[Socket]\nListenStream=192.0.2.26:25\n")
    units = [place.name.replace("@.", "@town.") for place in templates]
    done = subprocess.run(
        ("systemd-analyze", "verify", "--recursive-errors=no", *units),
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:", "PATH": "/usr/bin:/bin"},
        check=False,
    )
    assert (0, "") == (done.returncode, done.stderr)


@pytest.mark.parametrize("place", sorted((ROOT / "systemd").glob("*@.*")), ids=lambda place: place.name)
def test_no_word_of_the_first_desk_is_left_in_the_units_of_another(place: Path) -> None:
    lines = re.findall(r"(?m)^(?!#|Documentation)[A-Za-z]+=.*gateway.*$", place.read_text("utf-8"))
    said = [line.replace("/opt/gateway/bin/gateway ", "") for line in lines]
    # %d: the folder of the unit's own credentials (systemd.unit(5)).
    assert [line for line in said if "%i" not in line and "%d" not in line] == []


def test_every_unit_of_one_desk_has_its_template() -> None:
    units = {place.name for place in (ROOT / "systemd").iterdir() if place.is_file()}
    alone = {name for name in units if "@" not in name}
    assert {name.replace(".", "@.") for name in alone} == units - alone


INSTRUCTION = re.compile(r"(FROM|RUN|COPY|ENV|USER|VOLUME|EXPOSE|STOPSIGNAL|ENTRYPOINT|CMD) (.+)", re.DOTALL)


def read_containerfile() -> list[tuple[str, str]]:
    text = re.sub(r"(?m)^#.*\n", "", (ROOT / "Containerfile").read_text("utf-8"))
    found = [INSTRUCTION.fullmatch(each) for each in re.split(r"\n(?=[A-Z]+ )", text.strip()) if each.strip()]
    assert None not in found
    return [(each[1], each[2].replace("\\\n", " ").strip()) for each in found if each is not None]


def test_the_container_installs_by_hash_and_does_not_run_as_root() -> None:
    steps = read_containerfile()
    assert ["docker.io/library/debian:12-slim AS build", "docker.io/library/debian:12-slim"] == [
        each for name, each in steps if name == "FROM"
    ]
    runs = [each for name, each in steps if name == "RUN"]
    (install,) = [each for each in runs if "pip install" in each]
    assert "--require-hashes -r /src/requirements.txt" in install
    assert "--no-deps /src" in install
    (user,) = [each for name, each in steps if name == "USER"]
    assert any("useradd --system --uid 1025" in each and user in each for each in runs)
    names = [name for name, _ in steps]
    assert names.index("USER") < names.index("ENTRYPOINT")


def test_the_shell_of_the_container_parses() -> None:
    for name, each in read_containerfile():
        if name == "RUN":
            done = subprocess.run(("sh", "-n"), input=each, text=True, capture_output=True, check=False)
            assert (0, "") == (done.returncode, done.stderr)


def test_the_container_serves_what_the_command_knows() -> None:
    steps = dict(read_containerfile())
    words = [*json.loads(steps["ENTRYPOINT"]), *json.loads(steps["CMD"])]
    assert ["gateway", "serve", "--config", "/etc/gateway"] == words


SCRIPTS = ("deb", "lock", "release", "debian/postinst", "debian/prerm", "debian/postrm")


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_of_the_release_can_be_run_and_parses(name: str) -> None:
    place = ROOT / "tools" / name
    assert place.stat().st_mode & 0o111
    shell = place.read_text("utf-8").splitlines()[0].rpartition("/")[2].split()[-1]
    done = subprocess.run((shell, "-n", place), capture_output=True, text=True, check=False)
    assert (0, "") == (done.returncode, done.stderr)


def test_the_package_stops_every_unit_of_every_desk() -> None:
    """Those that the pages on one desk and on several start, and no unit of anybody else."""
    pages = [(ROOT / page).read_text("utf-8") for page in ("docs/start/debian.md", "docs/install.md")]
    started = {
        unit
        for page in pages
        for line in re.findall(r"systemctl enable --now (.+)", page)
        for unit in line.split()
    }
    assert {"gateway.service", "gateway-doctor@town.timer"} <= started
    stops = re.search(r"-regex '([^']+)'", (ROOT / "tools/debian/prerm").read_text("utf-8"))
    assert stops
    for unit in started:
        assert re.fullmatch(stops[1], f"/etc/systemd/system/x.target.wants/{unit}"), unit
    for other in ("gateway-x.service", "api-gateway.service", "gateway@.service"):
        assert not re.fullmatch(stops[1], f"/etc/systemd/system/x.target.wants/{other}")


def test_the_page_names_every_unit_that_an_installation_starts() -> None:
    installation = (ROOT / "docs/start/debian.md").read_text("utf-8")
    page = (ROOT / "docs/uninstall.md").read_text("utf-8")
    for line in re.findall(r"systemctl enable --now (.+)", installation):
        assert all(unit in page for unit in line.split())
