"""kill -9 in the middle of the mail: what was answered 250 is there, once, and each queued letter leaves."""

import asyncio
from pathlib import Path

import pytest

from gateway.store.queries.reader import Reader
from gateway.store.sqlite.source import SqliteSource
from tests.journeys.world import applications, send
from tests.support.ports import PATIENCE_S
from tests.support.process import Service, service


async def send_until_killed(running: Service, batch: list[tuple[str, bytes]], kill_after: int) -> set[str]:
    """Send side by side; kill the process once `kill_after` were answered; gives the answered senders."""
    acknowledged: set[str] = set()
    waiting = list(batch)

    async def client() -> None:
        while waiting:
            sender, raw = waiting.pop()
            if await send(running.port, sender, raw):
                acknowledged.add(sender)
            if len(acknowledged) >= kill_after:
                return

    await asyncio.gather(*(client() for _ in range(6)))
    await running.kill()
    return acknowledged


async def drained(folder: Path) -> list[dict[str, object]]:
    """All letters, once none is queued any more."""
    for _ in range(int(PATIENCE_S / 0.05)):
        reader = Reader(SqliteSource(folder / "gateway.db"))
        letters = reader.letters(limit=100_000)
        reader.close()
        if letters and all(letter["state"] == "sent" for letter in letters):
            return letters
        await asyncio.sleep(0.05)
    raise AssertionError([letter for letter in letters if letter["state"] != "sent"])


@pytest.mark.parametrize("kill_after", [1, 7, 20])
async def test_kill_9_loses_no_acknowledged_mail_and_doubles_none(tmp_path: Path, kill_after: int) -> None:
    batch = applications(40)
    async with service(tmp_path) as (running, _):
        await running.start()
        acknowledged = await send_until_killed(running, batch, kill_after)
        assert kill_after <= len(acknowledged) < len(batch)
        reader = Reader(SqliteSource(tmp_path / "gateway.db"))
        recorded = {str(row["applicant"]) for row in reader.cases(limit=1000)}
        reader.close()
        assert acknowledged <= recorded

        await running.start()
        assert all([await send(running.port, sender, raw) for sender, raw in batch])
        letters = await drained(tmp_path)
        assert 0 == await running.stop()

    reader = Reader(SqliteSource(tmp_path / "gateway.db"))
    cases = [str(row["applicant"]) for row in reader.cases(limit=1000)]
    reader.close()
    assert sorted(sender for sender, _ in batch) == sorted(cases)
    # Each case: one acknowledgment and a review request for each of the two members of staff.
    assert 3 * len(batch) == len(letters)
    inbox = {path.name for path in (tmp_path / "letters").iterdir()}
    assert {sender for sender, _ in batch} <= inbox
