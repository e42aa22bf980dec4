"""`gateway outbox`: letters are shown, tried again, held, released, dropped; the journal says by whom."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from gateway.admission.case.model import Letter, OutgoingLetter, State
from gateway.cli import main
from gateway.cli.office import outbox
from gateway.store.commands import outbox as outbox_commands
from gateway.store.commands.requests import Request
from gateway.store.protocol import FORMER_STATES, LetterState, Transaction
from gateway.store.queries.reader import Reader
from gateway.store.sqlite.source import SqliteSource
from gateway.store.sqlite.store import SqliteStore
from tests.store.filled import SETTINGS
from tests.support.factories import APPLICANT, NOW, case


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with settings and a database: one letter in each state, all of one case, and an invitation."""
    path = tmp_path / "gateway.db"
    (tmp_path / "gateway.toml").write_text(SETTINGS.format(path=path), encoding="utf-8")

    def fill(tx: Transaction) -> None:
        saved = tx.save(case(State.APPROVED))
        letters = [OutgoingLetter(Letter.ACKNOWLEDGMENT, APPLICANT, {"number": saved.number})] * 5
        tx.enqueue(
            saved,
            [*letters, OutgoingLetter(Letter.INVITATION, APPLICANT, {"number": saved.number})],
            NOW,
            None,
        )
        answered = {2: LetterState.DEFERRED, 3: LetterState.HELD, 4: LetterState.REFUSED, 5: LetterState.SENT}
        for letter_id, state in answered.items():
            tx.record_outcome(letter_id, state, NOW, f"answer {letter_id}", NOW)
        tx.keep_sent_text(2, "件名", "本文\n")

    async def made() -> None:
        store = SqliteStore(path, "gw.example.go.jp")
        store.open()
        await store.transact(fill)
        store.close()

    asyncio.run(made())
    return tmp_path


def run(desk: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["outbox", *arguments, "--config", str(desk)])


def states(desk: Path) -> dict[int, str]:
    reader = Reader(SqliteSource(desk / "gateway.db"))
    found = {row["id"]: row["state"] for row in reader.letters()}
    reader.close()
    return dict(sorted(found.items()))


def journal(desk: Path) -> Sequence[dict[str, Any]]:
    reader = Reader(SqliteSource(desk / "gateway.db"))
    found = reader.case("K7QM-4T")
    reader.close()
    assert found is not None
    lines: list[dict[str, Any]] = found["journal"]
    return lines


def test_a_word_of_0_1_is_accepted_with_one_line_of_warning(desk: Path) -> None:
    said = run(desk, "list", "--state", "owed", "--json")
    assert {"queued"} == {row["state"] for row in json.loads(said.stdout)}
    assert "gateway: 'owed' is deprecated and will be removed in 0.3; use 'queued'\n" == said.stderr
    assert "" == run(desk, "list", "--state", "queued").stderr
    held = run(desk, "hold", "--all", "--state", "owed")
    assert ({1: "held", 6: "held"}, True) == (
        {key: value for key, value in states(desk).items() if key in {1, 6}},
        "is deprecated" in held.stderr,
    )


def test_json_has_the_time_under_both_names(desk: Path) -> None:
    for row in (
        *json.loads(run(desk, "list", "--json").stdout),
        json.loads(run(desk, "show", "1", "--json").stdout),
    ):
        assert row["queued_at"] == row["owed_at"]


def test_the_words_of_the_command_are_those_of_the_store() -> None:
    assert tuple(outbox.STATES) == tuple(LetterState)
    assert outbox.FORMER_STATES == FORMER_STATES


async def test_a_command_that_0_1_left_in_the_folder_is_carried_out(desk: Path) -> None:
    store = SqliteStore(desk / "gateway.db", "gw.example.go.jp")
    store.open()
    try:
        request = Request("x", outbox_commands.HOLD, "root", {"states": ["owed"], "all": True}, NOW)
        done = await store.transact(
            lambda tx: outbox_commands.build_handlers()[outbox_commands.HOLD](tx, request, NOW)
        )
    finally:
        store.close()
    assert [1, 6] == done["changed"]


BEFORE = {1: "queued", 2: "deferred", 3: "held", 4: "refused", 5: "sent", 6: "queued"}


@pytest.mark.parametrize(
    ("arguments", "changed", "event"),
    [
        (["retry", "2"], {2: "queued"}, "letter.retried"),
        (["retry", "4"], {4: "queued"}, "letter.retried"),
        (["retry", "--all"], {2: "queued", 4: "queued"}, "letter.retried"),
        (["retry", "--all", "--state", "deferred"], {2: "queued"}, "letter.retried"),
        (["retry", "k7qm-4t"], {2: "queued", 4: "queued"}, "letter.retried"),
        (["drop", "1", "3", "--reason", "by mistake"], {1: "recalled", 3: "recalled"}, "letter.dropped"),
        (["hold", "1", "6"], {1: "held", 6: "held"}, "letter.held"),
        (["release", "--all"], {3: "queued"}, "letter.released"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_letters_are_changed_and_the_journal_says_by_whom(
    desk: Path, arguments: list[str], changed: dict[int, str], event: str
) -> None:
    result = run(desk, *arguments, "--json")
    assert 0 == result.exit_code, result.output
    assert sorted(changed) == json.loads(result.output)["changed"]
    assert BEFORE | changed == states(desk)
    lines = journal(desk)
    assert [(event, each) for each in sorted(changed)] == [
        (one["event"], one["detail"]["id"]) for one in lines
    ]
    assert all(one["actor"].reveal().startswith("operator:") for one in lines)


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["retry", "1"], 1, "message 1 is queued: only a deferred or refused message"),
        (["retry", "5"], 1, "message 5 is sent"),
        (["drop", "6", "--reason", "x"], 1, "gateway case revoke"),
        (["drop", "1", "--reason", " "], 1, "expected a reason"),
        (["drop", "1"], 2, "--reason"),
        (["release", "1"], 1, "only a held message"),
        (["retry", "99"], 1, "there is no message with id 99"),
        (["retry", "ZZZZ-ZZ"], 1, "case ZZZZ-ZZ has no such message"),
        (["hold"], 2, "specify IDs, case numbers or --all"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    desk: Path, arguments: list[str], code: int, says: str
) -> None:
    result = run(desk, *arguments)
    assert (code, True) == (result.exit_code, says in result.output), result.output
    assert BEFORE == states(desk)
    assert [] == journal(desk)


def test_what_is_passed_over_is_said(desk: Path) -> None:
    result = run(desk, "retry", "2", "5", "99", "zzzz-zz")
    assert "1 message to be retried now: 2" in result.output
    assert "skipped: message 5 is sent" in result.output
    assert "skipped: there is no message with id 99" in result.output
    assert "skipped: case ZZZZ-ZZ has no such message" in result.output


def test_a_letter_on_its_way_is_left_alone(desk: Path) -> None:
    """As the running gateway carries it out: on a stopped one nothing is on its way."""
    from datetime import timedelta

    from gateway.store.commands import outbox, requests

    async def tried() -> None:
        store = SqliteStore(desk / "gateway.db", "gw.example.go.jp")
        store.open()
        await store.transact(lambda tx: tx.claim(NOW, NOW + timedelta(hours=1), 1))
        request = requests.new_request("outbox.hold", "operator:rei", {"ids": [1]}, NOW)
        handler = outbox.build_handlers()["outbox.hold"]
        with pytest.raises(requests.RefusedError, match="being sent at the moment"):
            await store.transact(lambda tx: handler(tx, request, NOW))
        store.close()

    asyncio.run(tried())


@pytest.mark.parametrize("arguments", [{"ids": "1"}, {"ids": ["x"]}, {"states": ["sent"], "all": True}, {}])
def test_a_request_from_elsewhere_is_checked(desk: Path, arguments: dict[str, object]) -> None:
    from gateway.store.commands import outbox, requests

    async def tried() -> None:
        store = SqliteStore(desk / "gateway.db", "gw.example.go.jp")
        store.open()
        request = requests.new_request("outbox.retry", "operator:rei", arguments, NOW)
        handler = outbox.build_handlers()["outbox.retry"]
        with pytest.raises(requests.RefusedError):
            await store.transact(lambda tx: handler(tx, request, NOW))
        store.close()

    asyncio.run(tried())


def test_show_prints_header_words_and_answers(desk: Path) -> None:
    result = run(desk, "show", "2")
    assert 0 == result.exit_code
    for words in (
        "acknowledgment",
        str(APPLICANT),
        "件名",
        "本文",
        "deferred",
        "answer 2",
        "@gw.example.go.jp>",
    ):
        assert words in result.output
    assert 1 == run(desk, "show", "99").exit_code


def test_list_shows_held_letters(desk: Path) -> None:
    result = run(desk, "list", "--state", "held", "--json")
    assert [3] == [row["id"] for row in json.loads(result.output)]
