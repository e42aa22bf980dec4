"""Whatever commands ask of a desk, the answer is the same from SQLite and from PostgreSQL."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from gateway.admission.case.model import State
from gateway.admission.organisations.codes import parse
from gateway.mail import address
from gateway.reports.labels import Labels
from gateway.store.integrity.contents import check_chain, check_references
from gateway.store.privacy.subject_access import find_applicant, find_personal_data
from gateway.store.protocol import LetterState, Source
from gateway.store.queries import practices
from gateway.store.queries.case_list import CaseFilter, CaseListReader
from gateway.store.queries.evidence import EvidenceReader
from gateway.store.queries.history import HistoryReader
from gateway.store.queries.reader import Reader
from gateway.store.queries.statistics import load_statistics
from gateway.store.repositories import organisations
from gateway.store.sqlite.source import SqliteSource
from gateway.store.tables.days.totals import TotalsReader
from tests.store.filled import demo
from tests.support.postgres import SCHEMA, Cluster

pytest.importorskip("psycopg", reason="the extra postgres is not installed")

from gateway.store.postgres import copying
from gateway.store.postgres.connecting.session import Place
from gateway.store.postgres.source import PostgresSource

LATER = datetime(2030, 1, 1, tzinfo=UTC)
BEGIN = datetime(2020, 1, 1, tzinfo=UTC)
FILTERS = (
    CaseFilter(),
    CaseFilter(("under_review", "approved")),
    CaseFilter(organisation="市"),
    CaseFilter(organisation="１３"),
    CaseFilter(applicant="LG.JP"),
    CaseFilter(handler="@"),
    CaseFilter(text="見本"),
    CaseFilter(text="mihon", since=BEGIN),
    CaseFilter(("declined",), text="対象"),
    CaseFilter(since=LATER),
)


@pytest.fixture(scope="module")
def both(postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Source, Source]]:
    """The desk of the demo, in both."""
    path: Path = demo(tmp_path_factory.mktemp("both") / "gateway.db")
    name = postgres.make_database("filled")
    place = Place(postgres.url(name, "gateway"), SCHEMA)
    with contextlib.closing(SqliteSource(path).open()) as source:
        copying.fill(source, place, b"", lambda _what, _count: None)
    yield SqliteSource(path), PostgresSource(place, path)
    postgres.drop_database(name)


def numbers(source: Source) -> list[str]:
    with contextlib.closing(Reader(source)) as reader:
        return [row["number"] for row in reader.cases(limit=1000)]


def people(source: Source) -> list[str]:
    with contextlib.closing(Reader(source)) as reader:
        return sorted({row["applicant"] for row in reader.cases(limit=1000)})


def ask_reader(source: Source) -> Iterator[object]:
    with contextlib.closing(Reader(source)) as reader:
        yield [
            reader.cases(states, limit) for states in ((), ("declined",), tuple(State)) for limit in (1, 500)
        ]
        yield [reader.letters(states, 500) for states in ((), *((state.value,) for state in LetterState))]
        yield [reader.mails(number, 500) for number in (None, "", *numbers(source)[:5])]
        yield [reader.mail(row["id"]) for row in reader.mails(limit=500)]
        yield [reader.letter(row["id"]) for row in reader.letters(limit=500)]
        yield [reader.case(number) for number in (*numbers(source), "none")]
        yield reader.unheard_mails()


def ask_deciders(source: Source) -> Iterator[object]:
    with contextlib.closing(Reader(source)) as reader:
        deciders = {row["decided_by"] for row in reader.cases(limit=1000)} - {""}
        assert deciders
        yield [
            reader.cases_decided_by(one, since) for one in sorted(deciders) for since in (None, BEGIN, LATER)
        ]


def ask_case_list(source: Source) -> Iterator[object]:
    with contextlib.closing(CaseListReader(source)) as reader:
        yield from (reader.find_cases(wanted, limit) for wanted in FILTERS for limit in (2, 500))


def ask_history(source: Source) -> Iterator[object]:
    with contextlib.closing(HistoryReader(source)) as reader:
        yield reader.cases_opened(BEGIN, LATER)


def ask_totals(source: Source) -> Iterator[object]:
    with contextlib.closing(TotalsReader(source)) as reader:
        yield reader.totals(date(2020, 1, 1), date(2030, 1, 1), Labels(lambda code: parse(code).kind.value))


def ask_evidence(source: Source) -> Iterator[object]:
    with contextlib.closing(EvidenceReader(source)) as reader:
        yield from map(reader.evidence, numbers(source))


def ask_statistics(source: Source) -> Iterator[object]:
    found = load_statistics(source, LATER)
    yield replace(found, sqlite="", database_bytes=0, running=None, disk_free_bytes=None)


def ask_staff(source: Source) -> Iterator[object]:
    yield practices.load_practices(source)
    yield practices.load_absences(source)
    yield practices.load_mail_choices(source)
    yield practices.load_revoked(source)
    yield organisations.read(source)


def ask_people(source: Source) -> Iterator[object]:
    yield [find_applicant(source, number) for number in numbers(source)]
    for text in people(source)[:5]:
        yield find_personal_data(source, address.parse(text))


def ask_integrity(source: Source) -> Iterator[object]:
    with contextlib.closing(source.open()) as connection:
        chain, head = check_chain(connection, (), lambda _what, _count: None)
        assert chain.is_sound
        yield chain, head
        yield check_references(connection, lambda _what, _count: None)


QUESTIONS = (
    ask_reader,
    ask_deciders,
    ask_case_list,
    ask_history,
    ask_totals,
    ask_evidence,
    ask_statistics,
    ask_staff,
    ask_people,
    ask_integrity,
)


@pytest.mark.parametrize("ask", QUESTIONS)
def test_both_say_the_same(both: tuple[Source, Source], ask: Callable[[Source], Iterator[object]]) -> None:
    sqlite, postgres = (list(ask(source)) for source in both)
    assert sqlite
    for one, other in zip(sqlite, postgres, strict=True):
        assert one == other


def test_a_reader_changes_nothing(both: tuple[Source, Source]) -> None:
    for source in both:
        with contextlib.closing(source.open()) as connection, pytest.raises(Exception, match=r"read-?only"):
            connection.execute("DELETE FROM tallies")


def test_a_reader_sees_one_moment(both: tuple[Source, Source]) -> None:
    """On SQLite from `begin_view` on."""
    _, postgres = both
    count = "SELECT count(*) AS n FROM chores"
    with contextlib.closing(postgres.open()) as reader:
        reader.begin_view()
        before = reader.execute(count).fetchone()["n"]
        import psycopg

        assert isinstance(postgres, PostgresSource)
        with psycopg.connect(postgres.place.url, options=f"-c search_path={SCHEMA}") as writer:
            writer.execute("INSERT INTO chores (case_id, name, at) VALUES (0, 'moment', '2026')")
        assert before == reader.execute(count).fetchone()["n"]
        reader.end_view()
        assert reader.is_current()
        reader.begin_view()
        assert before + 1 == reader.execute(count).fetchone()["n"]


def test_what_is_measured_comes_from_the_database(both: tuple[Source, Source]) -> None:
    measured = both[1].measure()
    assert (False, None) == (measured.running, measured.disk_free_bytes)
    assert 500_000 < measured.size_bytes
