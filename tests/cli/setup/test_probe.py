"""`gateway probe` over real SMTP: every step, an application that leaves nothing, servers that are ill."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiosmtplib
import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from gateway.app.install import keys
from gateway.demo.fixtures import DESK_DOMAIN, DomainFixtures
from gateway.net.control.client import RefusedError, ask
from gateway.net.control.protocol import CONTROL, socket_path
from tests.support.hostile_server import says, talking
from tests.support.ports import PATIENCE_S
from tests.support.process import Service, run_gateway, service

NAME = f"gw.{DESK_DOMAIN}"
STEPS = [
    *("connect", "ehlo", "starttls", "certificate", "certificate", "size"),
    *("unknown recipient", "foreign recipient", "recipient", "application", "quit"),
]


@asynccontextmanager
async def desk(
    folder: Path, lifetime: timedelta = timedelta(days=90)
) -> AsyncIterator[tuple[Service, DomainFixtures]]:
    """A desk that signs, publishes its records and offers STARTTLS; set up, not started."""
    async with service(folder) as (made, world):
        (folder / "dkim.key").write_bytes(keys.generate_dkim_key())
        for name, content in zip(("tls.crt", "tls.key"), _make_certificate(lifetime), strict=True):
            (folder / name).write_bytes(content)
        for place in ("dkim.key", "tls.key"):
            (folder / place).chmod(0o600)
        made.change("[delivery]\n", '[delivery]\ndkim_selector = "demo"\ndkim_key = "dkim.key"\n')
        made.change(
            "[listen]\n", f'[listen]\nhostname = "{NAME}"\ntls_certificate = "tls.crt"\ntls_key = "tls.key"\n'
        )
        key = load_pem_private_key((folder / "dkim.key").read_bytes(), None)
        world.publish_domain(DESK_DOMAIN, key, dmarc=True)  # type: ignore[arg-type] # as init makes them
        yield made, world


async def start(made: Service) -> None:
    """Start, and wait until operators may ask."""
    await made.start()
    async with asyncio.timeout(PATIENCE_S):
        place = socket_path(made.folder / "gateway.db", CONTROL)
        while not await asyncio.to_thread(place.exists):  # noqa: ASYNC110 - another process makes it
            await asyncio.sleep(0.05)


def _make_certificate(lifetime: timedelta) -> tuple[bytes, bytes]:
    now = datetime.now(UTC)
    return keys.generate_self_signed_certificate(NAME, now - timedelta(days=1), lifetime + timedelta(days=1))


async def probe(made: Service, *arguments: str) -> tuple[int, dict[str, Any]]:
    found = await run_gateway("probe", "--config", str(made.folder), "--json", *arguments)
    assert "Error(" not in found.stderr, found
    assert found.stdout, found
    return found.code, json.loads(found.stdout)


def level_of(told: dict[str, Any], step: str) -> set[str]:
    return {one["level"] for one in told["steps"] if one["step"] == step}


def dump(place: Path) -> dict[str, int]:
    with sqlite3.connect(f"file:{place}?mode=ro", uri=True) as found:
        names = [name for (name,) in found.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {name: found.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608


@pytest.mark.parametrize("fronts", [0, 1])
async def test_every_step_is_well_and_nothing_of_the_application_is_left(tmp_path: Path, fronts: int) -> None:
    async with desk(tmp_path) as (made, _):
        made.change("front_processes = 0", f"front_processes = {fronts}")
        await start(made)
        before = dump(tmp_path / "gateway.db")
        code, told = await probe(made)
        after = dump(tmp_path / "gateway.db")
        with sqlite3.connect(tmp_path / "gateway.db") as found:
            # What stays: when that was, in the table that forgets.
            (probes,) = found.execute("SELECT count(*) FROM chores WHERE name = 'probe'").fetchone()
        assert 0 == await made.stop()
    assert (0, "ok") == (code, told["level"]), told
    assert STEPS == [one["step"] for one in told["steps"]]
    replies = {one["step"]: one["reply"] for one in told["steps"]}
    assert "552 5.3.4 Message size exceeds fixed limit" == replies["size"]
    assert (
        "550 5.1.1 Recipient address rejected: user unknown"
        == replies["unknown recipient"]
        == replies["foreign recipient"]
    )
    assert "250 2.0.0 Probe message accepted and discarded" == replies["application"]
    assert {**before, "chores": 0} == {**after, "chores": 0}
    assert 1 == probes
    assert not list((tmp_path / "letters").rglob("new/*"))
    assert "probe" in made.log


async def test_the_words_for_people_name_step_reply_and_remedy(tmp_path: Path) -> None:
    async with desk(tmp_path, timedelta(days=7)) as (made, _):
        await start(made)
        found = await run_gateway("probe", "--config", str(tmp_path), "--no-application")
        strict = await run_gateway("probe", "--config", str(tmp_path), "--no-application", "--require-tls")
    assert 1 == found.code, found
    assert "expires in 6 days" in found.stdout
    assert "550 5.1.1 Recipient address rejected: user unknown" in found.stdout
    assert "-> renew it" in found.stdout
    assert (2, True) == (strict.code, "cannot be verified" in strict.stdout), strict


async def test_an_application_that_cannot_be_proven_is_an_error_with_the_reply(tmp_path: Path) -> None:
    async with desk(tmp_path) as (made, world):
        for name in (DESK_DOMAIN, f"demo._domainkey.{DESK_DOMAIN}"):
            world.zone.remove(name, "TXT")
        await start(made)
        before = dump(tmp_path / "gateway.db")
        code, told = await probe(made)
        after = dump(tmp_path / "gateway.db")
    assert (2, {"error"}, {"ok"}) == (code, level_of(told, "application"), level_of(told, "recipient"))
    assert any("550 5.7.26" in one["reply"] for one in told["steps"]), told
    assert (before["cases"], before["mails"]) == (after["cases"], after["mails"])


async def test_without_a_key_or_a_gateway_the_application_is_unknown(tmp_path: Path) -> None:
    async with desk(tmp_path) as (made, _):
        made.change('dkim_selector = "demo"\ndkim_key = "dkim.key"\n', "")
        await start(made)
        code, told = await probe(made)
        assert (3, {"unknown"}, "ok") == (code, level_of(told, "application"), told["steps"][0]["level"]), (
            told
        )
        assert 0 == await made.stop()
        code, told = await probe(made)
    assert (2, ["connect", "application"]) == (code, [one["step"] for one in told["steps"]])


async def test_a_token_is_taken_once(tmp_path: Path) -> None:
    async with desk(tmp_path) as (made, _):
        await start(made)
        database = tmp_path / "gateway.db"
        mail = ask(database, "probe")
        assert "probe+" in mail["forward_path"]
        with pytest.raises(RefusedError, match="does not support"):
            ask(database, "probe_again")
        first, second = [await _send(made.port, mail) for _ in range(2)]
        forged = {**mail, "forward_path": f"probe+{'0' * 26}@{DESK_DOMAIN}"}
        third = await _send(made.port, forged)
    assert "250 2.0.0 Probe message accepted and discarded" == first
    assert "550 5.1.1 Recipient address rejected: user unknown" == second == third


async def _send(port: int, mail: dict[str, str]) -> str:
    try:
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False) as client:
            await client.ehlo()
            await client.execute_command(f"MAIL FROM:<{mail['reverse_path']}>".encode())
            await client.execute_command(f"RCPT TO:<{mail['forward_path']}>".encode())
            answer = await client.data(mail["raw"].encode())
            return f"{answer.code} {answer.message}"
    except aiosmtplib.SMTPResponseException as error:
        return f"{error.code} {error.message}"


def _talking_server(*answers: bytes) -> AbstractAsyncContextManager[int]:
    return talking(says(*(answer + b"\r\n" for answer in answers)))


BAD = {
    "takes-all": (
        (b"220 a", b"250-a\r\n250 SIZE 1000", b"552 no", *[b"250 ok"] * 9),
        "unknown recipient",
        "error",
    ),
    "names-no-size": (
        (b"220 a", b"250 a", b"250 ok", b"550 no", b"550 no", b"250 ok", b"221 bye"),
        "size",
        "warning",
    ),
    "size-is-a-word": ((b"220 a", b"250-a\r\n250 SIZE 1000", *[b"250 ok"] * 9), "size", "warning"),
    "refuses-reports": (
        (b"220 a", b"250-a\r\n250 SIZE 9", b"552 no", b"550 no", b"221 bye"),
        "sender",
        "error",
    ),
    "puts-off": (
        (b"220 a", b"250-a\r\n250 SIZE 9", b"552 no", b"250 ok", b"451 x", b"550 x", b"250 ok", b"221 bye"),
        "unknown recipient",
        "unknown",
    ),
    "turns-away": ((b"554 go away",), "connect", "error"),
    "hangs-up": ((b"220 a", b"421 busy"), "ehlo", "error"),
}


@pytest.mark.parametrize("name", BAD)
async def test_what_is_wrong_with_another_server_is_told_by_step(tmp_path: Path, name: str) -> None:
    answers, step, level = BAD[name]
    async with _talking_server(*answers) as port:
        found = await run_gateway(
            *("probe", "127.0.0.1", "--port", str(port), "--domain", "x.example", "--json", "--timeout", "5"),
            GATEWAY_CONFIG_DIR=str(tmp_path),
        )
    told = json.loads(found.stdout)
    assert {level} == level_of(told, step), told
    assert {"error": 2, "warning": 1, "unknown": 3}[told["level"]] == found.code


async def test_starttls_can_be_a_must_and_nobody_listens_is_an_error(tmp_path: Path) -> None:
    answers = (b"220 a", b"250 a", b"250 ok", b"550 no", b"550 no", b"250 ok", b"221 bye")
    async with _talking_server(*answers) as port:
        words = ("probe", "127.0.0.1", "--port", str(port), "--require-tls", "--json")
        found = await run_gateway(*words, GATEWAY_CONFIG_DIR=str(tmp_path))
    assert {"error"} == level_of(json.loads(found.stdout), "starttls")
    found = await run_gateway("probe", "127.0.0.1", "--port", str(port), GATEWAY_CONFIG_DIR=str(tmp_path))
    assert (2, True) == (found.code, "connect" in found.stdout), found


async def test_settings_are_needed_only_for_our_own(tmp_path: Path) -> None:
    found = await run_gateway("probe", GATEWAY_CONFIG_DIR=str(tmp_path))
    assert (78, "") == (found.code, found.stdout), found
