"""`gateway org`: look-ups work from the file alone; writing goes to whoever holds the database."""

import csv
import json
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from gateway.app.wiring.files.resources import load_directory
from gateway.cli.office.org import org
from gateway.store.sqlite.store import SqliteStore
from tests.support.paths import DATA

CASES = DATA / "codes.tsv"
ROWS = list(csv.DictReader(CASES.read_text(encoding="utf-8").splitlines(), delimiter="\t"))

pytestmark = pytest.mark.usefixtures("no_settings")


@pytest.fixture
def database(tmp_path: Path) -> str:
    store = SqliteStore(tmp_path / "gateway.db", "gw.example.go.jp")
    store.open()
    store.close()
    return str(store.path)


def run(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(org, list(arguments), input=given)


def lines(*arguments: str, given: str | None = None) -> list[dict[str, Any]]:
    result = run(*arguments, "--json", given=given)
    assert 0 == result.exit_code, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def wanted(row: dict[str, str]) -> tuple[str, str, str]:
    return (row["input"], row["expected"], row["kind"])


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["input"])
def test_labelled_code(row: dict[str, str]) -> None:
    (got,) = lines("code", row["input"])
    assert wanted(row) == (got["input"], got["verdict"], got["kind"])


def test_all_labelled_codes_at_once() -> None:
    rows = lines("code", "-", given="\n".join(row["input"] for row in ROWS))
    assert [wanted(row) for row in ROWS] == [(row["input"], row["verdict"], row["kind"]) for row in rows]


@pytest.mark.parametrize(
    ("text", "value", "employer", "name"),
    [
        ("13101", "131016", "131016", "東京都千代田区"),
        ("011011", "011011", "011002", "北海道札幌市中央区"),
        ("138002", "138002", "138002", ""),
        ("131017", "", "", ""),
    ],
)
def test_value_employer_and_name(text: str, value: str, employer: str, name: str) -> None:
    (row,) = lines("code", text)
    assert (value, employer, name) == (row["value"], row["employer"], row["name"])


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("池田町", ["016446", "183822", "204811", "214043"]),
        ("metro.tokyo.lg.jp", ["130001"]),
        ("taro@mail.metro.tokyo.lg.jp", ["130001"]),
        ("10006", ["010006"]),
        ("見本市", []),
    ],
)
def test_find(text: str, codes: list[str]) -> None:
    result = run("find", text, "--json")
    assert codes == [each["code"] for each in json.loads(result.stdout)]
    assert (0 if codes else 1) == result.exit_code


def test_list_and_check() -> None:
    assert 47 == len(json.loads(run("list", "--kind", "prefecture", "--json").stdout))
    assert "千代田区" in run("list", "--kind", "ward", "--prefecture", "東京都").output
    assert "no problems" in run("check").output


def test_what_is_added_is_found_and_journalled(database: str) -> None:
    added = run("add", "138002", "例示広域連合", "--kana", "れいじ", "--database", database)
    assert (0, "138002 例示広域連合 (association) was added to the register.\n") == (
        added.exit_code,
        added.output,
    )
    run("set-domain", "138002", "reiji.or.jp", "--source", "電話", "--database", database)
    (found,) = json.loads(run("find", "reiji.or.jp", "--database", database, "--json").stdout)
    assert ("例示広域連合", "電話") == (found["name"], found["domains"][0]["source"])
    assert ["138002"] == [
        each["code"] for each in json.loads(run("list", "--staff", "--database", database, "--json").stdout)
    ]
    assert "no problems" in run("check", "--database", database).output
    connection = sqlite3.connect(database)
    rows = connection.execute("SELECT event, actor FROM journal ORDER BY id").fetchall()
    connection.close()
    assert ["organisation.added", "organisation.domain_set"] == [event for event, _ in rows]
    assert all(actor.startswith("operator:") for _, actor in rows)
    assert 0 == run("remove", "138002", "--database", database).exit_code
    assert 1 == run("find", "138002", "--database", database).exit_code


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["add", "131016", "例示区"], "use --replace to change it"),
        (["add", "138003", "例示"], "code = '138003': expected"),
        (["set-domain", "131016", "gmail.com"], "got a domain of class personal"),
        (["set-domain", "131016", "a.example", "--since", "soon"], "since = 'soon'"),
        (["remove", "131016"], "not added by staff"),
    ],
)
def test_a_refusal_is_one_line_and_ends_with_1(database: str, arguments: list[str], says: str) -> None:
    result = run(*arguments, "--database", database)
    assert 1 == result.exit_code
    assert says in result.output
    assert 1 == len(result.output.splitlines())


def test_without_a_database_nothing_is_written(tmp_path: Path) -> None:
    result = run("add", "138002", "例示広域連合", "--database", str(tmp_path / "none.db"))
    assert 75 == result.exit_code
    assert "start the gateway once" in result.output
    assert [] == list(tmp_path.iterdir())


RUNNING = """
import asyncio, sys
import msgspec
from datetime import UTC, datetime
from pathlib import Path
from gateway.app.wiring.files.resources import config_file
from gateway.store.repositories import organisations
from gateway.app.serving.commands import COMMAND
from gateway.net.control.protocol import CONTROL
from gateway.net.control.server import ControlSocket, answer_once
from gateway.store.commands import organisations as organisation_commands
from gateway.store.commands.requests import CommandRunner, Request
from gateway.store.sqlite.store import SqliteStore

async def serve(database):
    store = SqliteStore(database, "gw.example.go.jp")
    store.open()
    directory = organisations.OrganisationDirectory(config_file("organisations.tsv", None))
    runner = CommandRunner(
        store, organisation_commands.build_handlers(directory), lambda: datetime.now(UTC),
        on_change=lambda: organisation_commands.refresh(directory, store),
    )

    async def command(asked):
        return await runner.carry_out(msgspec.convert(asked.arguments, Request))

    control = ControlSocket(database, CONTROL, {COMMAND: answer_once(command)})
    await control.start()
    print("ready", flush=True)
    while directory.register.by_code("138002") is None:
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.2)
    await control.stop(0)
    store.close()
    print("known", flush=True)

asyncio.run(serve(Path(sys.argv[1])))
"""


def test_a_running_gateway_carries_out_the_command_and_knows_it_at_once(database: str) -> None:
    gateway = subprocess.Popen([sys.executable, "-c", RUNNING, database], stdout=subprocess.PIPE, text=True)
    watchdog = threading.Timer(60, gateway.kill)
    watchdog.start()
    assert gateway.stdout is not None
    assert "ready" == gateway.stdout.readline().strip()
    result = run("add", "138002", "例示広域連合", "--database", database)
    assert 0 == result.exit_code, result.output
    assert "known" == gateway.stdout.readline().strip()
    assert 0 == gateway.wait()
    gateway.stdout.close()
    watchdog.cancel()


@pytest.mark.parametrize("text", ["よこはま", "ヨコハマ", "ﾖｺﾊﾏ", "横濱", "コハマシ"])
def test_parts_of_names_and_kana_are_found(text: str) -> None:
    found = json.loads(run("find", text, "--json").stdout)
    assert "141003" in [one["code"] for one in found]


def test_any_part_of_any_name_and_reading_finds_its_body() -> None:
    register = load_directory(None).shipped
    for each in register.organisations[::97]:
        for name in filter(None, (each.title, each.kana)):
            for start, end in ((0, 2), (1, 4), (len(name) - 3, len(name))):
                assert each in register.by_part(name[max(0, start) : end]), (each.title, name)
    assert () == register.by_part("")
