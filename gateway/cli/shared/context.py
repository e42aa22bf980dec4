"""What the desk knows, for commands: register, rules and settings, each only as far as it is needed.

The commands that only look things up work without settings; where there are some, they count.
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
    from gateway.store.commands.requests import Handler
    from gateway.store.organisations import OrganisationDirectory
    from gateway.store.protocol.opening import OwnedStore

MAX_INPUT = 1_000


def load_settings_if_any(config_path: Path | None) -> tuple[Settings | None, Path | None]:
    """The settings and their folder; nothing when none were named and none lie in the usual places."""
    from gateway import settings

    if config_path is None and not settings.find_settings_file(None).is_file():
        return None, None
    loaded, path = loading.load_settings(config_path)
    return loaded, path.parent


def load_directory(
    config: Settings | None, folder: Path | None, database: Path | None = None
) -> OrganisationDirectory:
    """The register with what staff added, as far as there is a database; exits when it cannot be read."""
    from gateway.app.wiring.source import find_source
    from gateway.store import organisations

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
    """The rules in force; exits with 78 when the table cannot be used."""
    from gateway.app.wiring.resources import load_active_rules
    from gateway.settings import SettingsError

    try:
        return load_active_rules(config, folder, known).rules()
    except SettingsError as error:
        loading.fail(str(error), loading.EXIT_CONFIG)


def load_desk(config: Settings, folder: Path) -> Desk:
    """The desk as the service builds it from its settings, register and rules."""
    from gateway.app.wiring.resources import load_active_rules, load_directory
    from gateway.app.wiring.values import build_desk

    return build_desk(config, load_active_rules(config, folder, load_directory(folder)))


def _shipped_directory(folder: Path | None) -> OrganisationDirectory:
    from gateway.app.wiring.resources import load_directory
    from gateway.settings import SettingsError

    try:
        return load_directory(folder)
    except SettingsError as error:
        loading.fail(str(error), loading.EXIT_CONFIG)


def iter_inputs(arguments: Iterable[str]) -> Iterator[str]:
    """The arguments; for `-` the lines of standard input, empty ones left out."""
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
    """Have a writing command carried out, by the running gateway or here; exits when it is refused."""
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
    """The same for commands that need the desk and its rules, of which `build_handlers` makes them."""
    from gateway.app.wiring.resources import load_active_rules, load_directory
    from gateway.app.wiring.values import build_desk

    config, path = loading.load_settings(config_path)
    active_rules = load_active_rules(config, path.parent, load_directory(path.parent))
    handlers = build_handlers(build_desk(config, active_rules), active_rules.rules)
    return run_command(find_store(config), name, arguments, handlers)


def run_command(
    store: OwnedStore,
    name: str,
    arguments: Mapping[str, object],
    handlers: Mapping[str, Handler],
) -> dict[str, Any]:
    """The same with the handlers of any commands."""
    import asyncio

    from gateway.app.serving.commands import NoAnswerError
    from gateway.app.serving.commands import run_command as run
    from gateway.store.commands.requests import new_request

    if store.name == str(store.path):
        loading.require_database(store.path)
    request = new_request(name, _operator_name(), arguments, _utc_now())
    work = run(store, request, handlers, _utc_now)
    try:
        with loading.using_database(store.path):
            answer = asyncio.run(work)
    except NoAnswerError as error:
        loading.fail(f"{store.name}: {error}", loading.EXIT_TEMPORARY)
    if not answer.done:
        loading.fail(answer.error, loading.EXIT_NOT_FOUND)
    return dict(answer.facts)


def find_store(config: Settings | None, database: Path | None = None) -> OwnedStore:
    """The store of the settings, or the file that an option names; exits with 78 where it cannot be one."""
    from gateway.app.wiring.store import build_store
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


def _operator_name() -> str:
    """Who types: the name that the journal gets."""
    import getpass
    import os

    try:
        user = os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):
        user = str(os.getuid())
    return f"operator:{user[:60]}"


def _utc_now() -> datetime:
    return datetime.now(UTC)
