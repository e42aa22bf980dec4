"""A release can be taken back: what only adds is let through, all else is refused by name."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from gateway.admission.case.model import Letter, State
from gateway.mail.smtp.mailboxes import Purpose
from gateway.store.copying import restore
from gateway.store.protocol import LetterState
from gateway.store.queries.reader import Reader
from gateway.store.sqlite import backup
from gateway.store.sqlite.integrity.verify import verify
from gateway.store.sqlite.migrations import LEFT_BEHIND, MODULES, RELEASES, VERSIONS, schema, way_back
from gateway.store.sqlite.source import SqliteSource
from tests.store.filled import DOMAIN, FIXTURES, at_version, demo
from tests.store.newer import LAST, TABLES, add_step, list_additions, upgrade
from tests.store.test_restore import approved, sent, write
from tests.support.factories import DESK, NOW

WORDS = FIXTURES / "words.txt"


@dataclass(frozen=True)
class Step:
    """What `way_back` asks of a version."""

    ADDITIVE: bool = False
    READY_SINCE: str = ""


def dump(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as connection:
        return {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES}  # noqa: S608


def work_on(path: Path) -> None:
    """An application, a decision and a letter that leaves; then all that looks at a database."""
    write(path, approved, sent)
    report = verify(path)
    assert report.is_sound, report
    assert SqliteSource(path).check_quickly().unknown == ()
    reader = Reader(SqliteSource(path))
    assert reader.cases()
    reader.close()
    made = backup.make(path, path.parent / "made", NOW)
    restore.restore(path, made.path, DESK, NOW + timedelta(days=1), DOMAIN)


def test_the_service_goes_back_and_forth_over_steps_that_only_add(tmp_path: Path) -> None:
    path = demo(tmp_path / "gateway.db")
    before = dump(path)
    tables = [each for each in list_additions() if "TRIGGER" not in each]  # of which a restore knows nothing
    upgrade(path, tables)
    work_on(path)
    after = dump(path)
    for table in TABLES:
        width = len(before[table][0]) if before[table] else 0
        kept = [row[:width] for row in after[table]]
        if table not in {"letters", "tokens", "cases"}:  # the restore holds letters and voids tokens
            assert [row for row in before[table] if row not in kept] == []
        assert len(before[table]) <= len(kept)


def test_a_backup_with_triggers_of_a_newer_gateway_is_restored_by_that(tmp_path: Path) -> None:
    path = demo(tmp_path / "gateway.db")
    upgrade(path, list_additions())
    made = backup.make(path, tmp_path / "made", NOW)
    with pytest.raises(
        backup.BackupError, match=r"newer gateway \(v9001_newer\).*Restore it with that version"
    ):
        restore.restore(path, made.path, DESK, NOW, DOMAIN)


REFUSED = [
    ("ALTER TABLE cases DROP COLUMN question", "column cases.question is missing"),
    ("ALTER TABLE cases RENAME COLUMN reason TO grounds", "column cases.reason is missing"),
    ("ALTER TABLE letters RENAME TO outgoing", "table letters is missing"),
    ("DROP TABLE chores", "table chores is missing"),
    ("DROP INDEX letters_due", "index letters_due is missing"),
    ("DROP TRIGGER journal_no_update", "trigger journal_no_update is missing"),
    ("CREATE UNIQUE INDEX once ON cases (name)", "index once is new and rejects"),
    (
        "CREATE TRIGGER guard BEFORE INSERT ON cases BEGIN SELECT RAISE(ABORT, 'no'); END",
        "trigger guard is new and rejects",
    ),
    (
        "CREATE TABLE held (case_id INTEGER REFERENCES cases (id)) STRICT",
        "table held is new and prevents rows from being deleted",
    ),
    (
        "ALTER TABLE cases ADD COLUMN small TEXT NOT NULL DEFAULT '' CHECK (length(small) < 9)",
        "different constraints",
    ),
]


@pytest.mark.parametrize(("statement", "why"), REFUSED, ids=[why for _, why in REFUSED])
def test_a_step_that_does_more_is_refused_with_the_reason(statement: str, why: str, tmp_path: Path) -> None:
    path = demo(tmp_path / "gateway.db")
    upgrade(path, [statement])
    with pytest.raises(schema.SchemaError, match=f"written by a newer gateway.*{why}.*install the newer one"):
        write(path, approved)
    assert SqliteSource(path).check_quickly().unknown == ("v9001_newer",)


@pytest.mark.parametrize("floor", [LAST + 1, 9001])
def test_a_step_that_the_next_release_says_is_no_way_back_is_refused(floor: int, tmp_path: Path) -> None:
    path = demo(tmp_path / "gateway.db")
    upgrade(path, list_additions(), floor)
    with pytest.raises(schema.SchemaError, match=f"requires at least migration {floor}"):
        write(path, approved)


def test_a_file_that_says_nothing_of_the_way_back_is_refused(tmp_path: Path) -> None:
    path = demo(tmp_path / "gateway.db")
    upgrade(path, [], floor=0)
    with pytest.raises(schema.SchemaError, match="migration unknown"):
        write(path, approved)


@pytest.mark.parametrize("name", ["v9", "v0001_other", f"v{LAST:04}_other", "newer", "v00x9_other", "v90010"])
def test_a_step_of_no_later_number_is_refused(name: str, tmp_path: Path) -> None:
    path = demo(tmp_path / "gateway.db")
    upgrade(path, [], name=name)
    if way_back.number(name) <= LAST:
        with pytest.raises(schema.SchemaError, match=f"{name} is not a later migration"):
            write(path, approved)


def test_a_step_of_ours_that_is_lacking_below_newer_ones_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "gateway.db"
    before = list(VERSIONS)[-2]
    with closing(at_version(before[:5], path)) as connection:
        add_step(connection, "v9001_newer")
        connection.execute(f"PRAGMA user_version = {LAST}")
        connection.commit()
    with pytest.raises(schema.SchemaError, match="missing"):
        write(path, approved)


def test_what_this_release_left_behind_may_be_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = demo(tmp_path / "gateway.db")
    gone = ("ALTER TABLE mails DROP COLUMN helo", "DROP INDEX letters_due", "DROP TABLE acted_contents")
    upgrade(path, gone)
    left = frozenset({"column mails.helo", "index letters_due", "table acted_contents"})
    with closing(sqlite3.connect(path)) as connection:
        assert schema.list_obstacles(connection)
        monkeypatch.setattr(way_back, "LEFT_BEHIND", left | {"index acted_contents_kept"})
        assert schema.list_obstacles(connection) == ()


NAMES = st.integers(0, 99).map(lambda number: f"added_{number}")
ADDITIVE = st.one_of(
    st.builds(
        "ALTER TABLE {} ADD COLUMN {} {}".format,
        st.sampled_from(TABLES),
        NAMES,
        st.sampled_from(
            ["TEXT", "INTEGER", "BLOB", "REAL", "TEXT NOT NULL DEFAULT ''", "INTEGER NOT NULL DEFAULT 7"]
        ),
    ),
    st.builds("CREATE TABLE t_{0} (n INTEGER PRIMARY KEY, words TEXT UNIQUE) STRICT".format, NAMES),
    st.builds(
        "CREATE TABLE r_{0} (of INTEGER REFERENCES {1} (id) ON DELETE {2}) STRICT".format,
        NAMES,
        st.sampled_from(["cases", "mails", "letters"]),
        st.sampled_from(["CASCADE", "SET NULL"]),
    ),
    st.builds("CREATE INDEX i_{0} ON {1} (1)".format, NAMES, st.sampled_from(TABLES)),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(statements=st.lists(ADDITIVE, unique_by=lambda each: each.split("added_")[1].split()[0], max_size=12))
def test_any_steps_that_only_add_are_let_through(
    statements: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = demo(tmp_path_factory.mktemp("newer") / "gateway.db")
    upgrade(path, statements)
    work_on(path)


@settings(max_examples=40, deadline=None)
@given(steps=st.lists(st.sampled_from(["adds", "waits", "ends"]), min_size=1, max_size=8))
def test_the_floor_is_the_last_step_over_which_nobody_goes_back(steps: list[str]) -> None:
    kinds = {"adds": Step(ADDITIVE=True), "waits": Step(READY_SINCE="v0002_two")}
    modules = {f"v{number:04}_step": kinds.get(kind, object()) for number, kind in enumerate(steps, start=1)}
    ends = [number for number, kind in enumerate(steps, start=1) if kind == "ends"]
    ready = 2 if "waits" in steps else 0
    assert max([ready, *ends]) == way_back.find_floor(modules)


def test_a_database_says_from_where_it_can_be_opened(tmp_path: Path) -> None:
    write(tmp_path / "gateway.db", approved)
    with closing(sqlite3.connect(tmp_path / "gateway.db")) as connection:
        assert (way_back.find_floor(),) == connection.execute("PRAGMA user_version").fetchone()


def judge(name: str, folder: Path) -> list[str]:
    """What a version does beside adding: to the shape, and to what stood there."""
    names = list(VERSIONS)
    before, path = names[names.index(name) - 1], folder / "gateway.db"
    with closing(at_version(before[:5], path)) as connection, closing(sqlite3.connect(":memory:")) as ours:
        schema.migrations.apply(Database(ours), stop_before=name)
        columns = {
            table: ", ".join(row[1] for row in ours.execute(f"PRAGMA table_info({table})"))
            for (table,) in ours.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
            if "sqlite_" not in table
        }
        rows = {table: f"SELECT {each} FROM {table}" for table, each in columns.items()}  # noqa: S608 - ours
        stood = {table: connection.execute(sql).fetchall() for table, sql in rows.items()}
        schema.migrations.apply(Database(connection), stop_before=names[names.index(name) + 1 :][:1])
        lost = list(way_back.list_lost(connection, ours))
        if not lost:
            lost = [
                f"rows of {each}" for each in rows if stood[each] != connection.execute(rows[each]).fetchall()
            ]
        return lost


@pytest.mark.parametrize(
    ("version", "says"),
    [
        ("v0003_staff_desk", []),
        ("v0004_chain_and_counts", ["trigger journal_no_update is missing or changed"]),
        ("v0010_queued_letters", ["column letters.owed_at is missing or changed"]),
        ("v0011_day_counts", ["trigger refusals_tallied is missing or changed"]),
        ("v0017_affiliation", []),
        ("v0023_second_look", []),
    ],
)
def test_what_versions_do_beside_adding_is_seen(version: str, says: list[str], tmp_path: Path) -> None:
    found = judge(version, tmp_path)
    assert [each for each in says if each in found] == says
    assert bool(found) == bool(says)


def test_a_version_that_says_it_only_adds_only_adds(tmp_path: Path) -> None:
    said = [name for name, each in MODULES.items() if getattr(each, "ADDITIVE", False)]
    for name in said:
        (tmp_path / name).mkdir()
    assert {name: judge(name, tmp_path / name) for name in said} == {name: [] for name in said}


def test_what_is_no_addition_waits_one_release() -> None:
    assert list(RELEASES.values()) == sorted(RELEASES.values())
    assert set(RELEASES.values()) <= set(VERSIONS)
    for last, following in zip(RELEASES.values(), [*RELEASES.values(), "v9999"][1:], strict=False):
        steps = {name: each for name, each in MODULES.items() if last < name <= following}
        assert way_back.find_floor(steps) <= way_back.number(last), (
            f"nobody goes back from {following} to {last}"
        )


def test_a_word_that_the_release_before_cannot_read_comes_with_a_step_that_ends_the_way_back() -> None:
    """A state or letter that is new in the database stops whoever went back: it waits one release as well.

    A new word gets a line with the step since which it is written; that step is not `ADDITIVE`."""
    lines = [line.split() for line in WORDS.read_text("utf-8").splitlines() if not line.startswith("#")]
    written = {f"{kind} {word}" for _, kind, word in lines}
    used = {
        *(f"state {each.value}" for each in State),
        *(f"letter {each.value}" for each in Letter),
        *(f"delivery {each.value}" for each in LetterState),
        # The token of a probe stays in memory.
        *(f"purpose {each.name}" for each in Purpose if each is not Purpose.PROBE),
    }
    assert used - written == set(), "add a line for each to tests/store/fixtures/words.txt"
    steps = {step for step, _, _ in lines}
    assert [each for each in steps if getattr(MODULES[each], "ADDITIVE", False)] == []


def test_what_is_left_behind_stood_there() -> None:
    with closing(sqlite3.connect(":memory:")) as fresh:
        schema.migrate(fresh)
        there = set(schema.shape(fresh))
        there |= {
            f"column {table}.{column}"
            for table, column in fresh.execute(
                "SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c"
            )
        }
    assert LEFT_BEHIND - there == set()
