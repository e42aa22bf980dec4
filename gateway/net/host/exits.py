"""How a process ends: waiting for it, and words for the log."""

from __future__ import annotations

import asyncio
import contextlib
import signal

LAST_MOMENTS_S = 5.0


def describe_exit(code: int) -> str:
    """Return how a process ended, by its exit code as `subprocess` returns it."""
    if code >= 0:
        return f"exited with status {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:  # a real-time signal has no name
        return f"killed by signal {-code}"


async def wait_for_exit(process: asyncio.subprocess.Process) -> int:
    """Return the exit code of a process that should be exiting; kill it if it does not do so soon."""
    try:
        async with asyncio.timeout(LAST_MOMENTS_S):
            return await process.wait()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        return await process.wait()
