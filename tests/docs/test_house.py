"""The order of the house: how long a file is, how much a room holds, and whether what is named exists."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.paths import ROOT, TESTS

MAX_LINES = 300
MAX_ENTRIES = 9
GATEWAY = ROOT / "gateway"
# Rooms that hold more, and why.
LARGER = {
    "gateway": "the layers of .importlinter, one below the other",
    "gateway/store": "two engines, and what both share: each room is a subject of its own",
    "gateway/store/sqlite/migrations": "a numbered list that only grows",
}
FOLDERS = ("gateway", "tests", "tools", "docs", ".ci")
_IMPORT = re.compile(r"\bfrom (gateway[a-z_.]*) import (\w+(?:, \w+)*)(?: +#.*)?$", re.MULTILINE)
_FILE = re.compile(
    r"`(?:gateway/)?((?:admission|app|auth|cli|console|inbound|net|printing|store)/[a-z0-9_/]+\.py)`"
)


def modules() -> Iterator[Path]:
    yield from sorted(GATEWAY.rglob("*.py"))


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def entries(folder: Path) -> list[str]:
    """The modules and rooms of a room, without its own `__init__`."""
    rooms = [each.name for each in folder.iterdir() if each.is_dir() and any(each.glob("*.py"))]
    return sorted([*rooms, *(each.stem for each in folder.glob("*.py") if not each.stem.startswith("__"))])


def texts() -> Iterator[tuple[str, str]]:
    """Every text of the checkout that can name a file or an import: also scripts, and code within strings."""
    for path in sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*")):
        if path.suffix in {".py", ".md", ""} and path.is_file() and "node_modules" not in path.parts:
            yield place(path), path.read_text(encoding="utf-8", errors="replace")


def test_a_file_has_at_most_three_hundred_lines() -> None:
    lengths = {place(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert {} == {name: length for name, length in lengths.items() if length > MAX_LINES}


def test_a_room_holds_at_most_nine_modules_and_rooms() -> None:
    rooms = {path.parent for path in modules()}
    counts = {place(room): len(entries(room)) for room in rooms}
    assert LARGER.keys() == {name for name, count in counts.items() if count > MAX_ENTRIES}


@pytest.mark.parametrize(
    "text",
    [
        "from gateway.store.nowhere import rows",
        "from gateway.store import nowhere",
        "RUN = '''\nfrom gateway.mail.address import Address, Nobody\n'''",
    ],
)
def test_an_import_of_what_is_not_there_is_found(text: str) -> None:
    assert [] != list(find_dangling(text))


@pytest.mark.parametrize(
    "text", ["from gateway.mail.address import Address", "from gateway.mail import address"]
)
def test_an_import_of_a_name_or_a_module_is_none(text: str) -> None:
    assert [] == list(find_dangling(text))


def find_dangling(text: str) -> Iterator[str]:
    for found in _IMPORT.finditer(text):
        for name in found[2].split(", "):
            if not is_there(found[1], name):
                yield f"{found[1]}.{name}"


def is_there(module: str, name: str) -> bool:
    try:
        if hasattr(importlib.import_module(module), name):
            return True
        importlib.import_module(f"{module}.{name}")
    except ModuleNotFoundError as error:
        # Only a module of ours is missing; one of an extra may be.
        return not (error.name or "").startswith("gateway")
    return True


def test_every_import_of_the_gateway_is_there() -> None:
    """Also in scripts that no test collects, and in code that a test gives to another process."""
    dangling = {
        name: list(find_dangling(text)) for name, text in texts() if not name.endswith("test_house.py")
    }
    assert {} == {name: found for name, found in dangling.items() if found}


def test_every_file_that_a_text_names_is_there() -> None:
    """Pages name files below gateway/ and below tests/."""
    named = {name: _FILE.findall(text) for name, text in texts() if "changelog" not in name}
    missing = {name: [one for one in found if not is_file(one)] for name, found in named.items()}
    assert {} == {name: found for name, found in missing.items() if found}


def is_file(name: str) -> bool:
    return any((folder / name).is_file() for folder in (GATEWAY, TESTS))
