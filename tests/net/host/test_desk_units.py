"""What the units of one of several desks are called, and that no message names another desk's."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.net.host.desk_units import FIRST_DESK, DeskUnits, find_units
from gateway.net.host.systemd import unit_memory_max
from tests.support.paths import ROOT

TOWN = DeskUnits("town")
# A message that names a unit in its own words would name the first desk's to every other.
FIXED = re.compile(r"(systemctl [a-z-]+|journalctl -u|--now) gateway|group gateway\b|sudo -u gateway\b")
# Examples of help, which are read before there is a desk.
HELP = {"gateway/cli/run/recovery/backup.py", "gateway/cli/run/store/copying.py"}


@pytest.mark.parametrize(
    ("place", "desk"),
    [
        ("/etc/gateway", ""),
        ("/etc/gateway/gateway.toml", ""),
        ("/var/lib/gateway/gateway.db", ""),
        ("/etc/gateway-town", "town"),
        ("/etc/gateway-town/gateway.toml", "town"),
        ("/var/lib/gateway-town/gateway.db", "town"),
        ("/etc/gateway-a-b/gateway.toml", "a-b"),
        ("/home/me/gateway-town/gateway.toml", ""),
        ("/etc", ""),
        ("gateway.db", ""),
    ],
)
def test_folder_tells_the_desk(place: str, desk: str) -> None:
    assert DeskUnits(desk) == find_units(Path(place))


def test_the_names_are_those_of_the_shipped_units() -> None:
    for file in (ROOT / "systemd").glob("gateway*[a-z].*"):
        if "@" in file.name or file.is_dir():
            continue
        assert file.name == FIRST_DESK.name(file.name) == FIRST_DESK.file(file.name)
        assert (ROOT / "systemd" / TOWN.file(file.name)).is_file()
        assert TOWN.file(file.name).replace("@", "@town") == TOWN.name(file.name)
    assert ("gateway@town", "gateway-town") == (TOWN.name(), TOWN.user)


def test_no_message_names_a_unit_or_user_of_the_first_desk() -> None:
    """They take the name from DeskUnits; `strings` are what the code may print."""
    told = [
        f"{file.relative_to(ROOT)}: {text.strip()[:80]}"
        for file in sorted((ROOT / "gateway").rglob("*.py"))
        for text in strings(ast.parse(file.read_text("utf-8")))
        if FIXED.search(text) and str(file.relative_to(ROOT)) not in HELP
    ]
    assert [] == told


def strings(tree: ast.AST) -> Iterator[str]:
    """All texts of a module but its docstrings; what an f-string puts in stands as {}."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(tree):
        if isinstance(node, documented) and ast.get_docstring(node) is not None:
            node.body = node.body[1:]
    parts: set[ast.expr] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts |= set(node.values)
            yield "".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in parts:
            yield node.value


def test_memory_of_a_further_desk_is_that_of_its_template_and_drop_ins(tmp_path: Path) -> None:
    (tmp_path / "gateway.service").write_text("MemoryMax=1M\n", "utf-8")
    (tmp_path / "gateway@.service").write_text("MemoryMax=2M\n", "utf-8")
    assert 2 * 1024**2 == unit_memory_max((tmp_path,), TOWN)
    for folder, size in (("gateway@.service.d", 3), ("gateway@town.service.d", 4)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"{folder[:9]}.conf").write_text(f"MemoryMax={size}M\n", "utf-8")
        assert size * 1024**2 == unit_memory_max((tmp_path,), TOWN)
    assert 1024**2 == unit_memory_max((tmp_path,))
