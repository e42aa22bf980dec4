"""The wheels that the box installs: that of the checkout, and of a release after it."""

from __future__ import annotations

import re
import shutil
import sys
import tomllib
from pathlib import Path

from tests.box.image import run

ROOT = Path(__file__).resolve().parents[2]
_PIP = (sys.executable, "-m", "pip", "-q", "--disable-pip-version-check")
_NEXT = '''"""What a later release might add: a column, a table that a trigger fills, an index."""

ADDITIVE = True
STATEMENTS = (
    "ALTER TABLE mails ADD COLUMN colour TEXT NOT NULL DEFAULT 'none'",
    "CREATE TABLE colours (mail_id INTEGER NOT NULL, colour TEXT NOT NULL) STRICT",
    "CREATE INDEX mails_colour ON mails (colour)",
    "CREATE TRIGGER mails_coloured AFTER INSERT ON mails"
    " BEGIN INSERT INTO colours (mail_id, colour) VALUES (NEW.id, NEW.colour); END",
)
'''


def add_project(bare: Path, checkout: Path) -> None:
    """Put the wheel of a checkout, and those it needs, where pip of the box looks, and in /root."""
    wheels = bare / "srv/wheels"
    locked = checkout / "requirements.txt"
    for old in (bare / "root").glob("intake_gateway-*"):
        old.unlink()
    run(*_PIP, "download", "--require-hashes", "-r", f"{locked}", "-d", f"{wheels}")
    for extra in ("postgres", "console"):
        run(*_PIP, "download", *_find_extra(checkout, extra), "-d", f"{wheels}")
    build_wheel(checkout, bare / "root")
    shutil.copy(locked, bare / "root")


def _find_extra(checkout: Path, name: str) -> list[str]:
    """The requirements of an extra that the lock file leaves out."""
    project = tomllib.loads((checkout / "pyproject.toml").read_text("utf-8"))["project"]
    return list(project["optional-dependencies"][name])


def build_wheel(checkout: Path, folder: Path) -> Path:
    """The wheel of a checkout, in a folder."""
    run(*_PIP, "wheel", "--no-deps", "-w", f"{folder}", f"{checkout}")
    return max(folder.glob("intake_gateway-*.whl"), key=lambda place: place.stat().st_mtime)


def build_next(checkout: Path, folder: Path) -> Path:
    """The wheel of a release after this one: one more step of the schema, which only adds."""
    tree = folder / "next"
    kept = shutil.ignore_patterns(".git", ".venv", "var", "node_modules", ".cache", "tests", "*.egg-info")
    shutil.copytree(checkout, tree, ignore=kept)
    steps = tree / "gateway/store/sqlite/migrations"
    (steps / "v9001_next.py").write_text(_NEXT, "utf-8")
    last = max(place.stem for place in steps.glob("v[0-8]*.py"))
    _change(steps / "__init__.py", rf"(?m)^    {last},$", f"    {last},\n    v9001_next,")
    _change(tree / "pyproject.toml", r'(?m)^version = ".*"', 'version = "99.0.0"')
    return build_wheel(tree, folder)


def _change(place: Path, pattern: str, by: str) -> None:
    place.write_text(re.sub(pattern, by, place.read_text("utf-8")), "utf-8")
