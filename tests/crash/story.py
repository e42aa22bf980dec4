"""The whole way of several applicants, played by clients that do not give up: application, letters, the
staff's reply, invitation. What they were promised is noted, to be held against what is there."""

from __future__ import annotations

import asyncio
import email
import email.policy
import json
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

import aiosmtplib

from gateway.demo.fixtures import DESK_DOMAIN, STAFF
from gateway.demo.people.messages import Person, build_mail, sign_mail
from gateway.demo.people.stories import form
from gateway.store.sqlite.integrity.verify import open_read_only
from tests.crash.seat import Seat

REQUEST = f"request@{DESK_DOMAIN}"
SATO = Person("佐藤", STAFF[0][0])
TOWN = "town.mihon.lg.jp"
PATIENCE_S = 180.0
ANSWER_S = 30.0  # a client that waits for longer asks again, so that one lost connection is not the end
LOOK_AGAIN_S = 0.02
OVER = {"sent", "refused", "recalled"}
DECIDED = {"invited", "declined"}


class StuckError(Exception):
    """The story did not come to its end; the message says what stands still."""


@dataclass
class Story:
    """People `first` to `first + count`; the last of them is declined, unless `declines` is false.

    Without `signs` only SPF proves them. After `patience_s` the story is stuck; for one answer a client waits
    `answer_s`.
    """

    seat: Seat
    count: int = 3
    first: int = 0
    domain: str = TOWN
    declines: bool = True
    signs: bool = True
    patience_s: float = PATIENCE_S
    answer_s: float = ANSWER_S
    look_again_s: float = LOOK_AGAIN_S
    acknowledged: set[str] = field(default_factory=set)
    answers: Counter[int] = field(default_factory=Counter)
    _decided: set[str] = field(default_factory=set)
    _bringing: set[str] = field(default_factory=set)

    @property
    def people(self) -> list[Person]:
        numbers = range(self.first, self.first + self.count)
        return [Person(f"職員 {n:04d}", f"shokuin{n:04d}@{self.domain}") for n in numbers]

    async def play(self) -> None:
        """From the first mail to the last letter. Raises StuckError."""
        try:
            async with asyncio.timeout(self.patience_s), asyncio.TaskGroup() as group:
                group.create_task(self.apply())
                group.create_task(self._decide())
            await self._stands(lambda cases, letters: letters.keys() <= OVER and cases.keys() <= DECIDED)
        except TimeoutError:
            raise StuckError(self.what_stands_still()) from None

    async def apply(self) -> None:
        """All of them apply, side by side."""
        async with asyncio.TaskGroup() as group:
            for person in self.people:
                group.create_task(self._apply(person))

    async def _apply(self, person: Person) -> None:
        text = form("見本町", person.name, code="990019")
        await self.bring(person, REQUEST, build_mail(person, REQUEST, "参加申請", text))

    async def bring(self, sender: Person, to: str, raw: bytes) -> None:
        """Send the same mail until it is answered 250."""
        if self.signs or sender == SATO:
            raw = sign_mail(raw, self.seat.street.world.signers[sender.domain])
        until = time.monotonic() + self.patience_s
        self._bringing.add(f"{sender.address} to {to}")
        while time.monotonic() < until:
            code = await post(self.seat.port, sender.address, to, raw, self.answer_s)
            self.answers[code] += 1
            if code == 250:
                self.acknowledged.add(message_id(raw))
                self._bringing.discard(f"{sender.address} to {to}")
                return
            if code >= 500:
                raise StuckError(f"{sender.address} heard {code}")
            await asyncio.sleep(self.look_again_s)
        raise StuckError(self.what_stands_still())

    async def _decide(self) -> None:
        """Answer one review request about each of the people."""
        looked = 0
        async with asyncio.TaskGroup() as group:
            while len(self._decided) < self.count:
                news = self.seat.sink.messages[looked:]
                looked += len(news)
                for _, to, raw in news:
                    if to == f"<{SATO.address}>":
                        self._answer(group, read(raw))
                await asyncio.sleep(self.look_again_s)

    def _answer(self, group: asyncio.TaskGroup, letter: EmailMessage) -> None:
        body = letter.get_body(("plain",))
        text = str(body.get_content()) if body else ""
        about = next((one for one in self.people if one.name in text), None)
        if "審査依頼" not in str(letter["Subject"]) or about is None or about.address in self._decided:
            return
        self._decided.add(about.address)
        to, word = (
            str(letter["Reply-To"]),
            "却下: 対象外のため" if self.declines and about == self.people[-1] else "承認",
        )
        group.create_task(self.bring(SATO, to, build_mail(SATO, to, f"Re: {letter['Subject']}", word)))

    async def letters_over(self) -> None:
        """Wait until no letter about these people is left to do. Raises StuckError."""
        await self._stands(lambda _, letters: letters.keys() <= OVER)

    async def _stands(self, as_wanted: Callable[[Counter[str], Counter[str]], bool]) -> None:
        until = time.monotonic() + self.patience_s
        while time.monotonic() < until:
            cases, letters = self.standing()
            if cases.total() == self.count and letters and as_wanted(cases, letters):
                return
            await asyncio.sleep(self.look_again_s)
        raise StuckError(self.what_stands_still())

    def what_stands_still(self) -> str:
        """Who waits for what: clients, the staff's decisions, cases and letters, and what was answered."""
        cases, letters = self.standing()
        return (
            f"without 250: {sorted(self._bringing) or 'nobody'}; decisions sent: {len(self._decided)} of "
            f"{self.count}; cases: {dict(cases)}; letters: {dict(letters)}, waiting: {self._ask(_WAITING)}; "
            f"answers: {dict(self.answers)}"
        )

    def standing(self) -> tuple[Counter[str], Counter[str]]:
        """Cases and letters of these people by state, as the database has them now."""
        cases, letters = self._ask(_CASES, _LETTERS) or ([], [])
        return Counter(dict(cases)), Counter(dict(letters))

    def _ask(self, *questions: str) -> list[list[Any]]:
        people = {"people": json.dumps([person.address for person in self.people])}
        try:
            with closing(open_read_only(self.seat.database)) as found:
                return [found.execute(question, people).fetchall() for question in questions]
        except sqlite3.Error:  # not there yet, or not by now
            return []


_CASES = """
SELECT state, count(*) FROM cases WHERE applicant_key IN (SELECT value FROM json_each(:people)) GROUP BY 1
"""
_LETTERS = """
SELECT l.state, count(*) FROM letters l JOIN cases c ON c.id = l.case_id
WHERE c.applicant_key IN (SELECT value FROM json_each(:people)) GROUP BY 1
"""
_WAITING = """
SELECT l.id, l.letter, l.state, l.attempts, l.failures, l.not_before, l.leased_until, l.last_reply
FROM letters l JOIN cases c ON c.id = l.case_id
WHERE c.applicant_key IN (SELECT value FROM json_each(:people)) AND l.state IN ('queued', 'deferred', 'held')
"""


async def post(port: int, sender: str, to: str, raw: bytes, answer_s: float = PATIENCE_S) -> int:
    """The code that a mail was answered with; 0 when there was no answer."""
    client = aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False, timeout=answer_s)
    try:
        await client.connect()
        return await _posted(client, sender, to, raw)
    except aiosmtplib.SMTPRecipientsRefused as error:
        return error.recipients[0].code
    except aiosmtplib.SMTPResponseException as error:
        return max(error.code, 0)
    except (aiosmtplib.SMTPException, OSError):
        return 0
    finally:
        client.close()


async def _posted(client: aiosmtplib.SMTP, sender: str, to: str, raw: bytes) -> int:
    """The answer to the message itself: what happens to the connection after it does not matter."""
    await client.sendmail(sender, [to], raw)
    return 250


def read(raw: bytes) -> EmailMessage:
    """A letter of our own."""
    return email.message_from_bytes(raw, policy=email.policy.default)


def message_id(raw: bytes) -> str:
    """The Message-ID of a mail."""
    return str(read(raw)["Message-ID"])
