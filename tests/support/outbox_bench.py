"""A dispatch with everything but the store under control."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from tenacity import wait_fixed

from gateway.admission.case.model import Case, Letter, OutgoingLetter, State
from gateway.mail.smtp.mailboxes import Mailboxes
from gateway.outbound.dispatcher import Dispatcher
from gateway.outbound.protocols import RenderedLetter
from gateway.outbound.retry import Schedule
from gateway.store.protocol import Transaction
from gateway.store.queries.reader import Reader
from gateway.store.sqlite.source import SqliteSource
from gateway.store.sqlite.store import SqliteStore
from tests.support.clock import Clock
from tests.support.couriers import KeptCourier
from tests.support.factories import APPLICANT, DESK, SATO, case

BOXES = Mailboxes("gw.example.go.jp")
SCHEDULE = Schedule(backoff=wait_fixed(60), give_up_after=timedelta(days=5))


class PlainRenderer:
    """Says the letter's name and the reply address; fails for one letter if told to."""

    fails_for: Letter | None = None

    def render(self, letter: Letter, facts: Mapping[str, object], reply_to: str) -> RenderedLetter:
        if letter is self.fails_for:
            raise KeyError("a fact that is missing")
        return RenderedLetter(f"{letter.value} {facts.get('number', '')}", f"reply to {reply_to}\n")


def dispatch_on(
    store: SqliteStore,
    courier: KeptCourier,
    clock: Clock,
    renderer: PlainRenderer | None = None,
    schedule: Schedule = SCHEDULE,
) -> Dispatcher:
    """Works on `store` with plain words."""
    return Dispatcher(
        store,
        renderer or PlainRenderer(),
        courier,
        courier,
        DESK,
        BOXES,
        from_name="窓口",
        now=clock,
        entropy=secrets.token_bytes,
        schedule=schedule,
    )


class Keys:
    """Signs with a word, or has a trouble."""

    def __init__(self, trouble: str) -> None:
        self._trouble = trouble

    def trouble(self) -> str:
        return self._trouble

    def sign(self, raw: bytes) -> bytes:
        return b"DKIM-Signature: signed\r\n"


class Bench:
    """A dispatch on a real store with everything else under control."""

    def __init__(self, store: SqliteStore) -> None:
        self.store = store
        self.courier = KeptCourier()
        self.renderer = PlainRenderer()
        self.clock = Clock()
        self.cases = 0
        self.dispatch = dispatch_on(store, self.courier, self.clock, self.renderer)

    def sign_with(self, keys: Keys) -> None:
        self.dispatch._writer.signing = keys

    async def enqueue(
        self, letter: Letter = Letter.ACKNOWLEDGMENT, state: State = State.UNDER_REVIEW
    ) -> Case:
        """A case with one queued letter."""

        def work(tx: Transaction) -> Case:
            self.cases += 1
            saved = tx.save(case(state, number=f"K7QM-{self.cases:02d}"))
            to = SATO if letter is Letter.REVIEW_REQUEST else APPLICANT
            tx.enqueue(saved, [OutgoingLetter(letter, to, {"number": saved.number})], self.clock(), None)
            return saved

        return await self.store.transact(work)

    def letters(self) -> list[tuple[str, int]]:
        rows = sorted(Reader(SqliteSource(self.store.path)).letters(), key=lambda row: int(row["id"]))
        return [(row["state"], row["attempts"]) for row in rows]

    def notices(self) -> int:
        return sum(row["letter"] == "case_notice" for row in Reader(SqliteSource(self.store.path)).letters())

    async def state(self, of: Case) -> State:
        found = await self.store.transact(lambda tx: tx.case(of.id))
        assert found is not None
        return found.state


@asynccontextmanager
async def bench_in(folder: Path) -> AsyncIterator[Bench]:
    """A bench with an empty store."""
    store = SqliteStore(folder / "gateway.db", BOXES.domain)
    store.open()
    yield Bench(store)
    store.close()
