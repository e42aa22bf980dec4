"""An older database under a running gateway: mail is put off, status is critical, an operator goes on."""

import asyncio
import shutil
from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path

from tests.journeys.world import applications, send
from tests.support.ports import PATIENCE_S
from tests.support.process import Service, run_gateway, service

POSTMASTER = "operator@example.go.jp"


async def until(is_so: Callable[[], bool]) -> bool:
    """Whether it is so before patience ends."""
    for _ in range(int(PATIENCE_S / 0.1)):
        if is_so():
            return True
        await asyncio.sleep(0.1)
    return False


async def wait_for_notices(folder: Path) -> int:
    """How many mails the postmaster got, as soon as there is one."""
    inbox = folder / "letters" / POSTMASTER / "new"
    assert await until(inbox.is_dir)
    (raw, *_) = texts = [place.read_bytes() for place in inbox.iterdir()]
    letter = message_from_bytes(raw, policy=policy.default)
    assert "the database is behind" in letter["Subject"]
    body = letter.get_body(("plain",))
    assert body is not None
    assert "it lacks line" in body.get_content()
    return len(texts)


async def _send_until_taken(port: int, sender: str, raw: bytes) -> bool:
    """Whether it is taken in the end: a client comes again as long as it hears 451."""
    for _ in range(100):
        if await send(port, sender, raw):
            return True
        await asyncio.sleep(0.2)
    return False


async def _put_an_older_file_back(running: Service, folder: Path, sender: str, raw: bytes) -> None:
    """Take a mail, stop, and put back the database of before it."""
    await running.start()
    assert 0 == await running.stop()
    shutil.copy(folder / "gateway.db", folder / "old.db")
    await running.start()
    assert await send(running.port, sender, raw)
    assert 0 == await running.stop()
    shutil.copy(folder / "old.db", folder / "gateway.db")


async def test_an_older_file_puts_mail_off_until_an_operator_accepts_it(tmp_path: Path) -> None:
    (sender, raw), (other, second) = applications(2)
    async with service(tmp_path) as (running, _):
        named = ("--config", str(tmp_path))
        running.change("[caps]\n", f'[watch]\npostmaster = "{POSTMASTER}"\n\n[caps]\n')
        await _put_an_older_file_back(running, tmp_path, sender, raw)

        await running.start()
        assert not await send(running.port, other, second)
        asked = await run_gateway("status", *named)
        assert (2, True) == (asked.code, "mail is deferred: the database is behind" in asked.stdout)
        assert 1 == await wait_for_notices(tmp_path)
        assert 0 == await running.stop()
        await running.start()
        refused = await run_gateway("pause", "--invitations", *named)
        assert 0 != refused.code
        done = await run_gateway("store", "accept", "--behind", *named)
        assert (0, True) == (done.code, "The desk continues" in done.stdout), done.stderr
        assert await _send_until_taken(running.port, other, second)
        again = await run_gateway("store", "accept", "--behind", *named)
        assert (1, True) == (again.code, "not behind" in again.stderr)
        assert 0 == await running.stop()


async def test_without_a_gateway_the_command_does_it_itself(tmp_path: Path) -> None:
    (sender, raw), _ = applications(2)
    async with service(tmp_path) as (running, _):
        await _put_an_older_file_back(running, tmp_path, sender, raw)
        done = await run_gateway("store", "accept", "--behind", "--json", "--config", str(tmp_path))
        assert (0, '"held"') == (done.code, done.stdout.strip()[1:].strip()[:6]), done.stderr
        await running.start()
        assert await send(running.port, sender, raw)
        assert 0 == await running.stop()
