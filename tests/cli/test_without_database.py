"""Commands that read the database say in one line that there is none or that it is damaged, with a remedy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from gateway.cli import main
from gateway.cli.shared.options import choose_examples

READING = (
    "case list", "case show K7QM-4T", "mail list", "outbox list", "person show a@example.jp", "report",
    "verify", "metrics", "status", "org list --staff",
)  # fmt: skip
SETTINGS = """desk.domain = "gw.example.go.jp"
invitation.join_link = "https://join.example/x"
[[staff]]
address = "sato@example.go.jp"
name = "佐藤"
"""


@pytest.mark.parametrize("content", [None, b"not a database " * 400], ids=["none", "damaged"])
@pytest.mark.parametrize("command", READING)
def test_it_is_said_in_one_line_with_a_remedy(command: str, content: bytes | None, tmp_path: Path) -> None:
    place = tmp_path / "gateway.db"
    if content is not None:
        place.write_bytes(content)
    (tmp_path / "gateway.toml").write_text(f'{SETTINGS}[store]\npath = "{place}"\n', "utf-8")
    done = CliRunner().invoke(main, [*command.split(), "--config", str(tmp_path)])
    if content is None and command == "org list --staff":
        return  # what staff added is nothing, where there is no database
    if command == "verify" and content is not None:
        assert (1, True) == (done.exit_code, "gateway restore" in done.output)
        return
    assert done.exit_code == (3 if command == "status" else 75), done.output
    (line,) = done.output.strip().splitlines()
    assert str(place) in line
    assert ("start the gateway once" if content is None else "gateway restore") in line
    assert "Traceback" not in line


def test_status_that_is_not_known_is_json_where_that_was_asked_for(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["status", "--database", str(tmp_path / "x.db"), "--json"])
    told = json.loads(done.output)
    assert (3, "unknown") == (done.exit_code, told["level"])
    assert "there is no database" in told["remarks"][0]["text"]


def test_help_of_a_command_shows_its_own_examples() -> None:
    shown = CliRunner().invoke(main, ["case", "revoke", "--help"]).output
    assert "gateway case revoke K7QM-4T" in shown
    assert "gateway case list" not in shown
    epilog = "\b\nExamples:\n  gateway a b \\\n    --c\n  gateway a d\n"
    assert "\b\nExamples:\n  gateway a b \\\n    --c" == choose_examples(epilog, "a b")
    assert epilog == choose_examples(epilog, "a e")
