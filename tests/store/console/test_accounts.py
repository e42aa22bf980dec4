"""An account at the provider: linked once, by a code mailed to the member; worth nothing before or after."""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from gateway.admission.authority import sign_in as codes
from gateway.admission.authority.sign_in import SEAL_LASTS, hash_secret, make_account_digest
from gateway.admission.case.model import Desk, Letter, Staff
from gateway.printing.outside import Outside
from gateway.store.commands import staff
from gateway.store.commands.requests import RefusedError, new_request
from gateway.store.console import sessions, sign_in
from gateway.store.console.accounts import identities, linking
from gateway.store.console.accounts.identities import LinkedAccount
from gateway.store.console.accounts.linking import Person, Sealed, Unlinked
from gateway.store.console.sign_in import CODE_LASTS, TRIES, Answering, Asking, Kept
from gateway.store.protocol import Transaction
from gateway.store.protocol.opening import OwnedStore
from tests.store.makers import make_store, place, store
from tests.support.factories import DESK, NOW, SATO, SUZUKI

__all__ = ["make_store", "place", "store"]
ISSUER, FOREIGN = "https://login.example.go.jp", "https://evil.example"
STRANGER = "dare@town.mihon.lg.jp"
LASTS = timedelta(hours=8)


@dataclass
class Office:
    """The writer's side of the console, at a time of the test's; `asks` counts sign-ins."""

    store: OwnedStore
    desk: Desk = DESK
    now: datetime = NOW
    asks: int = 0

    async def enter(self, subject: str = "p7", issuer: str = ISSUER) -> Staff | Unlinked | None:
        self.asks += 1
        kept = Kept(f"s{self.asks}", f"b{self.asks}")
        return await self.store.transact(
            lambda tx: linking.enter(tx, Person(issuer, subject), kept, self.now, self.desk, LASTS)
        )

    async def seal(self, subject: str = "p7", issuer: str = ISSUER) -> Sealed:
        found = await self.enter(subject, issuer)
        assert isinstance(found, Unlinked)
        return Sealed(found.seal, ISSUER)

    async def ask(
        self, sealed: Sealed, address: str = str(SATO), ticket: str = "t", client: str = "c"
    ) -> bool:
        asking = Asking(ticket, "", client, address)
        return await self.store.transact(lambda tx: linking.ask_code(tx, sealed, asking, self.now, self.desk))

    async def code(self) -> str:
        """The code in the newest letter, as the dispatcher puts it there."""
        (row,) = await self.rows("SELECT facts, recipient FROM letters ORDER BY id DESC LIMIT 1")
        facts = json.loads(str(row["facts"]))
        return await self.store.transact(
            lambda tx: codes.make_code(tx.tombstone_key, facts["browser"], str(row["recipient"]).lower())
        )

    async def answer(self, sealed: Sealed, code: str, ticket: str = "t") -> Staff | None:
        self.asks += 1
        answering = Answering(ticket, code, Kept(f"s{self.asks}", f"b{self.asks}"))
        return await self.store.transact(
            lambda tx: linking.check_code(tx, sealed, answering, self.now, self.desk, LASTS)
        )

    async def link(self, subject: str = "p7", address: str = str(SATO), ticket: str = "t") -> Sealed:
        sealed = await self.seal(subject)
        assert await self.ask(sealed, address, ticket)
        assert await self.answer(sealed, await self.code(), ticket) is not None
        return sealed

    async def rows(self, sql: str) -> list[dict[str, object]]:
        return await self.store.transact(lambda tx: [dict(row) for row in tx.connection.execute(sql)])

    async def accounts(self) -> list[LinkedAccount]:
        return await self.store.transact(lambda tx: identities.find_all(tx.connection))

    async def sessions(self) -> list[str]:
        return [str(row["member"]) for row in await self.rows("SELECT member FROM console_sessions")]

    async def journal(self) -> list[str]:
        found = await self.rows("SELECT event FROM journal WHERE event LIKE 'console.account%' ORDER BY id")
        return [str(row["event"]) for row in found]


@pytest.fixture
def office(store: OwnedStore) -> Office:
    return Office(store)


async def test_an_account_is_linked_once_and_then_signs_in_alone(office: Office) -> None:
    await office.link()
    (account,) = await office.accounts()
    assert (SATO.key, ISSUER, NOW) == (account.member, account.issuer, account.since)
    letters = await office.rows("SELECT letter, recipient, facts FROM letters ORDER BY id")
    assert [Letter.CONSOLE_CODE, Letter.CASE_NOTICE] == [row["letter"] for row in letters]
    assert {str(SATO)} == {row["recipient"] for row in letters}
    assert "links_account" in str(letters[0]["facts"])
    assert ["console.account_linked"] == await office.journal()
    office.now += timedelta(days=100)
    member = await office.enter()
    assert isinstance(member, Staff)
    assert SATO == member.address
    assert [SATO.key, SATO.key] == await office.sessions()
    assert [office.now] == [one.used_at for one in await office.accounts()]
    assert 2 == len(await office.rows("SELECT id FROM letters"))


async def test_no_subject_lies_in_the_store(office: Office) -> None:
    await office.link("subject-of-a-person")
    tables = ("console_identities", "console_codes", "letters", "journal")
    assert "subject-of-a-person" not in str([await office.rows(f"SELECT * FROM {one}") for one in tables])  # noqa: S608


async def test_a_member_may_have_several_accounts_each_by_its_own_code(office: Office) -> None:
    await office.link("p7")
    sealed = await office.seal("p8")
    assert await office.ask(sealed, ticket="t2")
    assert await office.answer(sealed, await office.code(), "t2") is not None
    assert [SATO.key] * 2 == [one.member for one in await office.accounts()]


# Who comes with an account that is not the linked one, whatever its mail address says.
OTHERS = {
    "the same subject of another issuer": ("p7", FOREIGN),
    "another subject": ("p8", ISSUER),
    "a subject in capitals": ("P7", ISSUER),
    "a subject with a space": ("p7 ", ISSUER),
    "issuer and subject shifted": (f'{ISSUER}", "p7', ""),
    "the address as subject": (str(SATO), ISSUER),
    "no subject": ("", ISSUER),
}


@pytest.mark.parametrize("who", OTHERS)
async def test_no_other_account_gets_in(office: Office, who: str) -> None:
    await office.link()
    assert isinstance(await office.enter(*OTHERS[who]), Unlinked)
    assert 1 == len(await office.sessions())


Attack = Callable[[Office], Awaitable[Staff | None]]
ATTACKS: dict[str, Attack] = {}


def attack(made: Attack) -> Attack:
    ATTACKS[made.__name__.strip("_")] = made
    return made


async def _asked(office: Office, address: str = str(SATO)) -> tuple[Sealed, str]:
    """An account whose code is on its way, and the code."""
    sealed = await office.seal()
    await office.ask(sealed, address)
    return sealed, await office.code() if address != STRANGER else "000000"


@attack
async def _code_in_another_browser(office: Office) -> Staff | None:
    sealed, code = await _asked(office)
    return await office.answer(sealed, code, "other")


@attack
async def _code_for_another_account(office: Office) -> Staff | None:
    _, code = await _asked(office)
    return await office.answer(await office.seal("thief"), code)


@attack
async def _code_of_another_browser_for_the_own_account(office: Office) -> Staff | None:
    _, code = await _asked(office)
    own = await office.seal("thief")
    await office.ask(own, STRANGER, "thief")
    return await office.answer(own, code, "thief")


@attack
async def _own_code_for_a_colleague(office: Office) -> Staff | None:
    sealed = await office.seal()
    await office.ask(sealed, str(SUZUKI), "own")
    code = await office.code()
    await office.ask(sealed, str(SATO), "t", "other client")
    return await office.answer(sealed, code)


@attack
async def _code_of_a_plain_sign_in(office: Office) -> Staff | None:
    sealed = await office.seal()
    asking = Asking("t", "", "c", str(SATO))
    await office.store.transact(lambda tx: sign_in.ask_code(tx, asking, NOW, office.desk))
    return await office.answer(sealed, await office.code())


@attack
async def _plain_code_of_a_ticket_that_names_the_account(office: Office) -> Staff | None:
    """The letter of such a code says nothing of an account."""
    sealed = await office.seal()
    asking = Asking(f"t {sealed.seal.partition('.')[0]}", "", "c", str(SATO))
    await office.store.transact(lambda tx: sign_in.ask_code(tx, asking, NOW, office.desk))
    return await office.answer(sealed, await office.code())


@attack
async def _wrong_code(office: Office) -> Staff | None:
    sealed, code = await _asked(office)
    return await office.answer(sealed, f"{(int(code) + 1) % 1_000_000:06d}")


@attack
async def _sixth_try(office: Office) -> Staff | None:
    sealed, code = await _asked(office)
    for _ in range(TRIES):
        assert await office.answer(sealed, "nothing") is None
    return await office.answer(sealed, code)


@attack
async def _code_too_late(office: Office) -> Staff | None:
    sealed, code = await _asked(office)
    office.now += CODE_LASTS
    return await office.answer(sealed, code)


@attack
async def _seal_too_old(office: Office) -> Staff | None:
    sealed = await office.seal()
    office.now += SEAL_LASTS - CODE_LASTS / 2
    await office.ask(sealed)
    code = await office.code()
    office.now += CODE_LASTS * 0.75
    return await office.answer(sealed, code)


@attack
async def _seal_of_another_provider(office: Office) -> Staff | None:
    """As after a change of the settings."""
    found = await office.enter("p7", FOREIGN)
    assert isinstance(found, Unlinked)
    assert not await office.ask(Sealed(found.seal, ISSUER))
    return await office.answer(Sealed(found.seal, ISSUER), "000000")


@attack
async def _seal_changed_to_another_account(office: Office) -> Staff | None:
    sealed, code = await _asked(office)
    other = (await office.seal("thief")).seal.partition(".")[0]
    forged = Sealed(f"{other}.{sealed.seal.partition('.')[2]}", ISSUER)
    assert not await office.ask(forged, ticket="u")
    return await office.answer(forged, code)


@attack
async def _no_seal(office: Office) -> Staff | None:
    await _asked(office)
    for seal in ("", ".", "..", "é.0.0", "x" * 400):
        assert not await office.ask(Sealed(seal, ISSUER), ticket=f"u{seal}")
    return await office.answer(Sealed("", ISSUER), "000000")


@attack
async def _no_longer_staff(office: Office) -> Staff | None:
    sealed, code = await _asked(office)
    office.desk = office.desk.without(frozenset({SATO.key}))
    return await office.answer(sealed, code)


@attack
async def _of_a_stranger(office: Office) -> Staff | None:
    sealed, _ = await _asked(office, STRANGER)
    code = await office.store.transact(
        lambda tx: codes.make_code(
            tx.tombstone_key, hash_secret(f"t {sealed.seal.partition('.')[0]}"), STRANGER
        )
    )
    return await office.answer(sealed, code)


@pytest.mark.parametrize("name", ATTACKS)
async def test_an_attack_links_nothing_and_signs_nobody_in(office: Office, name: str) -> None:
    assert await ATTACKS[name](office) is None
    assert [] == await office.accounts()
    assert [] == await office.sessions()
    assert [] == await office.journal()


async def test_a_linked_account_stays_with_its_member(office: Office) -> None:
    """The same seal, with a code of a colleague: bound once is bound."""
    sealed = await office.link()
    assert await office.ask(sealed, str(SUZUKI), "t2", "other client")
    assert await office.answer(sealed, await office.code(), "t2") is None
    assert [SATO.key] == [one.member for one in await office.accounts()]
    assert [SATO.key] == await office.sessions()


async def test_an_account_gets_as_many_codes_as_an_address(office: Office) -> None:
    """Whichever members it names, known or not, and from wherever; other accounts have their own."""
    sealed, other = await office.seal("thief"), await office.seal("p7")
    addresses = [f"{number}@town.mihon.lg.jp" for number in range(sign_in.ADDRESS_AN_HOUR)]
    for number, address in enumerate(addresses):
        assert not await office.ask(sealed, address, address, f"client {number}")
    assert not await office.ask(sealed, ticket="thief", client="elsewhere")
    assert await office.ask(other, ticket="other", client="elsewhere")
    office.now += timedelta(hours=1)
    sealed = await office.seal("thief")
    assert await office.ask(sealed, ticket="later", client="elsewhere")


async def test_a_code_counts_once(office: Office) -> None:
    sealed = await office.seal()
    await office.ask(sealed)
    code = await office.code()
    assert await office.answer(sealed, code) is not None
    await office.store.transact(lambda tx: identities.unlink_others(tx.connection, ()))
    assert await office.answer(sealed, code) is None
    assert [] == await office.accounts()


async def test_a_former_member_gets_in_nowhere_and_nobody_inherits_the_account(office: Office) -> None:
    await office.link()
    office.desk = DESK.without(frozenset({SATO.key}))
    assert await office.enter() is None  # before the settings are in force everywhere
    await office.store.transact(lambda tx: linking.sign_out_former(tx, office.desk, NOW))
    assert ([], []) == (await office.accounts(), await office.sessions())
    office.desk = DESK  # the address is a member's again: perhaps of another person
    assert isinstance(await office.enter(), Unlinked)
    assert ["console.account_linked", "console.account_unlinked"] == await office.journal()


async def test_members_who_stay_keep_their_accounts(office: Office) -> None:
    await office.link()
    await office.store.transact(lambda tx: linking.sign_out_former(tx, DESK, NOW))
    assert isinstance(await office.enter(), Staff)


async def test_a_revoked_mailbox_takes_its_accounts_with_it(office: Office) -> None:
    """A thief in the mailbox could have linked one."""
    await office.link()
    await office.link("p8", str(SUZUKI), "t2")
    handler = staff.build_handlers(DESK)[staff.REVOKE]
    request = new_request(staff.REVOKE, "operator:root", {"address": str(SATO)}, NOW)
    await office.store.transact(lambda tx: handler(tx, request, NOW))
    assert [SUZUKI.key] == [one.member for one in await office.accounts()]
    assert isinstance(await office.enter(), Unlinked)


async def test_an_operator_ends_a_link_by_its_name(office: Office) -> None:
    await office.link()
    await office.link("p8", str(SUZUKI), "t2")
    first, _ = await office.accounts()
    handler = staff.build_handlers(DESK)[staff.UNLINK]

    async def unlink(name: str) -> object:
        request = new_request(staff.UNLINK, "operator:root", {"account": name}, NOW)
        return await office.store.transact(lambda tx: handler(tx, request, NOW))

    for name in ("", first.name[:-1], first.digest, "x"):
        with pytest.raises(RefusedError, match="is not a linked account"):
            await unlink(name)
    assert {"account": first.name, "address": first.member} == await unlink(first.name)
    left = {SATO.key, SUZUKI.key} - {first.member}
    assert left == {one.member for one in await office.accounts()} == set(await office.sessions())


async def test_a_member_ends_own_links_only(office: Office) -> None:
    await office.link()
    await office.enter()
    (account,) = await office.accounts()
    kept = hash_secret("s2")  # of the browser that typed the code

    async def end(tx_of: Callable[[Transaction], bool]) -> bool:
        return await office.store.transact(tx_of)

    by = Outside("x")
    assert not await end(lambda tx: linking.end(tx, account.digest, SUZUKI, SUZUKI, NOW))
    assert not await end(lambda tx: linking.end(tx, "x", SATO, by, NOW))
    assert 2 == len(await office.sessions())
    assert await end(lambda tx: linking.end(tx, account.digest, SATO, SATO, NOW, kept))
    left = await office.rows("SELECT digest FROM console_sessions")
    assert ([], [{"digest": kept}]) == (await office.accounts(), left)


@pytest.mark.parametrize(("days", "is_kept"), [(179, True), (181, False)])
async def test_an_account_that_is_not_used_is_forgotten(office: Office, days: int, *, is_kept: bool) -> None:
    await office.link()
    office.now += timedelta(days=30)
    await office.enter()
    later = office.now + timedelta(days=days)
    await office.store.transact(lambda tx: sessions.forget_expired(tx.connection, later))
    assert is_kept is bool(await office.accounts())


class _Counted:
    """The statements, digests and comparisons of a request."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.done: list[str] = []
        for name in ("digest", "compare_digest"):
            monkeypatch.setattr(hmac, name, self._wrap(name, getattr(hmac, name)))

    def _wrap(self, name: str, real: Callable[..., object]) -> Callable[..., object]:
        def counted(*arguments: object) -> object:
            self.done.append(name)
            return real(*arguments)

        return counted


class _Tx:
    """A transaction of which only the connection is used, and its statements are noted."""

    def __init__(self, real: Transaction, counted: _Counted) -> None:
        self.connection, self._real, self._counted = self, real, counted
        self.tombstone_key = real.tombstone_key

    def execute(self, sql: str, values: dict[str, object]) -> object:
        self._counted.done.append(" ".join(sql.split()))
        return self._real.connection.execute(sql, values)


async def test_wrong_codes_are_the_same_work_for_members_and_others(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A member, a stranger, and one who never asked: nothing tells them apart."""
    sealed = await office.seal()
    await office.ask(sealed, str(SATO), "member", "c1")
    await office.ask(sealed, STRANGER, "stranger", "c2")
    counted = _Counted(monkeypatch)

    def attempt(tx: Transaction, ticket: str) -> tuple[str, ...]:
        counted.done = []
        traced: Transaction = _Tx(tx, counted)  # type: ignore[assignment]
        answering = Answering(ticket, "nothing", Kept("new", "new"))
        assert linking.check_code(traced, sealed, answering, NOW, DESK, LASTS) is None
        return tuple(counted.done)

    tickets = ("member", "stranger", "never asked")
    works = await office.store.transact(lambda tx: {attempt(tx, ticket) for ticket in tickets})
    assert 1 == len(works)
    assert 2 == works.pop().count("compare_digest")


async def test_the_digest_of_an_account_needs_the_key() -> None:
    assert make_account_digest(b"a", ISSUER, "p7") != make_account_digest(b"b", ISSUER, "p7")
