"""The gateway as a process: signals, systemd sockets and watchdog, requests of operators."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable, Sequence

from gateway.app import doctor
from gateway.app.doctor import background
from gateway.app.service import Gateway
from gateway.app.serving import standby
from gateway.app.serving.behind_notice import BehindNotice
from gateway.app.serving.control import Reloader, build_control
from gateway.log import events
from gateway.net.host import systemd
from gateway.net.host.sockets import bind, raise_open_file_limit
from gateway.settings import Settings
from gateway.store.protocol import StoreUnavailableError

# For other than connections: database, log, DNS queries, outgoing letters.
SPARE_FILES = 100


async def serve(app: Gateway, read: Callable[[], Settings]) -> None:
    """Run until SIGTERM or SIGINT, on inherited sockets or the configured address; SIGHUP reloads.

    `read` returns the present settings. Raises SettingsError; NotActiveError if another machine of the desk
    should become active.
    """
    stopping, reloading = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    loop.add_signal_handler(signal.SIGHUP, reloading.set)
    _allow_files(app.config)
    inherited = systemd.inherited_sockets()
    standby.refuse_shared_port(app, inherited)
    if not await standby.become_active(app, stopping):
        return
    sockets = inherited or [bind(app.config.listen.host, app.config.listen.port)]
    if not await _start(app, sockets, stopping):
        return
    reloader = Reloader(app, read)
    control = build_control(app, reloader)
    try:
        await control.start()
    except OSError as error:  # operators cannot send requests, but mail continues
        events.task_failed("control socket", error)
    beside = [asyncio.create_task(_keep_reloading(reloader, reloading))]
    beside.append(asyncio.create_task(background.run_periodically(app.subject, doctor.NETWORK)))
    beside.append(asyncio.create_task(BehindNotice(app).run()))
    if (interval_s := systemd.watchdog_interval_s()) is not None:
        beside.append(asyncio.create_task(_keep_alive(app, interval_s)))
    systemd.notify("READY=1")
    await standby.wait_for_end(app, stopping)
    systemd.notify("STOPPING=1")
    for task in beside:
        task.cancel()
    await asyncio.gather(*beside, return_exceptions=True)
    await control.stop(0)
    await standby.end(app, stopping)


async def _start(app: Gateway, sockets: Sequence[socket.socket], stopping: asyncio.Event) -> bool:
    """Start the gateway; return False if told to stop while it waits for the database."""
    starting = asyncio.create_task(app.start(sockets))
    told = asyncio.create_task(stopping.wait())
    told.add_done_callback(lambda _: starting.cancel())
    try:
        await starting
    except BaseException as error:
        for each in sockets:
            each.close()
        if not (isinstance(error, asyncio.CancelledError) and stopping.is_set()):
            raise
        return False
    finally:
        told.cancel()
    return True


def _allow_files(config: Settings) -> None:
    wanted = config.limits.connections + SPARE_FILES
    if (allowed := raise_open_file_limit()) < wanted:
        events.fd_limit_low(allowed, wanted)


async def _keep_reloading(reloader: Reloader, asked: asyncio.Event) -> None:
    while True:
        await asked.wait()
        asked.clear()
        await reloader.reload()


async def _keep_alive(app: Gateway, interval_s: float) -> None:
    """Notify the watchdog of each turn of the loop in which the writer answered from the database."""
    while True:
        try:
            await _hear_of_store(app, interval_s)
        except StoreUnavailableError as error:
            events.store_unavailable(error)
            if app.config.store.url or app.store.behind:  # a restart would not help
                systemd.notify("WATCHDOG=1")
        else:
            systemd.notify("WATCHDOG=1")
        await asyncio.sleep(interval_s)


async def _hear_of_store(app: Gateway, interval_s: float) -> None:
    """Wait for the writer to answer, reporting each `interval_s` without an answer."""
    now = asyncio.get_running_loop().time
    begun, answer = now(), asyncio.ensure_future(app.store.transact(lambda tx: tx.next_due()))
    is_late = False
    try:
        while not (await asyncio.wait((answer,), timeout=interval_s))[0]:
            is_late = True
            events.store_stalled(round(now() - begun))
            systemd.notify(f"STATUS=The database has not responded for {now() - begun:.0f} s")
        await answer
    finally:
        answer.cancel()
    if is_late:
        events.store_resumed(round(now() - begun))
        systemd.notify("STATUS=The database is responding again")
