"""The gateway as a whole: what a start that fails leaves behind, and what a failed reload does."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from gateway import settings
from gateway.app.service import Gateway
from gateway.app.wiring.database.store import build_store
from gateway.demo.fixtures import settings_text
from gateway.demo.sandbox import open_sandbox
from gateway.net.fronts.blueprint import TlsMaterial
from gateway.net.fronts.owner import FrontLostError
from gateway.net.host.sockets import bind


async def test_a_start_that_fails_leaves_nothing_running(tmp_path: Path) -> None:
    config = settings.parse(settings_text(tmp_path, 25, 53).encode(), settings.FILE_NAME)
    closed = bind("127.0.0.1", 0)
    closed.close()
    before = asyncio.all_tasks()
    with pytest.raises(OSError, match="Bad file descriptor"):
        await Gateway(config, tmp_path).start([closed])
    assert before == asyncio.all_tasks()
    store = build_store(config)
    store.open()  # nobody holds the database any more
    store.close()


async def test_a_reload_that_one_front_cannot_follow_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.demo.fixtures.FRONT_PROCESSES", 1)
    async with open_sandbox(tmp_path) as desk:
        before = desk.app.reception, desk.app.dispatch, desk.app.config
        text = (tmp_path / settings.FILE_NAME).read_text(encoding="utf-8")
        wanted = settings.parse(text.encode(), settings.FILE_NAME)
        spoilt = TlsMaterial(b"no certificate", b"no key")
        monkeypatch.setattr("gateway.app.wiring.fronts._read_tls", lambda _: spoilt)
        with pytest.raises(FrontLostError, match="a front-end process could not apply the settings"):
            await desk.app.reload(lambda: wanted)
        assert before == (desk.app.reception, desk.app.dispatch, desk.app.config)
