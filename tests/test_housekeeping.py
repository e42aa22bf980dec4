"""Chores on a clock that is told the time: once each, also after a restart, only when the office works."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.admission.authority.brakes import Brake, BrakeChange, PulledBrake
from gateway.admission.case.model import Case, JournalEntry, Letter, OutgoingLetter, State
from gateway.housekeeping import Housekeeping, find_unproven_domains, is_working_time
from gateway.mail.address import parse
from gateway.printing.outside import Outside
from gateway.store.privacy.retention import Periods
from gateway.store.protocol import ReceivedMail
from gateway.store.queries.reader import Reader
from gateway.store.sqlite.source import SqliteSource
from gateway.store.sqlite.store import SqliteStore
from gateway.store.tables.transaction import SqlTransaction
from tests.support.clock import Clock
from tests.support.factories import APPLICANT, DESK, NOW, SATO, SUZUKI, case

QUIET = replace(DESK, digest=False)
BOSS = parse("kacho@kyoso.mihon.go.jp")


class Bench:
    """Housekeeping on a real store. The clock begins on Tuesday, 24 November 2026, at 10:00 in Japan."""

    def __init__(self, folder: Path) -> None:
        self.store = SqliteStore(folder / "gateway.db", "gw.example.go.jp")
        self.store.open()
        self.clock = Clock()
        self.woken = 0

    def keeper(self, desk: object = QUIET) -> Housekeeping:
        return Housekeeping(self.store, desk, now=self.clock, wake=self._wake)  # type: ignore[arg-type]

    def _wake(self) -> None:
        self.woken += 1

    async def put(self, *cases: Case) -> None:
        for one in cases:
            await self.store.transact(lambda tx, one=one: tx.save(one))  # type: ignore[misc]

    def letters(self, *kinds: Letter) -> list[tuple[str, str]]:
        rows = sorted(
            Reader(SqliteSource(self.store.path)).letters(limit=1000), key=lambda row: int(row["id"])
        )
        return [
            (row["letter"], row["recipient"]) for row in rows if not kinds or Letter(row["letter"]) in kinds
        ]

    async def facts(self) -> list[dict[str, Any]]:
        rows = await self.store.transact(lambda tx: tx.claim(self.clock(), self.clock(), 100))
        return [dict(row.facts) for row in rows]

    async def case(self) -> Case:
        found = await self.store.transact(lambda tx: tx.case_by_number("K7QM-4T"))
        assert found is not None
        return found


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.store.close()


def japan(day: int, hour: int) -> datetime:
    return datetime(2026, 11, day, (hour - 9) % 24, tzinfo=UTC).replace(day=day if hour >= 9 else day - 1)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (japan(24, 9), True),
        (japan(24, 8), False),
        (japan(24, 18), True),
        (japan(23, 10), False),  # Labour Thanksgiving Day
        (japan(28, 10), False),  # Saturday
        (datetime(2026, 12, 29, 3, tzinfo=UTC), False),
    ],
)
def test_the_office_is_at_work(moment: datetime, *, expected: bool) -> None:
    assert expected == is_working_time(moment, DESK)


async def test_each_reminder_goes_out_once_on_its_day(bench: Bench) -> None:
    await bench.put(case())
    found = []
    for _ in range(6):
        await bench.keeper(replace(QUIET, escalation=BOSS)).work_once()
        await bench.keeper(replace(QUIET, escalation=BOSS)).work_once()
        found.append(len(bench.letters(Letter.REVIEW_REQUEST)))
        bench.clock.forward(days=1)
    assert [0, 2, 4, 6, 6, 6] == found
    assert [("case_notice", str(BOSS))] == bench.letters(Letter.CASE_NOTICE)


async def test_nothing_is_done_outside_office_hours(bench: Bench) -> None:
    await bench.put(case())
    bench.clock.moment = datetime(2026, 11, 28, 3, tzinfo=UTC)
    assert 0 == await bench.keeper().work_once()
    assert [] == bench.letters()


async def test_after_a_long_stop_only_the_last_reminder_goes_out(bench: Bench) -> None:
    await bench.put(case())
    bench.clock.forward(days=8)
    await bench.keeper().work_once()
    await bench.keeper().work_once()
    assert 2 == len(bench.letters(Letter.REVIEW_REQUEST))
    assert {100} == {facts["percent"] for facts in await bench.facts()}


async def test_a_restart_repeats_nothing(bench: Bench) -> None:
    await bench.put(case())
    bench.clock.forward(days=1)
    await bench.keeper(DESK).work_once()
    before = bench.letters()
    bench.store.close()
    bench.store.open()
    assert 0 == await bench.keeper(DESK).work_once()
    assert before == bench.letters()


async def test_an_invitation_is_followed_to_its_end(bench: Bench) -> None:
    await bench.put(case(State.INVITED, decided_by=str(SATO), invited_at=NOW))
    found = []
    for _ in range(8):
        await bench.keeper().work_once()
        await bench.keeper().work_once()
        found.append((await bench.case()).state)
        bench.clock.forward(days=7)
    # Reminded once in the last week; expired on the first open day after 30, behind the new year.
    assert [State.INVITED] * 6 + [State.EXPIRED] * 2 == found
    applicant = [letter for letter, to in bench.letters() if to not in {str(SATO), str(SUZUKI)}]
    assert ["invitation_reminder", "expired"] == applicant


async def test_a_hold_comes_back_on_its_day(bench: Bench) -> None:
    await bench.put(case(State.ON_HOLD, held_until=NOW.date()))
    assert 1 == await bench.keeper().work_once()
    assert State.UNDER_REVIEW is (await bench.case()).state
    assert [("review_request", str(SATO)), ("review_request", str(SUZUKI))] == bench.letters()
    assert 1 == bench.woken


async def test_a_second_hold_comes_back_too(bench: Bench) -> None:
    await bench.put(case(State.ON_HOLD, held_until=NOW.date()))
    await bench.keeper().work_once()
    again = replace(await bench.case(), state=State.ON_HOLD, held_until=datetime(2026, 11, 26).date())  # noqa: DTZ001 - a day
    await bench.put(again)
    bench.clock.forward(days=2)
    await bench.keeper().work_once()
    assert State.UNDER_REVIEW is (await bench.case()).state


async def test_who_does_not_answer_is_reminded_twice_and_then_told_the_end(bench: Bench) -> None:
    await bench.put(case(State.AWAITING_AFFILIATION, waits_since=NOW))
    for _ in range(25):
        await bench.keeper().work_once()
        bench.clock.forward(days=1)
    to_applicant = [letter for letter, to in bench.letters() if to == str(APPLICANT)]
    assert ["affiliation_request", "affiliation_request", "expired"] == to_applicant
    assert State.EXPIRED is (await bench.case()).state


async def test_the_digest_goes_to_each_member_of_staff_once_a_day(bench: Bench) -> None:
    await bench.put(case(), case(State.INVITED, number="AB12-CD"))
    for _ in range(3):
        await bench.keeper(DESK).work_once()
    assert [("digest", str(SATO)), ("digest", str(SUZUKI))] == bench.letters(Letter.DIGEST)
    assert [["K7QM-4T"], ["K7QM-4T"]] == [
        [line["number"] for line in facts["cases"]] for facts in await bench.facts()
    ]
    bench.clock.forward(days=1)
    await bench.keeper(DESK).work_once()
    assert 4 == len(bench.letters(Letter.DIGEST))


async def test_a_digest_without_cases_says_so(bench: Bench) -> None:
    await bench.keeper(DESK).work_once()
    assert [[], []] == [facts["cases"] for facts in await bench.facts()]


async def test_the_digest_tells_of_refused_senders_and_lost_letters_since_the_last_one(bench: Bench) -> None:
    lost = JournalEntry(
        "letter.undelivered",
        detail={"letter": Letter.DECLINE, "to": APPLICANT, "cause": Outside("550 no such user")},
    )
    yesterday = NOW - timedelta(days=1)
    for at in (yesterday, yesterday, NOW):
        await bench.store.transact(lambda tx, at=at: tx.count_refusal("unproven", "town.mihon.lg.jp", at, 9))
    await bench.store.transact(lambda tx: tx.journal((lost,), NOW, None, None))
    bench.clock.forward(hours=1)
    await bench.keeper(DESK).work_once()
    facts = (await bench.facts())[0]
    assert [{"author": "town.mihon.lg.jp", "count": 2}] == facts["refused"]
    assert ["550 no such user"] == [one["cause"] for one in facts["failed"]]
    bench.clock.forward(days=1)
    await bench.keeper(DESK).work_once()
    assert [{"author": "town.mihon.lg.jp", "count": 1}] == (await bench.facts())[-1]["refused"], "of the day"
    bench.clock.forward(days=1)
    await bench.keeper(DESK).work_once()
    assert [] == (await bench.facts())[-1]["refused"]


async def test_a_member_of_staff_does_not_see_their_own_application(bench: Bench) -> None:
    await bench.put(case(applicant=SATO))
    await bench.keeper(DESK).work_once()
    assert [0, 1] == [len(facts["cases"]) for facts in await bench.facts()]


def test_only_an_organisations_domains_are_named_and_a_flood_is_cut() -> None:
    forged = [(f"town.mihon{n}.lg.jp", 1) for n in range(50)]
    named, more = find_unproven_domains([("nisemono.example", 4), ("city.rei.lg.jp", 3), ("", 3), *forged])
    assert ("city.rei.lg.jp", 3) == (named[0]["author"], named[0]["count"])
    assert (20, 60) == (len(named), more + sum(int(str(one["count"])) for one in named))


async def test_a_failing_transaction_forgets_that_the_chore_was_done(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bench.put(case())
    bench.clock.forward(days=1)

    def failing(*_: object) -> None:
        raise ValueError("halfway")

    with monkeypatch.context() as patch:
        patch.setattr(SqlTransaction, "enqueue", failing)
        with pytest.raises(ValueError, match="halfway"):
            await bench.keeper().work_once()
    assert 1 == await bench.keeper().work_once()


async def test_a_general_letter_belongs_to_no_case(bench: Bench) -> None:
    await bench.put(case())
    saved = await bench.case()
    await bench.store.transact(
        lambda tx: tx.enqueue(saved, [OutgoingLetter(Letter.DIGEST, SATO, {})], NOW, None)
    )
    (row,) = await bench.store.transact(lambda tx: tx.claim(NOW, NOW, 10))
    assert (None, 0) == (row.case_id, row.revision)


# --- the end of the time for which personal data is kept --------------------------------------


async def test_each_night_what_is_due_is_erased_once_and_the_digest_says_so(bench: Bench) -> None:
    await bench.put(case(State.DECLINED, number="OLD1-AA"), case(State.DECLINED, number="OLD2-BB"))
    gone: list[datetime] = []
    keeper = Housekeeping(bench.store, DESK, now=bench.clock, periods=Periods(), prune_backups=gone.append)
    bench.clock.moment = datetime(2027, 12, 1, 17, 59, tzinfo=UTC)  # 02:59 on 2 December in Japan
    assert not (await keeper.run_retention()).has_any
    bench.clock.forward(minutes=2)
    assert 2 == (await keeper.run_retention()).cases
    assert not (await keeper.run_retention()).has_any
    assert [bench.clock()] == gone
    bench.clock.forward(hours=7)
    assert 1 == await keeper.work_once()
    assert {"cases": 2, "mails": 0} == (await bench.facts())[0]["erased"]


async def test_without_periods_nothing_is_ever_erased(bench: Bench) -> None:
    await bench.put(case(State.DECLINED))
    bench.clock.forward(days=4000)
    assert not (await bench.keeper().run_retention()).has_any


async def test_a_night_that_was_interrupted_is_finished_later(bench: Bench) -> None:
    await bench.put(*(case(State.DECLINED, number=f"OLD{n}") for n in range(30)))
    bench.clock.forward(days=400)
    first = Housekeeping(bench.store, QUIET, now=bench.clock, periods=Periods())
    first.stop()
    assert 20 == (await first.run_retention()).cases
    second = Housekeeping(bench.store, QUIET, now=bench.clock, periods=Periods())
    assert 10 == (await second.run_retention()).cases


async def test_the_digest_counts_every_letter_over_a_cap(bench: Bench) -> None:
    """Told on the next open day, of whole days; without an address."""
    stranger = OutgoingLetter(Letter.HOW_TO_APPLY, parse("eve@a.evil.example"), {})
    for _ in range(5):
        await bench.store.transact(lambda tx: tx.enqueue(None, [stranger], bench.clock(), None))
    bench.clock.forward(days=1)
    await bench.keeper(DESK).work_once()
    told = [facts["capped"] for facts in await bench.facts() if "capped" in facts]
    assert [[{"letter": "how_to_apply", "of": "evil.example", "count": 2}]] * len(DESK.staff) == told


async def test_the_digest_counts_what_nobody_was_told_of_and_names_what_holds_something(bench: Bench) -> None:
    for number, what in enumerate(("mail", "form", "decision", ""), start=1):
        key, rest = f"k{number}", ("", "", "automatic", "{}", b"")
        came = ReceivedMail(key, bench.clock(), "192.0.2.1", "mx", "", "request", str(SATO), *rest)
        mail_id = await bench.store.transact(lambda tx, came=came: tx.record(came, None))
        await bench.store.transact(lambda tx, mail_id=mail_id, what=what: tx.mark_unheard(mail_id, what))
    bench.clock.forward(minutes=1)
    await bench.keeper(DESK).work_once()
    told = [facts for facts in await bench.facts() if "unheard" in facts]
    assert [3] * len(DESK.staff) == [facts["unheard"] for facts in told]
    marked = [
        {"id": 3, "author": str(SATO), "holds": "decision"},
        {"id": 2, "author": str(SATO), "holds": "form"},
    ]
    assert all(marked == facts["marked"] for facts in told)
    bench.clock.forward(days=1)
    await bench.keeper(DESK).work_once()
    assert 0 in [facts["unheard"] for facts in await bench.facts() if "unheard" in facts]


async def test_the_end_of_a_stop_is_told_once_at_any_hour(bench: Bench) -> None:
    until = bench.clock() + timedelta(hours=14)  # midnight in Japan
    stop = PulledBrake(Brake.STOP, str(SATO), bench.clock(), until)
    await bench.store.transact(lambda tx: tx.change_brakes(BrakeChange(pulled=stop)))
    assert 0 == await bench.keeper().work_once()
    bench.clock.moment = until
    assert [1, 0] == [await bench.keeper().work_once() for _ in range(2)]
    assert 1 == bench.woken
    assert {"stop_over"} == {facts["kind"] for facts in await bench.facts()}


async def test_who_is_new_in_the_settings_gets_one_welcome(bench: Bench) -> None:
    before = replace(QUIET, staff=QUIET.staff[:1])
    await bench.keeper(before).work_once()
    assert [] == bench.letters(Letter.PRACTICE_REQUEST)
    await bench.keeper(QUIET).work_once()
    await bench.keeper(QUIET).work_once()
    assert [("practice_request", str(SUZUKI))] == bench.letters(Letter.PRACTICE_REQUEST)
    (facts,) = await bench.facts()
    assert (True, "each") == (facts["welcome"], facts["mail"])
    chores = Reader(SqliteSource(bench.store.path))._db.execute(
        "SELECT name FROM chores WHERE name LIKE 'welcome %'"
    )
    assert not [name for (name,) in chores if "@" in name]


async def test_the_figures_of_the_week_go_to_the_escalation_once(bench: Bench) -> None:
    desk = replace(QUIET, escalation=BOSS, weekly_figures=True)
    await bench.put(case(State.UNDER_REVIEW))
    lines = [JournalEntry("application", APPLICANT), JournalEntry("decision.approve", SATO)]
    for days in (0, 1, 8):
        at = NOW - timedelta(days=7 - days)
        await bench.store.transact(lambda tx, at=at: tx.journal(lines, at, None, None))  # type: ignore[misc]
    await bench.keeper(desk).work_once()
    await bench.keeper(desk).work_once()
    assert [("case_notice", str(BOSS))] == bench.letters(Letter.CASE_NOTICE)
    (facts,) = (one for one in await bench.facts() if one.get("kind") == "figures")
    assert ("2026-11-16", "2026-11-22") == (facts["day"], facts["last_day"])
    counts = facts["counts"]
    assert (2, 2, 0, 1, 0) == tuple(
        counts[name] for name in ("applied", "approved", "declined", "waiting", "late")
    )


async def test_figures_are_off_by_default(bench: Bench) -> None:
    await bench.keeper(replace(QUIET, escalation=BOSS)).work_once()
    assert [] == bench.letters(Letter.CASE_NOTICE)
