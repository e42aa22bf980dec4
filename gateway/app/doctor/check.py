"""Results of checks, and running them: concurrently, each with a timeout, isolated from each other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from gateway.auth.dns.resolver import Resolver, TempFail
from gateway.net.host.desk_units import DeskUnits, find_units
from gateway.settings import Settings

TIMEOUT_S = 20.0


class Level(StrEnum):
    """Severity; UNKNOWN means that the check could not be made."""

    OK = "ok"
    UNKNOWN = "unknown"
    WARNING = "warning"
    ERROR = "error"


# https://www.monitoring-plugins.org/doc/guidelines.html: the exit codes of Nagios.
EXIT_CODES = {Level.OK: 0, Level.WARNING: 1, Level.ERROR: 2, Level.UNKNOWN: 3}


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One finding; `to_do` is empty if no action is needed, `told` marks a result of another run."""

    check: str
    level: Level
    text: str
    to_do: str = ""
    told: bool = False


@dataclass(frozen=True, slots=True)
class Subject:
    """The gateway being checked; `folder` contains the settings.

    `synchronised` returns whether the clock is synchronized, None if unknown.
    """

    config: Settings
    folder: Path
    resolver: Resolver
    now: datetime
    synchronised: Callable[[], bool | None]

    @property
    def units(self) -> DeskUnits:
        """The names of its systemd units."""
        return find_units(self.folder.absolute())


Check = Callable[[Subject], Awaitable[Iterable[CheckResult]]]


def ok(check: str, text: str) -> CheckResult:
    """Return a finding without a problem."""
    return CheckResult(check, Level.OK, text)


def warning(check: str, text: str, to_do: str) -> CheckResult:
    """Return a finding for something that works, but should be improved."""
    return CheckResult(check, Level.WARNING, text, to_do)


def error(check: str, text: str, to_do: str) -> CheckResult:
    """Return a finding for something that causes mail to be lost or rejected."""
    return CheckResult(check, Level.ERROR, text, to_do)


async def run_checks(
    subject: Subject, checks: Sequence[tuple[str, Check]], timeout_s: float = TIMEOUT_S
) -> AsyncIterator[tuple[str, tuple[CheckResult, ...]]]:
    """Run all checks concurrently; yield the findings of each as soon as it ends."""
    running = [asyncio.create_task(_run_check(name, check, subject, timeout_s)) for name, check in checks]
    for done in asyncio.as_completed(running):
        yield await done


async def _run_check(
    name: str, check: Check, subject: Subject, timeout_s: float
) -> tuple[str, tuple[CheckResult, ...]]:
    try:
        async with asyncio.timeout(timeout_s):
            return name, tuple(replace(one, check=_label(name, one)) for one in await check(subject))
    except TempFail as trouble:
        text, to_do = f"DNS: {trouble}", "see the resolver check, then try again"
    except TimeoutError:
        text, to_do = f"no result within {timeout_s:g} s", "try again; if it persists, check the network"
    except PermissionError as trouble:
        text, to_do = f"cannot be read: {trouble}", "try again as root"
    except Exception as trouble:  # a check that breaks must not hide the others
        text, to_do = f"could not be checked: {type(trouble).__name__}: {trouble}", "report this as a bug"
    return name, (CheckResult(name, Level.UNKNOWN, text, to_do),)


def _label(name: str, found: CheckResult) -> str:
    """Return the name by which the check can be selected; a result of another run keeps its own."""
    return found.check if found.told else name


def worst(found: Iterable[CheckResult]) -> Level:
    """Return the worst level: ERROR before WARNING before UNKNOWN before OK."""
    order = list(Level)
    return max((one.level for one in found), key=order.index, default=Level.OK)
