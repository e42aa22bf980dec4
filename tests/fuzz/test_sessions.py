"""D17: random sessions leave no traceback; each ends with a reply or a close, what is stored is valid."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.sessions import DIALOGS, KINDS, Ring, Session, ring, sessions


@pytest.fixture(scope="module")
def at_work() -> Any:
    """One loop and three desks for all sessions: what one leaves behind would show in the next."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        yield runner, runner.run(stack.enter_async_context(ring()))
        runner.run(stack.aclose())


@given(kind=st.sampled_from(KINDS), session=sessions())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_d17_random_sessions(at_work: tuple[asyncio.Runner, Ring], kind: str, session: Session) -> None:
    """Dialogs with steps added, left out, doubled, cut and changed."""
    runner, made = at_work
    runner.run(made.play(kind, session))


def test_there_are_dialogs_to_change() -> None:
    """An empty choice would pass unseen."""
    assert 100 < len(DIALOGS)
