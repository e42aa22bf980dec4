"""What of aiosmtpd runs, and that nothing of it is overridden without need (docs/adr/0001-aiosmtpd.md)."""

from __future__ import annotations

import asyncio
import re
import sys
from collections import defaultdict
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP

from gateway.net.smtp.hooks import Hooks
from gateway.net.smtp.limits.resource_usage import Limits
from gateway.net.smtp.protocol.guard import VERBS
from gateway.net.smtp.relays.trusted import NO_RELAYS
from gateway.net.smtp.server_state import ServerState
from gateway.net.smtp.session import SmtpSession
from tests.net.smtp.test_dialogs import SCRIPTS, play
from tests.support.paths import TESTS
from tests.support.smtp_server import NOON, Recorder

RECORD = TESTS.parent / "docs" / "adr" / "0001-aiosmtpd.md"
TABLE = dict(re.findall(r"^\| `(\w+)` \| .* \| ([\w-]+) \|$", RECORD.read_text(), re.MULTILINE))
RUNS_AS_IT_IS = {"__init__", "_handle_client", "_call_handler_hook", "smtp_NOOP", "smtp_RSET", "smtp_QUIT"}
OF_PYTHON = {"__module__", "__doc__", "__annotations__"}
# Long enough for any of the dialogs of the table.
PATIENCE_S = 3.0


def overridden() -> set[str]:
    """The names that both classes have."""
    return {name for name in vars(SmtpSession) if hasattr(SMTP, name)} - OF_PYTHON


def test_the_record_lists_every_name_that_is_overridden() -> None:
    """And no other."""
    assert overridden() == set(TABLE)


def test_nothing_stands_between_the_session_and_aiosmtpd() -> None:
    """One class, and what drives a session is the library's."""
    assert SMTP is SmtpSession.__mro__[1]
    assert set() == overridden() & RUNS_AS_IT_IS


async def test_the_guard_knows_the_verbs_that_aiosmtpd_has_found() -> None:
    """A verb that is let through is known there, and the other way round."""
    service = ServerState(
        Recorder(),
        Limits(),
        hostname="mx.desk.example",
        tls_context=None,
        now=lambda: NOON,
        postmaster=None,
        relays=NO_RELAYS,
    )
    session: Any = SmtpSession(Hooks(service), hostname="mx.desk.example", loop=asyncio.get_running_loop())
    assert {verb.decode() for verb in VERBS} == set(session._smtp_methods)


@pytest.mark.parametrize("name", sorted(TABLE))
@pytest.mark.filterwarnings("ignore")
async def test_with_aiosmtpds_own_the_dialog_fails(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each override is needed: its dialog goes well with it, and not without."""
    script = TESTS / "dialogs" / f"{TABLE[name]}.smtp"
    await play(script, tmp_path)
    monkeypatch.setattr(SmtpSession, name, getattr(SMTP, name))
    with pytest.raises((AssertionError, TimeoutError, OSError)):
        async with asyncio.timeout(PATIENCE_S):
            await play(script, tmp_path)


class Profile:
    """Which functions of aiosmtpd and which hooks ran for each session."""

    def __init__(self) -> None:
        self.ran: dict[SmtpSession, set[str]] = defaultdict(set)
        self._names: dict[CodeType, str] = {
            getattr(SMTP, name).__code__: name
            for name in ("__init__", "_handle_client", "_call_handler_hook", "push", "smtp_QUIT")
        }
        self._hooks = {
            member.__code__: name for name, member in vars(Hooks).items() if name.startswith("handle_")
        }

    def __call__(self, frame: FrameType, event: str, _: object) -> None:
        """As `sys.setprofile` calls it."""
        if event != "call":
            return
        name = self._names.get(frame.f_code)
        if name is not None:
            self.ran[frame.f_locals["self"]].add(name)
        elif frame.f_code in self._hooks:
            first = frame.f_locals.get("server", frame.f_locals.get("_"))
            session: Any = first[0] if isinstance(first, tuple) else first
            self.ran[session].add(self._hooks[frame.f_code])


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
async def test_aiosmtpd_runs_in_every_session(script: Path, tmp_path: Path) -> None:
    """Its constructor, its command loop and its `push`; hooks, by its own look-up, once a name was taken."""
    profile = Profile()
    sys.setprofile(profile)
    try:
        await play(script, tmp_path)
    finally:
        sys.setprofile(None)
    assert profile.ran
    for session, ran in profile.ran.items():
        wanted = {"__init__", "_handle_client"}
        if session._guard.verb:
            wanted.add("push")
        if session.session.host_name is not None:
            wanted.add("_call_handler_hook")
            assert any(name.startswith("handle_") for name in ran)
        assert wanted <= ran
