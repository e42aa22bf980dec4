"""Requests of operators to the running gateway: figures and public keys on `query`, others on `control`.

The requests on the console's own socket are in `gateway.app.serving.console`.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from time import monotonic_ns

import msgspec

from gateway.app.doctor.trials.application import write_application
from gateway.app.doctor.trials.letter import send_test_letter
from gateway.app.install.dns_records import dkim_records
from gateway.app.service import Gateway
from gateway.app.serving.commands import COMMAND, name_operator
from gateway.app.serving.console.shown_code import SHOW_CODE, build_showing
from gateway.app.serving.console.socket import build_console_socket
from gateway.app.supervisor import Together
from gateway.app.wiring.database.source import build_source
from gateway.log import events
from gateway.mail import address
from gateway.net.control.protocol import CONTROL, QUERY
from gateway.net.control.server import Answer, Asked, ControlSocket, RefusedQuestionError, answer_once
from gateway.net.host import systemd
from gateway.net.metrics.service_figures import ServiceFigures
from gateway.settings import Settings, SettingsError
from gateway.store.commands.requests import Request
from gateway.store.protocol import NoDatabaseError, StoreUnavailableError
from gateway.store.queries.statistics import Statistics, load_statistics

FIGURES, KEYS, RELOAD, STARTED, TRACE = "figures", "keys", "reload", "started", "trace"
PROBE, SEND_TEST, YIELD = "probe", "send_test", "yield"
SERVICE = "service"


class Reloader:
    """Reload of the settings, one at a time, with the result reported to systemd and the caller."""

    def __init__(self, app: Gateway, read: Callable[[], Settings]) -> None:
        self._app = app
        self._read = read
        self._turn = asyncio.Lock()

    async def reload(self) -> Exception | None:
        """Reload the settings; on any error, return it and continue as before."""
        async with self._turn:
            # sd_notify(3): the time lets Type=notify-reload distinguish this reload from an earlier one.
            systemd.notify(f"RELOADING=1\nMONOTONIC_USEC={monotonic_ns() // 1000}")
            try:
                await self._app.reload(self._read)
            except Exception as error:  # whatever it is, mail continues
                events.reload_failed(error)
                said = " ".join(str(error).split())
                systemd.notify(f"READY=1\nSTATUS=Reload failed, previous configuration still active: {said}")
                return error
            events.settings_reloaded()
            systemd.notify("READY=1\nSTATUS=Settings reloaded")
            return None


def build_control(app: Gateway, reloader: Reloader) -> Together:
    """Build the sockets beside the database, with their requests."""
    database = Path(app.config.store.path)
    sockets = [
        ControlSocket(database, QUERY, _build_queries(app)),
        ControlSocket(database, CONTROL, _build_commands(app, reloader)),
    ]
    if app.config.console.public_url:
        sockets.append(build_console_socket(app, database))
    return Together(sockets)


def _build_queries(app: Gateway) -> dict[str, Answer]:
    """Return the handlers for the gateway's group: nothing that changes anything or shows a person."""
    source = build_source(app.config)
    started_at = datetime.now(UTC).timestamp()

    async def figures(_: Asked) -> Statistics:
        return _without_people(await asyncio.to_thread(load_statistics, source, datetime.now(UTC)))

    async def keys(_: Asked) -> dict[str, str]:
        return await asyncio.to_thread(dkim_records, app.config)

    async def service(_: Asked) -> ServiceFigures:
        return await asyncio.to_thread(app.read_figures)

    async def started(_: Asked) -> float:
        return started_at

    questions = {FIGURES: figures, KEYS: keys, SERVICE: service, STARTED: started}
    return {verb: answer_once(work) for verb, work in questions.items()}


def _build_commands(app: Gateway, reloader: Reloader) -> dict[str, Answer]:
    """Return the handlers for root and the gateway's own user."""

    async def command(asked: Asked) -> object:
        try:
            request = msgspec.convert(asked.arguments, Request)
        except msgspec.ValidationError as error:
            raise RefusedQuestionError(f"the request cannot be read: {error}") from error
        return await _carry_out(app, replace(request, by=name_operator(request.by, asked.peer)))

    async def probe(_: Asked) -> dict[str, str]:
        now = datetime.now(UTC)
        try:
            token = app.reception.probes.expect(now)
            return await asyncio.to_thread(write_application, app.config, token, now)
        except SettingsError as error:
            raise RefusedQuestionError(str(error)) from error

    async def send_test(asked: Asked) -> dict[str, object]:
        try:
            to = address.parse(asked.text("to"))
            return await send_test_letter(app.config, app.resolver, to, datetime.now(UTC))
        except (SettingsError, OSError, ValueError) as error:
            raise RefusedQuestionError(str(error)) from error

    async def trace(asked: Asked) -> AsyncIterator[object]:
        try:
            async for line in app.mail_server.watch(str(ip_address(asked.text("client")))):
                yield line
        except (ValueError, OverflowError) as error:
            raise RefusedQuestionError(str(error)) from error

    questions = {
        COMMAND: command,
        YIELD: _build_yield(app),
        PROBE: probe,
        SEND_TEST: send_test,
        SHOW_CODE: build_showing(app),
        RELOAD: _build_reload(reloader),
    }
    return {TRACE: trace} | {verb: answer_once(work) for verb, work in questions.items()}


async def _carry_out(app: Gateway, request: Request) -> object:
    """Execute a command. Raises RefusedQuestionError if the store is unavailable."""
    try:
        return await app.carry_out(request)
    except StoreUnavailableError as error:
        raise RefusedQuestionError(f"{error}; nothing was changed", error.trouble) from error


def _build_yield(app: Gateway) -> Callable[[Asked], Awaitable[object]]:
    async def give_way(asked: Asked) -> str:
        if not app.config.store.url:
            raise RefusedQuestionError("this desk runs on a single machine: store.url is not set")
        if "needs_standby" in asked.arguments and not await asyncio.to_thread(_has_standby, app.config):
            raise RefusedQuestionError(
                "no other machine is on standby, so the desk would accept no mail: start one (gateway node "
                "list shows its state), or use --without-standby",
                "no_standby",
            )
        app.gives_way.set()
        return "gives way"

    return give_way


def _has_standby(config: Settings) -> bool:
    """Return whether another machine can take over. Raises RefusedQuestionError if the database is away."""
    from gateway.store.postgres.cluster import nodes  # noqa: PLC0415 - psycopg is an extra

    try:
        with contextlib.closing(build_source(config).open()) as connection:
            return any(row.state == nodes.STANDBY for row in nodes.load(connection))
    except (NoDatabaseError, StoreUnavailableError) as error:
        raise RefusedQuestionError(str(error), error.trouble) from error


def _build_reload(reloader: Reloader) -> Callable[[Asked], Awaitable[object]]:
    async def reload(_: Asked) -> str:
        error = await reloader.reload()
        if error is not None:
            raise RefusedQuestionError(str(error))
        return "reloaded"

    return reload


def _without_people(figures: Statistics) -> Statistics:
    """Remove who and which case: the group may know what is paused, but not who paused it."""
    stopped = tuple(replace(one, by="a staff member or an operator") for one in figures.brakes)
    return replace(figures, oldest=None, brakes=stopped)
