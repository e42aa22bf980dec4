"""The mail server of a gateway: a listener in this process, or front processes."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from gateway.app.composition.components import Components
from gateway.app.wiring.fronts import build_blueprint
from gateway.app.wiring.values import build_limits, build_mailboxes, build_relays, hostname
from gateway.inbound.record.submission import Submit
from gateway.mail.smtp.mailboxes import Purpose
from gateway.net.fronts.pool import FrontPool
from gateway.net.smtp.limits.resource_usage import Traffic, count_fronts
from gateway.net.smtp.listener import Listener, free_bytes
from gateway.settings import Settings


class MailServer(Protocol):
    """A server that accepts mail, and switches to other settings on request."""

    async def start(self, sockets: Sequence[socket.socket]) -> None:
        """Listen on these sockets; if it raises, nothing runs."""
        ...

    async def stop(self, grace_s: float) -> None:
        """Accept no more mail, and finish what is in hand, for at most `grace_s`."""
        ...

    async def prepare(self, config: Settings) -> None:
        """Prepare to switch to these settings. If it raises, everything continues as before."""
        ...

    def switch(self, config: Settings, components: Components) -> None:
        """Switch to what was prepared."""
        ...

    def count_traffic(self) -> Traffic:
        """Return the traffic counted so far."""
        ...

    def watch(self, ip: str) -> AsyncIterator[str]:
        """Yield the conversation with a client from now on; see `gateway.net.smtp.connection.trace`."""
        ...


class ServerHere:
    """A listener in this process."""

    def __init__(self, config: Settings, components: Components, now: Callable[[], datetime]) -> None:
        folder = Path(config.store.path).parent
        self._listener = Listener(
            components.front,
            hostname=hostname(config),
            limits=build_limits(config),
            tls_context=components.tls_context,
            now=now,
            postmaster=build_mailboxes(config).address(Purpose.POSTMASTER),
            relays=build_relays(config),
            free_bytes=lambda: free_bytes(folder),
        )

    async def start(self, sockets: Sequence[socket.socket]) -> None:
        """See `MailServer`."""
        try:
            for each in sockets:
                await self._listener.start(each)
        except BaseException:
            await self._listener.stop(grace_s=0)
            raise

    async def stop(self, grace_s: float) -> None:
        """See `MailServer`."""
        await self._listener.stop(grace_s)

    async def prepare(self, config: Settings) -> None:
        """See `MailServer`."""

    def switch(self, config: Settings, components: Components) -> None:
        """See `MailServer`."""
        self._listener.reload(
            components.front, components.tls_context, build_limits(config), build_relays(config)
        )

    def count_traffic(self) -> Traffic:
        """See `MailServer`."""
        return self._listener.count_traffic()

    def watch(self, ip: str) -> AsyncIterator[str]:
        """See `MailServer`."""
        return self._listener.watch(ip)


class ServerOfFronts:
    """Front processes, with this process as the writer."""

    def __init__(self, config: Settings, number: int, submit: Submit) -> None:
        self._pool = FrontPool(build_blueprint(config), number, submit)

    async def start(self, sockets: Sequence[socket.socket]) -> None:
        """See `MailServer`."""
        await self._pool.start(sockets)

    async def stop(self, grace_s: float) -> None:
        """See `MailServer`."""
        await self._pool.stop(grace_s)

    async def prepare(self, config: Settings) -> None:
        """See `MailServer`."""
        await self._pool.prepare(build_blueprint(config))

    def switch(self, config: Settings, components: Components) -> None:
        """See `MailServer`."""
        self._pool.switch()

    def count_traffic(self) -> Traffic:
        """See `MailServer`."""
        return self._pool.count_traffic()

    def watch(self, ip: str) -> AsyncIterator[str]:
        """See `MailServer`."""
        return self._pool.watch(ip)


def build_mail_server(
    config: Settings, components: Components, submit: Submit, now: Callable[[], datetime]
) -> MailServer:
    """Build the server for `listen.front_processes`; `submit` passes mail to whichever writer is active."""
    number = count_fronts(config.listen.front_processes)
    return ServerOfFronts(config, number, submit) if number else ServerHere(config, components, now)
