"""The doctor on a running service: found by its greeting, rounds of checks, exit codes, the command."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec import structs

from gateway.app import doctor
from gateway.app.doctor import CheckResult, Level, Subject, background
from gateway.app.doctor.practice import check_practice
from gateway.cli import main
from gateway.mail import address
from gateway.store.sqlite import backup as backups
from gateway.store.sqlite.store import SqliteStore
from tests.support.healthy_gateway import DOMAIN, NOW, healthy
from tests.support.paths import DATA
from tests.support.sink import sink


async def test_a_running_gateway_is_found_by_its_greeting(tmp_path: Path) -> None:
    async with healthy(tmp_path) as well, sink() as ours:
        well.change(f"port = {well.subject.config.listen.port}", f"port = {ours.port}")
        found = await well.looked_at("listen")
        assert [("error", True)] == [(one.level.value, "STARTTLS" in one.text) for one in found]


async def test_a_gateway_behind_a_proxy_is_found_without_a_greeting(tmp_path: Path) -> None:
    async with healthy(tmp_path) as well, sink() as ours:
        well.change(f"port = {well.subject.config.listen.port}", f"port = {ours.port}")
        trusted = '[trust]\nrelay_addresses = ["127.0.0.1"]\nrelay_protocol = "proxy"\n[listen]'
        well.change("[listen]", trusted)
        found = await well.looked_at("listen")
        assert [("ok", True)] == [(one.level.value, "expects a proxy" in one.text) for one in found]


async def test_a_gateway_that_was_started_once_and_does_not_answer_is_an_error(tmp_path: Path) -> None:
    async with healthy(tmp_path) as well:
        store = SqliteStore(Path(well.subject.config.store.path), DOMAIN)
        store.open()
        store.close()
        found = {one.check: one for one in await well.looked_at("listen", "database")}
    assert Level.ERROR is found["listen"].level
    assert Level.OK is found["database"].level


@pytest.mark.parametrize(
    ("hours", "level"), [(None, "warning"), (1, "ok"), (49, "ok"), (51, "warning"), (24 * 9, "error")]
)
async def test_the_age_of_the_last_backup(tmp_path: Path, hours: int | None, level: str) -> None:
    async with healthy(tmp_path) as well:
        place = Path(well.subject.config.store.path)
        store = SqliteStore(place, DOMAIN)
        store.open()
        store.close()
        if hours is not None:
            backups.make(place, backups.backup_folder(place), NOW - timedelta(hours=400))
            backups.make(place, backups.backup_folder(place), NOW - timedelta(hours=hours))
        assert [level] == [one.level.value for one in await well.looked_at("backup")]


async def test_the_service_leaves_what_it_saw_for_a_doctor_without_network(tmp_path: Path) -> None:
    async with healthy(tmp_path) as well:
        store = SqliteStore(Path(well.subject.config.store.path), DOMAIN)
        store.open()
        backups.make(store.path, backups.backup_folder(store.path), NOW)
        assert ["the service has not run its checks yet"] == [
            one.text for one in await background.read_last_run(well.subject)
        ]
        writing = [address.parse(one.address) for one in well.subject.config.staff if one.role != "read"]
        asked = [one.to_do for one in await check_practice(well.subject)]
        assert [f"gateway staff try {one}" for one in writing] == asked
        for member in writing:
            await store.transact(lambda tx, who=member: tx.keep_practice(who, [], NOW, passed=True))  # type: ignore[misc]
        well.zone.remove(f"_dmarc.{DOMAIN}")
        await background.run_and_save(well.subject, (*doctor.NETWORK[:6], doctor.NETWORK[-1]))
        found = [one async for _, some in doctor.run_checks(well.subject, doctor.BY_SERVICE) for one in some]
        assert {"dns.dmarc"} == {one.check for one in found if one.level is not Level.OK}
        assert {"dns.mx", "database", "tls"} <= {one.check for one in found}
        late = replace(well.subject, now=NOW + timedelta(hours=14))
        assert [("error", True)] == [
            (one.level.value, "last checked at" in one.text) for one in await background.read_last_run(late)
        ]
        store.close()
        assert ["the gateway is not running"] == [
            one.text for one in await background.read_last_run(well.subject)
        ]
        config = well.subject.config
        away = structs.replace(
            config, store=structs.replace(config.store, url="postgresql://db.example/desk")
        )
        on_postgres = list(await background.read_last_run(replace(well.subject, config=away)))
        assert "dns.dmarc" in {one.check for one in on_postgres if one.level is not Level.OK}


async def seen(happened: Callable[[], bool]) -> None:
    """Wait until something happened."""
    for _ in range(1000):
        if happened():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not happen")


async def test_rounds_go_on_after_one_that_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(background, "FIRST_S", 0)
    monkeypatch.setattr(background, "EVERY_S", 0.01)
    async with healthy(tmp_path) as well:
        looking = asyncio.create_task(background.run_periodically(lambda: well.subject, doctor.NETWORK[:2]))
        await seen(lambda: any("background checks" in line for line in caplog.messages))
        (tmp_path / "data").mkdir()
        await seen(background.result_path(Path(well.subject.config.store.path)).exists)
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)


async def test_a_check_that_hangs_or_breaks_hides_no_other(tmp_path: Path) -> None:
    async def hang(_: Subject) -> list[CheckResult]:
        await asyncio.sleep(60)
        return []

    async def broken(_: Subject) -> list[CheckResult]:
        raise RuntimeError("out of order")

    async def fine(_: Subject) -> list[CheckResult]:
        return [CheckResult("fine", Level.OK, "")]

    async with healthy(tmp_path) as well:
        checks = [("hang", hang), ("broken", broken), ("fine", fine)]
        found = {name: one async for name, (one,) in doctor.run_checks(well.subject, checks, 0.2)}
    assert {"hang": Level.UNKNOWN, "broken": Level.UNKNOWN, "fine": Level.OK} == {
        name: one.level for name, one in found.items()
    }
    assert "out of order" in found["broken"].text


@pytest.mark.parametrize(
    ("levels", "code"),
    [
        ("", 0),
        ("ok", 0),
        ("ok warning", 1),
        ("warning error unknown", 2),
        ("ok unknown", 3),
        ("unknown warning", 1),
    ],
)
def test_the_exit_codes_are_those_of_nagios(levels: str, code: int) -> None:
    found = [CheckResult("x", Level(level), "") for level in levels.split()]
    assert code == doctor.EXIT_CODES[doctor.worst(found)]


async def test_the_command_prints_what_is_wrong_and_what_to_do(tmp_path: Path) -> None:
    async with healthy(tmp_path) as well:
        well.zone.remove(f"_dmarc.{DOMAIN}")
        arguments = ["doctor", "--config", str(tmp_path), "--only", "dns."]
        plain = await asyncio.to_thread(CliRunner().invoke, main, arguments)
        machine = await asyncio.to_thread(CliRunner().invoke, main, [*arguments, "--json", "--quiet"])
    assert (1, True) == (plain.exit_code, f"{DOMAIN} has no DMARC record" in plain.output)
    assert "-> publish it as shown by `gateway dns`" in plain.output
    told = json.loads(machine.stdout)
    assert ("warning", ["dns.dmarc"]) == (told["level"], [one["check"] for one in told["findings"]])


def test_an_unknown_check_is_refused_with_those_there_are(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_text(
        (DATA / "careful.toml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    result = CliRunner().invoke(main, ["doctor", "--config", str(tmp_path), "--only", "zz"])
    assert (2, True) == (result.exit_code, "dns.mx" in result.output)
