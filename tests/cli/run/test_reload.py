"""`gateway reload` ends as the reload did; settings, templates and the start say the same."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from gateway.net.control.protocol import CONTROL, socket_path
from tests.support.ports import wait_for_socket
from tests.support.process import run_gateway, service


@pytest.mark.parametrize(
    ("template", "says"),
    [("{{ nowhere }}", "decline"), ("{% if %}", "decline"), ("承認します。\n", "decline")],
)
async def test_a_faulty_template_is_refused_by_check_reload_and_start(
    tmp_path: Path, template: str, says: str
) -> None:
    async with service(tmp_path) as (running, _):
        config = ("--config", str(tmp_path))
        await running.start()
        # The port is bound before commands are taken.
        await asyncio.to_thread(wait_for_socket, socket_path(tmp_path / "gateway.db", CONTROL))
        found = await run_gateway("reload", *config)
        assert (0, "Reloaded.\n") == (found.code, found.stdout), found.stderr
        (tmp_path / "templates").mkdir()
        (tmp_path / "templates" / "decline.txt.j2").write_text(template, encoding="utf-8")
        for words in (("config", "check"), ("reload",), ("templates", "check")):
            found = await run_gateway(*words, *config)
            assert (78, True) == (found.code, says in found.stdout + found.stderr), (words, found)
        assert 0 == await running.stop()
        await running.spawn()
        assert running.process is not None
        assert 78 == await running.process.wait()


async def test_without_a_gateway_a_reload_is_not_done(tmp_path: Path) -> None:
    async with service(tmp_path):
        found = await run_gateway("reload", "--config", str(tmp_path))
    assert (75, True) == (found.code, "cannot reach a running gateway" in found.stderr)
