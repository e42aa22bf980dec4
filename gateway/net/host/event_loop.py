"""The event loop: uvloop where it is installed, else asyncio's own."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end in a loop of its own."""
    try:
        import uvloop  # noqa: PLC0415 - it may be left out
    except ImportError:
        return asyncio.run(work)
    return uvloop.run(work)
