"""Where the fetched test suites lie, and what a test does without them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NoReturn

import pytest

CACHE = Path(__file__).parent / ".cache"
COMMAND = "python3 tests/suites/fetch"


def missing(what: str, command: str = COMMAND) -> NoReturn:
    """Skip with the command that helps, or fail where GATEWAY_SUITES=required says that it must run."""
    text = f"{what} is not here; get it with: {command}"
    if os.environ.get("GATEWAY_SUITES") == "required":
        pytest.fail(text)
    pytest.skip(text)
