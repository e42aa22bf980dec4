"""What `--help` prints: groups of commands, first lines by one rule, examples that can be run."""

import inspect
import re

import click
import pytest

from gateway.cli import COMMANDS, GROUPS, main
from tools.pages.commands import find_examples, walk_commands

ALL = dict(walk_commands())


def first_line(command: click.Command) -> str:
    return inspect.cleandoc(command.help or "").split("\n")[0]


def test_every_command_is_in_one_group() -> None:
    assert ["Set up", "Run", "Desk", "Try"] == list(GROUPS)
    assert len(COMMANDS) == sum(map(len, GROUPS.values()))


@pytest.mark.parametrize("name", COMMANDS)
def test_the_table_says_what_the_command_says(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert COMMANDS[name][1] == first_line(command)


@pytest.mark.parametrize("name", ALL)
def test_a_first_line_is_an_imperative_of_at_most_60_characters(name: str) -> None:
    """Rule 9: verb and object, then an empty line, then the details."""
    paragraph = inspect.cleandoc(ALL[name].help or "").split("\n\n")[0]
    assert "\n" not in paragraph
    assert 60 >= len(paragraph)
    assert re.fullmatch(r"[A-Z][a-z-]+ \S.*\.|[A-Z][a-z]+(, [a-z]+)* .*\.", paragraph)
    assert not re.match(r"[A-Z][a-z]*[^s\W]s ", paragraph), "an imperative has no s"


@pytest.mark.parametrize("name", ALL)
def test_a_command_has_two_examples_of_its_own_with_options_that_it_has(name: str) -> None:
    examples = [line for line in find_examples(name, ALL[name]).splitlines() if line.startswith("gateway ")]
    assert 2 <= len(set(examples))
    assert all(f"{line} ".startswith(f"{name} ") for line in examples)
    known = {option for each in ALL[name].params for option in (*each.opts, *each.secondary_opts)}
    for line in examples:
        assert set(re.findall(r" (--[a-z-]+)", line)) <= known, line
