"""The desk's register, rules and settings for commands, loaded as far as they are needed.

Commands that only look something up work without settings; if there are settings, they apply.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gateway.cli.shared import loading

if TYPE_CHECKING:
    from gateway.admission.case.model import Desk
    from gateway.admission.eligibility.assess import Rules
    from gateway.settings import Settings
    from gateway.store.commands.command_request import Answer, Request
    from gateway.store.commands.requests import Handler
    from gateway.store.protocol.opening import OwnedStore
    from gateway.store.repositories.organisations import OrganisationDirectory

MAX_INPUT = 1_000


def load_settings_if_any(config_path: Path | None) -> tuple[Settings | None, Path | None]:
    """Return the settings and their folder; (None, None) if none are given or in the default places."""
    from gateway import settings

    if config_path is None and not settings.find_settings_file(None).is_file():
        return None, None
    loaded, path = loading.load_settings(config_path)
    return loaded, path.parent


def load_directory(
    config: Settings | None, folder: Path | None, database: Path | None = None
) -> OrganisationDirectory:
    """Load the register with the additions of staff, if there is a database; exit if it cannot be read."""
    from gateway.app.wiring.database.source import find_source
    from gateway.store.repositories import organisations

    found = _shipped_directory(folder)
    if database is None and config is None:
        return found
    source = find_source(database, config)
    if database is None and not source.exists():
        return found
    with loading.using_database(source):
        found.set_additions(organisations.read(source))
    return found


def load_rules(config: Settings | None, folder: Path | None, known: OrganisationDirectory) -> Rules:
    """Return the active rules; exit with 78 if the table is invalid."""
    from gateway.app.wiring.files.resources import load_active_rules
    from gateway.settings import SettingsError

    try:
        return load_active_rules(config, folder, known).rules()
    except SettingsError as error:
        loading.fail(str(error), loading.EXIT_CONFIG)


def load_desk(config: Settings, folder: Path) -> Desk:
    """Build the desk from settings, register and rules, as the service does."""
    from gateway.app.wiring.files.resources import load_active_rules, load_directory
    from gateway.app.wiring.values import build_desk

    return build_desk(config, load_active_rules(config, folder, load_directory(folder)))


def _shipped_directory(folder: Path | None) -> OrganisationDirectory:
    from gateway.app.wiring.files.resources import load_directory
    from gateway.settings import SettingsError

    try:
        return load_directory(folder)
    except SettingsError as error:
        loading.fail(str(error), loading.EXIT_CONFIG)


def iter_inputs(arguments: Iterable[str]) -> Iterator[str]:
    """Yield the arguments; `-` stands for the non-empty lines of standard input."""
    for argument in arguments:
        if argument != "-":
            yield argument[:MAX_INPUT]
            continue
        for raw in sys.stdin.buffer:
            line = raw.decode("utf-8", "replace").rstrip("\r\n")
            if line.strip():
                yield line[:MAX_INPUT]


def run_organisation_command(
    name: str, arguments: Mapping[str, object], config_path: Path | None, database: Path | None
) -> dict[str, Any]:
    """Run a writing command, in the running gateway or here; exit if it is refused."""
    from gateway.store.commands import organisations as organisation_commands

    config, folder = (None, None) if database is not None else _load_settings(config_path)
    known = _shipped_directory(folder)
    return run_command(
        find_store(config, database), name, arguments, organisation_commands.build_handlers(known)
    )


def run_desk_command(
    name: str,
    arguments: Mapping[str, object],
    config_path: Path | None,
    build_handlers: Callable[[Desk, Callable[[], Rules]], Mapping[str, Handler]],
) -> dict[str, Any]:
    """Run a command that needs the desk and its rules, from which `build_handlers` makes its handlers.

    Loads them only if no gateway is running.
    """
    from gateway.net.control import client
    from gateway.net.control.commands import ask_command
    from gateway.store.commands.command_request import new_request

    config, path = loading.load_settings(config_path)
    request, asked = new_request(name, find_operator(), arguments, _utc_now()), False
    try:
        return _read_answer(ask_command(Path(config.store.path), request))
    except client.NotRunningError:
        pass
    except (client.HungError, client.NotPermittedError) as error:
        loading.fail(f"{find_store(config).name}: {error}", loading.EXIT_TEMPORARY)
    except client.NotAnsweredError:
        asked = True
    return _run(find_store(config), request, _load_handlers(config, path.parent, build_handlers), asked=asked)


def _load_handlers(
    config: Settings,
    folder: Path,
    build_handlers: Callable[[Desk, Callable[[], Rules]], Mapping[str, Handler]],
) -> Mapping[str, Handler]:
    from gateway.app.wiring.files.resources import load_active_rules, load_directory
    from gateway.app.wiring.values import build_desk

    active_rules = load_active_rules(config, folder, load_directory(folder))
    return build_handlers(build_desk(config, active_rules), active_rules.rules)


def run_command(
    store: OwnedStore,
    name: str,
    arguments: Mapping[str, object],
    handlers: Mapping[str, Handler],
) -> dict[str, Any]:
    """Run a command with the given handlers, in the running gateway or here; exit if it is refused."""
    from gateway.store.commands.command_request import new_request

    return _run(store, new_request(name, find_operator(), arguments, _utc_now()), handlers)


def _run(
    store: OwnedStore, request: Request, handlers: Mapping[str, Handler], *, asked: bool = False
) -> dict[str, Any]:
    import asyncio

    from gateway.app.serving.commands import NoAnswerError, run_command

    if store.name == str(store.path):
        loading.require_database(store.path)
    work = run_command(store, request, handlers, _utc_now, asked=asked)
    try:
        with loading.using_database(store.path):
            return _read_answer(asyncio.run(work))
    except NoAnswerError as error:
        loading.fail(f"{store.name}: {error}", loading.EXIT_TEMPORARY)


def _read_answer(answer: Answer) -> dict[str, Any]:
    if not answer.done:
        loading.fail(answer.error, loading.EXIT_NOT_FOUND)
    return dict(answer.facts)


def find_store(config: Settings | None, database: Path | None = None) -> OwnedStore:
    """Return the store of the settings, or the file given as an option; exit with 78 if it is invalid."""
    from gateway.app.wiring.database.store import build_store
    from gateway.settings import SettingsError
    from gateway.store.sqlite.store import SqliteStore

    if database is not None or config is None:
        return SqliteStore(database or Path(), "localhost")
    try:
        return build_store(config)
    except SettingsError as error:
        loading.fail(str(error), loading.EXIT_CONFIG)


def _load_settings(config_path: Path | None) -> tuple[Settings, Path]:
    loaded, path = loading.load_settings(config_path)
    return loaded, path.parent


def find_operator() -> str:
    """Return the name of the current user for the journal."""
    import getpass
    import os

    try:
        user = os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):
        user = str(os.getuid())
    return f"operator:{user[:60]}"


def _utc_now() -> datetime:
    return datetime.now(UTC)
