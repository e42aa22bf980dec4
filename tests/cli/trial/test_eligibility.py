"""`gateway eligibility test`: the labelled domains, the claimed organisation, and the rule that fired."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from gateway.cli.trial.eligibility import eligibility
from tests.cli.trial.test_calendar import SETTINGS
from tests.support.paths import DATA

CASES = DATA / "domains.tsv"
ROWS = list(csv.DictReader(CASES.read_text(encoding="utf-8").splitlines(), delimiter="\t"))

pytestmark = pytest.mark.usefixtures("no_settings")

KEYS = ("domain", "class", "decision", "organisation")


def lines(*arguments: str, given: str | None = None) -> list[dict[str, Any]]:
    result = CliRunner().invoke(eligibility, ["test", "--json", *arguments], input=given)
    assert 0 == result.exit_code, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def expected(row: dict[str, str]) -> tuple[str, str, str, str]:
    return (row["domain"], row["expected_class"], row["expected_decision"], row["organisation"])


def got(rows: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    return [tuple(row[key] for key in KEYS) for row in rows]


def test_all_labelled_domains_as_arguments() -> None:
    assert [expected(row) for row in ROWS] == got(lines(*(row["domain"] for row in ROWS)))


def test_all_labelled_domains_from_standard_input() -> None:
    assert [expected(row) for row in ROWS] == got(lines("-", given="\n".join(row["domain"] for row in ROWS)))


def test_all_labelled_domains_behind_a_local_part() -> None:
    rows = lines(*(f"taro@{row['domain']}" for row in ROWS))
    assert [expected(row) for row in ROWS] == got(rows)
    assert all(row["rule"] for row in rows)


@pytest.mark.parametrize(
    ("arguments", "rules", "word"),
    [
        (["joho@city.osaka.lg.jp"], ["shared-mailbox"], "共用メールボックス"),
        (["taro@city.osaka.lg.jp", "--org", "千代田区", "--code", "131016"], [], "一致しません"),
        (["taro@city.osaka.lg.jp", "--title", "市議会議員"], ["assembly-member"], "議員"),
        (["taro@city.osaka.lg.jp", "--department", "業務委託"], ["contractor"], "雇用主"),
        (["taro@reiji.go.jp"], [], "独立行政法人"),
    ],
)
def test_the_rule_that_fired_and_the_flags_in_words(
    arguments: list[str], rules: list[str], word: str
) -> None:
    (row,) = lines(*arguments)
    assert rules == row["rules"]
    assert word in "".join(flag["text"] for flag in row["flags"])


def test_a_table_for_people() -> None:
    result = CliRunner().invoke(eligibility, ["test", "joho@city.osaka.lg.jp"])
    assert "shared-mailbox" in result.output


def test_a_rule_table_beside_the_settings_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_text(
        SETTINGS + '[eligibility.own_domains]\n"mihon.example" = "131016"\n', encoding="utf-8"
    )
    (tmp_path / "eligibility.toml").write_text(
        '[[rule]]\nname = "only"\nflag = "見る"\nwhen.local_part = ["joho"]\n', encoding="utf-8"
    )
    (row,) = lines("joho@mihon.example", "--config", str(tmp_path))
    assert ("own", "allow-list", ["only"]) == (row["decision"], row["rule"], row["rules"])


def test_a_broken_rule_table_ends_with_78_and_names_the_key(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "eligibility.toml").write_text('[[rule]]\nname = "A"\n', encoding="utf-8")
    result = CliRunner().invoke(eligibility, ["test", "a@b.example", "--config", str(tmp_path)])
    assert 78 == result.exit_code
    assert "rule[0].name = 'A': expected" in result.output


def test_bytes_that_are_no_text_do_no_harm() -> None:
    result = CliRunner().invoke(eligibility, ["test", "-", "--json"], input=b"\xff\xfe@city.osaka.lg.jp\n")
    assert "local_gov_lg" == json.loads(result.stdout)["class"]
