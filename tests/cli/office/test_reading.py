"""The commands that read: tables for people, JSON for programs, clear errors without a database."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gateway.admission.case.model import OPEN, Letter, OutgoingLetter, State
from gateway.cli import main
from gateway.cli.office.case import listing
from gateway.store.sqlite.store import SqliteStore
from tests.support.factories import APPLICANT, NOW, case


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Path]:
    store = SqliteStore(tmp_path / "gateway.db", "gw.example.go.jp")
    store.open()
    saved = await store.transact(lambda tx: tx.save(case()))
    await store.transact(lambda tx: tx.save(case(State.INVITED, number="1234-56")))
    await store.transact(
        lambda tx: tx.enqueue(
            saved, [OutgoingLetter(Letter.ACKNOWLEDGMENT, APPLICANT, {"number": saved.number})], NOW, None
        )
    )
    yield store.path
    store.close()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def test_cases_are_listed_while_the_gateway_runs(database: Path) -> None:
    result = run("case", "list", "--database", str(database))
    assert 0 == result.exit_code
    assert "K7QM-4T" in result.output
    assert "見本 花子" in result.output


def test_cases_are_filtered_by_state(database: Path) -> None:
    result = run("case", "list", "--database", str(database), "--state", "invited", "--json")
    assert ["1234-56"] == [row["number"] for row in json.loads(result.output)]


def test_one_case_is_shown_with_its_letters(database: Path) -> None:
    result = run("case", "show", "k7qm-4t", "--database", str(database), "--json")
    found = json.loads(result.output)
    assert ("under_review", "見本 花子") == (found["state"], found["form"]["name"])
    assert ["acknowledgment"] == [letter["letter"] for letter in found["letters"]]


def test_one_case_is_shown_in_words(database: Path) -> None:
    result = run("case", "show", "K7QM-4T", "--database", str(database))
    assert 0 == result.exit_code
    assert "○ DMARC" in result.output


def test_a_number_that_is_unknown_is_said_so(database: Path) -> None:
    result = run("case", "show", "0000-00", "--database", str(database))
    assert 1 == result.exit_code
    assert "there is no case '0000-00'" in result.output


def test_letters_are_listed(database: Path) -> None:
    result = run("outbox", "list", "--database", str(database), "--json")
    assert [("acknowledgment", "queued")] == [
        (row["letter"], row["state"]) for row in json.loads(result.output)
    ]


@pytest.mark.parametrize("arguments", [("case", "list"), ("outbox", "list"), ("case", "show", "K7QM-4T")])
def test_without_a_database_the_commands_say_what_to_do(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    result = run(*arguments, "--database", str(tmp_path / "none.db"))
    assert 75 == result.exit_code
    assert "start the gateway once" in result.output


def test_a_mistyped_command_is_guessed() -> None:
    result = run("cases", "list")
    assert 2 == result.exit_code
    assert "Did you mean 'case'?" in result.output


def test_only_open_cases_are_listed_unless_all_are_asked_for(database: Path) -> None:
    def listed(*words: str) -> set[str]:
        found = run("case", "list", "--database", str(database), "--json", *words)
        return {row["state"] for row in json.loads(found.output)}

    assert set(listing.OPEN) == {state.value for state in OPEN}
    assert tuple(state.value for state in State) == listing.STATES
    assert {"under_review"} == listed()
    assert {"under_review", "invited"} <= listed("--all")
    assert {"invited"} == listed("--state", "invited")
    assert {"under_review"} == listed("--applicant", "TOWN.mihon", "--org", "見本")
    assert set() == listed("--org", "ない団体")
