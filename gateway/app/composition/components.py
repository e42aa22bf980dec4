"""Everything that depends on the settings and is rebuilt at a reload: reception, dispatch, housekeeping.

Store and sockets are kept; see `gateway.app.service`.
"""

from __future__ import annotations

import secrets
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gateway.admission.case.model import Desk
from gateway.app.composition.indexing import count_figures, index_words
from gateway.app.supervisor import Background, Resource, Service
from gateway.app.wiring.active_rules import ActiveRules
from gateway.app.wiring.database.source import build_source
from gateway.app.wiring.files.resources import build_renderer, load_active_rules, load_directory
from gateway.app.wiring.reception import build_front, build_receiver
from gateway.app.wiring.transports import (
    build_console_secret,
    build_courier,
    build_invitation_sender,
    build_keyring,
    build_openid,
    build_tls_context,
)
from gateway.app.wiring.values import (
    build_desk,
    build_mailboxes,
    build_retention_periods,
    build_schedule,
)
from gateway.auth.dns.resolver import Resolver
from gateway.housekeeping import Housekeeping
from gateway.inbound.front import Front
from gateway.inbound.receive import Receiver
from gateway.log import events
from gateway.memoize import read_cache_figures
from gateway.net.metrics.endpoint import MetricsEndpoint
from gateway.net.metrics.openmetrics import format_openmetrics
from gateway.net.metrics.service_figures import ServiceFigures
from gateway.net.openid.protocol import SignInProvider
from gateway.outbound.dispatcher import Dispatcher
from gateway.outbound.protocols import Courier
from gateway.outbound.retry import Schedule
from gateway.reports.labels import find_kind
from gateway.settings import Settings
from gateway.store.commands import brakes, cases, organisations, outbox, persons, staff
from gateway.store.commands.requests import CommandRunner
from gateway.store.protocol import Store
from gateway.store.queries.statistics import load_statistics
from gateway.store.repositories.organisations import OrganisationDirectory
from gateway.store.sqlite import backup
from gateway.templating.renderer import JinjaRenderer


@dataclass(frozen=True, slots=True)
class Hooks:
    """Callbacks of the components.

    `now` is the clock, `wake` is called when letters are queued, `on_change` after a command; `figures`
    returns those of the running service, and may be called in a thread. Both `wake` and `on_change` must
    reach the components that are active at the time, which after a reload are others.
    """

    now: Callable[[], datetime]
    wake: Callable[[], None]
    on_change: Callable[[], Awaitable[None]]
    figures: Callable[[], ServiceFigures]


@dataclass(frozen=True, slots=True)
class Components:
    """One set of settings as objects, working on a store that they do not own.

    `resources` are used by the paths: they start before mail arrives. `workers` access the store on their
    own: those of two sets never run at the same time.
    """

    directory: OrganisationDirectory
    reception: Receiver
    front: Front
    dispatch: Dispatcher
    commands: CommandRunner
    desk: Desk
    console_secret: str
    openid: SignInProvider | None
    tls_context: ssl.SSLContext | None
    resources: tuple[Service, ...]
    workers: tuple[Service, ...]


def build_components(
    config: Settings,
    folder: Path | None,
    store: Store,
    resolver: Resolver,
    hooks: Hooks,
    schedule: Schedule | None = None,
    set_aside: frozenset[str] = frozenset(),
) -> Components:
    """Build the components for the settings, without the operator's templates in `set_aside`; start nothing.

    Raises SettingsError, InvalidTemplateError.
    """
    directory = load_directory(folder)
    rules = load_active_rules(config, folder, directory, hooks.now)
    tls_context = build_tls_context(config)
    desk = build_desk(config, rules)
    courier = build_courier(config, resolver)
    letters = build_renderer(config, folder, set_aside)
    dispatch = build_dispatcher(config, letters, store, courier, desk, hooks, schedule)
    reception = build_receiver(config, rules, store, hooks.wake)
    return Components(
        directory,
        reception,
        build_front(config, resolver, reception.submit),
        dispatch,
        build_commands(store, directory, desk, rules, hooks),
        desk,
        build_console_secret(config),
        build_openid(config, hooks.now),
        tls_context,
        resources=(Resource(close=courier.close),),
        workers=(
            *(() if config.delivery.hold else (Background(dispatch),)),
            Background(build_housekeeping(config, store, desk, hooks)),
            *(_build_console_tasks(store, directory) if config.console.public_url else ()),
            *(Background(each) for each in build_metrics_endpoints(config, hooks)),
        ),
    )


def _build_console_tasks(store: Store, directory: OrganisationDirectory) -> tuple[Background, ...]:
    return (
        Background(index_words(store)),
        Background(count_figures(store, lambda code: find_kind(directory.register, code))),
    )


def build_dispatcher(
    config: Settings,
    letters: JinjaRenderer,
    store: Store,
    courier: Courier,
    desk: Desk,
    hooks: Hooks,
    schedule: Schedule | None,
) -> Dispatcher:
    """Build the dispatcher. Raises SettingsError, InvalidTemplateError."""
    letters.check()
    return Dispatcher(
        store,
        letters,
        courier,
        build_invitation_sender(config, courier, hooks.now),
        desk,
        build_mailboxes(config),
        from_name=config.desk.name,
        now=hooks.now,
        entropy=secrets.token_bytes,
        schedule=schedule or build_schedule(config),
        signing=build_keyring(config),
    )


def build_commands(
    store: Store,
    directory: OrganisationDirectory,
    desk: Desk,
    rules: ActiveRules,
    hooks: Hooks,
) -> CommandRunner:
    """Build the runner of writing commands."""
    handlers = {
        **organisations.build_handlers(directory),
        **cases.build_handlers(desk),
        **cases.build_mail_handlers(desk, rules.rules),
        **outbox.build_handlers(),
        **persons.build_handlers(desk),
        **staff.build_handlers(desk),
        **brakes.build_handlers(desk),
    }
    return CommandRunner(store, handlers, hooks.now, on_change=hooks.on_change, on_error=events.task_failed)


def build_housekeeping(config: Settings, store: Store, desk: Desk, hooks: Hooks) -> Housekeeping:
    """Build the housekeeping, with the retention periods."""
    periods = build_retention_periods(config)
    return Housekeeping(
        store,
        desk,
        now=hooks.now,
        wake=hooks.wake,
        periods=periods,
        prune_backups=lambda at: backup.prune_default_folder(Path(config.store.path), at, periods.backup),
    )


def build_metrics_endpoints(config: Settings, hooks: Hooks) -> tuple[MetricsEndpoint, ...]:
    """Build the metrics page, if the settings enable one."""
    if not config.watch.metrics_port:
        return ()
    source = build_source(config)
    return (
        MetricsEndpoint(
            config.watch.metrics_port,
            lambda: format_openmetrics(
                load_statistics(source, hooks.now()), read_cache_figures(), hooks.figures()
            ),
        ),
    )
