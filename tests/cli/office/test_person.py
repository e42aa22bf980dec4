"""`gateway person`: disclosure, correction and erasure, beside a running gateway and without one."""

import asyncio
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from gateway import settings
from gateway.app.service import Gateway
from gateway.app.serving.control import Reloader, build_control
from gateway.cli import main
from gateway.store.sqlite.integrity.verify import verify
from tests.store.filled import settings_folder

HANAKO = "hanako@town.mihon.lg.jp"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return settings_folder(tmp_path)


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["person", *arguments, "--config", str(folder)])


def shown(folder: Path, address: str = HANAKO) -> dict[str, Any]:
    result = run(folder, "show", address, "--json")
    assert 0 == result.exit_code, result.output
    found: dict[str, Any] = json.loads(result.output)
    return found


def one(folder: Path, sql: str, *values: object) -> tuple[Any, ...]:
    """The first row of an answer."""
    connection = sqlite3.connect(folder / "gateway.db")
    try:
        row: tuple[Any, ...] = connection.execute(sql, values).fetchone()
        return row
    finally:
        connection.close()


def test_all_that_is_held_is_shown(folder: Path) -> None:
    found = shown(folder)
    (case,) = found["cases"]
    assert ("見本 花子", HANAKO) == (case["form"]["name"], case["applicant"])
    assert HANAKO in case["mails"][0]["raw"]
    assert {"acknowledgment", "invitation"} <= {letter["letter"] for letter in case["letters"]}
    assert "application" in [line["event"] for line in case["journal"]]
    text = run(folder, "show", HANAKO.upper()).output
    assert "見本 花子" in text


def test_other_peoples_data_is_not_shown(folder: Path) -> None:
    said = json.dumps(shown(folder), ensure_ascii=False)
    for other in ("taro.reiji@mihon.go.jp", "toko@tsuhan.example"):
        assert other not in said


def test_an_address_in_what_was_answered_to_an_attempt_is_found(folder: Path) -> None:
    connection = sqlite3.connect(folder / "gateway.db")
    answer = json.dumps([{"at": "", "state": "deferred", "reply": "451 <saburo@x.example> is over quota"}])
    connection.execute("UPDATE letters SET history = ? WHERE id = 1", (answer,))
    connection.commit()
    connection.close()
    assert [1] == shown(folder, "saburo@x.example")["named_in"]["letters"]


def test_nobody_is_said_to_be_nobody(folder: Path) -> None:
    assert "No data is stored" in run(folder, "show", "x@nowhere.example").output
    assert "No data is stored" in run(folder, "show", "anako@town.mihon.lg.jp").output
    result = run(folder, "erase", "x@nowhere.example")
    assert (1, True) == (result.exit_code, "no data is stored" in result.output)
    assert 1 == run(folder, "show", "no address").exit_code
    assert 2 == run(folder, "show", "no@one@anywhere").exit_code


def test_a_correction_leaves_a_line_in_the_journal(folder: Path) -> None:
    result = run(folder, "correct", HANAKO, "--name", "見本 華子")
    assert 0 == result.exit_code, result.output
    (case,) = shown(folder)["cases"]
    assert ("見本 華子", "見本 華子", "見本町") == (case["name"], case["form"]["name"], case["organisation"])
    assert "person.corrected" == case["journal"][-1]["event"]
    assert {"name": "見本 花子"} == case["journal"][-1]["detail"]["was"]
    assert 1 == run(folder, "correct", HANAKO).exit_code
    assert 1 == run(folder, "correct", HANAKO, "--name", "x", "--case", "ZZZZ-ZZ").exit_code


def test_a_correction_takes_a_case_number_as_well(folder: Path) -> None:
    (number,) = {one["number"] for one in json.loads(run(folder, "show", HANAKO, "--json").stdout)["cases"]}
    result = run(folder, "correct", number.lower(), "--name", "見本 華子")
    assert (0, True) == (result.exit_code, f"{number}: name changed from" in result.output), result.output
    assert 1 == run(folder, "correct", "ZZZZ-ZZ", "--name", "x").exit_code


def test_an_open_case_that_was_corrected_is_decided_as_it_is_now(folder: Path) -> None:
    open_one, before = one(folder, "SELECT applicant, revision FROM cases WHERE state = 'under_review'")
    run(folder, "correct", open_one, "--organisation", "例示市")
    assert (before + 1,) == one(folder, "SELECT revision FROM cases WHERE applicant = ?", open_one)


def test_an_erased_person_is_in_no_live_file(folder: Path) -> None:
    made = folder / "backups" / "gateway-20261101T000000Z.db"
    made.parent.mkdir()
    made.touch()
    assert any(HANAKO.encode() in place.read_bytes() for place in folder.glob("gateway.db*"))
    head = verify(folder / "gateway.db").head
    result = run(folder, "erase", HANAKO)
    assert 0 == result.exit_code, result.output
    assert str(made) in result.output  # the one place that may still hold the data is named
    no_trace(folder)
    found = shown(folder)
    assert ([], [], [], True) == (
        found["cases"],
        found["mails"],
        found["letters"],
        found["applied_before"],
    )
    report = verify(folder / "gateway.db", (head.hash,))
    assert report.is_sound, report


def test_other_cases_stay_as_they_were(folder: Path) -> None:
    before = shown(folder, "taro.reiji@mihon.go.jp")
    run(folder, "erase", HANAKO)
    assert before["cases"] == shown(folder, "taro.reiji@mihon.go.jp")["cases"]


def test_a_case_that_is_not_finished_is_erased_only_by_force(folder: Path) -> None:
    person, number = one(folder, "SELECT applicant, number FROM cases WHERE state = 'under_review'")
    result = run(folder, "erase", person)
    assert (1, True) == (result.exit_code, f"{number} is still open" in result.output)
    assert shown(folder, person)["cases"]
    assert 0 == run(folder, "erase", person, "--force").exit_code
    assert ("withdrawn",) == one(folder, "SELECT state FROM cases WHERE number = ?", number)
    assert verify(folder / "gateway.db").is_sound


def test_the_staff_are_not_erased(folder: Path) -> None:
    result = run(folder, "erase", "sato@kyoso.mihon.go.jp")
    assert (1, True) == (result.exit_code, "this is a staff address" in result.output)


def test_one_who_confirmed_a_colleague_is_erased_from_that_case(folder: Path) -> None:
    sql = "SELECT confirmed_by FROM cases WHERE confirmed_by <> '' AND confirmed_by <> applicant"
    (confirmer,) = one(folder, sql)
    assert 0 == run(folder, "erase", confirmer).exit_code
    assert confirmer.encode() not in (folder / "gateway.db").read_bytes()
    assert verify(folder / "gateway.db").is_sound


def no_trace(folder: Path) -> None:
    for place in folder.rglob("*"):
        if place.is_file():
            assert HANAKO.encode() not in place.read_bytes(), place
            assert "見本 花子".encode() not in place.read_bytes(), place


def test_a_running_gateway_carries_out_the_command(folder: Path) -> None:
    with (folder / "gateway.toml").open("a") as file:
        file.write(f'[delivery]\ntransport = "maildir"\nmaildir = "{folder}/out"\nhold = true\n')

    async def beside() -> Result:
        gateway = Gateway(settings.load(folder / "gateway.toml"), folder)
        await gateway.start([])
        control = build_control(gateway, Reloader(gateway, lambda: gateway.config))
        await control.start()
        result = await asyncio.to_thread(run, folder, "erase", HANAKO)
        await asyncio.to_thread(no_trace, folder)
        await control.stop(0)
        await gateway.stop()
        return result

    assert 0 == asyncio.run(beside()).exit_code
