"""A desk on several nodes as seen from outside: clients try the next MX, and retry later."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib

from gateway import settings
from gateway.admission.case.model import Case
from gateway.app.wiring.database.source import build_source
from gateway.demo.client import Answer, Client, DemoError, send_to
from gateway.demo.fixtures import DomainFixtures
from gateway.demo.nodes import processes
from gateway.demo.nodes.cluster import Cluster
from gateway.demo.nodes.processes import NodeProcess
from gateway.demo.people.messages import Person
from gateway.mail import address
from gateway.net.dns import server as nameserver
from gateway.settings import Settings
from gateway.store.tables.transaction import SqlTransaction

_MESSAGE_ID = re.compile(rb"^Message-ID: (<[^>]*>)", re.MULTILINE | re.IGNORECASE)


class NodesDesk(Client):
    """Client of a desk with several nodes.

    `members` are in the order of their MX records. `accepted` has the mails accepted with 250, by Message-ID
    (a signed one may be sent to several addresses). `retried` counts the mails that no node accepted at the
    first attempt.
    """

    patience_s = 90.0
    poll_s = 0.1

    def __init__(
        self, config: Settings, world: DomainFixtures, folder: Path, members: Sequence[NodeProcess]
    ) -> None:
        super().__init__(config, world, folder)
        self.members = members
        self.source = build_source(config)
        self.accepted: defaultdict[str, set[tuple[str, bytes]]] = defaultdict(set)
        self.retried = 0

    async def send(self, reverse_path: str, forward_path: str, raw: bytes) -> Answer:
        """See `Client`; sent again until a node answers."""
        async for attempt in self.attempts():
            answer = await self._try_each(reverse_path, forward_path, raw)
            if answer is not None:
                self._note(answer, forward_path, raw)
                return answer
            self.retried += attempt == 0
        raise DemoError(f"no node answered within {self.patience_s:.0f} s")

    async def _try_each(self, reverse_path: str, forward_path: str, raw: bytes) -> Answer | None:
        for each in self.members:
            with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                return await send_to(each.port, reverse_path, forward_path, raw)
        return None

    def _note(self, answer: Answer, forward_path: str, raw: bytes) -> None:
        found = _MESSAGE_ID.search(raw)
        if answer.code == 250 and found is not None:
            self.accepted[found[1].decode()].add((forward_path, raw))

    async def find_case(self, person: Person) -> Case | None:
        """See `Client`."""
        return await asyncio.to_thread(self._load_case, person)

    def _load_case(self, person: Person) -> Case | None:
        with closing(self.source.open()) as connection:
            return SqlTransaction(connection, lambda: "").latest_case(address.parse(person.address))

    def letters(self, to: str) -> list[EmailMessage]:
        """See `Client`; a letter that was sent again counts once, as mail programs deduplicate it."""
        return list({str(one["Message-ID"]): one for one in super().letters(to)}.values())

    def count_letters(self) -> Counter[str]:
        """Return how often each letter was sent, by its Message-ID."""
        inboxes, read = (self.folder / "letters").iterdir(), super().letters
        return Counter(str(one["Message-ID"]) for place in inboxes for one in read(place.name))


@asynccontextmanager
async def open_desk(folder: Path, cluster: Cluster, count: int) -> AsyncIterator[NodesDesk]:
    """Run `count` nodes; their files are below `folder` (an absolute path)."""
    async with AsyncExitStack() as stack:
        world = DomainFixtures()
        server = await nameserver.serve(world.zone)
        stack.push_async_callback(server.close)
        members = await asyncio.to_thread(_write_files, folder, server.port, cluster, count)
        await stack.enter_async_context(processes.running(members))
        config = await asyncio.to_thread(settings.load, members[0].folder / settings.FILE_NAME)
        yield NodesDesk(config, world, folder, members)


def _write_files(folder: Path, dns_port: int, cluster: Cluster, count: int) -> list[NodeProcess]:
    names = (f"mx{number}" for number in range(1, count + 1))
    members = [
        processes.write_node(folder, name, processes.find_free_port(), dns_port, cluster) for name in names
    ]
    processes.share_key(members)
    return members
