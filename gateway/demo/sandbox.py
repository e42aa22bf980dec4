"""The sandbox of the demo: a gateway in this process, and its clients."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from gateway import settings
from gateway.admission.case.model import Case
from gateway.app.service import Gateway
from gateway.app.serving.control import Reloader, build_control
from gateway.demo.client import Answer, Client, send_to
from gateway.demo.fixtures import DomainFixtures, format_register, settings_text
from gateway.demo.people.messages import Person
from gateway.mail import address
from gateway.net.dns import server as nameserver
from gateway.net.dns.resolver import DnsResolver
from gateway.net.host.sockets import bind

# Short enough to retry a domain within the demo after its DNS was repaired.
FAILURE_TTL_S = 0.2


class Sandbox(Client):
    """A gateway in this process, with a single port."""

    def __init__(self, app: Gateway, world: DomainFixtures, folder: Path, port: int) -> None:
        super().__init__(app.config, world, folder)
        self.app = app
        self.port = port

    async def send(self, reverse_path: str, forward_path: str, raw: bytes) -> Answer:
        """See `Client`."""
        return await send_to(self.port, reverse_path, forward_path, raw)

    async def find_case(self, person: Person) -> Case | None:
        """See `Client`."""
        return await self.app.store.transact(lambda tx: tx.latest_case(address.parse(person.address)))


def _write_files(folder: Path, settings_of_demo: str) -> None:
    (folder / settings.FILE_NAME).write_text(settings_of_demo, encoding="utf-8")
    (folder / "organisations.tsv").write_text(format_register(), encoding="utf-8")


@asynccontextmanager
async def open_sandbox(
    folder: Path, port: int = 0, *, more_settings: str = "", store: str = ""
) -> AsyncIterator[Sandbox]:
    """Run a gateway on loopback with its own name server; its files are in `folder` (an absolute path).

    `store`: the lines of `[store]`, unless it is a file in the folder.
    """
    world = DomainFixtures()
    server = await nameserver.serve(world.zone)
    sock = bind("127.0.0.1", port)
    smtp_port = sock.getsockname()[1]
    text = settings_text(folder, smtp_port, server.port, store) + more_settings
    await asyncio.to_thread(_write_files, folder, text)
    resolver = DnsResolver(["127.0.0.1"], server.port, failure_ttl_s=FAILURE_TTL_S)
    app = Gateway(settings.parse(text.encode(), settings.FILE_NAME), folder, resolver=resolver)
    await app.start([sock])
    control = build_control(app, Reloader(app, lambda: app.config))
    await control.start()
    try:
        yield Sandbox(app, world, folder, smtp_port)
    finally:
        await control.stop(0)
        await app.stop()
        await resolver.close()
        await server.close()
