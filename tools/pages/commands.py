"""The commands with their options and examples, as `--help` prints them."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import click

from gateway.cli import COMMANDS, main
from gateway.cli.shared.options import choose_examples
from tools.pages.markdown import format_block, format_table


def walk_commands() -> Iterator[tuple[str, click.Command]]:
    """Yield every executable command with its full name, in the order of `gateway --help`."""
    context = click.Context(main)
    for name in COMMANDS:
        command = main.get_command(context, name)
        if isinstance(command, click.Group):
            if command.invoke_without_command:
                yield f"gateway {name}", command
            for sub in command.list_commands(context):
                yield f"gateway {name} {sub}", command.commands[sub]
        elif command is not None:
            yield f"gateway {name}", command


def list_commands() -> str:
    """Return an overview, then each command."""
    found = list(walk_commands())
    rows = [(f"[`{name}`](#{name.replace(' ', '-')})", format_summary(each)) for name, each in found]
    details = "\n".join(describe(name, command) for name, command in found)
    return f"{format_table(('command', 'description'), rows)}\n{details}"


def format_summary(command: click.Command) -> str:
    """Return the first line of the command's help."""
    return inspect.cleandoc(command.help or "").split("\n\n")[0]


def describe(name: str, command: click.Command) -> str:
    """Return the description of a command: usage, help, options and examples."""
    context = click.Context(command, info_name=name)
    pieces = " ".join([name, *command.collect_usage_pieces(context)])
    paragraphs = inspect.cleandoc((command.help or "").replace("\b", "")).split("\n\n")
    said = "\n\n".join(" ".join(part.split()) for part in paragraphs if part.strip())
    parts = [f"## {name}\n", format_block(pieces), said + "\n"]
    if options := list(list_options(command, context)):
        parts.append(format_table(("option", "description"), options))
    if examples := find_examples(name, command):
        parts.append(format_block(examples))
    return "\n".join(parts)


def list_options(command: click.Command, context: click.Context) -> Iterator[tuple[str, str]]:
    """Yield the options that have a help text, except --help."""
    for option in command.get_params(context):
        record = option.get_help_record(context)
        if record is not None and record[1] and "--help" not in option.opts:
            yield f"`{record[0]}`", record[1]


def find_examples(name: str, command: click.Command) -> str:
    """Return the examples of a command, without indentation; those of its subcommands are theirs."""
    epilog = inspect.cleandoc((command.epilog or "").replace("\b", ""))
    chosen = choose_examples(epilog, name.partition(" ")[2])
    others = tuple(f"  {name} {sub} " for sub in getattr(command, "commands", ()))
    own = "\n".join(line for line in chosen.splitlines() if not f"{line} ".startswith(others))
    shown = own.split("Examples:")[-1]
    return re.sub(r"(?m)^  ", "", shown.strip("\n"))
