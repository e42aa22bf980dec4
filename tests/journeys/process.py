"""`gateway serve` as a real process, to be killed and started again, with a name server beside it."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from gateway.demo.fixtures import DomainFixtures, settings_text
from gateway.net.dns import server as nameserver
from gateway.net.host.sockets import bind

PATIENCE_S = 20.0
COMMAND = (sys.executable, "-W", "error", "-c", "from gateway.cli import main; main()")


def free_port() -> int:
    """A port that was free a moment ago."""
    sock = bind("127.0.0.1", 0)
    port: int = sock.getsockname()[1]
    sock.close()
    return port


@dataclass
class Service:
    """The process, its settings folder and its port."""

    folder: Path
    port: int
    process: asyncio.subprocess.Process | None = None
    environment: dict[str, str] = field(default_factory=dict)

    async def start(self) -> None:
        """Start, and wait until the port answers."""
        with (self.folder / "serve.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *COMMAND, "serve", "--config", str(self.folder), stderr=log, env=os.environ | self.environment
            )
        for _ in range(int(PATIENCE_S / 0.05)):
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return
        raise AssertionError((self.folder / "serve.log").read_text())

    async def kill(self) -> None:
        """As a power cut does it to a process: at once."""
        assert self.process is not None
        self.process.kill()
        await self.process.wait()

    async def stop(self) -> int:
        """As systemd does it; gives the exit code."""
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
