"""What several commands share: finding the settings, error exits, tables and JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

if TYPE_CHECKING:
    from gateway.settings import Settings
    from gateway.store.queries.reader import Reader

F = TypeVar("F", bound=Callable[..., Any])

# sysexits.h: the service manager must not restart on 78, the settings are wrong.
EXIT_TEMPORARY = 75
EXIT_CONFIG = 78
EXIT_NOT_FOUND = 1


class Aliased(click.Group):
    """A group that suggests the command that was probably meant."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with a suggestion in the error."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            close = get_close_matches(args[0], self.list_commands(ctx), n=1)
            if not close:
                raise
            raise click.UsageError(f"{error.message} Did you mean '{close[0]}'?", ctx) from error


def config_option(command: F) -> F:
    """`--config`: a settings file, or the folder that holds gateway.toml."""
    return click.option(
        "--config",
        "config_path",
        type=click.Path(path_type=Path),
        metavar="FILE|FOLDER",
        help="Settings (default: $GATEWAY_CONFIG_DIR, $CONFIGURATION_DIRECTORY, /etc/gateway).",
    )(command)


def json_option(command: F) -> F:
    """`--json` for everything that reads."""
    return click.option("--json", "as_json", is_flag=True, help="Machine-readable output.")(command)


def listing(states: Sequence[str]) -> Callable[[F], F]:
    """The options of every list: which states, how many rows, where to read, JSON."""
    options = (
        click.option("--state", "states", multiple=True, type=click.Choice(states),
                     help="Only this state; may be repeated."),
        click.option("--limit", default=100, show_default=True, type=click.IntRange(min=1),
                     help="At most so many rows."),
        config_option,
        database_option,
        json_option,
    )  # fmt: skip
    return lambda command: decorated(command, options)


def decorated(command: F, options: Sequence[Callable[[F], F]]) -> F:
    """A command with several decorators, the first of them on top."""
    for option in reversed(options):
        command = option(command)
    return command


def fail(message: str, code: int) -> NoReturn:
    """One clear line on standard error, and an exit code that means something."""
    click.echo(f"gateway: {message}", err=True)
    sys.exit(code)


def load_settings(config_path: Path | None) -> tuple[Settings, Path]:
    """The settings and the file they came from; exits with 78 when they are wrong."""
    from gateway import settings

    path = settings.find(config_path)
    try:
        return settings.load(path), path
    except settings.SettingsError as error:
        fail(str(error), EXIT_CONFIG)


def settings_or_demo(config_path: Path | None) -> tuple[Settings, Path | None]:
    """The settings and their folder; the demo's, without a folder, when none are named and none exist."""
    from gateway import settings
    from gateway.demo.fixtures import settings_text

    if config_path is not None or settings.find(None).is_file():
        loaded, path = load_settings(config_path)
        return loaded, path.parent
    click.echo(f"{settings.find(None)}: no settings there, the demo's are taken.", err=True)
    return settings.parse(settings_text(Path("var/demo"), 25, 53).encode(), "the demo's settings"), None


def open_reader(config_path: Path | None, database: Path | None) -> Reader:
    """The database named by `--database`, else by the settings; exits when there is none."""
    from gateway.store.queries.reader import NoDatabaseError, Reader
    from gateway.store.sqlite.migrations.schema import SchemaError

    database = database_of(config_path, database)
    try:
        return Reader(database)
    except SchemaError as error:
        fail(f"{database}: {error}", EXIT_CONFIG)
    except NoDatabaseError as error:
        fail(str(error), EXIT_TEMPORARY)


def database_of(config_path: Path | None, database: Path | None) -> Path:
    """The file named by `--database`, else by the settings."""
    return database or Path(load_settings(config_path)[0].store.path)


def database_option(command: F) -> F:
    """`--database`: read this file, without settings."""
    return click.option(
        "--database",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Read this database (default: the settings').",
    )(command)


def print_json(value: object) -> None:
    """JSON with Japanese left readable."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table that aligns Japanese; control characters were taken out before anything was stored."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title or None, title_justify="left", header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    console = Console()
    # A pipe has no width of its own: give the table the room it wants rather than fold at 80.
    if not console.is_terminal:
        console = Console(width=200)
    console.print(table)


def short_time(text: str | None) -> str:
    """A stored time in Japan, to the minute."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    if not text:
        return ""
    return datetime.fromisoformat(text).astimezone(ZoneInfo("Asia/Tokyo")).strftime("%Y-%m-%d %H:%M")
