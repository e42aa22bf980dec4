"""The man pages say what the commands and the settings say."""

import os
import runpy
import shutil
import subprocess

import pytest

from tests.support.paths import ROOT

PAGES = ROOT / "docs" / "man"
WRITER = runpy.run_path(str(ROOT / "tools" / "manpages"))
NAMES = ("gateway.1", "gateway.toml.5")


def page(name: str) -> str:
    return (PAGES / name).read_text(encoding="utf-8")


def test_the_page_of_the_settings_is_up_to_date() -> None:
    assert WRITER["gateway_toml_5"]().splitlines()[1:] == page(NAMES[1]).splitlines()[1:], (
        "run tools/manpages"
    )


# Another series of click may word defaults otherwise; the commands are looked at below in any case.
@pytest.mark.skipif(f"with {WRITER['CLICK']};" not in page(NAMES[0]), reason="written with another click")
def test_the_page_of_the_command_is_up_to_date() -> None:
    assert WRITER["gateway_1"]() == page(NAMES[0]), "run tools/manpages"


def test_the_page_of_the_command_names_every_command_and_option() -> None:
    told = page(NAMES[0]).replace("\\-", "-")
    commands = dict(WRITER["commands"]())
    for name, command in commands.items():
        below = tuple(f"{other} " for other in commands if other.startswith(f"{name} "))
        sections = [
            each
            for each in told.split('\n.SS "')[1:]
            if each.startswith((f'{name}"', f"{name} ")) and not (below and each.startswith(below))
        ]
        assert 1 == len(sections), name
        options = {option for each in command.params for option in (*each.opts, *each.secondary_opts)}
        for option in options - {"-h", "--help"}:
            assert not option.startswith("-") or option in sections[0], f"{name} {option}"


@pytest.mark.skipif(shutil.which("man") is None or shutil.which("groff") is None, reason="no man here")
@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_formatted_without_a_warning(name: str) -> None:
    done = subprocess.run(
        ["man", "--warnings", "-l", str(PAGES / name)],
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "MANWIDTH": "80"},
        timeout=60,
        check=True,
    )
    assert "" == done.stderr
    assert "SYNOPSIS" in done.stdout
