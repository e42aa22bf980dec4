"""All that follows the settings and is made anew at a reload: the path in, the path out, the chores.

Store and sockets stay as they are; see `gateway.app.service`.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path

from gateway.app.wiring.metrics import metrics_page
from gateway.app.wiring.resources import directory_of, renderer, rulebook_of
from gateway.app.wiring.transports import courier, inviter, keyring, tls_context
from gateway.app.wiring.values import desk_of, examiners_of, mailboxes_of, periods_of, reception, schedule_of
from gateway.auth.dns.resolver import Resolver
from gateway.housekeeping import Housekeeping
from gateway.log import events
from gateway.outbound.dispatcher import Dispatch
from gateway.outbound.retry import Schedule
from gateway.settings import Settings
from gateway.store.commands import cases, organisations, outbox, persons, queue
from gateway.store.sqlite import backup
from gateway.store.sqlite.store import SqliteStore

# A remote server may take a minute over one letter. What is cut off goes again with the same Message-ID.
LETTERS_GRACE_S = 20.0


class Works:
    """One set of settings, at work on a store that is not theirs. Raises SettingsError, TemplateTroubleError.

    `wake` is called when letters are owed: the dispatch that is at work then must hear of it, which
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
        changed: Callable[[], Awaitable[None]],
    ) -> None:
        self.config = config
        self.directory = directory_of(folder)
        self.book = rulebook_of(config, folder, self.directory, now)
        self.tls_context = tls_context(config)
        self._store = store
        desk = desk_of(config, self.book)
        self._courier = courier(config, resolver)
        letters = renderer(config, folder)
        letters.check()
        self.dispatch = Dispatch(
            store,
            letters,
            self._courier,
            inviter(config, self._courier, now),
            desk,
            mailboxes_of(config),
            from_name=config.desk.name,
            now=now,
            entropy=secrets.token_bytes,
            schedule=schedule or schedule_of(config),
            signing=keyring(config),
        )
        self._examiners = examiners_of(config)
        self.reception = reception(config, resolver, self.book, store, wake, self._examiners)
        periods = periods_of(config)
        self.housekeeping = Housekeeping(
            store,
            desk,
            now=now,
            wake=wake,
            periods=periods,
            let_go=lambda at: backup.let_go_beside(store.path, at, periods.backup),
        )
        self.inbox = queue.Inbox(
            store,
            queue.folder_of(store.path),
            {
                **organisations.handlers(self.directory),
                **cases.handlers(desk),
                **outbox.handlers(),
                **persons.handlers(desk),
            },
            now,
            changed=changed,
            trouble=events.failed,
        )
        self._metrics = metrics_page(config, now)
        self._working: tuple[asyncio.Task[None], ...] = ()

    async def refresh(self) -> None:
        """Let the register take over what staff added, and the examiners begin."""
        await organisations.refresh(self.directory, self._store)
        if self._examiners is not None and not self._working:
            await self._examiners.start()

    def start(self) -> None:
        """Work off the outbox, the commands and the agenda, until `stop`."""
        work = [self.inbox.run(), self.housekeeping.run()]
        if not self.config.delivery.hold:
            work.append(self.dispatch.run())
        if self._metrics is not None:
            work.append(self._metrics.run())
        self._working = tuple(asyncio.create_task(each) for each in work)

    async def stop(self, grace_s: float = LETTERS_GRACE_S) -> None:
        """Finish the letters in hand, at most for `grace_s`; a letter cut off is sent again later."""
        if not self._working:
            return
        self.dispatch.stop()
        self.inbox.stop()
        self.housekeeping.stop()
        if self._metrics is not None:
            self._metrics.stop()
        _, late = await asyncio.wait(self._working, timeout=grace_s)
        for task in late:
            task.cancel()
        for ended in await asyncio.gather(*self._working, return_exceptions=True):
            if isinstance(ended, Exception):
                events.failed("stop", ended)
        if self._examiners is not None:
            await self._examiners.stop()
        await self._courier.close()
