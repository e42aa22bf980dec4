"""After a theft: the cases that a mailbox decided are found, and its words taken back in one command."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gateway.admission.case.events import Decide
from gateway.admission.case.model import JournalEntry, Letter, State
from gateway.admission.case.transitions.office import staff
from gateway.admission.replies.reading import Decision, ParsedReply
from gateway.cli import main
from gateway.printing.statement import Statement
from gateway.store.protocol import LetterState, Transaction
from gateway.store.queries.reader import Reader
from gateway.store.repositories import case_repository
from gateway.store.sqlite.source import SqliteSource
from gateway.store.sqlite.store import SqliteStore
from tests.store.filled import SETTINGS
from tests.support.factories import DESK, NOW, SATO, SUZUKI, case

READ_AS = Statement("read_as", word="approve")
WORDS = {
    "AAAA-11": (Decision.APPROVE, SATO, 0),
    "AAAA-22": (Decision.DECLINE, SATO, 1),
    "AAAA-33": (Decision.ASK, SATO, 2),
    "AAAA-44": (Decision.HOLD, SATO, 3),
    "AAAA-55": (Decision.APPROVE, SUZUKI, 4),
}


def decided(folder: Path, *, left: bool = False) -> Path:
    """A settings folder with five cases, four of them decided by SATO, an hour after another; `left`: their
    letters were handed over."""
    path = folder / "gateway.db"
    (folder / "gateway.toml").write_text(SETTINGS.format(path=path), encoding="utf-8")

    def work(tx: Transaction) -> None:
        for number, (word, by, hour) in WORDS.items():
            now = NOW + timedelta(hours=hour)
            before = tx.save(case(number=number))
            event = Decide(by, ParsedReply(word, "理由です", READ_AS), 1, recallable=False)
            transition = staff.decide(before, event, now, DESK)
            case_repository.enqueue(
                tx, case_repository.save(tx, before, transition), transition, now, None, DESK.caps
            )
        late = NOW + timedelta(days=1)
        for row in tx.claim(late, late, 100) if left else ():
            tx.record_outcome(row.id, LetterState.SENT, late, "250", late)

    async def put() -> None:
        store = SqliteStore(path, "gw.example.go.jp")
        store.open()
        await store.transact(work)
        store.close()

    asyncio.run(put())
    return path


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["case", *arguments, "--config", str(folder)])


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        ((), ["AAAA-44", "AAAA-33", "AAAA-22", "AAAA-11"]),
        (("--since", (NOW + timedelta(hours=1)).isoformat()), ["AAAA-44", "AAAA-33", "AAAA-22"]),
        (("--since", "2030-01-01"), []),
        (("--state", "declined"), ["AAAA-22"]),
    ],
)
def test_the_cases_that_a_member_decided_are_listed(
    tmp_path: Path, since: tuple[str, ...], expected: list[str]
) -> None:
    decided(tmp_path)
    listed = run(tmp_path, "list", "--decided-by", str(SATO).upper(), *since, "--json")
    assert 0 == listed.exit_code, listed.output
    assert expected == [row["number"] for row in json.loads(listed.output)]


@pytest.mark.parametrize("left", [False, True])
def test_many_words_are_taken_back_with_one_list_to_each_of_the_staff(tmp_path: Path, left: bool) -> None:
    path = decided(tmp_path, left=left)
    result = run(tmp_path, "undo", *(number.lower() for number in WORDS), "9999-99", "--json")
    assert 0 == result.exit_code, result.output
    told = {one["number"]: (one["is"], one["letter"]) for one in json.loads(result.output)["cases"]}
    letter = "had left" if left else "recalled"
    assert {
        **dict.fromkeys(("AAAA-11", "AAAA-22", "AAAA-33", "AAAA-55"), ("under_review", letter)),
        "AAAA-44": ("under_review", ""),
        "9999-99": ("", ""),
    } == told
    rows = Reader(SqliteSource(path)).letters(limit=500)
    waiting = {(row["case"], row["letter"]) for row in rows if row["state"] == LetterState.QUEUED}
    assert {("AAAA-11", "invitation"), ("AAAA-22", "decline")}.isdisjoint(waiting)
    assert left == (("AAAA-11", Letter.REOPENED) in waiting)
    assert all((number, Letter.REVIEW_REQUEST) in waiting for number in WORDS)
    assert 1 == sum(row["letter"] == Letter.TRANSCRIPT for row in rows)
    events = [
        row["event"] for row in Reader(SqliteSource(path))._query("SELECT event FROM journal ORDER BY id")
    ]
    assert (5, "case.undo") == (events.count("decision.undo"), events[-1])


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("undo", "9999-99"), "nothing to undo"),
        (("list", "--since", "gestern"), "expected 2026-11-28"),
        (("list", "--decided-by", str(SATO), "--since", "gestern"), "expected 2026-11-28"),
    ],
)
def test_what_cannot_be_done_says_why(tmp_path: Path, arguments: tuple[str, ...], why: str) -> None:
    decided(tmp_path)
    result = run(tmp_path, *arguments)
    assert result.exit_code != 0
    assert why in " ".join(result.output.split())


@pytest.mark.parametrize("state", sorted(State))
def test_an_undo_of_an_operator_brings_back_to_review_or_does_nothing(tmp_path: Path, state: State) -> None:
    path = tmp_path / "gateway.db"
    (tmp_path / "gateway.toml").write_text(SETTINGS.format(path=path), encoding="utf-8")

    async def put() -> None:
        store = SqliteStore(path, "gw.example.go.jp")
        store.open()
        await store.transact(lambda tx: tx.save(case(state)))
        await store.transact(lambda tx: tx.journal([JournalEntry("application")], NOW, 1, None))
        store.close()

    asyncio.run(put())
    done = run(tmp_path, "undo", "K7QM-4T").exit_code == 0
    undone = {State.APPROVED, State.DECLINED, State.INVITED, State.ON_HOLD}
    assert (state in undone) == done
    found = Reader(SqliteSource(path)).case("K7QM-4T")
    assert ("under_review" if done else state) == (found or {})["state"]
