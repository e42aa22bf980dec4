"""Starting what a benchmark measures, and waiting until it answers."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE_S = 20.0


def free_port() -> int:
    """A port of loopback that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as sock:
        port: int = sock.getsockname()[1]
    return port


def wait_for(what: str, ready: Callable[[], bool]) -> None:
    """Wait until it is ready. Raises TimeoutError."""
    until = time.monotonic() + PATIENCE_S
    while not ready():
        if time.monotonic() > until:
            raise TimeoutError(f"{what} does not answer")
        time.sleep(0.05)


def answers(family: socket.AddressFamily, address: object) -> bool:
    """Whether something listens there."""
    with socket.socket(family) as sock:
        return sock.connect_ex(address) == 0  # type: ignore[arg-type]  # as the family wants it


def wait_for_port(port: int) -> None:
    """Wait until something listens on a port of loopback."""
    wait_for(f"port {port}", lambda: answers(socket.AF_INET, ("127.0.0.1", port)))


def wait_for_socket(path: Path) -> None:
    """Wait until something listens on a socket in the file system."""
    wait_for(str(path), lambda: answers(socket.AF_UNIX, str(path)))


@contextmanager
def running(command: list[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is ended when the work is done; it writes into `log`."""
    with log.open("ab") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def peak_bytes(process: subprocess.Popen[bytes]) -> int:
    """The most memory that a process has held at once (VmHWM of proc(5))."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024
