"""What staff add to the register: checked, journalled, and in force at once."""

import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.organisations.register import Domain, Organisation
from gateway.admission.organisations.register_table import parse
from gateway.store.commands import organisations as commands
from gateway.store.commands import requests
from gateway.store.commands.requests import RefusedError
from gateway.store.repositories import organisations
from gateway.store.repositories.organisations import Additions, OrganisationDirectory
from gateway.store.sqlite.source import SqliteSource
from gateway.store.sqlite.store import SqliteStore
from tests.support.factories import NOW
from tests.support.paths import CONFIG

SHIPPED = CONFIG / "organisations.tsv"
REGISTER = parse(SHIPPED.read_text(encoding="utf-8"))
BODIES = tuple(each for each in REGISTER.organisations if each.domains)
UNION = {"code": "138002", "name": "例示広域連合", "kana": "れいじ"}
DOMAIN = {"code": "138002", "domain": "Reiji.or.jp", "source": "電話", "since": "2026-04-01", "until": ""}


@pytest.fixture
def directory() -> OrganisationDirectory:
    return OrganisationDirectory(SHIPPED)


async def carry_out(
    store: SqliteStore, directory: OrganisationDirectory, name: str, arguments: dict[str, object]
) -> object:
    request = requests.new_request(name, "operator:rei", arguments, NOW)
    handler = commands.build_handlers(directory)[name]
    facts = await store.transact(lambda tx: handler(tx, request, NOW))
    await commands.refresh(directory, store)
    return facts


async def journal(store: SqliteStore) -> list[tuple[str, str]]:
    sql = "SELECT event, actor FROM journal ORDER BY id"
    return await store.transact(
        lambda tx: [(row["event"], row["actor"]) for row in tx.connection.execute(sql)]
    )


async def test_an_association_with_its_domain_is_known_at_once(
    store: SqliteStore, directory: OrganisationDirectory
) -> None:
    assert directory.register.by_code("138002") is None
    await carry_out(store, directory, commands.ADD, UNION)
    await carry_out(store, directory, commands.SET_DOMAIN, DOMAIN)
    domain = Domain("reiji.or.jp", "電話", date(2026, 4, 1))
    expected = Organisation(
        "138002", "東京都", "例示広域連合", "れいじ", "association", "138002", (domain,), by_staff=True
    )
    assert expected == directory.register.by_code("138002")
    assert (expected,) == directory.register.by_domain("mail.reiji.or.jp")
    assert [
        ("organisation.added", "operator:rei"),
        ("organisation.domain_set", "operator:rei"),
    ] == await journal(store)


async def test_a_domain_is_added_to_a_shipped_body_and_keeps_the_shipped_ones(
    store: SqliteStore, directory: OrganisationDirectory
) -> None:
    await carry_out(store, directory, commands.SET_DOMAIN, {"code": "270008", "domain": "osaka-fu.example"})
    osaka = directory.register.by_code("270008")
    assert osaka is not None
    assert ["pref.osaka.lg.jp", "osaka-fu.example"] == [domain.name for domain in osaka.domains]


SHIPPED_DOMAIN = Domain("pref.osaka.lg.jp", "japancode-0.1.0")
LISTED = "code,name,domains,source,date\n270008,大阪例示府,osaka-fu.example,例示の一覧,2026-04-01\n"


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        (commands.ADD, {"code": "270008", "name": "大阪例示府", "replace": True}),
        (commands.IMPORT, {"text": LISTED, "replace": True}),
    ],
)
async def test_a_shipped_body_that_is_entered_anew_keeps_its_shipped_domains(
    store: SqliteStore, directory: OrganisationDirectory, name: str, arguments: dict[str, object]
) -> None:
    await carry_out(store, directory, name, arguments)
    osaka = directory.register.by_code("270008")
    assert osaka is not None
    assert ("大阪例示府", SHIPPED_DOMAIN) == (osaka.name, osaka.domains[0])
    assert (osaka,) == directory.register.by_domain("pref.osaka.lg.jp")
    await carry_out(store, directory, commands.REMOVE, {"code": "270008"})
    assert directory.shipped.by_code("270008") == directory.register.by_code("270008")


@given(st.lists(st.sampled_from(sorted(each.code for each in BODIES)), unique=True, max_size=5), st.data())
def test_no_addition_takes_a_shipped_domain_away(codes: list[str], data: st.DataObject) -> None:
    """Whatever bodies are entered anew, and whatever domains they get."""
    entered = tuple(replace(REGISTER.by_code(code), domains=(), name="例示") for code in codes)  # type: ignore[type-var]
    new = {code: data.draw(st.sampled_from([(), (Domain("reiji.example", "電話"),)])) for code in codes}
    merged = Additions(entered, new).apply_to(REGISTER)
    for each in BODIES:
        body = merged.by_code(each.code)
        assert body is not None
        assert {one.name for one in each.domains} <= {one.name for one in body.domains}


@pytest.mark.parametrize(
    ("name", "arguments", "says"),
    [
        (commands.ADD, {"code": "131016", "name": "例示区"}, "already registered as 千代田区"),
        (commands.ADD, {"code": "1", "name": "例示"}, "code = '1'"),
        (commands.ADD, {"name": "例示"}, "code = ''"),
        (commands.SET_DOMAIN, {"code": "138002", "domain": "a.example"}, "gateway org add 138002"),
        (commands.SET_DOMAIN, {"code": "131016", "domain": "gmail.com"}, "personal"),
        (commands.SET_DOMAIN, {"code": "131016", "domain": "pref.osaka.lg.jp"}, "270008 大阪府"),
        (
            commands.REMOVE,
            {"code": "131016"},
            "not added by staff; shipped entries cannot be removed",
        ),
    ],
)
async def test_what_cannot_be_is_refused_with_key_value_and_what_is_allowed(
    store: SqliteStore, directory: OrganisationDirectory, name: str, arguments: dict[str, object], says: str
) -> None:
    with pytest.raises(RefusedError, match=says):
        await carry_out(store, directory, name, arguments)
    assert [] == await journal(store)


async def test_replace_changes_a_shipped_body_and_the_journal_keeps_its_name(
    store: SqliteStore, directory: OrganisationDirectory
) -> None:
    entry: dict[str, object] = {
        "code": "131016",
        "name": "新千代田区",
        "kana": "しんちよだく",
        "replace": True,
    }
    await carry_out(store, directory, commands.ADD, entry)
    assert ["新千代田区"] == [each.name for each in directory.register.by_name("新千代田区")]
    assert () == directory.register.by_name("千代田区")
    assert [("organisation.changed", "operator:rei")] == await journal(store)


async def test_two_bodies_may_share_a_domain_when_it_is_said(
    store: SqliteStore, directory: OrganisationDirectory
) -> None:
    for code in ("131016", "131024"):
        entry: dict[str, object] = {"code": code, "domain": "kyodo.example", "shared": True}
        await carry_out(store, directory, commands.SET_DOMAIN, entry)
    assert ["千代田区", "中央区"] == [each.name for each in directory.register.by_domain("kyodo.example")]
    assert {} == directory.register.allowed_domains(NOW.date())


async def test_a_domain_set_again_is_changed(store: SqliteStore, directory: OrganisationDirectory) -> None:
    await carry_out(store, directory, commands.ADD, UNION)
    await carry_out(store, directory, commands.SET_DOMAIN, DOMAIN)
    await carry_out(store, directory, commands.SET_DOMAIN, {**DOMAIN, "until": "2026-12-31"})
    union = directory.register.by_code("138002")
    assert union is not None
    assert [date(2026, 12, 31)] == [domain.until for domain in union.domains]


async def test_what_staff_entered_can_be_taken_back(
    store: SqliteStore, directory: OrganisationDirectory
) -> None:
    await carry_out(store, directory, commands.ADD, UNION)
    await carry_out(store, directory, commands.SET_DOMAIN, DOMAIN)
    await carry_out(store, directory, commands.REMOVE, {"code": "138002", "domain": "reiji.or.jp"})
    assert () == directory.register.by_domain("reiji.or.jp")
    await carry_out(store, directory, commands.REMOVE, {"code": "138002"})
    assert directory.register.by_code("138002") is None


async def test_a_reader_sees_what_was_committed(store: SqliteStore, directory: OrganisationDirectory) -> None:
    await carry_out(store, directory, commands.ADD, UNION)
    (entered,) = organisations.read(SqliteSource(store.path)).organisations
    assert "例示広域連合" == entered.name


def test_a_database_older_than_the_table_holds_no_additions(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    sqlite3.connect(path).close()
    assert organisations.Additions() == organisations.read(SqliteSource(path))


def test_the_register_is_parsed_once(directory: OrganisationDirectory) -> None:
    assert directory.register is directory.register
    assert directory.shipped is directory.shipped
