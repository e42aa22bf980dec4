"""What a release is made of: locked requirements that fit the project, and files that fit each other."""

import re
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
