"""What operators may ask the running gateway, and who: figures and public keys for the group, no more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from time import monotonic_ns

from gateway.app.doctor.trials.application import write_application
from gateway.app.doctor.trials.letter import send_test_letter
from gateway.app.install.dns_records import dkim_records
from gateway.app.service import Gateway
from gateway.log import events
from gateway.mail import address
from gateway.net.control.protocol import socket_path
from gateway.net.control.server import Answer, ControlSocket, RefusedQuestionError, Verb, answer_once
from gateway.net.host import systemd
from gateway.net.metrics.service_figures import ServiceFigures
from gateway.settings import Settings, SettingsError
from gateway.store.queries.statistics import Statistics, load_statistics

FIGURES, KEYS, RELOAD, STARTED, TRACE = "figures", "keys", "reload", "started", "trace"
PROBE, SEND_TEST = "probe", "send_test"
SERVICE = "service"


class Reloader:
    """Reads the settings anew, one time after the other, and tells systemd and whoever asked how it went."""

    def __init__(self, app: Gateway, read: Callable[[], Settings]) -> None:
        self._app = app
        self._read = read
        self._turn = asyncio.Lock()

    async def reload(self) -> Exception | None:
        """Go on with what the settings say now; what is wrong is given back, and all goes on as before."""
        async with self._turn:
            # sd_notify(3): the time lets Type=notify-reload tell this reload from an earlier one.
            systemd.notify(f"RELOADING=1\nMONOTONIC_USEC={monotonic_ns() // 1000}")
            try:
                await self._app.reload(self._read)
            except Exception as error:  # whatever it is, the mail goes on
                events.reload_failed(error)
                said = " ".join(str(error).split())
                systemd.notify(f"READY=1\nSTATUS=Not reloaded, works on as before: {said}")
                return error
            events.settings_reloaded()
            systemd.notify("READY=1\nSTATUS=Settings reloaded")
            return None


def build_control(app: Gateway, reloader: Reloader) -> ControlSocket:
    """The socket beside the database, with all that may be asked there."""
    database = Path(app.config.store.path)
    started_at = datetime.now(UTC).timestamp()

    async def figures(_: Mapping[str, str]) -> Statistics:
        return _without_people(await asyncio.to_thread(load_statistics, database, datetime.now(UTC)))

    async def keys(_: Mapping[str, str]) -> dict[str, str]:
        return await asyncio.to_thread(dkim_records, app.config)

    async def service(_: Mapping[str, str]) -> ServiceFigures:
        return await asyncio.to_thread(app.read_figures)

    async def started(_: Mapping[str, str]) -> float:
        return started_at

    async def probe(_: Mapping[str, str]) -> dict[str, str]:
        now = datetime.now(UTC)
        try:
            token = app.reception.probes.expect(now)
            return await asyncio.to_thread(write_application, app.config, token, now)
        except SettingsError as error:
            raise RefusedQuestionError(str(error)) from error

    async def send_test(arguments: Mapping[str, str]) -> dict[str, object]:
        try:
            to = address.parse(arguments.get("to", ""))
            return await send_test_letter(app.config, app.resolver, to, datetime.now(UTC))
        except (SettingsError, OSError, ValueError) as error:
            raise RefusedQuestionError(str(error)) from error

    questions: dict[str, tuple[Callable[[Mapping[str, str]], Awaitable[object]], bool]] = {
        FIGURES: (figures, True),
        KEYS: (keys, True),
        SERVICE: (service, True),
        STARTED: (started, False),
        PROBE: (probe, False),
        SEND_TEST: (send_test, False),
        RELOAD: (_build_reload(reloader), False),
    }
    verbs = {name: Verb(answer_once(work), for_group=group) for name, (work, group) in questions.items()}
    verbs[TRACE] = Verb(_build_trace(app))
    return ControlSocket(socket_path(database), verbs)


def _build_trace(app: Gateway) -> Answer:
    async def trace(arguments: Mapping[str, str]) -> AsyncIterator[object]:
        try:
            ip = str(ip_address(arguments.get("client", "")))
            async for line in app.mail_server.watch(ip):
                yield line
        except (ValueError, OverflowError) as error:
            raise RefusedQuestionError(str(error)) from error

    return trace


def _build_reload(reloader: Reloader) -> Callable[[Mapping[str, str]], Awaitable[object]]:
    async def reload(_: Mapping[str, str]) -> str:
        error = await reloader.reload()
        if error is not None:
            raise RefusedQuestionError(str(error))
        return "reloaded"

    return reload


def _without_people(figures: Statistics) -> Statistics:
    """The group may know what stands still, not which case waits and who stopped it."""
    stopped = tuple(replace(one, by="a member of the staff or an operator") for one in figures.brakes)
    return replace(figures, oldest=None, brakes=stopped)
