"""`gateway demo`: what it leaves, and what it takes away before it begins again."""

from pathlib import Path

from gateway.admission.case.model import JournalEntry
from gateway.cli.trial import demo
from gateway.printing.fields import ours
from gateway.store.sqlite.store import SqliteStore
from tests.support.factories import NOW


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
