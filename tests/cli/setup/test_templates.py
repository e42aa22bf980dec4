"""`gateway templates` and `gateway preview` as an operator uses them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gateway.cli import main
from gateway.demo.fixtures import settings_text


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "gateway.toml").write_text(settings_text(tmp_path, 25, 53), encoding="utf-8")
    return tmp_path


def gateway(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(main, [*words, "--config", str(folder)])


def test_a_template_is_copied_changed_compared_and_checked(folder: Path) -> None:
    assert 0 == gateway(folder, "templates", "copy", "decline").exit_code
    path = folder / "templates" / "decline.txt.j2"
    path.write_text(path.read_text("utf-8").replace("ご希望に添えず", "ご期待に添えず"), "utf-8")
    standings = json.loads(gateway(folder, "templates", "list", "--json").stdout)
    assert {"name": "decline.txt.j2", "standing": "overridden"} in standings
    assert "+ご参加いただく" in gateway(folder, "templates", "diff", "decline").stdout
    checked = gateway(folder, "templates", "check")
    assert (0, "The templates are valid.\n") == (checked.exit_code, checked.stdout)


def test_a_second_copy_is_refused(folder: Path) -> None:
    gateway(folder, "templates", "copy", "decline")
    again = gateway(folder, "templates", "copy", "decline")
    assert 1 == again.exit_code
    assert "nothing was copied" in again.stderr


def test_an_unknown_template_is_answered_with_the_likely_one(folder: Path) -> None:
    result = gateway(folder, "templates", "copy", "declin")
    assert 1 == result.exit_code
    assert "did you mean 'decline'" in result.stderr


def test_a_path_is_no_name(folder: Path) -> None:
    assert 1 == gateway(folder, "templates", "copy", "../config/gateway.toml").exit_code


def test_errors_end_with_78_and_warnings_only_when_strict(folder: Path) -> None:
    gateway(folder, "templates", "copy", "decline")
    path = folder / "templates" / "decline.txt.j2"
    text = path.read_text("utf-8")
    path.write_text(text.replace("{{ reason|quoted }}", ""), "utf-8")
    assert [0, 78] == [
        gateway(folder, "templates", "check").exit_code,
        gateway(folder, "templates", "check", "--strict").exit_code,
    ]
    path.write_text(text.replace("{{ reason|quoted }}", "{{ reasn }}"), "utf-8")
    broken = gateway(folder, "templates", "check")
    assert 78 == broken.exit_code
    assert "error: decline.txt.j2, line 12: unknown placeholder 'reasn'" in broken.stdout


def test_preview_writes_pages_and_counts_what_is_wrong(folder: Path) -> None:
    out = folder / "pages"
    fine = json.loads(gateway(folder, "preview", "--out", str(out), "--json").stdout)
    assert 0 == fine["flawed"]
    assert Path(fine["index"]).is_file()
    gateway(folder, "templates", "copy", "expired")
    path = folder / "templates" / "expired.txt.j2"
    path.write_text(path.read_text("utf-8").replace("ありがとう", "ありがとう" * 8), "utf-8")
    flawed = gateway(folder, "preview", "--out", str(out), "--strict", "--json")
    assert 78 == flawed.exit_code
    assert 0 < json.loads(flawed.stdout)["flawed"]


@pytest.mark.parametrize("words", [("list",), ("diff",), ("check",)])
def test_a_file_in_another_charset_ends_with_78(folder: Path, words: tuple[str, ...]) -> None:
    (folder / "templates").mkdir()
    (folder / "templates" / "decline.txt.j2").write_bytes("理由".encode("cp932"))
    result = gateway(folder, "templates", *words)
    assert (78, True) == (result.exit_code, "decline.txt.j2" in result.stderr)
    assert 78 == gateway(folder, "preview", "--out", str(folder / "pages")).exit_code


def test_a_line_that_would_answer_stops_the_start_and_is_explained(folder: Path) -> None:
    gateway(folder, "templates", "copy", "question")
    path = folder / "templates" / "question.txt.j2"
    text = path.read_text("utf-8")
    path.write_text(text.replace("お答えが届きしだい", "取り下げます。\nお答えが届きしだい"), "utf-8")
    for words in (("config", "check"), ("serve",)):
        refused = gateway(folder, *words)
        assert 78 == refused.exit_code
        assert "question.txt.j2, line" in refused.stderr
        assert "would be parsed as a withdrawal" in refused.stderr
    explained = gateway(folder, "templates", "check", "--explain")
    assert 78 == explained.exit_code
    assert "  use instead: 取り下げるときは、" in explained.stdout
    told = json.loads(gateway(folder, "templates", "check", "--json").stdout)
    assert [True] == [one["error"] for one in told if one["instead"].startswith("取り下げるときは")]
