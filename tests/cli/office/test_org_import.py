"""`gateway org import`: a list from a file, checked line by line, shown as a difference, taken over whole."""

import json
import sqlite3
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.organisations import codes, register_table
from gateway.admission.organisations.entries import import_list, import_plan
from gateway.cli.office.org import org
from gateway.store.sqlite.store import SqliteStore
from tests.support.paths import CONFIG

pytestmark = pytest.mark.usefixtures("no_settings")

SHIPPED = register_table.parse((CONFIG / "organisations.tsv").read_text(encoding="utf-8"))


def code(five: str) -> str:
    return five + codes.check_digit(five)


UNION_CODE, CLINIC_CODE = code("13800"), code("13810")
HEAD = "code,name,kana,domains,shared,source,date\n"
UNION = f"{UNION_CODE},例示広域連合,れいじ,union.reiji.lg.jp,no,都の一覧,2026-04-01\n"
CLINIC = (
    f"{CLINIC_CODE},例示病院組合,れいじびょういん,hospital.example;kumiai.example|電話|2026-01-01|,,"
    "都の一覧,2026/4/1\n"
)
LIST = HEAD + UNION + CLINIC


@pytest.fixture
def database(tmp_path: Path) -> str:
    store = SqliteStore(tmp_path / "gateway.db", "gw.example.go.jp")
    store.open()
    store.close()
    return str(store.path)


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    place = tmp_path / "list.csv"
    place.write_text(LIST, encoding="utf-8")
    return place


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(org, [str(each) for each in arguments])


def take(file: Path, database: str, *more: str) -> dict[str, Any]:
    result = run("import", file, "--database", database, "--json", *more)
    assert 0 == result.exit_code, result.output
    return dict(json.loads(result.stdout))


def counts(facts: dict[str, Any]) -> tuple[int, int, int, int]:
    return (facts["added"], facts["changed"], facts["removed"], facts["unchanged"])


def find(text: str, database: str) -> list[dict[str, Any]]:
    return list(json.loads(run("find", text, "--database", database, "--json").stdout))


def journal(database: str) -> list[str]:
    connection = sqlite3.connect(database)
    rows = connection.execute("SELECT event FROM journal ORDER BY id").fetchall()
    connection.close()
    return [event for (event,) in rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_list_is_taken_over_with_source_and_date(
    listed: Path, database: str, encoding: str, end: str
) -> None:
    listed.write_bytes(LIST.replace("\n", end).encode(encoding))
    assert (2, 0, 0, 0) == counts(take(listed, database))
    (union,) = find("mail.union.reiji.lg.jp", database)
    assert ("例示広域連合", "東京都", "association") == (union["name"], union["prefecture"], union["kind"])
    assert ("都の一覧", "2026-04-01", True) == (union["source"], union["as_of"], union["by_staff"])
    (clinic,) = find(CLINIC_CODE, database)
    assert [
        ("hospital.example", "都の一覧 2026-04-01", None),
        ("kumiai.example", "電話", "2026-01-01"),
    ] == [(each["name"], each["source"], each["since"]) for each in clinic["domains"]]
    assert "no problems" in run("check", "--database", database).output
    assert ["organisation.added", "organisation.domain_set"] == sorted(set(journal(database)))


def test_the_same_list_again_changes_nothing(listed: Path, database: str) -> None:
    take(listed, database)
    before = journal(database)
    again = take(listed, database)
    assert ((0, 0, 0, 2), []) == (counts(again), again["changes"])
    assert before == journal(database)


def test_a_dry_run_shows_a_table_that_aligns_and_writes_nothing(listed: Path, database: str) -> None:
    result = run("import", listed, "--database", database, "--dry-run")
    assert 0 == result.exit_code
    *table, last = result.output.splitlines()
    assert "2 added, 0 changed, 0 removed, 0 unchanged; nothing was written (--dry-run)." == last
    assert 1 == len({sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in line) for line in table})
    assert any("東京都例示広域連合" in line and "+ union.reiji.lg.jp" in line for line in table)
    assert [] == journal(database)
    assert 1 == run("find", UNION_CODE, "--database", database).exit_code


def test_a_later_list_shows_what_changed_and_removes_only_when_told(listed: Path, database: str) -> None:
    take(listed, database)
    run("add", code("13820"), "手書組合", "--database", database)
    later = UNION.replace("例示広域", "例示中央広域").replace("2026", "2027")
    listed.write_text(HEAD + later, encoding="utf-8")
    kept = take(listed, database, "--dry-run")
    assert (0, 1, 0, 0) == counts(kept)
    assert [
        "name: 例示広域連合 → 例示中央広域連合",
        "date: 2026-04-01 → 2027-04-01",
        "+ union.reiji.lg.jp",
    ] == kept["changes"][0]["what"]
    assert [CLINIC_CODE] == [each["code"] for each in kept["missing"]]
    assert (0, 1, 1, 0) == counts(take(listed, database, "--remove"))
    assert [] == find(CLINIC_CODE, database) == find("hospital.example", database)
    assert ["手書組合"] == [each["name"] for each in find(code("13820"), database)]
    assert (0, 0, 0, 1) == counts(take(listed, database, "--remove"))


def test_a_domain_that_the_list_gives_up_goes_and_that_of_staff_stays(listed: Path, database: str) -> None:
    take(listed, database)
    run("set-domain", UNION_CODE, "reiji.or.jp", "--source", "電話", "--database", database)
    listed.write_text(LIST.replace("union.reiji.lg.jp", "union.reiji2.lg.jp"), encoding="utf-8")
    gone = take(listed, database, "--remove")
    assert ["- union.reiji.lg.jp"] == [
        line for each in gone["changes"] if each["change"] == "removed" for line in each["what"]
    ]
    (union,) = find(UNION_CODE, database)
    assert ["reiji.or.jp", "union.reiji2.lg.jp"] == sorted(each["name"] for each in union["domains"])


def test_a_domain_goes_to_a_shipped_body_whose_other_facts_may_be_left_out(
    listed: Path, database: str
) -> None:
    listed.write_text(HEAD + "131016,千代田区,,chiyoda.example,,区の公表,2026-04-01\n", encoding="utf-8")
    assert (0, 1, 0, 0) == counts(take(listed, database))
    (ward,) = find("chiyoda.example", database)
    assert ("131016", "ちよだく", "ward") == (ward["code"], ward["kana"], ward["kind"])
    assert (0, 0, 0, 1) == counts(take(listed, database))


def test_what_stands_in_the_register_from_elsewhere_is_changed_only_when_told(
    listed: Path, database: str
) -> None:
    listed.write_text(HEAD + "131016,千代田例示区,,,,区の公表,2026-04-01\n", encoding="utf-8")
    refused = run("import", listed, "--database", database)
    assert 1 == refused.exit_code
    assert (
        "line 2, name: '千代田例示区': the register has '千代田区'; use --replace to change it"
        in refused.output
    )
    assert (0, 1, 0, 0) == counts(take(listed, database, "--replace"))
    assert ["千代田例示区"] == [each["name"] for each in find("131016", database)]


WRONG = [
    ("138003,例示,,,,一覧,2026-04-01", "code", "expected a 6-digit local-government code"),
    (f"{UNION_CODE},,,,,一覧,2026-04-01", "name", "expected the organisation's name"),
    (f"{UNION_CODE},例示,漢字,,,一覧,2026-04-01", "kana", "expected hiragana"),
    (f"{UNION_CODE},例示,,gmail.com,,一覧,2026-04-01", "domains", "a domain of class personal"),
    (f"{UNION_CODE},例示,,a.example|電話,,一覧,2026-04-01", "domains", "NAME|SOURCE|FROM|UNTIL"),
    (f"{UNION_CODE},例示,,a.example||soon|,,一覧,2026-04-01", "domains", "expected a date"),
    (f"{UNION_CODE},例示,,pref.osaka.lg.jp,,一覧,2026-04-01", "domains", "is also listed for 270008 大阪府"),
    (f"{UNION_CODE},例示,,,maybe,一覧,2026-04-01", "shared", "expected yes, no"),
    (f"{UNION_CODE},例示,,,,,2026-04-01", "source", "expected the publisher's name"),
    (f"{UNION_CODE},例示,,,,一覧,2026-02-30", "date", "expected a date"),
    (f"{UNION_CODE},例示,,,,一覧,令和8年", "date", "expected a date"),
    (f"{UNION_CODE},例示", "", "expected 7"),
    (f'{UNION_CODE},"例示"x,,,,一覧,2026-04-01', "", "expected comma-separated values"),
]


@pytest.mark.parametrize(("line", "column", "says"), WRONG)
def test_a_wrong_line_is_named_with_its_column_and_what_is_allowed(
    listed: Path, database: str, line: str, column: str, says: str
) -> None:
    listed.write_text(f"{HEAD}\n# a note\n{line}\n", encoding="utf-8")
    result = run("import", listed, "--database", database, "--json")
    assert 1 == result.exit_code
    (problem,) = json.loads(result.stdout)["problems"]
    assert (4, column) == (problem["line"], problem["column"])
    assert says in problem["text"]
    assert [] == journal(database)


def test_every_wrong_line_is_named_and_none_of_the_right_ones_is_taken(listed: Path, database: str) -> None:
    rows = "".join(line + "\n" for line, column, _ in WRONG if column)
    listed.write_text(LIST + rows, encoding="utf-8")
    result = run("import", listed, "--database", database)
    assert 1 == result.exit_code
    assert "nothing was changed" in result.output
    for place, (_, column, _) in enumerate((row for row in WRONG if row[1]), 4):
        assert f"list.csv: line {place}, {column}: " in result.output
    assert [] == journal(database)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "expected the header line code,"),
        (b"code,name,source\n", "date: the column is missing"),
        (b"code,name,source,date,fax\n", "fax: unknown column"),
        (b"code,name,source,date,name\n", "name: the column appears more than once"),
        (HEAD.encode() + b"\x81\xff\n", "line 2: invalid encoding; expected UTF-8 or Shift_JIS"),
        (b"x" * 1_000_001, "too large: at most 1,000,000 octets"),
        ((HEAD + UNION + UNION).encode(), "line 3, code: "),
    ],
)
def test_a_file_that_is_no_list_is_refused(listed: Path, database: str, raw: bytes, says: str) -> None:
    listed.write_bytes(raw)
    result = run("import", listed, "--database", database)
    assert 1 == result.exit_code
    assert says in result.output
    assert [] == journal(database)


def test_a_list_of_all_municipalities_is_taken_in_one_go(listed: Path, database: str) -> None:
    rows = (
        f"{each.code},{each.name},,m{each.code}.example,,一覧,2026-04-01" for each in SHIPPED.organisations
    )
    listed.write_text(HEAD + "\n".join(rows), encoding="utf-8")
    assert (0, len(SHIPPED), 0, 0) == counts(take(listed, database))
    assert (0, 0, 0, len(SHIPPED)) == counts(take(listed, database))


@given(st.text(max_size=200))
def test_any_text_is_read_and_each_problem_has_a_line_of_it(text: str) -> None:
    for given_text in (text, HEAD + text, LIST + text):
        reading = import_list.read_list(given_text, SHIPPED)
        last = len(given_text.splitlines()) + 1
        assert all(1 <= each.line <= last for each in reading.problems)
        plan = import_plan.build_plan(reading.entries, SHIPPED, replace_others=False, remove=True)
        assert len(reading.entries) == plan.count("added") + plan.count("changed") + plan.unchanged


@given(st.binary(max_size=200))
def test_any_octets_are_text_or_refused_with_their_line(raw: bytes) -> None:
    try:
        text = import_list.decode(raw)
    except import_list.EntryError as error:
        refused = str(error)
    else:
        assert raw.count(b"\n") == text.count("\n")
        return
    assert refused.startswith("line ")
    assert refused.endswith("expected UTF-8 or Shift_JIS")


def test_the_command_as_a_process_reads_standard_input(database: str) -> None:
    command = [sys.executable, "-c", "from gateway.cli import main; main()", "org", "import", "-"]
    done = subprocess.run(
        [*command, "--database", database], input=LIST.encode("cp932"), capture_output=True, check=False
    )
    assert (0, b"") == (done.returncode, done.stderr)
    assert done.stdout.decode().endswith("2 added, 0 changed, 0 removed, 0 unchanged.\n")
    assert ["例示広域連合"] == [each["name"] for each in find(UNION_CODE, database)]
