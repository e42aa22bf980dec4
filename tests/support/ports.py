"""Ports of loopback: one that is free, and waiting until something listens."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable
from pathlib import Path

PATIENCE_S = 60.0
PAUSE_S = 0.01


def free_port() -> int:
    """A port of loopback that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as sock:
        port: int = sock.getsockname()[1]
    return port


def wait_for_port(port: int) -> None:
    """Block until something listens on a port of loopback. Raises TimeoutError."""
    _wait_for(f"port {port}", lambda: _is_listening(socket.AF_INET, ("127.0.0.1", port)))


def wait_for_socket(path: Path) -> None:
    """Block until something listens on a socket in the file system. Raises TimeoutError."""
    _wait_for(str(path), lambda: _is_listening(socket.AF_UNIX, str(path)))


async def connect_when_listening(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """The first connection that a port of loopback accepts. Raises TimeoutError."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                return await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(PAUSE_S)


async def wait_until_listening(port: int) -> None:
    """Wait until a port of loopback accepts a connection. Raises TimeoutError."""
    _, writer = await connect_when_listening(port)
    writer.close()


def _wait_for(what: str, is_ready: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not is_ready():
        if time.monotonic() > until:
            raise TimeoutError(f"{what} does not answer")
        time.sleep(PAUSE_S)


def _is_listening(family: socket.AddressFamily, address: object) -> bool:
    with socket.socket(family) as sock:
        return sock.connect_ex(address) == 0  # type: ignore[arg-type]  # as the family wants it
