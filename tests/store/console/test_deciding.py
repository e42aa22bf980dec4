"""Deciding in the console: by the rules of a reply by mail, once, for what was shown, with a fresh code."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from gateway.admission.authority.brakes import Brake
from gateway.admission.case.model import Letter, Role, Staff, State
from gateway.admission.organisations.domains import Standing
from gateway.admission.replies.reading import Decision
from gateway.mail.address import Address, parse
from gateway.store.console import sessions, takes
from gateway.store.console.acts.confirming import CODES_A_DAY, GRANT_LASTS, Browser
from gateway.store.console.acts.operating import Order
from gateway.store.console.outcome import What
from gateway.store.protocol.opening import OwnedStore
from tests.store.console.members import MINUTE, Office
from tests.store.makers import make_store, place, store
from tests.support.factories import DESK, NOW, SATO, SUZUKI, background

__all__ = ["make_store", "place", "store"]
OTHER = "AAAA-01"


@pytest.fixture
def office(store: OwnedStore) -> Office:
    return Office(store)


async def test_an_approval_is_shown_confirmed_and_told_to_all(office: Office) -> None:
    await office.sign_in()
    await office.save()
    said = await office.say(Decision.APPROVE)
    shown = await office.propose(said)
    assert (What.READY, True, State.APPROVED) == (shown.what, shown.is_coded, shown.state)
    assert [Letter.INVITATION] == [one.letter for one in shown.letters]
    assert NOW + DESK.undo_window == shown.letters[0].not_before
    assert State.UNDER_REVIEW is (await office.case()).state
    assert [str(SATO)] == await office.letters("console_confirmation")
    done = await office.confirm(said, await office.code(said))
    assert (What.DONE, True) == (done.what, done.is_granted)
    after = await office.case()
    assert (State.APPROVED, str(SATO)) == (after.state, after.decided_by)
    assert sorted(map(str, (SATO, SUZUKI))) == await office.letters("case_notice")
    (line,) = [row for row in await office.rows("journal") if row["event"] == "decision.approve"]
    assert "web" == json.loads(str(line["detail"]))["via"]


WORDS = [
    (Decision.APPROVE, "", State.APPROVED),
    (Decision.DECLINE, "民間企業にお勤めの方は、参加の対象ではないためです。", State.DECLINED),
    (Decision.ASK, "課の正式な名前を教えてください。", State.NEEDS_INFORMATION),
    (Decision.HOLD, "", State.ON_HOLD),
    (Decision.REPLY, "確認しています。今週中にお返事します。", State.UNDER_REVIEW),
]


@pytest.mark.parametrize(("word", "text", "state"), WORDS)
async def test_each_word_does_what_it_does_by_mail(
    office: Office, word: Decision, text: str, state: State
) -> None:
    await office.sign_in()
    await office.save()
    assert What.DONE is (await office.decide(word, text)).what
    after = await office.case()
    assert state is after.state
    assert text in {after.reason, after.question, ""} or word is Decision.REPLY


@pytest.mark.parametrize(
    ("word", "text", "why"),
    [
        (Decision.DECLINE, "", "reason_wanted"),
        (Decision.ASK, "", "question_wanted"),
        (Decision.REPLY, "", "reply_wanted"),
        (Decision.APPROVE, "ただし来週まで待ってください", "doubt"),
        (Decision.DECLINE, "やはり却下はやめてください。承認します。", "doubt"),
        (Decision.DECLINE, "対象の団体ではないためです。" * 80, "too_long"),
        (Decision.UNDO, "", "nothing_to_undo"),
    ],
)
async def test_what_a_reply_may_not_say_no_form_may(
    office: Office, word: Decision, text: str, why: str
) -> None:
    await office.sign_in()
    before = await office.save()
    outcome = await office.propose(await office.say(word, text))
    assert What.REFUSED is outcome.what
    assert outcome.why is not None
    assert why == outcome.why.id
    assert before == await office.case()
    assert [] == await office.rows("console_confirmations")


async def test_a_confirmation_counts_once(office: Office) -> None:
    """A reply to the applicant changes nothing of the case: only its use keeps it from leaving twice."""
    await office.sign_in()
    await office.save()
    said = await office.say(Decision.REPLY, "確認しています。")
    await office.propose(said)
    code = await office.code(said)
    outcomes = [(await office.confirm(said, code)).what for _ in range(3)]
    assert [What.DONE, What.WRONG, What.WRONG] == outcomes
    assert 1 == len(await office.letters("desk_reply"))


async def test_for_half_an_hour_the_same_browser_needs_no_other_code(office: Office) -> None:
    await office.sign_in()
    await office.save()
    await office.save(number=OTHER)
    await office.decide(Decision.HOLD)
    office.now += GRANT_LASTS - MINUTE
    said, browser = await office.say(Decision.APPROVE, number=OTHER), Browser("two", "grant of s")
    assert not (await office.propose(said, browser=browser)).is_coded
    assert 1 == len(await office.letters("console_confirmation"))
    done = await office.confirm(said, "", browser=browser)
    assert (What.DONE, False) == (done.what, done.is_granted)


async def test_a_member_gets_ten_codes_a_day(office: Office) -> None:
    await office.sign_in()
    await office.save()
    said = await office.say(Decision.APPROVE)
    outcomes = [
        (await office.propose(said, browser=Browser(f"{n}", ""))).what for n in range(CODES_A_DAY + 2)
    ]
    assert [*[What.READY] * CODES_A_DAY, What.FULL, What.FULL] == outcomes
    assert CODES_A_DAY == len(await office.letters("console_confirmation"))
    await office.propose(said, browser=Browser("0", ""))
    assert CODES_A_DAY == len(await office.letters("console_confirmation"))


@pytest.mark.parametrize(
    "change",
    ["revision", "held", "decided", "first approval", "question"],
)
async def test_a_case_that_is_not_as_it_was_shown_is_not_decided(office: Office, change: str) -> None:
    await office.sign_in()
    before = await office.save()
    said = await office.say(Decision.APPROVE)
    await office.propose(said)
    changes: dict[str, object] = {
        "revision": {"revision": 2},
        "held": {"state": State.ON_HOLD, "held_until": date(2026, 12, 1)},
        "decided": {"state": State.DECLINED, "decided_by": str(SUZUKI), "decided_at": NOW},
        "first approval": {"first_approval": SUZUKI.key},
        "question": {"question": "?"},
    }[change]
    after = await office.store.transact(lambda tx: tx.save(replace(before, **changes)))  # type: ignore[arg-type]
    outcome = await office.confirm(said, await office.code(said))
    assert What.CHANGED is outcome.what
    assert after == await office.case()
    assert What.CHANGED is (await office.propose(said)).what


TIED = parse("hanako+desk@town.mihon.lg.jp")


@pytest.mark.parametrize(
    ("who", "why"),
    [("read", "not_permitted"), ("ask", "not_permitted"), ("own", ""), ("paused", "paused")],
)
async def test_who_may_not_decide_by_mail_may_not_here(office: Office, who: str, why: str) -> None:
    if who in {"read", "ask"}:
        office.with_staff(SATO, role=Role(who))
    if who == "paused":
        office.desk = replace(office.desk, brakes=frozenset({Brake.DECISIONS}))
    member = TIED if who == "own" else SATO
    office.desk = replace(office.desk, staff=(*office.desk.staff, Staff(TIED, "見本 花子")))
    await office.sign_in(member)
    before = await office.save()
    outcome = await office.propose(await office.say(Decision.APPROVE))
    assert What.REFUSED is outcome.what
    assert outcome.why is not None
    assert why in {"", outcome.why.id}
    assert before == await office.case()


async def test_two_approvals_are_of_two_people(office: Office) -> None:
    tagged = parse("sato+b@kyoso.mihon.go.jp")
    staff = (*DESK.staff, Staff(tagged, "佐藤"))
    office.desk = replace(DESK, second_approval=True, staff=staff)
    for member, session in ((SATO, "s"), (tagged, "s+"), (SUZUKI, "s2")):
        await office.sign_in(member, session)
    await office.save(background=background(Standing.CONFIRM), confirmed_by="x@town.mihon.lg.jp")
    first = await office.decide(Decision.APPROVE)
    assert (What.DONE, True, ()) == (first.what, first.is_first, first.letters)
    for session in ("s", "s+"):
        again = await office.propose(await office.say(Decision.APPROVE), session)
        assert (What.REFUSED, "second_wanted") == (again.what, again.why.id if again.why else "")
    second = await office.decide(Decision.APPROVE, session="s2")
    assert (What.DONE, State.APPROVED) == (second.what, second.state)


async def test_what_was_decided_can_be_undone_while_its_letter_waits(office: Office) -> None:
    await office.sign_in()
    await office.save()
    await office.decide(Decision.APPROVE)
    undone = await office.decide(Decision.UNDO)
    assert (What.DONE, State.UNDER_REVIEW, ()) == (undone.what, undone.state, undone.letters)
    assert {"recalled"} == {r["state"] for r in await office.rows("letters") if r["letter"] == "invitation"}


@pytest.mark.parametrize(
    ("text", "member", "minutes", "kept"),
    [
        pytest.param("電話しました。", SATO, 0, 1, id="sent again"),
        pytest.param("不在でした。", SATO, 0, 2, id="another text"),
        pytest.param("電話しました。", SUZUKI, 0, 2, id="another member"),
        pytest.param("電話しました。", SATO, 61, 2, id="later"),
    ],
)
async def test_a_note_that_is_sent_again_is_kept_once(
    office: Office, text: str, member: Address, minutes: int, kept: int
) -> None:
    await office.sign_in()
    await office.save()
    await office.speak(await office.say(Decision.MEMO, "電話しました。"))
    told = len(await office.rows("letters"))
    office.now += minutes * MINUTE
    await office.sign_in(member, "s2")
    assert What.DONE is (await office.speak(await office.say(Decision.MEMO, text), "s2")).what
    assert kept == len((await office.case()).memos)
    assert (kept > 1) is (told < len(await office.rows("letters")))


async def test_notes_and_claims_need_no_code_and_a_claim_lapses(office: Office) -> None:
    await office.sign_in()
    await office.save()
    assert What.DONE is (await office.speak(await office.say(Decision.MEMO, "電話しました。"))).what
    assert What.DONE is (await office.speak(await office.say(Decision.TAKE))).what
    taken = await office.case()
    assert (["電話しました。"], str(SATO)) == ([one.text for one in taken.memos], taken.handler)
    ends = await office.store.transact(lambda tx: takes.find_end_of(tx.connection, taken))
    assert ends is not None

    async def end(at: object) -> int:
        return await office.store.transact(lambda tx: takes.end(tx, at, office.desk))  # type: ignore[arg-type]

    assert 0 == await end(ends - MINUTE)
    assert 1 == await end(ends)
    assert "" == (await office.case()).handler
    assert 0 == await end(ends)
    assert "case.let_go" in await office.events()


async def test_a_claim_by_mail_or_of_somebody_else_does_not_lapse(office: Office) -> None:
    await office.sign_in()
    await office.save()
    await office.speak(await office.say(Decision.TAKE))
    taken = await office.case()
    await office.store.transact(lambda tx: tx.save(replace(taken, handler=str(SUZUKI))))
    await office.store.transact(lambda tx: takes.end(tx, NOW + timedelta(days=30), office.desk))
    assert str(SUZUKI) == (await office.case()).handler


@pytest.mark.parametrize("word", [Decision.APPROVE, Decision.DECLINE, Decision.REPLY, Decision.UNDO])
async def test_without_a_code_nothing_is_said_but_notes_and_claims(office: Office, word: Decision) -> None:
    await office.sign_in()
    await office.save()
    assert What.GONE is (await office.speak(await office.say(word, "対象の団体ではないためです。"))).what


async def test_an_operator_pauses_and_revokes_with_a_code(office: Office) -> None:
    office.desk = replace(DESK, operators=frozenset({SATO.key}))
    await office.sign_in()
    for order in (Order("pause", "decisions"), Order("revoke", str(SUZUKI))):
        assert (await office.propose(order)).is_coded
        assert What.WRONG is (await office.confirm(order, "")).what
        assert What.DONE is (await office.confirm(order, await office.code(order))).what
    assert ["decisions"] == [row["brake"] for row in await office.rows("brakes")]
    assert [SUZUKI.key] == [row["address_key"] for row in await office.rows("revoked_staff")]
    assert 2 == (await office.events()).count("console.ordered")


@pytest.mark.parametrize("order", [Order("pause", "stop"), Order("resume", "decisions"), Order("pause", "")])
async def test_an_operator_starts_nothing_again(office: Office, order: Order) -> None:
    office.desk = replace(DESK, operators=frozenset({SATO.key}))
    await office.sign_in()
    assert What.GONE is (await office.propose(order)).what


async def test_nobody_else_pauses_or_revokes(office: Office) -> None:
    await office.sign_in()
    order = Order("revoke", str(SUZUKI))
    assert What.GONE is (await office.propose(order)).what
    assert What.GONE is (await office.confirm(order, await office.code(order))).what
    assert [] == await office.rows("revoked_staff")


async def test_no_secret_lies_in_the_store(office: Office) -> None:
    await office.sign_in(session="session-secret")
    await office.save()
    browser = Browser("slip-secret", "")
    said = await office.say(Decision.APPROVE)
    await office.propose(said, "session-secret", browser)
    code = await office.code(said, "session-secret", browser)
    await office.confirm(said, code, "session-secret", browser)
    tables = ("letters", "console_confirmations", "console_grants", "console_sessions", "journal")
    values = [str(value) for table in tables for row in await office.rows(table) for value in row.values()]
    secrets = ("session-secret", "slip-secret", "grant of session-secret")
    assert [] == [one for one in secrets if any(one in value for value in values)]
    assert code not in values


async def test_nothing_of_it_is_left_of_a_member_who_is_forgotten(office: Office) -> None:
    await office.sign_in()
    await office.save()
    await office.decide(Decision.HOLD)
    await office.speak(await office.say(Decision.TAKE))
    await office.store.transact(lambda tx: sessions.forget_member(tx.connection, SATO.key))
    for table in ("console_confirmations", "console_grants", "console_takes", "console_sessions"):
        assert [] == await office.rows(table)
