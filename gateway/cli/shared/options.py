"""Options shared by several commands, and groups that suggest similar command names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from inspect import cleandoc
from pathlib import Path
from typing import Any, TypeVar

import click

from gateway.cli.shared import output

F = TypeVar("F", bound=Callable[..., Any])


class ExampleCommand(click.Command):
    """A command of a group: its help shows only its own examples, or all of the group's if it has none."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples of this command."""
        if self.epilog:
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text(
                    choose_examples(cleandoc(self.epilog), ctx.command_path.partition(" ")[2])
                )


def choose_examples(epilog: str, names: str) -> str:
    """Return the part of an epilog about the command `case show`, with continued lines."""
    kept, goes_on, path = list[str](), False, f"gateway {names}"
    for line in epilog.splitlines():
        if goes_on or not line.startswith("  gateway ") or f"{line} ".startswith(f"  {path} "):
            kept.append(line)
            goes_on = line.endswith("\\")
    return "\n".join(kept) if any(line.startswith(f"  {path}") for line in kept) else epilog


class SuggestingGroup(click.Group):
    """A group that suggests the command that was probably meant."""

    command_class = ExampleCommand

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Resolve the command; add a suggestion to the error."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            close = get_close_matches(args[0], self.list_commands(ctx), n=1)
            if not close:
                raise
            raise click.UsageError(f"{error.message} Did you mean '{close[0]}'?", ctx) from error


class Day(click.DateTime):
    """A date such as 2026-04-01."""

    def __init__(self) -> None:
        super().__init__(["%Y-%m-%d"])

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Convert the value, with our wording for errors."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"{value!r}: expected a date such as 2026-04-01", param, ctx)


class RenamedChoice(click.Choice[str]):
    """A choice of words; `former` words are accepted with a warning until the release `until`."""

    def __init__(self, words: Sequence[str], former: Mapping[str, str], until: str) -> None:
        super().__init__(words)
        self._former = former
        self._until = until

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Convert the value, replacing a former word by the current one."""
        today = self._former.get(value)
        if today is not None:
            click.echo(
                f"gateway: {value!r} is deprecated and will be removed in {self._until}; use {today!r}",
                err=True,
            )
        return super().convert(today or value, param, ctx)


def config_option(command: F) -> F:
    """Add `--config`: a settings file, or the folder with gateway.toml."""
    return click.option(
        "--config",
        "config_path",
        type=click.Path(path_type=Path, readable=False),
        metavar="FILE|FOLDER",
        help="Settings (default: $GATEWAY_CONFIG_DIR, $CONFIGURATION_DIRECTORY or /etc/gateway).",
    )(command)


def json_option(command: F) -> F:
    """Add `--json`, for every command that reads."""
    return click.option("--json", "as_json", is_flag=True, help="Machine-readable output.")(command)


def wide_option(command: F) -> F:
    """Add `--wide`, for every command that prints a table; output.print_table reads it."""
    return click.option(
        "--wide",
        is_flag=True,
        expose_value=False,
        callback=_note_wide,
        help="Show all columns, even if the terminal is too narrow.",
    )(command)


def _note_wide(context: click.Context, _option: click.Parameter, given: bool) -> None:
    context.meta[output.WIDE] = given


def list_options(states: Sequence[str] | RenamedChoice) -> Callable[[F], F]:
    """Add the options of every list: states, number of rows, source, JSON, width."""
    choice = states if isinstance(states, RenamedChoice) else click.Choice(states)
    options = (
        click.option("--state", "states", multiple=True, type=choice,
                     help="Show only this state; may be repeated."),
        click.option("--limit", default=100, show_default=True, type=click.IntRange(min=1),
                     help="Maximum number of rows."),
        read_options,
        wide_option,
    )  # fmt: skip
    return lambda command: apply_options(command, options)


def read_options(command: F) -> F:
    """Add the options of every command that reads the database: its source, and JSON."""
    return apply_options(command, (config_option, database_option, json_option))


def apply_options(command: F, options: Sequence[Callable[[F], F]]) -> F:
    """Apply several decorators to a command, the first of them outermost."""
    for option in reversed(options):
        command = option(command)
    return command


def database_option(command: F) -> F:
    """Add `--database`: read this file, without settings."""
    return click.option(
        "--database",
        type=click.Path(path_type=Path, readable=False),
        metavar="FILE",
        help="Database file (default: store.path from the settings).",
    )(command)
