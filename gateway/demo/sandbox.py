"""The sandbox of the demo: a running gateway with a client beside it, and a view of letters and cases."""

from __future__ import annotations

import asyncio
import email
import email.policy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib

from gateway import settings
from gateway.admission.case.model import Case
from gateway.app.service import Gateway
from gateway.app.serving.control import Reloader, build_control
from gateway.app.wiring.source import build_source
from gateway.demo.fixtures import DomainFixtures, format_register, settings_text
from gateway.demo.messages import Person
from gateway.mail import address
from gateway.net.dns import server as nameserver
from gateway.net.dns.resolver import DnsResolver
from gateway.net.host.sockets import bind
from gateway.store.queries.reader import Reader

TIMEOUT_S = 30.0
POLL_INTERVAL_S = 0.02
# So short that a domain whose DNS was repaired can be tried again within the demo.
FAILURE_TTL_S = 0.2


class DemoError(Exception):
    """Something that should have happened did not; the message says what."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the SMTP session answered: the code, and the text behind it."""

    code: int
    text: str


class Sandbox:
    """What a persona can do: send, read letters, look at the case."""

    def __init__(self, app: Gateway, world: DomainFixtures, folder: Path, port: int) -> None:
        self.app = app
        self.world = world
        self.folder = folder
        self.port = port

    @property
    def request(self) -> str:
        """The address to apply to."""
        return f"{self.app.config.desk.request}@{self.app.config.desk.domain}"

    async def send(self, reverse_path: str, forward_path: str, raw: bytes) -> Answer:
        """One real SMTP session; gives the answer to DATA or to the command that was refused."""
        client = aiosmtplib.SMTP(
            hostname="127.0.0.1",
            port=self.port,
            local_hostname="mx." + (reverse_path.rpartition("@")[2] or "relay.example"),
            start_tls=False,
            timeout=TIMEOUT_S,
        )
        try:
            async with client:
                _, text = await client.sendmail(reverse_path, [forward_path], raw)
        except aiosmtplib.SMTPRecipientsRefused as error:
            return Answer(error.recipients[0].code, error.recipients[0].message)
        except aiosmtplib.SMTPResponseException as error:
            return Answer(error.code, error.message)
        return Answer(250, text)

    async def letter(self, to: str, *words: str, says: str = "") -> EmailMessage:
        """The newest letter to `to` whose subject holds all `words` and whose text holds `says`; waits until
        it is there and written down as sent, since an answer counts only after that."""
        for _ in range(int(TIMEOUT_S / POLL_INTERVAL_S)):
            found = self._find(to, words, says)
            if found is not None and not self._is_in_hand(to):
                return found
            await asyncio.sleep(POLL_INTERVAL_S)
        raise DemoError(f"no letter to {to} with {' '.join(words)!r} in its subject and {says!r} in its text")

    def letters(self, to: str) -> list[EmailMessage]:
        """All letters to an address, oldest first."""
        inbox = self.folder / "letters" / to / "new"
        files = sorted(inbox.iterdir(), key=lambda path: path.stat().st_mtime_ns) if inbox.is_dir() else []
        return [
            email.message_from_bytes(path.read_bytes(), policy=email.policy.default)  # our own letters only
            for path in files
        ]

    async def find_case(self, person: Person) -> Case | None:
        """The newest case of a person."""
        return await self.app.store.transact(lambda tx: tx.latest_case(address.parse(person.address)))

    async def wait_for_state(self, person: Person, state: str) -> Case:
        """Wait until the case of a person is in `state`."""
        case = None
        for _ in range(int(TIMEOUT_S / POLL_INTERVAL_S)):
            case = await self.find_case(person)
            if case is not None and case.state.value == state:
                return case
            await asyncio.sleep(POLL_INTERVAL_S)
        raise DemoError(f"the case is {case.state.value if case else 'not there'}, expected {state}")

    def _is_in_hand(self, to: str) -> bool:
        """Whether a letter to an address is handed over, and what became of it not yet recorded."""
        reader = Reader(build_source(self.app.config))
        waiting = reader.letters(("queued", "deferred"))
        reader.close()
        return any(row["recipient"] == to and row["attempts"] for row in waiting)

    def _find(self, to: str, words: tuple[str, ...], says: str) -> EmailMessage | None:
        matching = [one for one in self.letters(to) if all(word in str(one["Subject"]) for word in words)]
        return next((one for one in reversed(matching) if "".join(says.split()) in _text_of(one)), None)


def _text_of(letter: EmailMessage) -> str:
    """The words of a letter, as they were before its lines were folded."""
    part = letter.get_body(("plain",))
    return "".join(str(part.get_content()).split()) if part is not None else ""


def _write_files(folder: Path, settings_of_demo: str) -> None:
    (folder / settings.FILE_NAME).write_text(settings_of_demo, encoding="utf-8")
    (folder / "organisations.tsv").write_text(format_register(), encoding="utf-8")


@asynccontextmanager
async def open_sandbox(folder: Path, port: int = 0, *, more_settings: str = "") -> AsyncIterator[Sandbox]:
    """A gateway on loopback with its own name server, its files in `folder` (an absolute path)."""
    world = DomainFixtures()
    server = await nameserver.serve(world.zone)
    sock = bind("127.0.0.1", port)
    smtp_port = sock.getsockname()[1]
    text = settings_text(folder, smtp_port, server.port) + more_settings
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
