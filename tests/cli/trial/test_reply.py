"""`gateway reply test`: every labelled reply through the command, as a mail or as bare text."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from gateway.cli import main
from tests.support.paths import DATA

CASES = DATA / "replies.jsonl"
ROWS: list[dict[str, Any]] = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]


def run(*arguments: str, given: bytes = b"") -> Result:
    return CliRunner().invoke(main, ["reply", "test", *arguments], input=given)


def told(result: Result) -> list[dict[str, Any]]:
    assert 0 == result.exit_code, result.output
    return [json.loads(line) for line in result.output.splitlines()]


def test_every_row_is_read_as_labelled() -> None:
    found = {line["id"]: line["decision"] for line in told(run("--jsonl", str(CASES), "--json"))}
    # Without the letter that was answered its unmarked lines are not known as ours (R118 to R121), and
    # without the settings neither are the names below a mail (R026, R129). R020 has an unknown sentence.
    unclear = {"R020", "R026", "R118", "R119", "R120", "R121", "R129"}
    expected = {row["id"]: "none" if row["id"] in unclear else row["expected"] for row in ROWS}
    assert expected == found


def test_rows_come_from_standard_input_too() -> None:
    assert len(ROWS) == len(told(run("--jsonl", "-", "--json", given=CASES.read_bytes())))


@pytest.mark.parametrize(
    ("headers", "decision"),
    [
        ({}, "approve"),
        ({"Auto-Submitted": "auto-replied"}, "none"),
        ({"Auto-Submitted": "no"}, "approve"),
        ({"Precedence": "bulk"}, "none"),
        ({"X-Autoreply": "yes"}, "none"),
        ({"Return-Path": "<>"}, "none"),
        ({"Content-Type": "multipart/report; report-type=delivery-status; boundary=b"}, "none"),
    ],
)
def test_the_header_of_a_row_tells_a_machine(headers: dict[str, str], decision: str) -> None:
    row = {"id": 1, "subject": "Re: 審査依頼", "body": "承認します。", "headers": headers}
    (line,) = told(run("--jsonl", "-", "--json", given=json.dumps(row).encode()))
    assert (1, decision) == (line["id"], line["decision"])
    assert line["why"]


@pytest.mark.parametrize(
    ("text", "decision", "word", "note"),
    [
        ("承認します。\n", "approve", "approve", ""),
        ("却下: 対象外です\n", "decline", "decline", "対象外です"),
        ("照会: 課名は?\n", "ask", "ask", "課名は?"),
        ("保留 12月1日\n", "hold", "hold", "12月1日"),
        ("取消\n", "none", "undo", ""),
        ("担当\n", "none", "take", ""),
        ("了解しました\n", "none", "none", ""),
    ],
)
def test_a_bare_body_is_read(text: str, decision: str, word: str, note: str) -> None:
    (line,) = told(run("--body", "-", "--json", given=text.encode()))
    assert (decision, word, note) == (line["decision"], line["word"], line["note"])
    assert "id" not in line


def test_a_mail_is_read_with_its_charset_and_quotation(tmp_path: Path) -> None:
    place = tmp_path / "answer.eml"
    head = 'From: sato@kyoso.mihon.go.jp\nSubject: Re: x\nContent-Type: text/plain; charset="iso-2022-jp"\n\n'
    place.write_bytes(
        head.encode() + "承認します。\n\n> 却下 … お断りします\n".encode("iso2022_jp", "replace")
    )
    (line,) = told(run(str(place), "--json"))
    assert "approve" == line["decision"]


def test_html_alone_decides_nothing(tmp_path: Path) -> None:
    place = tmp_path / "answer.eml"
    place.write_text("Subject: x\nContent-Type: text/html\n\n<p>Approved.</p>\n", encoding="utf-8")
    assert "none" == told(run(str(place), "--json"))[0]["decision"]


def test_people_get_a_line_with_the_reason(tmp_path: Path) -> None:
    place = tmp_path / "answer.txt"
    place.write_text("却下\n対象外です。\n", encoding="utf-8")
    assert f"{place}: decline - 却下と読みました | 対象外です。\n" == run("--body", str(place)).output


@pytest.mark.parametrize(
    "arguments", [["nowhere.eml"], [], ["--jsonl", "nowhere.jsonl"], ["--jsonl", "-"]], ids=str
)
def test_what_cannot_be_read_ends_with_2(arguments: list[str]) -> None:
    assert 2 == run(*arguments, given=b"this is no JSON\n").exit_code
