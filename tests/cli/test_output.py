"""What commands print: nothing that a terminal obeys, wherever the text came from."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from gateway.cli import main
from gateway.cli.shared import output
from gateway.printing import terminal
from tests.support.paths import DATA, ROOT

OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
# Progress and marks of our own, in colours.
MAY_ECHO = {"setup/doctor.py", "setup/probe.py", "shared/options.py", "shared/output.py"}


@given(st.text())
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    assert not OBEYED.search(terminal.clean(text))


@given(st.text() | st.lists(st.text()) | st.dictionaries(st.text(), st.text()))
def test_json_is_escaped_and_reads_back(value: object) -> None:
    shown = terminal.to_json(value)
    assert not OBEYED.search(shown)
    if not re.search("[\ud800-\udfff]", shown):
        assert value == json.loads(shown)


def test_every_command_prints_through_one_place() -> None:
    commands = ROOT / "gateway" / "cli"
    echoing = {
        str(path.relative_to(commands))
        for path in commands.rglob("*.py")
        if re.search(r"click\.s?echo\(|(?<![.\w])print\(", path.read_text(encoding="utf-8"))
    }
    assert echoing <= MAY_ECHO | {"setup/dns.py"}


def test_a_table_cell_holds_no_escape(capsys: pytest.CaptureFixture[str]) -> None:
    output.print_table("t", ("c",), [["a\x1b[31mb\u202ec\x07"]])
    assert "a[31mbc" in capsys.readouterr().out


def test_text_records_of_a_stranger_do_not_reach_the_terminal(tmp_path: Path) -> None:
    record = '"v=spf1 \\027]0;owned\\007 -all"'
    zone = f"stranger.example. TXT {record}\nstranger.example. MX 10 mx.stranger.example.\n"
    (tmp_path / "z.zone").write_text(zone, encoding="utf-8")
    mail = tmp_path / "m.eml"
    mail.write_bytes(b"From: a@stranger.example\r\nSubject: \x1b[31mx\r\nMessage-ID: <a@b>\r\n\r\nhello\r\n")
    asked = [
        "explain",
        str(mail),
        *(
            "--zone",
            str(tmp_path / "z.zone"),
            "--from-ip",
            "203.0.113.5",
            "--mail-from",
            "a@stranger.example",
        ),
        *("--config", str(DATA / "careful.toml")),
    ]
    for more in ([], ["--json"]):
        shown = CliRunner().invoke(main, [*asked, *more], env={"NO_COLOR": "1"}).output
        assert shown
        assert not OBEYED.search(shown)
