"""The event loop: uvloop if it is installed, otherwise asyncio's own."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to completion in a new event loop."""
    try:
        import uvloop  # noqa: PLC0415 - it may be left out
    except ImportError:
        return asyncio.run(work)
    return uvloop.run(work)
