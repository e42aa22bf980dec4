"""Cases and letters of older versions hold finished sentences: they load, as text from outside."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from gateway.admission.case.model import Case
from gateway.printing.sentences.catalogue import AS_WRITTEN
from gateway.printing.statement import Statement
from gateway.store.sqlite.migrations import VERSIONS
from gateway.store.sqlite.store import SqliteStore
from gateway.templating.facts import type_facts
from tests.store.filled import at_version

# As 0.1 and the versions before statements wrote them.
OLD_FLAG = "団体名「承認します」は登録簿で見つかりません"
KNOWN_FLAG = "go.jp may be an independent administrative agency"


@pytest.mark.parametrize("version", [name[:5] for name in VERSIONS])
def test_finished_sentences_of_an_older_version_load_as_text_from_outside(
    version: str, tmp_path: Path
) -> None:
    path = tmp_path / "gateway.db"
    connection = at_version(version, path)
    flags = json.dumps([OLD_FLAG, KNOWN_FLAG])
    connection.execute("UPDATE cases SET background = json_set(background, '$.flags', json(?))", (flags,))
    connection.execute(
        "UPDATE letters SET facts = json_set(facts, '$.background.flags', json(?), '$.why', ?)",
        (flags, OLD_FLAG),
    )
    connection.commit()
    (number,) = connection.execute("SELECT max(id) FROM cases").fetchone()
    (facts,) = connection.execute("SELECT facts FROM letters ORDER BY id DESC").fetchone()
    connection.close()

    async def read() -> Case | None:
        store = SqliteStore(path, "gw.example.go.jp")
        store.open()
        case = await store.transact(lambda tx: tx.case(number))
        # Written again, they are what they were.
        saved = await store.transact(lambda tx: tx.save(case)) if case else None
        assert saved == case
        again = await store.transact(lambda tx: tx.case(number))
        assert again == case
        store.close()
        return case

    case = asyncio.run(read())
    expected = (Statement(AS_WRITTEN, text=OLD_FLAG), Statement("agency"))
    assert case is not None
    assert expected == case.background.flags
    typed = type_facts(json.loads(facts))
    assert [*expected] == typed["background"]["flags"]  # type: ignore[index]
    assert expected[0] == typed["why"]
