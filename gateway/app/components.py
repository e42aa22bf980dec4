"""All that follows the settings and is made anew at a reload: the path in, the path out, the chores.

Store and sockets stay as they are; see `gateway.app.service`.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path

from gateway.app.wiring.resources import build_renderer, load_active_rules, load_directory
from gateway.app.wiring.transports import (
    build_courier,
    build_invitation_sender,
    build_keyring,
    build_tls_context,
)
from gateway.app.wiring.values import (
    build_desk,
    build_mailboxes,
    build_receiver,
    build_retention_periods,
    build_schedule,
    build_screener_pool,
)
from gateway.auth.dns.resolver import Resolver
from gateway.housekeeping import Housekeeping
from gateway.log import events
from gateway.net.metrics.endpoint import MetricsEndpoint
from gateway.net.metrics.openmetrics import format_openmetrics
from gateway.outbound.dispatcher import Dispatcher
from gateway.outbound.retry import Schedule
from gateway.settings import Settings
from gateway.store.commands import cases, organisations, outbox, persons, queue
from gateway.store.queries.statistics import load_statistics
from gateway.store.sqlite import backup
from gateway.store.sqlite.store import SqliteStore

# A remote server may take a minute over one letter. What is cut off goes again with the same Message-ID.
LETTERS_GRACE_S = 20.0


class Components:
    """One set of settings, at work on a store that is not theirs. Raises SettingsError, TemplateTroubleError.

    `wake` is called when letters are queued: the dispatch that is at work then must hear of it, which
    after a reload is another one.
    """

    def __init__(
        self,
        config: Settings,
        folder: Path | None,
        store: SqliteStore,
        resolver: Resolver,
        *,
        now: Callable[[], datetime],
        schedule: Schedule | None,
        wake: Callable[[], None],
        on_change: Callable[[], Awaitable[None]],
    ) -> None:
        self.config = config
        self.directory = load_directory(folder)
        self.active_rules = load_active_rules(config, folder, self.directory, now)
        self.tls_context = build_tls_context(config)
        self._store = store
        desk = build_desk(config, self.active_rules)
        self._courier = build_courier(config, resolver)
        letters = build_renderer(config, folder)
        letters.check()
        self.dispatch = Dispatcher(
            store,
            letters,
            self._courier,
            build_invitation_sender(config, self._courier, now),
            desk,
            build_mailboxes(config),
            from_name=config.desk.name,
            now=now,
            entropy=secrets.token_bytes,
            schedule=schedule or build_schedule(config),
            signing=build_keyring(config),
        )
        self._screener_pool = build_screener_pool(config)
        self.reception = build_receiver(config, resolver, self.active_rules, store, wake, self._screener_pool)
        periods = build_retention_periods(config)
        self.housekeeping = Housekeeping(
            store,
            desk,
            now=now,
            wake=wake,
            periods=periods,
            prune_backups=lambda at: backup.prune_default_folder(store.path, at, periods.backup),
        )
        self.command_queue = queue.CommandQueue(
            store,
            queue.queue_folder(store.path),
            {
                **organisations.build_handlers(self.directory),
                **cases.build_handlers(desk),
                **outbox.build_handlers(),
                **persons.build_handlers(desk),
            },
            now,
            on_change=on_change,
            on_error=events.task_failed,
        )
        self._metrics = build_metrics_endpoint(config, now)
        self._tasks: tuple[asyncio.Task[None], ...] = ()

    async def refresh(self) -> None:
        """Let the register take over what staff added, and the examiners begin."""
        await organisations.refresh(self.directory, self._store)
        if self._screener_pool is not None and not self._tasks:
            await self._screener_pool.start()

    def start(self) -> None:
        """Work off the outbox, the commands and the agenda, until `stop`."""
        work = [self.command_queue.run(), self.housekeeping.run()]
        if not self.config.delivery.hold:
            work.append(self.dispatch.run())
        if self._metrics is not None:
            work.append(self._metrics.run())
        self._tasks = tuple(asyncio.create_task(each) for each in work)

    async def stop(self, grace_s: float = LETTERS_GRACE_S) -> None:
        """Finish the letters in hand, at most for `grace_s`; a letter cut off is sent again later."""
        if not self._tasks:
            return
        self.dispatch.stop()
        self.command_queue.stop()
        self.housekeeping.stop()
        if self._metrics is not None:
            self._metrics.stop()
        _, late = await asyncio.wait(self._tasks, timeout=grace_s)
        for task in late:
            task.cancel()
        for ended in await asyncio.gather(*self._tasks, return_exceptions=True):
            if isinstance(ended, Exception):
                events.task_failed("stop", ended)
        if self._screener_pool is not None:
            await self._screener_pool.stop()
        await self._courier.close()


def build_metrics_endpoint(config: Settings, now: Callable[[], datetime]) -> MetricsEndpoint | None:
    """The page with the figures, if the settings want one."""
    if not config.watch.metrics_port:
        return None
    database = Path(config.store.path)
    return MetricsEndpoint(
        config.watch.metrics_port, lambda: format_openmetrics(load_statistics(database, now()))
    )
