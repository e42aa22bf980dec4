"""A day of fifty cases with two members of staff: how many letters each of them gets, counted."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from gateway.admission import business_days
from gateway.admission.authority import tokens
from gateway.admission.case.decide import decide
from gateway.admission.case.digest import lines as digest_lines
from gateway.admission.case.digest import overview
from gateway.admission.case.digest import reply as digest_reply
from gateway.admission.case.events import Apply, Decide
from gateway.admission.case.model import Case, Letter, MailChoice, OutgoingLetter, State, Transition
from gateway.admission.replies.context import ReplyContext
from gateway.admission.replies.reading import Decision, ParsedReply
from gateway.mail.address import Address, parse
from gateway.printing.statement import Statement
from gateway.store.protocol import LetterState, Transaction
from gateway.store.repositories import case_repository
from gateway.store.sqlite.store import SqliteStore
from tests.support.factories import DESK, NOW, SATO, SUZUKI, background, form

CASES = 50
MINUTE = timedelta(minutes=1)
CODE = "4F7K"
DAY = NOW + timedelta(days=1)
NUMBERS = [f"K{tokens.ALPHABET[at // 32]}{tokens.ALPHABET[at % 32]}M-4T" for at in range(CASES)]


@dataclass
class Office:
    """A store, a clock, and who gets which letters; what is due leaves whenever the clock moves."""

    store: SqliteStore
    choice: MailChoice
    now: datetime = NOW

    def __post_init__(self) -> None:
        self.desk = replace(DESK, staff=tuple(replace(one, mail=self.choice) for one in DESK.staff))
        self.got: dict[Address, Counter[Letter]] = {SATO: Counter(), SUZUKI: Counter()}
        self.kept: list[tuple[datetime, OutgoingLetter]] = []

    async def move(self, to: datetime) -> None:
        """Deliver what is due until then, minute by minute."""
        while self.now < to:
            self.now = min(to, self.now + MINUTE)
            await self.store.transact(self._deliver)

    def _deliver(self, tx: Transaction) -> None:
        for row in tx.claim(self.now, self.now + MINUTE, 1000):
            tx.record_outcome(row.id, LetterState.SENT, self.now, "250", self.now)
            if row.to in self.got:
                self.got[row.to][row.letter] += 1
                self.kept.append((self.now, OutgoingLetter(row.letter, row.to, row.facts)))

    async def apply(self, number: str) -> None:
        event = Apply(parse(f"a{number[1:3].lower()}@town.mihon.lg.jp"), form(), background(), number)
        await self.store.transact(lambda tx: self._write(tx, None, decide(None, event, self.now, self.desk)))

    async def say(self, by: Address, number: str, word: Decision = Decision.APPROVE) -> None:
        """A reply to one review request."""
        reading = ParsedReply(word, "", Statement("read_as", word=word.value))

        def work(tx: Transaction) -> None:
            before = tx.case_by_number(number)
            assert before is not None
            event = Decide(by, reading, before.revision, recallable=True)
            self._write(tx, before, decide(before, event, self.now, self.desk))

        await self.store.transact(work)

    async def answer_digest(self, by: Address, numbers: Iterable[str]) -> None:
        """One reply to the digest, with a line a case."""
        text = "\n".join(f"{number} 承認 {CODE}" for number in numbers)

        def work(tx: Transaction) -> None:
            reply = digest_lines.parse(by, text, ReplyContext(code=CODE), dict.fromkeys(NUMBERS, 1))
            for before, transition in digest_reply.decide(
                reply, case_repository.load_cases(tx, reply), self.now, self.desk
            ):
                self._write(tx, before, transition)

        await self.store.transact(work)

    async def send_digest(self) -> None:
        def work(tx: Transaction) -> None:
            waiting, unseen = case_repository.load_open_cases(tx)
            today = business_days.tokyo_date(self.now)
            told = tuple(
                overview.build_digest(one, waiting, today, self.desk, unseen=unseen)
                for one in self.desk.staff
            )
            self._write(tx, None, Transition(None, told))

        await self.store.transact(work)

    def _write(self, tx: Transaction, before: Case | None, transition: Transition) -> None:
        after = case_repository.save(tx, before, transition)
        case_repository.enqueue(tx, after, transition, self.now, None, self.desk.caps)

    async def states(self) -> Counter[State]:
        found = [await self.store.transact(lambda tx, n=number: tx.case_by_number(n)) for number in NUMBERS]  # type: ignore[misc]
        return Counter(one.state for one in found if one is not None)


@pytest.fixture
async def open_office(tmp_path: Path) -> AsyncIterator[Callable[[MailChoice], Office]]:
    store = SqliteStore(tmp_path / "gateway.db", "gw.example.go.jp")
    store.open()
    yield lambda choice: Office(store, choice)
    store.close()


async def fill(office: Office) -> None:
    """Fifty applications in the course of a day, and the digest of the next morning."""
    for number in NUMBERS:
        await office.apply(number)
        await office.move(office.now + 8 * MINUTE)
    await office.move(DAY)
    await office.send_digest()
    await office.move(DAY + MINUTE)


async def decide_by_digest(office: Office) -> None:
    await office.answer_digest(SATO, NUMBERS[: CASES // 2])
    await office.move(office.now + 10 * MINUTE)
    await office.answer_digest(SUZUKI, NUMBERS[CASES // 2 :])
    await office.move(office.now + timedelta(hours=2))


async def decide_one_by_one(office: Office) -> None:
    """Both reply to half of the requests, more than one a minute: half an hour's work."""
    for mine, yours in zip(NUMBERS[: CASES // 2], NUMBERS[CASES // 2 :], strict=True):
        await office.say(SATO, mine)
        await office.say(SUZUKI, yours)
        await office.move(office.now + MINUTE)
    await office.move(office.now + timedelta(hours=2))


@pytest.mark.parametrize(
    ("choice", "work", "most"),
    [
        pytest.param(MailChoice.EACH, decide_by_digest, 60, id="each, by digest"),
        pytest.param(MailChoice.EACH, decide_one_by_one, 60, id="each, one by one"),
        pytest.param(MailChoice.MINE, decide_by_digest, 5, id="mine, by digest"),
        pytest.param(MailChoice.DIGEST, decide_by_digest, 5, id="digest"),
    ],
)
async def test_fifty_cases_bring_few_letters_and_every_word_is_told(
    open_office: Callable[[MailChoice], Office],
    choice: MailChoice,
    work: Callable[[Office], object],
    most: int,
) -> None:
    office = open_office(choice)
    await fill(office)
    await work(office)  # type: ignore[misc]
    assert {State.APPROVED: CASES} == await office.states()
    totals = {by: counted.total() for by, counted in office.got.items()}
    assert most >= max(totals.values()), office.got
    own = {by: _numbers_told(office, by, by) for by in office.got}
    assert {SATO: set(NUMBERS[: CASES // 2]), SUZUKI: set(NUMBERS[CASES // 2 :])} == own
    if choice is MailChoice.EACH:
        assert set(NUMBERS[CASES // 2 :]) == _numbers_told(office, SATO, SUZUKI)
        assert set(NUMBERS[: CASES // 2]) == _numbers_told(office, SUZUKI, SATO)


async def test_a_summary_leaves_before_the_undo_window_of_its_oldest_line_ends(
    open_office: Callable[[MailChoice], Office],
) -> None:
    office = open_office(MailChoice.EACH)
    await fill(office)
    await decide_one_by_one(office)
    summaries = [(at, one) for at, one in office.kept if one.letter is Letter.DECISION_SUMMARY]
    assert summaries
    for at, one in summaries:
        ends = [datetime.fromisoformat(str(line["leaves_at"])) for line in one.facts["cases"]]  # type: ignore[attr-defined]
        assert office.desk.undo_window / 2 - MINUTE <= min(ends) - at


async def test_alarms_do_not_wait_for_a_summary(open_office: Callable[[MailChoice], Office]) -> None:
    office = open_office(MailChoice.DIGEST)
    flagged = replace(background(), flags=(Statement("applied_before"),))
    event = Apply(parse("a@town.mihon.lg.jp"), form(), flagged, NUMBERS[0])
    await office.store.transact(
        lambda tx: office._write(tx, None, decide(None, event, office.now, office.desk))
    )
    await office.say(SATO, NUMBERS[0])
    await office.move(office.now + MINUTE)
    assert {SATO: 1, SUZUKI: 1} == {by: counted[Letter.CASE_NOTICE] for by, counted in office.got.items()}


async def test_without_an_undo_window_receipts_leave_at_once(
    open_office: Callable[[MailChoice], Office],
) -> None:
    office = open_office(MailChoice.EACH)
    at_once = replace(office.desk.caps, receipt_spacing=timedelta(0))
    office.desk = replace(office.desk, undo_window=timedelta(0), caps=at_once)
    await office.apply(NUMBERS[0])
    await office.say(SATO, NUMBERS[0])
    await office.move(office.now + MINUTE)
    assert {SATO: 1, SUZUKI: 1} == {by: one[Letter.DECISION_RECEIPT] for by, one in office.got.items()}


def _numbers_told(office: Office, to: Address, by: Address) -> set[str]:
    """Numbers of cases of which a letter told `to` what `by` said."""
    told: set[str] = set()
    for _, one in office.kept:
        if one.to != to:
            continue
        if one.letter is Letter.DECISION_RECEIPT and one.facts["by"] == str(by):
            told.add(str(one.facts["number"]))
        lines = one.facts.get("cases", ())
        if one.letter is Letter.DECISION_SUMMARY:
            told |= {line["number"] for line in lines if line["by"] == str(by)}  # type: ignore[attr-defined]
        if one.letter is Letter.TRANSCRIPT and to == by:
            told |= {line["number"] for line in lines}  # type: ignore[attr-defined]
    return told
