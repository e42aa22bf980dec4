"""What the README says of commands, states, letters and mailboxes equals the code."""

import re
from pathlib import Path

import click
import msgspec
import pytest

from gateway.admission.model import STATE_WORDS, Letter, State
from gateway.app import share
from gateway.cli import COMMANDS, main
from gateway.settings.model import Limits

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def table(heading: str) -> set[str]:
    """The first column of the table below a heading."""
    section = re.split(rf"(?m)^## {heading}$", README)[1].split("\n## ")[0]
    return set(re.findall(r"(?m)^\| `([^`]+)`", section))


def test_the_readme_lists_every_state() -> None:
    assert {state.value for state in State} == table("States of a case")
    assert set(State) == set(STATE_WORDS)


def test_the_readme_lists_every_letter_and_each_has_a_template() -> None:
    assert {letter.value for letter in Letter} == table("Letters")
    for letter in Letter:
        assert (share("templates") / f"{letter.value}.txt.j2").is_file()


def test_the_readme_lists_every_command() -> None:
    context = click.Context(main)
    named = set()
    for name in COMMANDS:
        command = main.get_command(context, name)
        if isinstance(command, click.Group):
            named |= {f"gateway {name} {sub}" for sub in command.commands}
        else:
            named.add(f"gateway {name}")
    assert named == {re.sub(r" [A-Z]+$", "", line) for line in table("Commands")}


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_explains_itself_with_an_example(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert command.help
    assert "gateway " + name in (command.epilog or "")


def test_the_readme_lists_every_limit_with_its_default() -> None:
    section = README.split("\n## Limits\n")[1].split("\n## ")[0]
    told: dict[str, float] = {}
    for names, defaults in re.findall(r"(?m)^\| (`[a-z_`, ]+`) \| ([^|]+) \|", section):
        values = [float(value.replace(",", "")) for value in defaults.split(", ")]
        told |= dict(zip(re.findall(r"[a-z_]+", names), values, strict=True))
    assert msgspec.to_builtins(Limits()) == told


PAGES = (README, (Path(__file__).parent.parent / "docs" / "operate.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=["README", "operate"])
def test_every_command_in_the_text_is_one(page: str) -> None:
    """`gateway case list`, on a line of its own or in the text, with the options that it has."""
    context = click.Context(main)
    for name, rest in re.findall(
        r"(?:^|`|sudo -u gateway |&& )gateway ([a-z]+)([^`\n&;]*)", page, re.MULTILINE
    ):
        command = main.get_command(context, name)
        assert command is not None, name
        words = rest.split("|")[0].split()
        if isinstance(command, click.Group):
            command = command.commands.get(words[0]) if words else command
            assert command is not None, f"{name} {rest}"
        known = {option for each in command.params for option in (*each.opts, *each.secondary_opts)}
        assert {word for word in words if word.startswith("--")} <= known | {"--help"}, f"{name} {rest}"


def test_every_unit_in_the_text_is_shipped() -> None:
    named = {
        unit
        for page in PAGES
        for unit in re.findall(r"\bgateway(?:-[a-z]+)?\.(?:service|socket|timer)\b", page)
    }
    assert {"gateway.socket", "gateway.service", "gateway-backup.timer", "gateway-doctor.timer"} == named
    for unit in named:
        assert (share("systemd") / unit).is_file()
