"""Runs scripts of tools/ and tests/ in the checkout's environment, whichever Python starts them."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
INSTALL = "python3 -m venv .venv && .venv/bin/pip install -q -e '.[test]'"


def enter() -> None:
    """Restart the script under .venv/bin/python if this Python lacks the project's dependencies."""
    if find_spec("msgspec") is not None:
        return
    python = ROOT / ".venv" / "bin" / "python"
    if not python.exists() or Path(sys.prefix) == python.parents[1]:
        sys.exit(f"{sys.argv[0]}: the project is not installed; in {ROOT} run: {INSTALL}")
    os.execv(python, [str(python), *sys.argv])  # noqa: S606 - our own interpreter, no shell
