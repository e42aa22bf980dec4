"""Checks of a desk on PostgreSQL: copies of accepted mail, and differences between machines."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from gateway.app.doctor.check import CheckResult, Level, Subject, error, ok, warning
from gateway.app.wiring.database.source import build_source
from gateway.store.protocol import NoDatabaseError, StoreUnavailableError

if TYPE_CHECKING:
    from gateway.settings import Settings
    from gateway.store.postgres.cluster.nodes import NodeRow
    from gateway.store.postgres.cluster.standbys import Standbys

CHECK, NODES = "copies", "nodes"
_SILENT_S = 600.0
_PAGE = "see docs/guide/machines.md"
_ONE = "the database is on a single server: if that server is lost, so is mail already acknowledged with 250"
_SAID = "according to store.copies, the server's operator keeps copies; this is not verified"
_UNSEEN = "this role lacks the privilege to see the standbys, so their state is unknown"
_ASYNCHRONOUS = "commits do not wait for a standby: a failover can lose mail already acknowledged with 250"
_LOST = "the synchronous standby is not connected: commits wait for it, and mail is deferred with 451"
_COPY = "make them identical, then restart the service on that machine (on the active one: systemctl reload)"
_BACK = "repair the standby; once it is back, SELECT * FROM pg_stat_replication on the primary shows it"


async def check_copies(subject: Subject) -> Iterable[CheckResult]:
    """Check the copies of the database; a file only has backups, which have a check of their own."""
    store = subject.config.store
    if not store.url:
        return []
    if store.copies == "one":
        return [warning(CHECK, _ONE, f"set up a synchronous standby, then set store.copies: {_PAGE}")]
    if store.copies == "provider":
        return [ok(CHECK, _SAID)]
    try:
        found = await asyncio.to_thread(_load, subject.config)
    except (NoDatabaseError, StoreUnavailableError) as trouble:
        return [CheckResult(CHECK, Level.UNKNOWN, str(trouble), "see the database check")]
    return [judge_standbys(found)]


def judge_standbys(found: Standbys) -> CheckResult:
    """Check whether `store.copies = "standby"` is true."""
    if not found.wanted:
        return error(CHECK, f"synchronous_standby_names is empty: {_ASYNCHRONOUS}", f"set it: {_PAGE}")
    if found.synchronous is None:
        return CheckResult(CHECK, Level.UNKNOWN, _UNSEEN, "GRANT pg_monitor TO the user in store.url")
    if not found.synchronous:
        return error(CHECK, _LOST, _BACK)
    return ok(CHECK, f"every commit waits for a standby ({found.synchronous} synchronous)")


async def check_nodes(subject: Subject) -> Iterable[CheckResult]:
    """Check that each standby machine has the settings, keys and files of the active one."""
    if not subject.config.store.url:
        return []
    try:
        rows = await asyncio.to_thread(_load_nodes, subject.config)
    except (NoDatabaseError, StoreUnavailableError) as trouble:
        return [CheckResult(NODES, Level.UNKNOWN, str(trouble), "see the database check")]
    return judge_nodes(rows)


def judge_nodes(rows: Sequence[NodeRow]) -> list[CheckResult]:
    """Report what a takeover would change, ignoring machines taken out of service."""
    from gateway.store.postgres.cluster.nodes import find_differences  # noqa: PLC0415 - psycopg is an extra

    rows = [row for row in rows if row.is_active or row.seen_s < _SILENT_S]
    found = [
        warning(NODES, f"{name} differs from {rows[0].name} in {', '.join(parts)}", _COPY)
        for name, parts in find_differences(rows).items()
    ]
    return found or [ok(NODES, f"{', '.join(row.name for row in rows) or 'none'}: no differences")]


def _load_nodes(config: Settings) -> tuple[NodeRow, ...]:
    from gateway.store.postgres.cluster import nodes  # noqa: PLC0415 - psycopg is an extra

    with closing(build_source(config).open()) as connection:
        return nodes.load(connection)


def _load(config: Settings) -> Standbys:
    from gateway.store.postgres.cluster import standbys  # noqa: PLC0415 - psycopg is an extra

    with closing(build_source(config).open()) as connection:
        return standbys.load(connection)
