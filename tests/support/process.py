"""Processes that tests start and stop: `gateway serve` and its commands, and servers of others."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gateway.demo.fixtures import DomainFixtures, settings_text
from gateway.net.dns import server as nameserver
from tests.support.ports import PATIENCE_S, free_port, wait_until_listening
from tests.support.preloaded.starts import COMMAND


@dataclass(frozen=True, slots=True)
class Ended:
    """A command that has ended: its exit code and its output."""

    code: int
    stdout: str
    stderr: str


async def run_gateway(*arguments: str, **environment: str) -> Ended:
    """Run one of our commands to its end, without a terminal."""
    return await run_command(*COMMAND, *arguments, **environment)


async def run_command(*command: str, **environment: str) -> Ended:
    """Run any command to its end, without a terminal."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | environment,
    )
    out, err = await asyncio.wait_for(process.communicate(), PATIENCE_S)
    assert process.returncode is not None
    return Ended(process.returncode, out.decode(), err.decode())


@dataclass
class Service:
    """The process of `gateway serve`, its settings folder and its port."""

    folder: Path
    port: int
    process: asyncio.subprocess.Process | None = None
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def log(self) -> str:
        """What the process wrote; for the message of a failure."""
        return (self.folder / "serve.log").read_text()

    async def start(self) -> None:
        """Start, and wait until the port answers."""
        await self.spawn()
        try:
            await wait_until_listening(self.port)
        except TimeoutError:
            raise AssertionError(self.log) from None

    async def spawn(self, *launcher: str, **options: Any) -> None:
        """Start, behind a launcher if one is given, and do not wait; options are those of subprocess."""
        serve = (*COMMAND, "serve", "--config", str(self.folder))
        with (self.folder / "serve.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *launcher, *serve, stderr=log, env=os.environ | self.environment, **options
            )

    def change(self, old: str, new: str) -> None:
        """Edit the settings file."""
        place = self.folder / "gateway.toml"
        text = place.read_text(encoding="utf-8")
        assert old in text, old
        place.write_text(text.replace(old, new, 1), encoding="utf-8")

    def append(self, text: str) -> None:
        """Add to the settings file."""
        with (self.folder / "gateway.toml").open("a", encoding="utf-8") as file:
            file.write(text)

    def reload(self) -> None:
        """Tell the process to read its settings again, as `systemctl reload` does."""
        assert self.process is not None
        self.process.send_signal(signal.SIGHUP)

    async def kill(self) -> None:
        """Stop as a power cut does: at once."""
        assert self.process is not None
        self.process.kill()
        await self.process.wait()

    async def stop(self) -> int:
        """Stop as systemd does; gives the exit code."""
        assert self.process is not None
        self.process.terminate()
        return await asyncio.wait_for(self.process.wait(), PATIENCE_S)


@asynccontextmanager
async def service(folder: Path) -> AsyncIterator[tuple[Service, DomainFixtures]]:
    """A service that is set up and not yet started."""
    world = DomainFixtures()
    server = await nameserver.serve(world.zone)
    port = free_port()
    (folder / "gateway.toml").write_text(settings_text(folder, port, server.port), encoding="utf-8")
    made = Service(folder, port)
    try:
        yield made, world
    finally:
        if made.process is not None and made.process.returncode is None:
            await made.kill()
        await server.close()


@contextmanager
def running(command: list[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Any process that runs while the block does; it writes into `log`."""
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
