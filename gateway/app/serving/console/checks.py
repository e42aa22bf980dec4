"""The console's request for the last results of the service's own checks; only operators get an answer.

The results are in a file that the console's account cannot read: they name mailboxes and addresses.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path

from gateway.admission.case.model import Desk
from gateway.app.doctor.background import ScheduledRun, load_last_run
from gateway.app.doctor.check import CheckResult
from gateway.app.service import Gateway
from gateway.app.serving.console.asking import read_text, read_times, transact
from gateway.net.control.server import Asked
from gateway.store.console import outcome
from gateway.store.protocol import Transaction

LAST_CHECKS = "console.last_checks"
MAX_FINDINGS, MAX_WORDS = 100, 1_000  # of a DNS record, as much as somebody else likes may be quoted
Question = Callable[[Asked], Awaitable[object]]


def build_check_questions(app: Gateway) -> dict[str, Question]:
    """Return the handler; for anybody but an operator's session, it returns None."""

    async def read_checks(asked: Asked) -> object:
        session, times = read_text(asked, "session"), read_times(app)

        def is_operators(tx: Transaction, now: datetime, desk: Desk) -> bool:
            who = outcome.find_member(tx, session, now, desk, times)
            return who is not None and who.is_operator

        if not await transact(app, is_operators):
            return None
        return _tell(await asyncio.to_thread(load_last_run, Path(app.config.store.path)))

    return {LAST_CHECKS: read_checks}


def _tell(last: ScheduledRun | None) -> dict[str, object]:
    """Return the time of the last run and its findings; empty if there was none."""
    if last is None:
        return {}
    return {"at": last.at.isoformat(), "findings": [_tell_one(one) for one in last.findings[:MAX_FINDINGS]]}


def _tell_one(one: CheckResult) -> dict[str, str]:
    return {
        "check": one.check,
        "level": one.level.value,
        "text": one.text[:MAX_WORDS],
        "to_do": one.to_do[:MAX_WORDS],
    }
