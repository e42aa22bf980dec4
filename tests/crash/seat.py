"""One place where the gateway lives, dies and lives again: its folder, its smarthost, its launcher."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from gateway.demo.fixtures import DomainFixtures, settings_text
from gateway.net.dns import server as nameserver
from tests.crash import front_points
from tests.crash.control import Control
from tests.support.measuring import without_measuring
from tests.support.ports import PATIENCE_S, free_port, wait_until_listening
from tests.support.sink import Sink, sink

STACKS_S = 0.5  # to write them
LAUNCHER = Path(__file__).with_name("launcher.py")
# All applications come from one address and few domains here.
MORE_SETTINGS = "\n[limits]\nmails_per_client_per_hour = 0\nmails_per_domain_per_hour = 0\n{limits}"


@dataclass
class Street:
    """What all seats share: the made-up world and its name server."""

    world: DomainFixtures
    dns_port: int


@asynccontextmanager
async def street() -> AsyncIterator[Street]:
    """Serve the world's zone while the block runs."""
    world = DomainFixtures()
    server = await nameserver.serve(world.zone)
    try:
        yield Street(world, server.port)
    finally:
        await server.close()


@dataclass
class Seat:
    """`control` is None where `disk.c` is not loaded. `limits` are more lines of settings below [limits]."""

    folder: Path
    street: Street
    sink: Sink
    launcher: asyncio.subprocess.Process
    control: Control | None
    port: int = field(default_factory=free_port)
    pid: int = 0
    limits: str = ""
    fronts: int = 0
    _ending: asyncio.Task[str] | None = None

    @property
    def database(self) -> Path:
        return self.folder / "life" / "gateway.db"

    @property
    def log(self) -> str:
        """What the process said; for the message of a failure."""
        path = self.folder / "serve.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def clear(self) -> None:
        """An empty folder, no letters, nothing ordered."""
        life = self.database.parent
        shutil.rmtree(life, ignore_errors=True)
        life.mkdir(parents=True)
        for name in ("serve.log", "trace", "disk-trace", front_points.TRACE, front_points.DEAD):
            (self.folder / name).unlink(missing_ok=True)
        self.sink.messages.clear()
        (life / "gateway.toml").write_text(self._settings(life), encoding="utf-8")

    def _settings(self, life: Path) -> str:
        text = settings_text(life, self.port, self.street.dns_port)
        maildir = f'transport = "maildir"\nmaildir = "{life / "letters"}"'
        assert maildir in text
        text = text.replace("front_processes = 0", f"front_processes = {self.fronts}")
        text = text.replace(maildir, f'host = "127.0.0.1"\nport = {self.sink.port}\ntls = "none"')
        return text + MORE_SETTINGS.format(limits=self.limits)

    async def start(self, **plan: object) -> None:
        """Begin a life; see `launcher.live` for what a plan may hold. It may not listen yet."""
        made = {
            "arguments": ["serve", "--config", str(self.database.parent)],
            "log": str(self.folder / "serve.log"),
            "database": str(self.database),
            "disk_trace": str(self.folder / "disk-trace"),
            "control": str(self.control.path) if self.control else "",
        }
        assert self.launcher.stdin is not None
        self.launcher.stdin.write((json.dumps(made | plan) + "\n").encode())
        self.pid = int(await self._answer("pid"))
        self._ending = asyncio.create_task(self._answer("ended"))

    async def ended(self) -> int:
        """Wait for the end of the process: its exit code, or minus the signal."""
        assert self._ending is not None
        status = os.waitstatus_to_exitcode(int(await asyncio.shield(self._ending)))
        self.pid = 0
        return status

    async def stop(self) -> int:
        """As systemd does it, which waits until the service is ready. Raises TimeoutError."""
        await wait_until_listening(self.port)
        return await self.end_by(signal.SIGTERM)

    async def end_by(self, number: signal.Signals) -> int:
        """Send a signal, and wait for the end of the process: as `ended`. Raises TimeoutError."""
        with contextlib.suppress(ProcessLookupError):  # it ends in this very moment
            os.kill(self.pid, number)
        try:
            return await asyncio.wait_for(self.ended(), PATIENCE_S)
        except TimeoutError:
            raise TimeoutError(f"has not ended {PATIENCE_S:g} s after {number.name}") from None

    async def stacks(self) -> str:
        """Whether the process lives; then its log ends with what its threads do."""
        if not self.pid:
            return "the process has ended"
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGUSR1)
        await asyncio.sleep(STACKS_S)
        return f"the process {self.pid} lives"

    async def kill(self) -> None:
        """Wherever it is."""
        if self.pid:
            await self.end_by(signal.SIGKILL)

    async def _answer(self, word: str) -> str:
        assert self.launcher.stdout is not None
        line = (await self.launcher.stdout.readline()).decode().split()
        assert [word] == line[:1], (word, line, self.log)
        return line[1]


@asynccontextmanager
async def seat(folder: Path, shared: Street, library: Path | None = None) -> AsyncIterator[Seat]:
    """A seat in an empty folder; `library` is `disk.c`, compiled."""
    async with sink() as kept, launching(folder, library) as launcher:
        made = Seat(folder, shared, kept, launcher, Control(folder / "control") if library else None)
        made.clear()
        try:
            yield made
        finally:
            await made.kill()
            if made.control is not None:
                made.control.close()


@asynccontextmanager
async def launching(folder: Path, library: Path | None = None) -> AsyncIterator[asyncio.subprocess.Process]:
    """A launcher of lives, below `library` if there is one; it writes `launcher.log` into the folder."""
    preload = {"LD_PRELOAD": str(library)} if library else {}
    with (folder / "launcher.log").open("wb") as errors:
        launcher = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-W", "error"),
            LAUNCHER,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
            env=without_measuring() | preload,
        )
    try:
        yield launcher
    finally:
        assert launcher.stdin is not None
        launcher.stdin.close()
        await launcher.wait()
