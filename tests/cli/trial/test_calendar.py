"""`gateway calendar`: the labelled days, one object on a line."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from gateway.cli.trial.calendar import calendar
from tests.support.paths import DATA

CASES = DATA / "bizdays.tsv"
ROWS = list(csv.DictReader(CASES.read_text(encoding="utf-8").splitlines(), delimiter="\t"))

pytestmark = pytest.mark.usefixtures("no_settings")

SETTINGS = """
[desk]
domain = "gw.example.go.jp"
closings = [2026-11-24]
[[staff]]
address = "sato@kyoso.mihon.go.jp"
name = "佐藤"
[invitation]
join_link = "https://join.example/x"
"""


def lines(*arguments: str, given: str | None = None) -> list[dict[str, str]]:
    result = CliRunner().invoke(calendar, [*arguments, "--json"], input=given)
    assert 0 == result.exit_code, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def expected(row: dict[str, str]) -> dict[str, str]:
    return {
        "received": row["received_jst"],
        **{key: row[key] for key in ("open_day", "plus1", "plus2", "plus3")},
    }


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["received_jst"])
def test_labelled_day(row: dict[str, str]) -> None:
    assert [expected(row)] == lines(row["received_jst"])


def test_all_days_at_once_as_arguments_and_from_standard_input() -> None:
    days = [row["received_jst"] for row in ROWS]
    wanted = [expected(row) for row in ROWS]
    assert wanted == lines(*days)
    assert wanted == lines("-", given="\n".join([*days, ""]))


def test_closings_of_the_settings_count(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_text(SETTINGS, encoding="utf-8")
    assert ["2026-11-25"] == [row["plus1"] for row in lines("2026-11-20")]


@pytest.mark.parametrize("text", ["soon", "2026-02-30", "9999-12-31", ""])
def test_what_is_no_day_is_said_with_what_is_allowed(text: str) -> None:
    result = CliRunner().invoke(calendar, [text])
    assert 2 == result.exit_code
    assert "expected a date such as 2026-04-01" in result.output


def test_a_table_for_people() -> None:
    result = CliRunner().invoke(calendar, ["2026-11-20"])
    assert "2026-11-26" in result.output


def test_settings_that_are_named_and_wrong_end_with_78(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_text("[desk]\n", encoding="utf-8")
    assert 78 == CliRunner().invoke(calendar, ["2026-11-20", "--config", str(tmp_path)]).exit_code
