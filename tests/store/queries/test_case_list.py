"""Which cases an operator finds: by what they are, and never fewer than a plain search would."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.case.model import Case, State
from gateway.mail.address import parse
from gateway.mail.text import fold
from gateway.store.queries.case_list import CaseFilter, CaseListReader
from gateway.store.sqlite.source import SqliteSource
from gateway.store.sqlite.store import SqliteStore
from tests.support.factories import NOW, case, form

TEXTS = ("見本市", "ミホン", "100%_x", "広報課 Ａ", "it's", "市", "")


def made(number: int) -> Case:
    who = parse(f"a{number}@{'town' if number % 2 else 'city'}.mihon.lg.jp")
    return replace(
        case(list(State)[number % len(State)], number=f"N{number}", applicant=who),
        form=replace(form(), organisation=TEXTS[number % len(TEXTS)], department=TEXTS[number % 4]),
        handler="sato@example.go.jp" if number % 3 else "",
        opened_at=NOW + timedelta(days=number),
        reason=TEXTS[number % 5],
    )


CASES = [made(number) for number in range(30)]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaseListReader]:
    path: Path = tmp_path_factory.mktemp("list") / "gateway.db"

    async def fill() -> None:
        store = SqliteStore(path, "gw.example.go.jp")
        store.open()
        for one in CASES:
            await store.transact(lambda tx, one=one: tx.save(one))  # type: ignore[misc]
        store.close()

    asyncio.run(fill())
    found = CaseListReader(SqliteSource(path))
    yield found
    found.close()


def numbers(reader: CaseListReader, wanted: CaseFilter) -> set[str]:
    return {row["number"] for row in reader.find_cases(wanted)}


@given(
    states=st.sets(st.sampled_from([each.value for each in State])),
    applicant=st.sampled_from(["", "a1", "TOWN.", "city.mihon.lg.jp", "nobody"]),
    organisation=st.sampled_from(["", "見本", "ﾐﾎﾝ", "%", "_", "'", "１００"]),
    handler=st.sampled_from(["", "sato@", "suzuki"]),
    text=st.sampled_from(["", "広報課 a", "市", '"', "department"]),
    since=st.none() | st.integers(0, 30),
)
def test_all_that_fit_are_found_and_nothing_else(
    reader: CaseListReader,
    states: set[str],
    applicant: str,
    organisation: str,
    handler: str,
    text: str,
    since: int | None,
) -> None:
    moment = None if since is None else NOW + timedelta(days=since)
    wanted = CaseFilter(tuple(states), applicant, organisation, handler, text, moment)

    def fits(one: Case) -> bool:
        texts = [one.number, str(one.applicant), one.reason, one.question, one.form.organisation]
        texts += [one.form.name, one.form.department, one.form.code]
        return (
            (not states or one.state.value in states)
            and fold(applicant) in fold(str(one.applicant))
            and any(fold(organisation) in fold(each) for each in (one.form.organisation, one.form.code))
            and fold(handler) in fold(str(one.handler))
            and (moment is None or one.opened_at >= moment)
            and (not text or any(fold(text) in fold(each) for each in texts))
        )

    assert {one.number for one in CASES if fits(one)} == numbers(reader, wanted)


def test_the_limit_keeps_those_due_first(reader: CaseListReader) -> None:
    every = reader.find_cases(CaseFilter(organisation="市"))
    assert every[:2] == reader.find_cases(CaseFilter(organisation="市"), 2)
    assert sorted(row["due_on"] for row in every) == [row["due_on"] for row in every]
