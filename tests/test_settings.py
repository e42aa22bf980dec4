"""Settings: the shipped example is usable and complete, each bad one is refused with key and remedy."""

import re
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from gateway import settings
from gateway.cli import main

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "config" / "gateway.toml"
BAD = sorted((ROOT / "tests" / "bad_configs").iterdir())


def test_there_are_bad_settings_to_refuse() -> None:
    assert 20 <= len(BAD)


@pytest.mark.parametrize("folder", BAD, ids=lambda folder: folder.name)
def test_bad_settings_end_with_78_and_say_what_is_wrong(folder: Path) -> None:
    for secret in folder.glob("password"):
        secret.chmod(0o644)  # git keeps no modes
    result = CliRunner().invoke(main, ["config", "check", "--config", str(folder)])
    assert 78 == result.exit_code
    assert str(folder / "gateway.toml") in result.output
    for words in (folder / "says").read_text(encoding="utf-8").splitlines():
        assert words in result.output


def test_missing_settings_end_with_78() -> None:
    result = CliRunner().invoke(main, ["config", "check", "--config", "nowhere/gateway.toml"])
    assert 78 == result.exit_code
    assert "nowhere/gateway.toml: cannot be read" in result.output


def test_the_shipped_example_can_be_used() -> None:
    result = CliRunner().invoke(main, ["config", "check", "--config", str(EXAMPLE)])
    assert (0, True) == (result.exit_code, "can be used" in result.output)


def test_the_shipped_example_names_every_key_with_its_default() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    for section in msgspec.structs.fields(settings.Settings):
        if section.name == "staff":
            continue
        block = re.search(rf"(?ms)^\[{section.name}\]\n(.*?)(?=^\[|\Z)", text)
        assert block, f"[{section.name}] is not in the example"
        for key in msgspec.structs.fields(section.type):
            assert re.search(rf"(?m)^#?\[?(?:{section.name}\.)?{key.name}\b", block.group(1) + text), key.name


def test_every_commented_default_in_the_example_is_the_real_one() -> None:
    bare = settings.load(EXAMPLE)
    uncommented = re.sub(r"(?m)^#(\w+ = (?!\[2026).*)$", r"\1", EXAMPLE.read_text(encoding="utf-8"))
    assert bare == settings.parse(uncommented.encode(), "example")


def test_config_show_gives_every_value_as_json() -> None:
    result = CliRunner().invoke(main, ["config", "show", "--config", str(EXAMPLE), "--json"])
    assert 0 == result.exit_code
    assert 3 == msgspec.json.decode(result.output)["desk"]["open_days"]


@pytest.mark.parametrize("variable", ["GATEWAY_CONFIG_DIR", "CONFIGURATION_DIRECTORY"])
def test_the_settings_folder_may_come_from_the_environment(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, str(EXAMPLE.parent))
    assert EXAMPLE == settings.find(None)
