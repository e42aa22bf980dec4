"""What `gateway completion` prints is taken by the shell, which then completes our commands and options."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from gateway.cli import COMMANDS, main

GATEWAY = Path(sys.executable).with_name("gateway")


def complete(words: str) -> list[str]:
    """What bash offers behind words, by the very lines printed."""
    script = f"""
    set -euo pipefail
    source <({GATEWAY} completion bash)
    COMP_WORDS=({words}) COMP_CWORD=$(( $(set -- {words}; echo $#) - 1 ))
    _gateway_completion {GATEWAY}
    printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    # `complete -o nosort` is what the lines do first; a bash without a terminal takes it as well.
    done = subprocess.run(
        ("bash", "-c", script), capture_output=True, text=True, timeout=60, env=dict(os.environ), check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("gateway compl", {"completion"}),
        ("gateway case s", {"show"}),
        ("gateway completion ''", {"bash", "zsh", "fish"}),
        ("gateway outbox list --st", {"--state"}),
    ],
)
def test_bash_completes_commands_options_and_choices(words: str, offered: set[str]) -> None:
    assert offered <= set(complete(words))


def test_every_command_is_offered() -> None:
    assert set(COMMANDS) == set(complete("gateway ''"))


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_lines_of_its_own(shell: str) -> None:
    result = CliRunner().invoke(main, ["completion", shell])
    assert (0, True, True) == (
        result.exit_code,
        f"_GATEWAY_COMPLETE={shell}_complete" in result.output,
        "gateway" in result.output,
    )


def test_another_shell_is_refused_with_those_there_are() -> None:
    result = CliRunner().invoke(main, ["completion", "tcsh"])
    assert (2, True) == (result.exit_code, "'bash', 'zsh', 'fish'" in result.output)
