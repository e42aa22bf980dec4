"""Files of the fetched test suites, and what a test does without them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NoReturn

import pytest

CACHE = Path(__file__).parent / ".cache"
COMMAND = "python3 tests/suites/fetch"


def read(name: str, suite: str) -> bytes:
    """One file of a suite; without it the test is skipped."""
    path = CACHE / name
    if not path.exists():
        missing(suite)
    return path.read_bytes()


def missing(what: str, command: str = COMMAND) -> NoReturn:
    """Skip with the command that helps, or fail where GATEWAY_SUITES=required says that it must run."""
    text = f"{what} is not here; get it with: {command}"
    if os.environ.get("GATEWAY_SUITES") == "required":
        pytest.fail(text)
    pytest.skip(text)
