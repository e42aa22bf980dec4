"""The table of attacks by whoever holds a session, or the console itself, but not the mailbox: nothing is
decided."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest

from gateway.admission.authority.sign_in import hash_secret
from gateway.admission.case.model import Role
from gateway.admission.replies.reading import Decision
from gateway.store.console import sign_in
from gateway.store.console.acts import confirming
from gateway.store.console.acts.confirming import (
    CODE_LASTS,
    GRANT_LASTS,
    TRIES,
    Browser,
)
from gateway.store.console.acts.deciding import Said
from gateway.store.console.outcome import What
from gateway.store.protocol import Transaction
from gateway.store.protocol.opening import OwnedStore
from gateway.store.sqlite.store import SqliteStore
from tests.store.console.members import MINUTE, Office
from tests.store.makers import make_store, place, store
from tests.support.factories import NOW, SATO, SUZUKI

__all__ = ["make_store", "place", "store"]
NUMBER, OTHER = "K7QM-4T", "AAAA-01"
REASON = "対象の団体ではないためです。"
THIEF = Browser("thief", "")


@dataclass(frozen=True)
class Attempt:
    """What is sent to confirm; `office.browser` put up `said`, and `code` is the right one for that."""

    said: Said
    code: str
    session: str = "s"
    browser: Browser = field(default_factory=lambda: Browser("slip", ""))


Attack = Callable[[Office, Attempt], Awaitable[Attempt]]
ATTACKS: dict[str, Attack] = {}


def attack(made: Attack) -> Attack:
    ATTACKS[made.__name__.strip("_")] = made
    return made


def _off(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


async def _other_case(office: Office) -> Said:
    return await office.say(Decision.DECLINE, REASON, OTHER)


@attack
async def _no_code(_: Office, at: Attempt) -> Attempt:
    return replace(at, code="")


@attack
async def _wrong_code(_: Office, at: Attempt) -> Attempt:
    return replace(at, code=_off(at.code))


@attack
async def _sixth_try(office: Office, at: Attempt) -> Attempt:
    for _ in range(TRIES):
        assert What.WRONG is (await office.confirm(at.said, _off(at.code))).what
    return at


@attack
async def _too_late(office: Office, at: Attempt) -> Attempt:
    office.now += CODE_LASTS
    return at


@attack
async def _swapped_case(office: Office, at: Attempt) -> Attempt:
    return replace(at, said=await _other_case(office))


@attack
async def _swapped_decision(_: Office, at: Attempt) -> Attempt:
    return replace(at, said=replace(at.said, word=Decision.APPROVE, text=""))


@attack
async def _swapped_text(_: Office, at: Attempt) -> Attempt:
    return replace(at, said=replace(at.said, text=REASON.replace("ない", "ある")))


@attack
async def _swapped_day(_: Office, at: Attempt) -> Attempt:
    return replace(at, said=replace(at.said, until=date(2026, 12, 1)))


@attack
async def _text_moved_into_the_word_before(_: Office, at: Attempt) -> Attempt:
    said = replace(at.said, number=NUMBER, text="", shown=f'{at.said.shown}", "{REASON}')
    return replace(at, said=said)


@attack
async def _other_page(_: Office, at: Attempt) -> Attempt:
    return replace(at, browser=THIEF)


@attack
async def _stolen_session(office: Office, at: Attempt) -> Attempt:
    """It puts up an act of its own, and has no mailbox to read the code in."""
    said = await office.say(Decision.APPROVE)
    assert (await office.propose(said, browser=THIEF)).is_coded
    return replace(at, said=said, browser=THIEF)


@attack
async def _session_stolen_before_its_member_decided(office: Office, at: Attempt) -> Attempt:
    assert What.DONE is (await office.confirm(at.said, at.code)).what
    said = await _other_case(office)
    assert (await office.propose(said, browser=THIEF)).is_coded
    return replace(at, said=said, browser=THIEF, code="")


@attack
async def _session_of_another_member(_: Office, at: Attempt) -> Attempt:
    return replace(at, session="s2")


@attack
async def _code_of_the_sign_in(office: Office, at: Attempt) -> Attempt:
    def find(tx: Transaction) -> str:
        return sign_in.find_code(tx, hash_secret("slip"), SATO.key)

    return replace(at, code=await office.store.transact(find))


@attack
async def _code_of_another_act(office: Office, at: Attempt) -> Attempt:
    said = await _other_case(office)
    await office.propose(said)
    return replace(at, code=await office.code(said))


@attack
async def _grant_of_another_session(office: Office, at: Attempt) -> Attempt:
    assert What.DONE is (await office.confirm(at.said, at.code)).what
    said, browser = await _other_case(office), Browser("x", "grant of s")
    assert (await office.propose(said, "s2", browser)).is_coded
    return replace(at, said=said, session="s2", browser=browser, code="")


@attack
async def _grant_that_is_over(office: Office, at: Attempt) -> Attempt:
    assert What.DONE is (await office.confirm(at.said, at.code)).what
    office.now += GRANT_LASTS
    said, browser = await _other_case(office), Browser("x", "grant of s")
    assert (await office.propose(said, browser=browser)).is_coded
    return replace(at, said=said, browser=browser, code="")


@attack
async def _code_that_was_never_mailed(office: Office, at: Attempt) -> Attempt:
    """An act that was put up under a grant has no code, whatever is tried when the grant is over."""
    assert What.DONE is (await office.confirm(at.said, at.code)).what
    office.now += GRANT_LASTS - MINUTE
    said, browser = await _other_case(office), Browser("x", "grant of s")
    assert not (await office.propose(said, browser=browser)).is_coded
    office.now += MINUTE
    return replace(at, said=said, browser=browser, code=await office.code(said, browser=browser))


@attack
async def _session_that_is_over(office: Office, at: Attempt) -> Attempt:
    office.now += timedelta(hours=9)
    return at


@attack
async def _idle_session(office: Office, at: Attempt) -> Attempt:
    office.now += timedelta(minutes=36)
    return at


@attack
async def _revoked_meanwhile(office: Office, at: Attempt) -> Attempt:
    await office.store.transact(lambda tx: tx.revoke_staff(SATO, "operator:root", NOW))
    return at


@attack
async def _no_longer_staff(office: Office, at: Attempt) -> Attempt:
    office.desk = office.desk.without(frozenset({SATO.key}))
    return at


@attack
async def _other_role(office: Office, at: Attempt) -> Attempt:
    office.with_staff(SATO, role=Role.ASK)
    return at


@attack
async def _replay(office: Office, at: Attempt) -> Attempt:
    """Undone by somebody, and sent again."""
    assert What.DONE is (await office.confirm(at.said, at.code)).what
    assert What.DONE is (await office.decide(Decision.UNDO, session="s2")).what
    return at


async def _cases(office: Office) -> list[object]:
    return [await office.case(number) for number in (NUMBER, OTHER)]


@pytest.mark.parametrize("name", sorted(ATTACKS))
async def test_nothing_is_decided(store: OwnedStore, name: str) -> None:
    office = Office(store)
    await office.sign_in()
    await office.sign_in(SUZUKI, "s2")
    await office.save()
    await office.save(number=OTHER)
    said = await office.say(Decision.DECLINE, REASON)
    await office.propose(said)
    sent = await ATTACKS[name](office, Attempt(said, await office.code(said)))
    before = await _cases(office)
    outcome = await office.confirm(sent.said, sent.code, sent.session, sent.browser)
    assert outcome.what in {What.WRONG, What.ENDED, What.CHANGED}
    assert not outcome.is_granted
    assert before == await _cases(office)


async def test_what_nobody_put_up_cannot_be_confirmed(store: OwnedStore) -> None:
    office = Office(store)
    await office.sign_in()
    await office.save()
    said = await office.say(Decision.APPROVE)
    assert What.WRONG is (await office.confirm(said, await office.code(said))).what


TRIED = 1_000


class _Counted:
    """Counts statements and keyed digests: the work of a try, whatever else the machine does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.done: list[str] = []
        for name in ("digest", "compare_digest"):
            real = getattr(hmac, name)
            monkeypatch.setattr(hmac, name, self._wrap(name, real))

    def _wrap(self, name: str, real: Callable[..., object]) -> Callable[..., object]:
        def counted(*arguments: object) -> object:
            self.done.append(name)
            return real(*arguments)

        return counted

    def take(self) -> tuple[str, ...]:
        done, self.done = tuple(self.done), []
        return done


class _Connection:
    """A connection that notes each statement."""

    def __init__(self, real: object, counted: _Counted) -> None:
        self._real, self._counted = real, counted

    def execute(self, sql: str, values: Mapping[str, object] | None = None) -> object:
        self._counted.done.append(" ".join(sql.split()))
        return self._real.execute(sql, values or {})  # type: ignore[attr-defined]


class _Tx:
    """A transaction of which only the connection is used."""

    def __init__(self, real: Transaction, counted: _Counted) -> None:
        self.connection, self.tombstone_key = _Connection(real.connection, counted), real.tombstone_key


@pytest.mark.parametrize("what", ["sign-in", "decision"])
async def test_a_thousand_tries_of_each_kind_are_the_same_work(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch, store: SqliteStore, what: str
) -> None:
    """An address that is no member's, one that never asked, a wrong code, a code too late: the same
    statements, digests and comparisons. The time of each: tests/bench/codes.py."""
    office = Office(store)
    await office.sign_in()
    await office.save()
    counted = _Counted(monkeypatch)
    desk, lasts = office.desk, timedelta(hours=8)
    for ticket, address in (("member", str(SATO)), ("stranger", "dare@town.mihon.lg.jp")):
        asking = sign_in.Asking(ticket, "", ticket, address)
        await store.transact(lambda tx, asking=asking: sign_in.ask_code(tx, asking, NOW, desk))
    said = await office.say(Decision.APPROVE)
    await office.propose(said)
    counted.take()

    def try_sign_in(tx: Transaction, ticket: str) -> tuple[str, ...]:
        answering = sign_in.Answering(ticket, "nothing", sign_in.Kept("new", "new"))
        traced: Transaction = _Tx(tx, counted)  # type: ignore[assignment]
        assert sign_in.check_code(traced, answering, NOW, desk, lasts) is None
        return counted.take()

    def try_decision(tx: Transaction, slip: str) -> tuple[str, ...]:
        from gateway.store.console import sessions

        session = sessions.find(tx.connection, "s")
        assert session is not None
        counted.take()
        traced: Transaction = _Tx(tx, counted)  # type: ignore[assignment]
        assert confirming.confirm(traced, session, said.to_act(), Browser(slip, ""), "nothing", NOW) is None
        return counted.take()

    kinds = ("member", "stranger", "never asked") if what == "sign-in" else ("slip", "never put up")
    one = try_sign_in if what == "sign-in" else try_decision
    found = await store.transact(lambda tx: {kind: {one(tx, kind) for _ in range(TRIED)} for kind in kinds})
    assert 1 == len(set().union(*found.values()))
    (work,) = found[kinds[0]]
    assert "compare_digest" in work
