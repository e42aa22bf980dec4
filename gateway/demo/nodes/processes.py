"""The nodes of the demo: `gateway serve` in one process each, with its own settings, files and log."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from gateway import settings
from gateway.demo.fixtures import format_register, settings_text
from gateway.demo.nodes.cluster import DATABASE, SCHEMA, Cluster
from gateway.store.privacy import tombstones

STOP_S = 30.0
_SERVE = ("-c", "from gateway.cli import main; main()", "serve", "--config")


@dataclass
class NodeProcess:
    """A node: its name, its settings directory, the port on which it listens while it is active."""

    name: str
    folder: Path
    port: int
    process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start the process; it becomes active or a standby by itself."""
        with (self.folder / "gateway.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, *_SERVE, str(self.folder), stdout=log, stderr=log
            )

    async def kill(self) -> None:
        """Kill the process, as a power cut would."""
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()

    async def stop(self) -> None:
        """Stop the process as systemd does; kill it if it does not stop."""
        if self.process is None or self.process.returncode is not None:
            return
        self.process.terminate()
        try:
            await asyncio.wait_for(self.process.wait(), STOP_S)
        except TimeoutError:
            await self.kill()

    async def is_listening(self) -> bool:
        """Return whether its port is open."""
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        writer.close()
        return True


def write_node(folder: Path, name: str, port: int, dns_port: int, cluster: Cluster) -> NodeProcess:
    """Write the files of a node below `folder`, where all nodes of the desk leave their letters."""
    place = folder / name
    place.mkdir(exist_ok=True)
    store = "\n".join(
        (
            f'path = "{place / "gateway.db"}"',
            f'url = "{cluster.url(DATABASE, "gateway")}"',
            f'schema = "{SCHEMA}"',
            f'node = "{name}"',
        )
    )
    text = settings_text(folder, port, dns_port, store)
    (place / settings.FILE_NAME).write_text(text, encoding="utf-8")
    (place / "organisations.tsv").write_text(format_register(), encoding="utf-8")
    return NodeProcess(name, place, port)


def share_key(members: Sequence[NodeProcess]) -> None:
    """Give all nodes the key of the first, as an operator copies it."""
    first, *others = (each.folder / "gateway.db" for each in members)
    tombstones.load_or_create_key(first)
    for each in others:
        each.with_name(tombstones.locate(each).name).write_bytes(tombstones.load_key(first))


def find_free_port() -> int:
    """Return a port on loopback that is free now; a node binds it later."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@asynccontextmanager
async def running(members: Sequence[NodeProcess]) -> AsyncIterator[None]:
    """Run the nodes during the block."""
    async with AsyncExitStack() as stack:
        for each in members:
            await each.start()
            stack.push_async_callback(each.stop)
        yield
