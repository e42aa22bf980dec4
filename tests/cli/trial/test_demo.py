"""`gateway demo`: what it leaves, and what it takes away before it begins again."""

import asyncio
import sys
from pathlib import Path
from time import monotonic

import pytest

from gateway.admission.case.model import JournalEntry
from gateway.cli.trial import demo
from gateway.demo import manual
from gateway.demo.client import Answer, Client, DemoError
from gateway.demo.fixtures import DomainFixtures, settings_text
from gateway.demo.people.messages import Person
from gateway.demo.people.stories import SATO
from gateway.demo.sandbox import open_sandbox
from gateway.printing.fields import ours
from gateway.settings import parse
from gateway.store.sqlite.store import SqliteStore
from tests.support.factories import NOW
from tests.support.process import run_gateway


def names(folder: Path) -> list[str]:
    return [place.name for place in folder.iterdir()]


async def test_nothing_of_an_earlier_demo_keeps_the_next_from_beginning(tmp_path: Path) -> None:
    """Also not the note of the last line of its journal, without which a database would be behind."""
    for _ in range(2):
        store = SqliteStore(tmp_path / "gateway.db", "desk.example")
        store.open()
        entry = JournalEntry("one", ours("me"), {})
        await store.transact(lambda tx, entry=entry: tx.journal((entry,), NOW, None, None))
        store.close()
        assert (tmp_path / "gateway.db.head").exists()
        (tmp_path / "letters" / "to@desk.example").mkdir(parents=True)
        (tmp_path / "notes.txt").write_text("of the operator's own")
        demo._remove_demo_files(tmp_path)
        assert ["notes.txt"] == names(tmp_path)


async def test_a_demo_that_is_running_keeps_its_files(tmp_path: Path) -> None:
    """A second one in the same folder would delete them while they are in use."""
    (tmp_path / "gateway.db").touch()
    with demo._claim(tmp_path):
        done = await run_gateway("demo", "--folder", str(tmp_path))
    assert 75 == done.code
    assert f"locked {tmp_path}/demo.lock; stop it first, or use another --folder" in done.stderr
    assert (tmp_path / "gateway.db").exists()


async def run_script(place: Path) -> str:
    """Run a script as its reader does, with any Python; gives what it prints."""
    process = await asyncio.create_subprocess_exec(sys.executable, place, stdout=asyncio.subprocess.PIPE)
    printed, _ = await process.communicate()
    assert 0 == process.returncode
    return printed.decode()


async def test_the_scripts_for_trials_by_hand_apply_and_approve(tmp_path: Path) -> None:
    person = Person("手書 一葉", "ichiyo@town.mihon.lg.jp")
    async with open_sandbox(tmp_path) as desk:
        manual.write_scripts(tmp_path, desk.request, desk.port)
        assert (await run_script(tmp_path / "apply.py")).startswith("accepted; the acknowledgment")
        await desk.letter(SATO.address, "審査依頼")
        assert (await run_script(tmp_path / "approve.py")).startswith("accepted: ")
        await desk.wait_for_state(person, "invited")


class Impatient(Client):
    """A desk that answers slowly."""

    patience_s = 0.2
    poll_s = 0.001

    async def send(self, reverse_path: str, forward_path: str, raw: bytes) -> Answer:
        raise NotImplementedError

    async def find_case(self, person: Person) -> None:
        await asyncio.sleep(0.05)


async def test_the_demo_waits_by_the_clock_however_long_each_look_takes(tmp_path: Path) -> None:
    """A step that fails is told in time, also on a busy machine."""
    config = parse(settings_text(tmp_path, 0, 53).encode(), "gateway.toml")
    desk = Impatient(config, DomainFixtures(), tmp_path)
    begun = monotonic()
    with pytest.raises(DemoError, match="no case"):
        await desk.wait_for_state(Person("見本", "a@town.example"), "invited")
    assert monotonic() - begun < 5
