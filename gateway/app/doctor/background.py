"""Periodic network checks of the service, whose result is kept beside the database.

So the doctor of the timer needs no network of its own, and reports what the service sees.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from gateway.app.doctor.check import Check, CheckResult, Level, Subject, error, run_checks
from gateway.log import events
from gateway.store import private_files
from gateway.store.sqlite.source import is_running

FIRST_S, EVERY_S = 60.0, 6 * 3600.0
STALE = timedelta(hours=13)
CHECK = "service"


class ScheduledRun(msgspec.Struct, frozen=True):
    """The findings of one run."""

    at: datetime
    findings: tuple[CheckResult, ...]


def result_path(database: Path) -> Path:
    """Return the path of the result file."""
    return database.with_name(f"{database.name}.doctor.json")


def load_last_run(database: Path) -> ScheduledRun | None:
    """Load the last result of the service; None if there is no readable one."""
    try:
        return msgspec.json.decode(result_path(database).read_bytes(), type=ScheduledRun)
    except (OSError, msgspec.DecodeError):
        return None


async def run_periodically(subject: Callable[[], Subject], checks: tuple[tuple[str, Check], ...]) -> None:
    """Run the checks periodically until cancelled; after any error, there is a next run."""
    await asyncio.sleep(FIRST_S)
    while True:
        try:
            await run_and_save(subject(), checks)
        except Exception as trouble:  # the desk's work does not depend on it
            events.task_failed("background checks", trouble)
        await asyncio.sleep(EVERY_S)


async def run_and_save(subject: Subject, checks: tuple[tuple[str, Check], ...]) -> None:
    """Run the checks once; log the problems, and save all results. Raises OSError."""
    by_check = {name: findings async for name, findings in run_checks(subject, checks)}
    found = [one for name, _ in checks for one in by_check[name]]
    for one in found:
        if one.level is not Level.OK:
            events.check_failed(one.check, one.level.value, one.text, one.to_do)
    raw = msgspec.json.encode(ScheduledRun(subject.now, tuple(found)))
    await asyncio.to_thread(private_files.write, result_path(Path(subject.config.store.path)), raw)


async def read_last_run(subject: Subject) -> Iterable[CheckResult]:
    """Return the findings of the last run; an error if the service is not running or the run is too old."""
    database = Path(subject.config.store.path)
    unit = subject.units.name()
    start = f"systemctl status {unit}; journalctl -u {unit}"
    # On PostgreSQL there is no lock to look at: the age of the last run tells.
    if not subject.config.store.url and not await asyncio.to_thread(is_running, database):
        return [error(CHECK, "the gateway is not running", start)]
    try:
        raw = await asyncio.to_thread(result_path(database).read_bytes)
    except FileNotFoundError:
        to_do = "the first check runs one minute after startup; try again then"
        return [CheckResult(CHECK, Level.UNKNOWN, "the service has not run its checks yet", to_do)]
    last = msgspec.json.decode(raw, type=ScheduledRun)
    if subject.now - last.at > STALE:
        return [error(CHECK, f"the service last checked at {last.at:%Y-%m-%d %H:%M} UTC", start)]
    return [replace(one, told=True) for one in last.findings]


def read_told(name: str) -> Check:
    """Return a check that reports the service's result for `name`, for users who may not read its inputs."""

    async def check(subject: Subject) -> Iterable[CheckResult]:
        found = list(await read_last_run(subject))
        failed = [one for one in found if one.check == CHECK and one.level is not Level.OK]
        # Without a run there is nothing to report, and the reason is the finding.
        return [replace(one, told=False) for one in failed or found if one.check in {name, CHECK}]

    return check
