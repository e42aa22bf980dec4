"""The path of one letter out: claim with a lease -> render -> compose -> sign -> deliver -> settle.

At-least-once: a crash between the remote 250 and our commit sends the letter again with the same
Message-ID. A final failure is an intent like any other and goes through `case.decide`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from tenacity import RetryCallState, wait_exponential, wait_random
from tenacity.wait import wait_base

from gateway import maillog
from gateway.admission import calendar, token
from gateway.admission import case as cases
from gateway.admission.intent import Handed, Intent, Undelivered
from gateway.admission.model import GENERAL_LETTERS, STAFF_LETTERS, Desk, Letter
from gateway.mail import compose
from gateway.mail.address import Address
from gateway.mail.forward_path import Mailboxes, Purpose
from gateway.store import steps
from gateway.store.port import LetterRow, LetterState, Store, StoreUnavailableError, Transaction

TOKEN_ENTROPY_BYTES = 20
MASKED = "********"


class Outcome(StrEnum):
    """What became of one attempt, in the words of RFC 5321: 2yz, 4yz or 5yz."""

    SENT = "sent"
    DEFERRED = "deferred"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Delivery:
    """The outcome of one attempt; `reply` is the remote system's answer, printable and cut to 500."""

    outcome: Outcome
    reply: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter in words. `html` only for staff."""

    subject: str
    text: str
    html: str | None = None


class Renderer(Protocol):
    """Turns a letter's facts into words."""

    def render(self, letter: Letter, facts: Mapping[str, object], reply_to: str) -> Rendered:
        """`reply_to` is the address that an answer must go to."""
        ...


class Courier(Protocol):
    """Brings one message to one mailbox; never raises for what the network or the remote side does."""

    async def deliver(self, reverse_path: Address, forward_path: Address, raw: bytes) -> Delivery:
        """One attempt, bounded in time."""
        ...


class InvitationSender(Protocol):
    """Hands an approved person to invitation sending; `row.message_id` is the idempotency key."""

    async def invite(self, row: LetterRow, reverse_path: Address, raw: bytes) -> Delivery:
        """One attempt. `raw` is the invitation letter, for senders that work by mail."""
        ...


@dataclass(frozen=True, slots=True)
class Schedule:
    """When to try again, and when to give up (RFC 5321 section 4.5.4.1: at least 4 to 5 days)."""

    backoff: wait_base = wait_exponential(multiplier=60, max=4 * 3600) + wait_random(0, 30)
    give_up_after: timedelta = timedelta(days=5)
    lease: timedelta = timedelta(minutes=15)
    token_life: timedelta = timedelta(days=90)
    concurrency: int = 20

    def next_attempt(self, attempts: int, now: datetime) -> datetime:
        """The time of the next attempt after `attempts` of them."""
        state = RetryCallState(None, None, (), {})  # type: ignore[arg-type]  # only the count is looked at
        state.attempt_number = attempts
        return now + timedelta(seconds=self.backoff(state))


@dataclass(frozen=True, slots=True)
class Sealed:
    """A claimed letter with its fresh tokens: `reply_token` is empty when no answer is expected."""

    row: LetterRow
    reply_token: str
    bounce_token: str


class Dispatch:
    """Works off the outbox until stopped. `sign` puts a DKIM-Signature on top, or is None."""

    def __init__(
        self,
        store: Store,
        renderer: Renderer,
        courier: Courier,
        inviter: InvitationSender,
        desk: Desk,
        mailboxes: Mailboxes,
        *,
        from_name: str,
        now: Callable[[], datetime],
        entropy: Callable[[int], bytes],
        schedule: Schedule = Schedule(),
        sign: Callable[[bytes], bytes] | None = None,
    ) -> None:
        self._store = store
        self._renderer = renderer
        self._courier = courier
        self._inviter = inviter
        self._desk = desk
        self._mailboxes = mailboxes
        self._from_name = from_name
        self._now = now
        self._entropy = entropy
        self._schedule = schedule
        self._sign = sign
        self._woken = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """Look at the outbox now."""
        self._woken.set()

    def stop(self) -> None:
        """End `run` after the letters in hand."""
        self._stopping = True
        self._woken.set()

    async def run(self) -> None:
        """Work until `stop`. Trouble with the store is logged and tried again."""
        while not self._stopping:
            self._woken.clear()
            try:
                if not await self.work_once():
                    await self._wait()
            except StoreUnavailableError as error:
                maillog.store_unavailable(error)
                await asyncio.sleep(1)

    async def work_once(self) -> int:
        """Claim what is due, hand it over side by side, and give how many letters that was."""
        sealed = await self._store.transact(self._claim)
        await asyncio.gather(*(self._hand_over(letter) for letter in sealed))
        return len(sealed)

    async def _wait(self) -> None:
        due = await self._store.transact(lambda tx: tx.next_due())
        seconds = 60.0 if due is None else min(60.0, max(0.05, (due - self._now()).total_seconds()))
        try:
            await asyncio.wait_for(self._woken.wait(), seconds)
        except TimeoutError:
            return

    def _claim(self, tx: Transaction) -> list[Sealed]:
        now = self._now()
        rows = tx.claim(now, now + self._schedule.lease, self._schedule.concurrency)
        return [self._seal(tx, row, now + self._schedule.token_life) for row in rows]

    def _seal(self, tx: Transaction, row: LetterRow, expires_at: datetime) -> Sealed:
        """New tokens at every hand-over; only their hashes are kept."""
        bounce = token.make_token(self._entropy(TOKEN_ENTROPY_BYTES))
        tx.keep_token(token.token_hash(bounce), Purpose.BOUNCE, row, expires_at)
        reply = ""
        if row.case_id is not None or row.letter in GENERAL_LETTERS:
            reply = token.make_token(self._entropy(TOKEN_ENTROPY_BYTES))
            tx.keep_token(token.token_hash(reply), reply_purpose(row.letter), row, expires_at)
        return Sealed(row, reply, bounce)

    async def _hand_over(self, sealed: Sealed) -> None:
        row = sealed.row
        rendered = Rendered("", "")
        try:
            rendered, raw = self._write(sealed)
            delivery = await self._deliver(sealed, raw)
        except Exception as error:
            maillog.failed(f"letter {row.id} ({row.letter.value})", error)
            delivery = Delivery(
                Outcome.DEFERRED, f"{type(error).__name__} while making the letter, see the log"
            )
        text = rendered.text.replace(sealed.reply_token, MASKED) if sealed.reply_token else rendered.text
        try:
            await self._store.transact(lambda tx: self._settle(tx, row, delivery, rendered.subject, text))
        except StoreUnavailableError as error:  # the lease runs out and the letter goes again
            maillog.store_unavailable(error)

    def _write(self, sealed: Sealed) -> tuple[Rendered, bytes]:
        row = sealed.row
        reply_to = self._reply_to(sealed)
        rendered = self._renderer.render(row.letter, row.facts, str(reply_to))
        date = self._now().astimezone(calendar.TOKYO)
        raw = as_mail(row, rendered, reply_to, self._from_name, self._mailboxes, date)
        return rendered, self._sign(raw) + raw if self._sign else raw

    async def _deliver(self, sealed: Sealed, raw: bytes) -> Delivery:
        reverse_path = self._mailboxes.address(Purpose.BOUNCE, sealed.bounce_token)
        if sealed.row.letter is Letter.INVITATION:
            return await self._inviter.invite(sealed.row, reverse_path, raw)
        return await self._courier.deliver(reverse_path, sealed.row.to, raw)

    def _settle(self, tx: Transaction, row: LetterRow, delivery: Delivery, subject: str, text: str) -> None:
        now = self._now()
        if subject:
            tx.keep_sent_text(row.id, subject, text)
        if delivery.outcome is Outcome.SENT:
            tx.settle(row.id, LetterState.SENT, now, delivery.reply, row.not_before)
            maillog.delivered(row.id, row.letter, delivery.reply)
            if row.letter is Letter.INVITATION:
                self._decide(tx, row, Handed(), now)
            return
        given_up = now - row.owed_at > self._schedule.give_up_after
        if delivery.outcome is Outcome.REFUSED or given_up:
            tx.settle(row.id, LetterState.REFUSED, now, delivery.reply, row.not_before)
            self._decide(tx, row, Undelivered(row.letter, row.to, delivery.reply), now)
        else:
            retry_at = self._schedule.next_attempt(row.attempts, now)
            tx.settle(row.id, LetterState.DEFERRED, now, delivery.reply, retry_at)
        maillog.not_delivered(row.id, row.letter, delivery.outcome.value, delivery.reply, row.attempts)

    def _decide(self, tx: Transaction, row: LetterRow, intent: Intent, now: datetime) -> None:
        case = tx.case(row.case_id) if row.case_id is not None else None
        step = cases.decide(case, intent, now, self._desk)
        steps.owe(tx, steps.save(tx, case, step), step, now, None)
        self._woken.set()

    def _reply_to(self, sealed: Sealed) -> Address:
        if not sealed.reply_token:
            return self._mailboxes.address(Purpose.REQUEST)
        return self._mailboxes.address(reply_purpose(sealed.row.letter), sealed.reply_token)


def as_mail(
    row: LetterRow,
    rendered: Rendered,
    reply_to: Address,
    from_name: str,
    mailboxes: Mailboxes,
    date: datetime,
) -> bytes:
    """The octets of a letter, unsigned; `date` in the zone that its Date field names."""
    return compose.compose(
        compose.Letter(
            from_name=from_name,
            from_address=mailboxes.address(Purpose.REQUEST),
            to_address=row.to,
            subject=rendered.subject,
            text=rendered.text,
            html=rendered.html,
            message_id=row.message_id,
            date=date,
            reply_to=reply_to,
            references=_thread(row, mailboxes),
            auto_submitted="auto-generated" if row.letter in STAFF_LETTERS else "auto-replied",
        )
    )


def _thread(row: LetterRow, mailboxes: Mailboxes) -> tuple[str, ...]:
    """One thread per case in the reader's program, also where relays replace Message-IDs."""
    number = row.facts.get("number")
    return (f"<case.{number}@{mailboxes.domain}>",) if number else ()


def reply_purpose(letter: Letter) -> Purpose:
    """Which mailbox an answer to the letter goes to."""
    return Purpose.DECIDE if letter in STAFF_LETTERS else Purpose.CASE
