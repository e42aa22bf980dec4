"""Processes the outbox: claim with a lease -> write -> deliver -> settle, concurrently in slots.

Delivery is at-least-once: after a crash between the remote 250 and our commit, the letter is sent again with
the same Message-ID. A permanent failure is an event like any other and is passed to `decide`.

Each cycle has one store transaction. It settles all deliveries completed since the last one and claims as
many letters as there are free slots, so that a burst needs few commits and a slow server delays nobody else.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import msgspec

from gateway.admission.authority import tokens
from gateway.admission.case.model import (
    CONSOLE_LETTERS,
    GENERAL_LETTERS,
    PRACTICE_LETTERS,
    Desk,
    Letter,
    OutgoingLetter,
)
from gateway.log import events
from gateway.mail.smtp.mailboxes import Mailboxes, Purpose
from gateway.mail.text import printable
from gateway.outbound.message import TOKEN_ENTROPY_BYTES, LetterWithTokens, MessageWriter, reply_purpose
from gateway.outbound.outcome import CompletedDelivery, OutcomeRecorder
from gateway.outbound.protocols import (
    Courier,
    Delivery,
    InvitationSender,
    Outcome,
    RenderedLetter,
    Renderer,
    Signer,
)
from gateway.outbound.retry import Schedule
from gateway.store.console.sign_in import find_code
from gateway.store.protocol import LetterRow, LetterState, Store, StoreUnavailableError, Transaction
from gateway.store.tables import rows

MAX_CAUSE = 500
LONGEST_WAIT_S = 60.0
STORE_PAUSE_S = 1.0  # until the next attempt after the store was unavailable
CUT_OFF = "the gateway exited {} times while sending this message; its log may show why"
STOPPED = "interrupted: the gateway was stopped or reloaded"
_PAUSE = timedelta(seconds=1)
_ALARM_EVERY = timedelta(minutes=5)


class Dispatcher:
    """Processes the outbox until stopped. `signing` adds the DKIM-Signature, or is None."""

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
        schedule: Schedule | None = None,
        signing: Signer | None = None,
    ) -> None:
        self._store = store
        self._writer = MessageWriter(renderer, mailboxes, from_name, now, signing)
        self._courier = courier
        self._inviter = inviter
        self._now = now
        self._entropy = entropy
        self._schedule = schedule or Schedule()
        self._outcomes = OutcomeRecorder(desk, self._schedule, self.wake)
        self._in_hand: dict[int, asyncio.Task[None]] = {}
        self._domains: Counter[str] = Counter()
        self._done: list[CompletedDelivery] = []
        # The lease of the last claim, and leases whose COMMIT had an unknown result: they may have been
        # granted.
        self._leased_until: datetime | None = None
        self._unclear: set[datetime] = set()
        self._woken = asyncio.Event()
        self._stopping = False
        self._alarmed_at: datetime | None = None

    def wake(self) -> None:
        """Check the outbox now."""
        self._woken.set()

    def stop(self) -> None:
        """End `run` after the letters in progress."""
        self._stopping = True
        self._woken.set()

    async def run(self) -> None:
        """Run until `stop`, retrying if the store is unavailable; cancellation also cancels the letters."""
        try:
            while not self._stopping:
                self._woken.clear()
                try:
                    due = await self._run_cycle()
                    await self._wait(due)
                except StoreUnavailableError as error:
                    events.store_unavailable(error)
                    await asyncio.sleep(STORE_PAUSE_S)
        except asyncio.CancelledError:
            for each in self._in_hand.values():
                each.cancel()
            raise
        finally:
            await self._finish()

    def preview(self, letter: OutgoingLetter, now: datetime) -> RenderedLetter:
        """Render the letter as it would be sent, with masked tokens; may be called in a thread.

        Raises any error of a template.
        """
        facts = msgspec.json.decode(rows.to_json(letter.facts))
        row = LetterRow(
            0, None, letter.letter, letter.to, facts, 0, "<preview>", LetterState.QUEUED, 0, now, now
        )
        if letter.letter is Letter.INVITATION:
            row = self._inviter.prepare_letter(row)
        return self._writer.preview(row)

    async def work_once(self) -> int:
        """Deliver what is due now, up to one claim, and return the number of letters."""
        await self._run_cycle()
        begun = len(self._in_hand)
        await self._finish()
        return begun

    async def _finish(self) -> None:
        """Wait for the letters in progress, or settle them as deferred if cancelled.

        What the store cannot record now is sent again later.
        """
        try:
            await asyncio.gather(*self._in_hand.values())
        finally:
            try:
                await self._run_cycle(claiming=False)
            except StoreUnavailableError as error:
                events.store_unavailable(error)

    async def _wait(self, due: datetime | None) -> None:
        seconds = LONGEST_WAIT_S if due is None else (due - self._now()).total_seconds()
        # A due letter that was not claimed waits until a letter in progress ends, which wakes us.
        least = 1.0 if self._in_hand else 0.05
        try:
            await asyncio.wait_for(self._woken.wait(), min(LONGEST_WAIT_S, max(least, seconds)))
        except TimeoutError:
            return

    async def _run_cycle(self, *, claiming: bool = True) -> datetime | None:
        """Settle completed letters and claim due ones; return when the next letter is due, if known."""
        trouble = self._trouble()
        room = self._schedule.slots - len(self._in_hand) if claiming and not trouble else 0
        done, self._done = self._done, []
        if not done and room <= 0 and not trouble and not self._unclear:
            return None
        self._leased_until = None
        try:
            sealed, due = await self._store.transact(lambda tx: self._commit(tx, done, room, trouble))
        except StoreUnavailableError:
            self._done[:0] = done
            self._unclear |= {self._leased_until} if self._leased_until else set()
            raise
        except Exception as error:
            events.task_failed("settling letters", error)
            await self._record_each(done)
            return self._now() + _PAUSE
        self._unclear.clear()
        for letter in sealed:
            self._begin(letter)
        return due

    def _commit(
        self, tx: Transaction, done: Sequence[CompletedDelivery], room: int, trouble: str
    ) -> tuple[list[LetterWithTokens], datetime | None]:
        now = self._now()
        for each in done:
            self._outcomes.record_outcome(tx, each, now)
        for until in self._unclear:
            tx.give_back(until, self._in_hand)
        if trouble:
            tx.explain_wait(now, trouble)
        if room <= 0:
            return [], now + _PAUSE if trouble else None
        lease, most = now + self._schedule.lease, self._schedule.max_failures
        self._leased_until = lease
        rows = tx.claim(now, lease, room, self._domains, self._schedule.per_domain, most, self._in_hand)
        sealed = []
        for row in rows:
            if row.failures < most:
                sealed.append(self._issue_tokens(tx, row, now + self._schedule.token_life))
            else:
                self._outcomes.hold(tx, row, CUT_OFF.format(row.failures), now)
        return sealed, tx.next_due(now) if len(rows) < room else None

    async def _record_each(self, done: Sequence[CompletedDelivery]) -> None:
        """Settle letters one by one; hold the one that fails, so that the others are not retried for ever."""
        for each in done:
            try:
                await self._store.transact(partial(self._outcomes.record_outcome, done=each, now=self._now()))
            except StoreUnavailableError:
                self._done.append(each)
            except Exception as error:
                await self._hold_unrecorded(each, error)

    async def _hold_unrecorded(self, done: CompletedDelivery, error: Exception) -> None:
        events.task_failed(f"recording the outcome of message {done.row.id}", error)
        why = _cause(error, "recording the outcome of a message")
        try:
            hold = partial(self._outcomes.hold, row=done.row, why=why, now=self._now())
            await self._store.transact(hold)
        except StoreUnavailableError:
            self._done.append(done)  # with the remaining ones, or they would be sent again

    def _trouble(self) -> str:
        """Return why nothing can be sent now, and log an alarm, not too often."""
        trouble = self._writer.signing.trouble() if self._writer.signing is not None else ""
        if not trouble:
            self._alarmed_at = None
        elif self._alarmed_at is None or self._now() - self._alarmed_at >= _ALARM_EVERY:
            self._alarmed_at = self._now()
            events.signing_unavailable(trouble)
        return trouble

    def _issue_tokens(self, tx: Transaction, row: LetterRow, expires_at: datetime) -> LetterWithTokens:
        """Issue new tokens for each attempt; only their hashes are stored."""
        bounce = tokens.make_token(self._entropy(TOKEN_ENTROPY_BYTES))
        tx.keep_token(tokens.token_hash(bounce), Purpose.BOUNCE, row, expires_at)
        reply, is_answered = "", row.case_id is not None or row.letter in GENERAL_LETTERS | PRACTICE_LETTERS
        if is_answered and row.letter not in CONSOLE_LETTERS:
            reply = tokens.make_token(self._entropy(TOKEN_ENTROPY_BYTES))
            tx.keep_token(tokens.token_hash(reply), reply_purpose(row.letter), row, expires_at)
        code = ""
        if row.letter in CONSOLE_LETTERS:
            code = find_code(tx, str(row.facts.get(CONSOLE_LETTERS[row.letter], "")), row.to.key)
        return LetterWithTokens(row, reply, bounce, code)

    def _begin(self, sealed: LetterWithTokens) -> None:
        self._domains[sealed.row.to.domain] += 1
        self._in_hand[sealed.row.id] = asyncio.create_task(self._hand_over(sealed))

    async def _hand_over(self, sealed: LetterWithTokens) -> None:
        row = sealed.row
        try:
            done = await self._attempt(sealed)
        except asyncio.CancelledError:
            done = CompletedDelivery(row, Delivery(Outcome.DEFERRED, STOPPED))
        except Exception as error:
            events.task_failed(f"message {row.id} ({row.letter.value})", error)
            why = _cause(error, "rendering the message")
            done = CompletedDelivery(row, Delivery(Outcome.DEFERRED, why), failure=why)
        self._done.append(done)
        self._domains[row.to.domain] -= 1
        del self._in_hand[row.id]
        self._woken.set()

    async def _attempt(self, sealed: LetterWithTokens) -> CompletedDelivery:
        reverse_path = self._writer.reverse_path(sealed)
        if sealed.row.letter is Letter.INVITATION:
            written = self._writer.write(replace(sealed, row=self._inviter.prepare_letter(sealed.row)))
            delivery = await self._inviter.invite(sealed.row, reverse_path, written.raw)
        else:
            written = self._writer.write(sealed)
            delivery = await self._courier.deliver(reverse_path, sealed.row.to, written.raw)
        return CompletedDelivery(sealed.row, delivery, written)


def _cause(error: Exception, what: str) -> str:
    return printable(f"{type(error).__name__} while {what}, see the log: {error}", MAX_CAUSE)
