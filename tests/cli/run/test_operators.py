"""Who may run what, with real users: members of the group look at the desk, see nobody, change nothing."""

from __future__ import annotations

import asyncio
import contextlib
import encodings
import importlib
import json
import os
import pkgutil
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

import gateway
from gateway.app.install import keys
from gateway.cli import main
from gateway.net.control.protocol import CONTROL, socket_path
from tests.support.ports import PATIENCE_S
from tests.support.process import Ended, Service, run_gateway, service

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="other users are needed")
OWNER, GROUP, MEMBER = 54321, 54322, 54323


@pytest.fixture(scope="module", autouse=True)
def _modules() -> None:
    """All that commands load: another user may not be able to read this interpreter's folder."""
    importlib.import_module("getpass")
    for package in (gateway, encodings):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            with contextlib.suppress(ImportError):  # codecs of other systems
                importlib.import_module(found.name)


@asynccontextmanager
async def installed() -> AsyncIterator[Service]:
    """A running gateway whose files belong to user and group as on a real machine; the key is its own."""
    folder = Path(tempfile.mkdtemp(prefix="operators-"))
    try:
        async with service(folder) as (made, _):
            (folder / "dkim.key").write_bytes(keys.generate_dkim_key())
            made.change("[delivery]\n", '[delivery]\ndkim_selector = "s1"\ndkim_key = "dkim.key"\n')
            give(folder)
            await made.spawn()
            await wait_for_socket(made)
            yield made
            assert 0 == await made.stop()
    finally:
        shutil.rmtree(folder)


def give(folder: Path) -> None:
    for place in (folder, *folder.rglob("*")):
        os.chown(place, OWNER, GROUP)
        place.chmod(0o710 if place.is_dir() else 0o600)
    (folder / "gateway.toml").chmod(0o640)
    os.chown(folder / "dkim.key", 0, 0)


async def wait_for_socket(made: Service) -> None:
    place = socket_path(made.folder / "gateway.db", CONTROL)
    async with asyncio.timeout(PATIENCE_S):
        while not await asyncio.to_thread(place.exists):
            assert made.process is not None
            assert made.process.returncode is None, made.log
            await asyncio.sleep(0.05)


async def as_member(*arguments: str, groups: tuple[int, ...] = (GROUP,)) -> Ended:
    """Run one command as a member of the group, or as somebody else."""
    return await asyncio.to_thread(_run_as_member, arguments, groups)


def _run_as_member(arguments: tuple[str, ...], groups: tuple[int, ...]) -> Ended:
    read, write = os.pipe()
    child = os.fork()
    if not child:
        os.setgroups(groups)
        os.setgid(MEMBER)
        os.setuid(MEMBER)
        found = CliRunner().invoke(main, arguments)
        said = [found.exit_code, found.stdout, found.stderr + repr(found.exception or "")]
        os.write(write, json.dumps(said).encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        said = json.loads(pipe.read())
    os.waitpid(child, 0)
    return Ended(*said)


async def test_members_look_and_change_nothing() -> None:
    async with installed() as made:
        config = ("--config", str(made.folder))
        found = await as_member("status", *config, "--json")
        assert (0, True) == (found.code, json.loads(found.stdout)["running"]), found
        found = await as_member("config", "check", *config)
        assert (0, True) == (found.code, "delivery.dkim_key" in found.stderr), found
        found = await as_member("dns", *config)
        assert (0, True) == (found.code, "v=DKIM1" in found.stdout), found
        assert found.stdout == (await run_gateway("dns", *config)).stdout
        assert 0 == (await as_member("metrics", *config)).code
        for words in (
            ("case", "list"),
            ("person", "show", "a@example.jp"),
            ("outbox", "list"),
            ("mail", "list"),
            ("pause", "--decisions"),
            ("reload",),
            ("console", "code", "sato@kyoso.mihon.go.jp"),
            ("backup",),
            ("verify",),
        ):
            found = await as_member(*words, *config)
            assert found.code in {3, 75, 78}, (words, found)
            assert "Error(" not in found.stderr, (words, found)
            assert "@" not in found.stdout, words


async def test_a_stranger_and_a_stopped_gateway_are_unknown() -> None:
    async with installed() as made:
        config = ("--config", str(made.folder))
        for words in (("status",), ("dns",), ("config", "check")):
            found = await as_member(*words, *config, groups=())
            assert (3, False) == (found.code, "Error(" in found.stderr), found
        assert made.process is not None
        await made.kill()
        for words in (("status",), ("dns",)):
            found = await as_member(*words, *config)
            assert (3, True) == (
                found.code,
                "cannot reach a running gateway" in found.stdout + found.stderr,
            ), found
        await made.start()


async def test_a_reload_says_how_it_went_and_a_hung_gateway_is_critical() -> None:
    async with installed() as made:
        config = ("--config", str(made.folder))
        found = await run_gateway("reload", *config)
        assert (0, "Reloaded.\n") == (found.code, found.stdout), found
        made.change("[desk]\n", "[desk]\nopen_days = 0\n")
        found = await run_gateway("reload", *config)
        assert 78 == found.code
        made.change("open_days = 0\n", "open_days = 5\n")
        (made.folder / "dkim.key").write_text("no key")
        found = await run_gateway("reload", *config)
        assert (78, True) == (found.code, "previous configuration still active" in found.stderr), found
        assert made.process is not None
        made.process.send_signal(signal.SIGSTOP)
        found = await run_gateway("status", *config)
        made.process.send_signal(signal.SIGCONT)
        assert (2, True) == (found.code, "does not respond" in found.stdout), found
