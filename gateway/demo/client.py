"""Access to a desk of the demo from outside: send mail, read letters, look up the case."""

from __future__ import annotations

import asyncio
import email
import email.policy
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from time import monotonic

import aiosmtplib

from gateway.admission.case.model import Case
from gateway.app.wiring.database.source import build_source
from gateway.demo.fixtures import DomainFixtures
from gateway.demo.people.messages import Person
from gateway.settings import Settings
from gateway.store.queries.reader import Reader

SMTP_TIMEOUT_S = 30.0


class DemoError(Exception):
    """Raised if something expected did not happen; the message says what."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer of the SMTP session: the code and its text."""

    code: int
    text: str


async def send_to(port: int, reverse_path: str, forward_path: str, raw: bytes) -> Answer:
    """Run one real SMTP session on loopback; return the answer to DATA or to the rejected command.

    Raises aiosmtplib.SMTPException or OSError if there was none.
    """
    client = aiosmtplib.SMTP(
        hostname="127.0.0.1",
        port=port,
        local_hostname="mx." + (reverse_path.rpartition("@")[2] or "relay.example"),
        start_tls=False,
        timeout=SMTP_TIMEOUT_S,
    )
    try:
        async with client:
            _, text = await client.sendmail(reverse_path, [forward_path], raw)
    except aiosmtplib.SMTPRecipientsRefused as error:
        return Answer(error.recipients[0].code, error.recipients[0].message)
    except aiosmtplib.SMTPResponseException as error:
        return Answer(error.code, error.message)
    return Answer(250, text)


class Client(ABC):
    """Client of a persona: it sends mail, reads letters, looks up the case.

    It waits for at most `patience_s`, and pauses for `poll_s` between attempts.
    """

    patience_s = 60.0
    poll_s = 0.02

    def __init__(self, config: Settings, world: DomainFixtures, folder: Path) -> None:
        self.config = config
        self.world = world
        self.folder = folder

    @abstractmethod
    async def send(self, reverse_path: str, forward_path: str, raw: bytes) -> Answer:
        """Send a mail; return the answer to DATA or to the rejected command."""

    @abstractmethod
    async def find_case(self, person: Person) -> Case | None:
        """Return the newest case of a person; None if there is none."""

    async def attempts(self) -> AsyncIterator[int]:
        """Yield the number of each attempt, from 0, until the time limit is over."""
        ends, number = monotonic() + self.patience_s, 0
        while number == 0 or monotonic() < ends:
            yield number
            number += 1
            await asyncio.sleep(self.poll_s)

    @property
    def request(self) -> str:
        """The address for applications."""
        return f"{self.config.desk.request}@{self.config.desk.domain}"

    async def letter(self, to: str, *words: str, says: str = "") -> EmailMessage:
        """Wait for the newest letter to `to` with all `words` in its subject and `says` in its text.

        It must also be recorded as sent, since a reply counts only after that.
        """
        async for _ in self.attempts():
            found = self._find(to, words, says)
            if found is not None and not self._is_in_hand(to):
                return found
        raise DemoError(f"no letter to {to} with {' '.join(words)!r} in its subject and {says!r} in its body")

    def letters(self, to: str) -> list[EmailMessage]:
        """Return all letters to an address, oldest first."""
        inbox = self.folder / "letters" / to / "new"
        files = sorted(inbox.iterdir(), key=lambda path: path.stat().st_mtime_ns) if inbox.is_dir() else []
        return [
            email.message_from_bytes(path.read_bytes(), policy=email.policy.default)  # our own letters only
            for path in files
        ]

    async def wait_for_state(self, person: Person, state: str) -> Case:
        """Wait until the case of a person is in `state`."""
        case = None
        async for _ in self.attempts():
            case = await self.find_case(person)
            if case is not None and case.state.value == state:
                return case
        raise DemoError(f"expected case state {state}, got {case.state.value if case else 'no case'}")

    def _is_in_hand(self, to: str) -> bool:
        """Return whether a letter to an address was handed over, but its outcome is not yet recorded."""
        reader = Reader(build_source(self.config))
        waiting = reader.letters(("queued", "deferred"))
        reader.close()
        return any(row["recipient"] == to and row["attempts"] for row in waiting)

    def _find(self, to: str, words: tuple[str, ...], says: str) -> EmailMessage | None:
        matching = [one for one in self.letters(to) if all(word in str(one["Subject"]) for word in words)]
        return next((one for one in reversed(matching) if "".join(says.split()) in _text_of(one)), None)


def _text_of(letter: EmailMessage) -> str:
    """Return the text of a letter without white space, and so without line breaks."""
    part = letter.get_body(("plain",))
    return "".join(str(part.get_content()).split()) if part is not None else ""
