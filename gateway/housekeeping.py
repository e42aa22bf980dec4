"""Scheduled work: reminders, holds that end, closing of cases, the daily digest, erasure of expired data.

It runs on business days from the hour of the digest. Each deadline and each digest is recorded in the
transaction that queues its letters, so that a restart or another run does nothing twice.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import datetime, time, timedelta

from gateway.admission import business_days
from gateway.admission.authority import tokens
from gateway.admission.case import deadlines
from gateway.admission.case.deadlines import Deadline
from gateway.admission.case.decide import decide
from gateway.admission.case.digest import figures, shares
from gateway.admission.case.digest import overview as digest
from gateway.admission.case.events import DeadlinePassed
from gateway.admission.case.model import Case, Desk, JournalEntry, Staff, Transition
from gateway.admission.case.transitions.office import brakes, practice
from gateway.admission.organisations import domains
from gateway.log import events
from gateway.store.console import takes
from gateway.store.privacy import retention
from gateway.store.privacy.retention import Periods, RetentionResult
from gateway.store.protocol import JournalLine, Store, StoreUnavailableError, Transaction
from gateway.store.repositories import case_repository

MAX_INVITED = 10_000
POLL_INTERVAL_S = 60.0
MAX_REFUSED = 20
_MAX_LINES = 10_000
_DIGEST = "digest "
_RETENTION = "retention"
_WELCOME = "welcome "
NIGHT_HOUR = 3
PAUSE_S = 0.02
CASES_A_TURN = 200


class Housekeeping:
    """Processes passed deadlines until stopped; `wake` wakes the dispatcher when letters are queued.

    Each night expired personal data is erased (`periods`; None: nothing expires), and `prune_backups` removes
    old backups.
    """

    def __init__(
        self,
        store: Store,
        desk: Desk,
        *,
        now: Callable[[], datetime],
        wake: Callable[[], None] = lambda: None,
        periods: Periods | None = None,
        prune_backups: Callable[[datetime], object] = lambda _now: None,
    ) -> None:
        self._store = store
        self._desk = desk
        self._now = now
        self._wake = wake
        self._periods = periods
        self._prune_backups = prune_backups
        self._stopping = asyncio.Event()
        self._has_welcomed = False

    def stop(self) -> None:
        """End `run`."""
        self._stopping.set()

    async def run(self) -> None:
        """Run until `stop`. If the store is unavailable, log it and retry."""
        while not self._stopping.is_set():
            try:
                await self.work_once()
                await self.run_retention()
                # Only has an effect after an erasure, or if a reader blocked the last attempt.
                await self._store.compact()
            except StoreUnavailableError as error:
                events.store_unavailable(error)
            except OSError as error:
                events.task_failed("old backups", error)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), POLL_INTERVAL_S)

    async def work_once(self) -> int:
        """Process everything that is due now; return the number of deadlines, digests and ended stops."""
        now = self._now()
        if ended := await self._store.transact(lambda tx: self._end_brakes(tx, now)):
            self._wake()
        ended += await self._store.transact(lambda tx: takes.end(tx, now, self._desk))
        if not self._has_welcomed:
            self._has_welcomed = True
            ended += await self._store.transact(lambda tx: self._welcome(tx, now))
        if not is_working_time(now, self._desk):
            return ended
        done = ended + await self._attend_all(now)
        if self._desk.weekly_figures:
            done += await self._store.transact(lambda tx: self._enqueue_figures(tx, now))
        if self._desk.digest:
            done += await self._store.transact(lambda tx: self._enqueue_digest(tx, now))
        if done:
            self._wake()
        return done

    def _end_brakes(self, tx: Transaction, now: datetime) -> int:
        """Notify of stops that have ended; letters are sent by schedule alone."""
        over = tx.ended_brakes(now)
        if over:
            case_repository.enqueue(tx, None, brakes.end(over, self._desk), now, None, self._desk.caps)
        return len(over)

    def _welcome(self, tx: Transaction, now: datetime) -> int:
        """Welcome members who are new in the settings, once each, except those present at the first run."""
        has_looked = tx.last_time(_WELCOME) is not None
        new = [one for one in self._desk.staff if tx.record_once(_name_welcome(one), now)]
        for member in new if has_looked else ():
            case_repository.enqueue(
                tx, None, practice.welcome(member, now, self._desk), now, None, self._desk.caps
            )
        return len(new) if has_looked else 0

    async def _attend_all(self, now: datetime) -> int:
        """Apply the deadlines of all open cases in batches, with mails in between."""
        done = await self._store.transact(lambda tx: self._attend_invited(tx, now))
        last: Case | None = None
        while True:
            after = last
            seen, fresh = await self._store.transact(lambda tx: self._attend_some(tx, after, now))  # noqa: B023 - awaited here
            done += fresh
            if len(seen) < CASES_A_TURN:
                return done
            last = seen[-1]

    def _attend_invited(self, tx: Transaction, now: datetime) -> int:
        """Attend to invitations that expire soon or have expired, and were not used."""
        early = timedelta(days=self._desk.valid_days - self._desk.remind_before - 1)
        return sum(self._attend(tx, case, now) for case in tx.invited_cases(now - early, MAX_INVITED))

    def _attend_some(
        self, tx: Transaction, after: Case | None, now: datetime
    ) -> tuple[tuple[Case, ...], int]:
        some = tx.open_cases(CASES_A_TURN, after)
        return some, sum(self._attend(tx, case, now) for case in some)

    def _attend(self, tx: Transaction, case: Case, now: datetime) -> bool:
        """Apply the last of a case's passed deadlines; it covers those before it."""
        due = deadlines.due_deadlines(case, business_days.tokyo_date(now), self._desk)
        fresh = [deadline for deadline in due if tx.record_once(deadline.name, now, case)]
        if not fresh:
            return False
        desk = case_repository.load_desk(tx, self._desk, now)
        transition = decide(case, DeadlinePassed(_last(fresh)), now, desk)
        case_repository.enqueue(
            tx, case_repository.save(tx, case, transition), transition, now, None, self._desk.caps
        )
        return True

    async def run_retention(self) -> RetentionResult:
        """Erase expired data, once a night; return how much."""
        now, total = self._now(), RetentionResult()
        periods = self._periods
        if periods is None or not await self._store.transact(lambda tx: _is_night(tx, now)):
            return total
        while (
            swept := await self._store.transact(lambda tx: retention.erase_expired(tx, periods, now))
        ).has_any:
            total += swept
            await asyncio.sleep(PAUSE_S)  # mails have priority
            if self._stopping.is_set():
                return total
        await self._store.transact(lambda tx: _note(tx, total, now))
        await asyncio.to_thread(self._prune_backups, now)
        return total

    def _enqueue_figures(self, tx: Transaction, now: datetime) -> int:
        """Queue the figures of the last week, on the first business day of this week."""
        today = business_days.tokyo_date(now)
        monday = figures.find_week(today)
        if not tx.record_once(f"figures {monday.isoformat()}", now):
            return 0
        begin = datetime.combine(monday, time(), business_days.TOKYO)
        lines = tx.journal_since(begin, figures.COUNTED, _MAX_LINES)
        names = [line.event for line in lines if line.at < begin + timedelta(days=7)]
        waiting, _ = case_repository.load_open_cases(tx)
        told = figures.build_figures(names, waiting, today, self._desk)
        case_repository.enqueue(tx, None, told, now, None, self._desk.caps)
        return 1

    def _enqueue_digest(self, tx: Transaction, now: datetime) -> int:
        """Queue the daily digest for each member of staff, once a day."""
        today = business_days.tokyo_date(now)
        before = tx.last_time(_DIGEST)
        if not tx.record_once(f"{_DIGEST}{today.isoformat()}", now):
            return 0
        since = before or now - timedelta(days=1)
        refused, more = find_unproven_domains(
            tx.refused_domains("unproven", business_days.tokyo_date(since), today)
        )
        gone = tx.journal_since(since, (_RETENTION,), _MAX_LINES)
        lost = tx.journal_since(since, ("letter.undelivered", "letter.held"), shares.MAX_READ)
        failed, more_failed = shares.list_undelivered(lost)
        capped = shares.list_capped(tx.capped_letters(business_days.tokyo_date(since), today))
        waiting, unseen = case_repository.load_open_cases(tx)
        unheard, held = tx.count_unheard(since), tx.unheard_mails(since, shares.MAX_READ)
        marked = shares.pick_fairly(held, shares.MAX_MARKED, lambda one: shares.find_unit(one.author))
        outgoing = tuple(
            digest.build_digest(
                person,
                waiting,
                today,
                self._desk,
                unseen=unseen,
                refused=refused,
                more_refused=more,
                failed=failed,
                more_failed=more_failed,
                erased=count_erased(gone),
                capped=capped,
                unheard=unheard,
                marked=list(map(asdict, marked)),
            )
            for person in list_present(case_repository.load_desk(tx, self._desk, now).staff)
        )
        case_repository.enqueue(
            tx,
            None,
            Transition(None, outgoing, (JournalEntry("digest", detail={"cases": len(waiting) + unseen}),)),
            now,
            None,
            self._desk.caps,
        )
        return 1


def _name_welcome(member: Staff) -> str:
    return f"{_WELCOME}{tokens.token_hash(f'welcome {member.address.key}').hex()[:32]}"


def is_working_time(now: datetime, desk: Desk) -> bool:
    """Return whether it is a business day and the hour of the digest has passed."""
    local = now.astimezone(business_days.TOKYO)
    return local.hour >= desk.digest_hour and business_days.is_business_day(local.date(), desk.closings)


def list_present(staff: Sequence[Staff]) -> tuple[Staff, ...]:
    """Return who receives the digest: all who are not away, or all if everybody is."""
    return tuple(one for one in staff if not one.is_away) or tuple(staff)


def find_unproven_domains(counts: Iterable[tuple[str, int]]) -> tuple[list[dict[str, object]], int]:
    """Return unauthenticated domains of an organisation's own kind, most mails first.

    Also return how many other mails were rejected for that reason.
    """
    found = list(counts)
    own = [(domain, count) for domain, count in found if domains.is_own(domain)][:MAX_REFUSED]
    named: list[dict[str, object]] = [{"author": domain, "count": count} for domain, count in own]
    return named, sum(count for _, count in found) - sum(count for _, count in own)


def count_erased(lines: Iterable[JournalLine]) -> dict[str, int]:
    """Count the cases and mails erased because they expired; empty if there are none."""
    counts: Counter[str] = Counter()
    for line in lines:
        counts.update({name: int(str(line.detail.get(name, 0))) for name in ("cases", "mails")})
    return dict(counts) if counts.total() else {}


def _is_night(tx: Transaction, now: datetime) -> bool:
    """Return whether the nightly work is due and not done yet today (in Japan)."""
    local = now.astimezone(business_days.TOKYO)
    last = tx.last_time(f"{_RETENTION} ")
    return local.hour >= NIGHT_HOUR and (last is None or business_days.tokyo_date(last) != local.date())


def _note(tx: Transaction, total: RetentionResult, now: datetime) -> None:
    tx.record_once(f"{_RETENTION} {business_days.tokyo_date(now).isoformat()}", now)
    if total.has_any:
        tx.journal((JournalEntry(_RETENTION, detail=asdict(total)),), now, None, None)


def _last(passed: Sequence[Deadline]) -> Deadline:
    """Return the deadline that counts if several have passed since the last run."""
    return max(passed, key=lambda deadline: (deadline.day, deadline.amount))
