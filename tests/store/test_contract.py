"""What any store must do, on SQLite and on PostgreSQL."""

import asyncio
import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.admission.authority.brakes import Brake, BrakeChange, PulledBrake
from gateway.admission.authority.tokens import token_hash
from gateway.admission.business_days import tokyo_date
from gateway.admission.case.model import Case, JournalEntry, Letter, LetterCaps, OutgoingLetter, State
from gateway.admission.case.model.affiliation import (
    Affiliation,
    AffiliationCheck,
    ConfirmerLoad,
    TelephoneCall,
)
from gateway.admission.organisations.domains import Standing
from gateway.mail.address import parse
from gateway.mail.smtp.mailboxes import Purpose
from gateway.printing.fields import ours
from gateway.store.protocol import LetterRow, LetterState, ReceivedMail, Transaction
from gateway.store.protocol.opening import DatabaseInUseError, OwnedStore
from gateway.store.tables.staff import known_lines
from tests.store.makers import MakeStore, make_store, place, store
from tests.support.factories import APPLICANT, NOW, SATO, SUZUKI, background, case

__all__ = ["make_store", "place", "store"]

try:
    from psycopg import IntegrityError as PostgresIntegrityError
except ImportError:
    INTEGRITY: tuple[type[Exception], ...] = (sqlite3.IntegrityError,)
else:
    INTEGRITY = (sqlite3.IntegrityError, PostgresIntegrityError)
LEASE = timedelta(minutes=15)


async def query(store: OwnedStore, sql: str) -> list[tuple[object, ...]]:
    return await store.transact(lambda tx: [tuple(row) for row in tx.connection.execute(sql)])


def mail(key: str = "k1") -> ReceivedMail:
    return ReceivedMail(
        key=key,
        received_at=NOW,
        client_ip="127.0.0.1",
        helo="mx.mihon.lg.jp",
        reverse_path=str(APPLICANT),
        forward_path="request",
        author=str(APPLICANT),
        subject="参加申請 髙﨑 𠮷",
        message_id="<1@mihon>",
        kind="application",
        verdict="null",
        raw=b"From: x\r\n\r\n",
    )


def outgoing(letter: Letter = Letter.ACKNOWLEDGMENT, **changes: object) -> OutgoingLetter:
    return replace(OutgoingLetter(letter, APPLICANT, {"number": "K7QM-4T"}), **changes)  # type: ignore[arg-type]


async def test_a_case_comes_back_as_it_was_saved(store: OwnedStore) -> None:
    saved = await store.transact(lambda tx: tx.save(case(confirmed_by="a@b.example", reason="理由\n二行")))
    assert saved == await store.transact(lambda tx: tx.case(saved.id))
    assert saved == await store.transact(lambda tx: tx.case_by_number("K7QM-4T"))
    assert saved == await store.transact(lambda tx: tx.latest_case(parse("HANAKO@town.mihon.lg.jp")))


async def test_saving_a_stored_case_changes_its_row(store: OwnedStore) -> None:
    saved = await store.transact(lambda tx: tx.save(case()))
    approved = replace(saved, state=State.APPROVED, decided_by=str(SATO), decided_at=NOW)
    await store.transact(lambda tx: tx.save(approved))
    assert approved == await store.transact(lambda tx: tx.case(saved.id))


async def test_what_was_not_found_is_none(store: OwnedStore) -> None:
    assert await store.transact(lambda tx: tx.case(99)) is None
    assert await store.transact(lambda tx: tx.case_by_number("0000-00")) is None
    assert await store.transact(lambda tx: tx.case_by_message_ids(["<x@y>"])) is None
    assert await store.transact(lambda tx: tx.token(b"nothing")) is None
    assert await store.transact(lambda tx: tx.next_due()) is None


async def test_a_recorded_mail_is_seen_and_can_be_recorded_only_once(store: OwnedStore) -> None:
    assert not await store.transact(lambda tx: tx.has_mail("k1"))
    await store.transact(lambda tx: tx.record(mail(), None))
    assert await store.transact(lambda tx: tx.has_mail("k1"))
    with pytest.raises(INTEGRITY):
        await store.transact(lambda tx: tx.record(mail(), None))


async def test_failed_work_leaves_nothing_and_its_neighbours_stay(store: OwnedStore) -> None:
    def failing(tx: Transaction) -> None:
        tx.record(mail("bad"), None)
        raise ValueError("halfway")

    results = await asyncio.gather(
        store.transact(lambda tx: tx.record(mail("first"), None)),
        store.transact(failing),
        store.transact(lambda tx: tx.record(mail("last"), None)),
        return_exceptions=True,
    )
    assert isinstance(results[1], ValueError)
    seen = await store.transact(lambda tx: [tx.has_mail(key) for key in ("first", "bad", "last")])
    assert [True, False, True] == seen


async def test_a_letter_is_claimed_once_until_its_lease_runs_out(store: OwnedStore) -> None:
    saved = await store.transact(lambda tx: tx.save(case()))
    await store.transact(lambda tx: tx.enqueue(saved, [outgoing()], NOW, None))
    first = await store.transact(lambda tx: tx.claim(NOW, NOW + LEASE, 10))
    again = await store.transact(lambda tx: tx.claim(NOW, NOW + LEASE, 10))
    later = await store.transact(lambda tx: tx.claim(NOW + LEASE, NOW + 2 * LEASE, 10))
    assert 1 == len(first)
    assert () == again
    assert [first[0].message_id] == [row.message_id for row in later]
    assert 2 == later[0].attempts


async def test_a_lease_is_held_by_the_last_claim_until_the_outcome_is_recorded(store: OwnedStore) -> None:
    saved = await store.transact(lambda tx: tx.save(case()))
    await store.transact(lambda tx: tx.enqueue(saved, [outgoing()], NOW, None))

    async def hold(*letters: LetterRow) -> list[bool]:
        return await store.transact(lambda tx: [tx.holds_lease(each) for each in letters])

    (first,) = await store.transact(lambda tx: tx.claim(NOW, NOW + LEASE, 10))
    assert [True] == await hold(first)
    later = NOW + LEASE
    in_hand = await store.transact(lambda tx: tx.claim(later, later + LEASE, 10, in_hand={first.id}))
    assert ((), [True]) == (in_hand, await hold(first))
    (second,) = await store.transact(lambda tx: tx.claim(later, later + LEASE, 10))
    assert [False, True] == await hold(first, second)
    await store.transact(lambda tx: tx.record_outcome(second.id, LetterState.DEFERRED, later, "451", later))
    assert [False, False] == await hold(first, second)


async def test_a_claimed_letter_knows_its_addressees_own_mails(store: OwnedStore) -> None:
    """The first and the newest, none of another author, and for a letter about no case the one it answers."""
    saved = await store.transact(lambda tx: tx.save(case()))
    for key, author in (("k1", APPLICANT), ("k2", SATO), ("k3", APPLICANT), ("k4", APPLICANT)):
        written = replace(mail(key), author=str(author), message_id=f"<{key}@mail.example>")
        await store.transact(lambda tx, written=written: tx.record(written, saved.id))  # type: ignore[misc]
    loose = replace(mail("k5"), author=str(APPLICANT), message_id="<k5@mail.example>")
    number = await store.transact(lambda tx: tx.record(loose, None))
    await store.transact(lambda tx: tx.enqueue(saved, [outgoing()], NOW, None))
    await store.transact(lambda tx: tx.enqueue(None, [outgoing()], NOW, number))
    about, other = await store.transact(lambda tx: tx.claim(NOW, NOW + LEASE, 10))
    assert ("<k1@mail.example>", "<k4@mail.example>") == about.references
    assert ("<k5@mail.example>",) == other.references


async def test_a_letter_is_not_claimed_before_its_time(store: OwnedStore) -> None:
    saved = await store.transact(lambda tx: tx.save(case()))
    leaves_at = NOW + timedelta(minutes=10)
    await store.transact(lambda tx: tx.enqueue(saved, [outgoing(not_before=leaves_at)], NOW, None))
    assert () == await store.transact(lambda tx: tx.claim(NOW, NOW + LEASE, 10))
    assert leaves_at == await store.transact(lambda tx: tx.next_due())
    assert 1 == len(await store.transact(lambda tx: tx.claim(leaves_at, leaves_at + LEASE, 10)))


@pytest.mark.parametrize(
    ("state", "claimable"),
    [
        (LetterState.SENT, 0),
        (LetterState.REFUSED, 0),
        (LetterState.DEFERRED, 1),
    ],
)
async def test_settling_ends_the_lease(store: OwnedStore, state: LetterState, claimable: int) -> None:
    saved = await store.transact(lambda tx: tx.save(case()))
    await store.transact(lambda tx: tx.enqueue(saved, [outgoing()], NOW, None))
    (row,) = await store.transact(lambda tx: tx.claim(NOW, NOW + LEASE, 10))
    await store.transact(lambda tx: tx.record_outcome(row.id, state, NOW, "250 ok", NOW))
    assert claimable == len(await store.transact(lambda tx: tx.claim(NOW, NOW + LEASE, 10)))


async def test_a_letter_that_began_to_leave_cannot_be_recalled(store: OwnedStore) -> None:
    saved = await store.transact(lambda tx: tx.save(case()))
    await store.transact(
        lambda tx: tx.enqueue(saved, [outgoing(Letter.INVITATION), outgoing(Letter.DECLINE)], NOW, None)
    )
    assert 1 == await store.transact(lambda tx: tx.recall(saved.id, [Letter.DECLINE]))
    (row,) = await store.transact(lambda tx: tx.claim(NOW, NOW + LEASE, 10))
    assert Letter.INVITATION == row.letter
    assert not await store.transact(lambda tx: tx.can_recall(saved.id, [Letter.INVITATION]))
    assert 0 == await store.transact(lambda tx: tx.recall(saved.id, [Letter.INVITATION]))


async def test_a_letter_that_waits_can_be_made_to_wait_longer(store: OwnedStore) -> None:
    saved = await store.transact(lambda tx: tx.save(case()))
    await store.transact(lambda tx: tx.enqueue(saved, [outgoing(Letter.INVITATION)], NOW, None))
    assert 1 == await store.transact(lambda tx: tx.postpone(saved.id, [Letter.INVITATION], NOW + LEASE))
    assert () == await store.transact(lambda tx: tx.claim(NOW, NOW + LEASE, 10))
    assert 1 == len(await store.transact(lambda tx: tx.claim(NOW + LEASE, NOW + 2 * LEASE, 10)))
    assert 0 == await store.transact(lambda tx: tx.postpone(saved.id, [Letter.INVITATION], NOW))


async def test_what_is_tallied_adds_up(store: OwnedStore) -> None:
    for label in ("sentence", "date", "sentence"):
        await store.transact(lambda tx, label=label: tx.tally("unclear", label, NOW))
    rows = await query(store, "SELECT label, n FROM tallies WHERE what = 'unclear' ORDER BY label")
    assert [("date", 1), ("sentence", 2)] == rows


async def test_a_token_is_kept_as_hash_with_its_letter(store: OwnedStore) -> None:
    saved = await store.transact(lambda tx: tx.save(case(revision=3)))
    await store.transact(lambda tx: tx.enqueue(saved, [outgoing(Letter.REVIEW_REQUEST, to=SATO)], NOW, None))
    (row,) = await store.transact(lambda tx: tx.claim(NOW, NOW + LEASE, 10))
    digest = token_hash("secret")
    await store.transact(lambda tx: tx.keep_token(digest, Purpose.DECIDE, row, NOW + LEASE))
    await store.transact(lambda tx: tx.keep_sent_text(row.id, "件名", "本文"))
    kept = await store.transact(lambda tx: tx.token(token_hash("SECRET")))
    assert kept is not None
    assert (Purpose.DECIDE, SATO, 3, saved.id, "本文") == (
        kept.purpose,
        kept.addressee,
        kept.revision,
        kept.case_id,
        kept.own_text,
    )
    assert [(token_hash("secret"), row.id)] == await query(store, "SELECT digest, letter_id FROM tokens")
    assert not store.path.exists() or b"secret" not in store.path.read_bytes()


async def test_a_letter_tells_its_subject_and_what_it_showed_as_not_understood(store: OwnedStore) -> None:
    told = outgoing(Letter.UNCLEAR_DECISION, to=SATO, facts={"unread": ["課長にも聞きます"]})
    await store.transact(lambda tx: tx.enqueue(None, [told], NOW, None))
    (row,) = await store.transact(lambda tx: tx.claim(NOW, NOW + LEASE, 10))
    await store.transact(lambda tx: tx.keep_token(token_hash("t"), Purpose.DECIDE, row, NOW + LEASE))
    await store.transact(lambda tx: tx.keep_sent_text(row.id, "件名", "本文"))
    kept = await store.transact(lambda tx: tx.token(token_hash("t")))
    assert kept is not None
    assert ("件名", ("課長にも聞きます",), row.id) == (kept.subject, kept.unread, kept.letter_id)


async def test_the_newest_letters_to_an_applicant_are_told_without_those_to_staff(store: OwnedStore) -> None:
    saved = await store.transact(lambda tx: tx.save(case()))
    sent = (Letter.ACKNOWLEDGMENT, Letter.QUESTION, Letter.REVIEW_REQUEST)
    for at, letter in enumerate(sent):
        later = NOW + at * LEASE
        await store.transact(
            lambda tx, letter=letter, later=later: tx.enqueue(
                saved, [outgoing(letter, to=APPLICANT)], later, None
            )
        )
        (row,) = await store.transact(lambda tx, later=later: tx.claim(later, later + LEASE, 1))
        await store.transact(lambda tx, row=row: tx.keep_sent_text(row.id, "件名", row.letter.value))
        await store.transact(
            lambda tx, row=row, later=later: tx.record_outcome(row.id, LetterState.SENT, later, "250", later)
        )
    told = await store.transact(lambda tx: tx.letters_to(APPLICANT, 5))
    assert ("question", "acknowledgment") == told
    assert ("question",) == await store.transact(lambda tx: tx.letters_to(APPLICANT, 1))
    assert () == await store.transact(lambda tx: tx.letters_to(SATO, 5))


async def known(store: OwnedStore, letter_id: int = 99) -> tuple[str, ...]:
    return await store.transact(lambda tx: tx.known_lines(SATO, letter_id))


async def test_a_line_is_known_after_replies_to_two_other_letters(store: OwnedStore) -> None:
    def see(letter_id: int) -> object:
        return store.transact(lambda tx: tx.keep_lines(SATO, ["節電", "節電"], letter_id, NOW))

    for letter_id, lines in ((1, ()), (1, ()), (2, ("節電",)), (3, ("節電",)), (4, ("節電",))):
        await see(letter_id)  # type: ignore[misc]
        assert lines == await known(store)
    assert ("節電",) == await known(store, 1)  # 2 and 3 are two others
    assert () == await store.transact(lambda tx: tx.known_lines(SUZUKI, 99))


async def test_a_reply_to_the_same_letter_teaches_nothing_about_itself(store: OwnedStore) -> None:
    for letter_id in (1, 2):
        await store.transact(lambda tx, at=letter_id: tx.keep_lines(SATO, ["節電"], at, NOW))  # type: ignore[misc]
    assert () == await known(store, 2)


async def test_the_lines_of_a_practice_reply_replace_those_of_the_one_before(store: OwnedStore) -> None:
    for lines in (["一", "二"], ["二", "三"]):
        await store.transact(lambda tx, at=lines: tx.keep_practice(SATO, at, NOW, passed=False))  # type: ignore[misc]
    assert ("三", "二") == await known(store)
    await store.transact(lambda tx: tx.keep_practice(SATO, [], NOW, passed=False))
    assert ("三", "二") == await known(store)
    await store.transact(lambda tx: tx.keep_practice(SATO, [], NOW, passed=True))
    assert () == await known(store)


async def test_a_member_cannot_fill_the_store_with_lines(store: OwnedStore) -> None:
    for letter_id in range(1, 11):
        lines = [f"{letter_id} {n}" for n in range(20)]
        await store.transact(lambda tx, at=letter_id, of=lines: tx.keep_lines(SATO, of, at, NOW))  # type: ignore[misc]
    assert [(known_lines.MAX_LINES,)] == await query(store, "SELECT count(*) FROM member_lines")


async def test_one_address_gets_only_so_many_of_an_answer_a_day(store: OwnedStore) -> None:
    put = [
        await store.transact(lambda tx: tx.enqueue(None, [outgoing(Letter.HOW_TO_APPLY)], NOW, None))
        for _ in range(5)
    ]
    assert [1, 1, 1, 0, 0] == put
    tomorrow = NOW + timedelta(days=1)
    assert 1 == await store.transact(
        lambda tx: tx.enqueue(None, [outgoing(Letter.HOW_TO_APPLY)], tomorrow, None)
    )


def notice(number: str, kind: str) -> OutgoingLetter:
    return outgoing(
        Letter.CASE_NOTICE, to=SATO, facts={"number": number, "kind": kind, "by": "x@evil.example"}
    )


async def test_noise_uses_up_nothing_of_the_alarms_and_is_counted(store: OwnedStore) -> None:
    saved = await store.transact(lambda tx: tx.save(case()))
    caps = LetterCaps(alarms=2, per_case=3)

    async def put(kind: str) -> int:
        return await store.transact(
            lambda tx: tx.enqueue(saved, [notice(saved.number, kind)], NOW, None, caps)
        )

    assert [1, 1, 1, 0, 0] == [await put("wrote") for _ in range(5)]
    assert [1, 1, 0] == [await put("misuse") for _ in range(3)]
    assert 1 == await put("undelivered"), "another cause: its first alarm leaves, whatever the budget says"
    today = tokyo_date(NOW)
    found = await store.transact(lambda tx: tx.capped_letters(today, today + timedelta(days=1)))
    assert (("notice wrote", "case", saved.number, 2), ("alarm", "day", "", 1)) == found
    assert () == await store.transact(lambda tx: tx.capped_letters(today - timedelta(days=1), today))
    assert 1 == await store.transact(
        lambda tx: tx.enqueue(saved, [notice(saved.number, "wrote")], NOW + timedelta(days=1), None, caps)
    )


async def test_one_notice_to_the_whole_office_counts_once(store: OwnedStore) -> None:
    saved = await store.transact(lambda tx: tx.save(case()))
    caps = LetterCaps(per_case=1)
    both = [notice(saved.number, "wrote"), replace(notice(saved.number, "wrote"), to=SUZUKI)]
    assert 2 == await store.transact(lambda tx: tx.enqueue(saved, both, NOW, None, caps))
    assert 0 == await store.transact(lambda tx: tx.enqueue(saved, both, NOW, None, caps))


def request(saved: Case, occasion: str, text: str = "") -> OutgoingLetter:
    return outgoing(
        Letter.REVIEW_REQUEST, to=SATO, facts={"number": saved.number, "occasion": occasion, "text": text}
    )


async def test_one_review_request_a_quarter_of_an_hour_with_the_newest_content(store: OwnedStore) -> None:
    saved = await store.transact(lambda tx: tx.save(case()))
    await store.transact(lambda tx: tx.enqueue(saved, [request(saved, "new")], NOW, None))
    (first,) = await store.transact(lambda tx: tx.claim(NOW, NOW + LEASE, 10))
    await store.transact(lambda tx: tx.record_outcome(first.id, LetterState.SENT, NOW, "250 2.0.0 Ok", NOW))
    for minute, text in ((1, "one"), (2, "two"), (3, "three")):
        at = NOW + timedelta(minutes=minute)
        changed = replace(saved, revision=minute + 1)
        asked = [request(saved, "changed", text)]
        await store.transact(lambda tx, a=at, c=changed, r=asked: tx.enqueue(c, r, a, None))  # type: ignore[misc]
    soon, later = NOW + timedelta(minutes=14), NOW + timedelta(minutes=15)
    assert () == await store.transact(lambda tx: tx.claim(soon, later, 10))
    (last,) = await store.transact(lambda tx: tx.claim(later, later + LEASE, 10))
    assert ("one\ntwo\nthree", 4) == (last.facts["text"], last.revision)


async def test_what_the_staff_cause_does_not_wait(store: OwnedStore) -> None:
    saved = await store.transact(lambda tx: tx.save(case()))
    await store.transact(lambda tx: tx.enqueue(saved, [request(saved, "new")], NOW, None))
    await store.transact(lambda tx: tx.claim(NOW, NOW + LEASE, 10))
    await store.transact(lambda tx: tx.enqueue(saved, [request(saved, "second")], NOW, None))
    assert 1 == len(await store.transact(lambda tx: tx.claim(NOW, NOW + LEASE, 10)))


async def test_a_case_is_found_by_the_message_id_of_its_letter(store: OwnedStore) -> None:
    saved = await store.transact(lambda tx: tx.save(case()))
    await store.transact(lambda tx: tx.enqueue(saved, [outgoing()], NOW, None))
    (row,) = await store.transact(lambda tx: tx.claim(NOW, NOW + LEASE, 10))
    assert saved == await store.transact(lambda tx: tx.case_by_message_ids(["<other@x>", row.message_id]))


async def test_the_journal_cannot_be_changed(store: OwnedStore) -> None:
    await store.transact(lambda tx: tx.journal([JournalEntry("test", ours("me"), {"a": 1})], NOW, None, None))
    for sql in ("DELETE FROM journal", "UPDATE journal SET actor = 'other'"):
        with pytest.raises(INTEGRITY, match="append only"):
            await query(store, sql)
    assert [(1,)] == await query(store, "SELECT count(*) FROM journal")


async def test_everything_is_there_after_closing_and_opening_again(make_store: MakeStore) -> None:
    first = make_store()
    first.open()
    saved = await first.transact(lambda tx: tx.save(case()))
    first.close()
    second = make_store()
    second.open()
    assert saved == await second.transact(lambda tx: tx.case(saved.id))
    second.close()


async def test_a_second_gateway_is_kept_away(store: OwnedStore, make_store: MakeStore) -> None:
    second = make_store()
    with pytest.raises(DatabaseInUseError, match=r"another gateway|is active"):
        second.open()


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c", "d"]), st.booleans()), max_size=12))
async def test_group_commit_gives_what_one_at_a_time_would(
    store: OwnedStore, jobs: list[tuple[str, bool]]
) -> None:
    # Each example begins with no mail.
    await query(store, "DELETE FROM mails RETURNING id")

    def work(key: str, fails: bool, tx: Transaction) -> bool:
        if tx.has_mail(key):
            return False
        tx.record(mail(key), None)
        if fails:
            raise ValueError(key)
        return True

    def bound(key: str, fails: bool) -> object:
        return store.transact(lambda tx: work(key, fails, tx))

    results = await asyncio.gather(*(bound(*job) for job in jobs), return_exceptions=True)  # type: ignore[call-overload]
    recorded = {key for key, fails in jobs if not fails}
    assert len(recorded) == sum(result is True for result in results)
    for key in "abcd":
        assert (key in recorded) == await store.transact(lambda tx, key=key: tx.has_mail(key))  # type: ignore[misc]


async def test_what_was_carried_out_is_known_again_by_each_of_its_digests(store: OwnedStore) -> None:
    contents = ("aa" * 32, "bb" * 32)
    assert not await store.transact(lambda tx: tx.has_acted(contents))
    await store.transact(lambda tx: tx.record_acted(contents, NOW))
    await store.transact(lambda tx: tx.record_acted(contents, NOW + LEASE))
    for known in (contents, contents[:1], ("cc" * 32, contents[1])):
        assert await store.transact(lambda tx, known=known: tx.has_acted(known))  # type: ignore[misc]
    assert not await store.transact(lambda tx: tx.has_acted(("cc" * 32,)))
    assert not await store.transact(lambda tx: tx.has_acted(()))


async def test_the_newest_time_under_a_digest_stays(store: OwnedStore) -> None:
    name = "dd" * 32
    assert await store.transact(lambda tx: tx.find_newest(name)) is None
    for at in (NOW, NOW + LEASE, NOW - LEASE):
        await store.transact(lambda tx, at=at: tx.record_newest(name, at))  # type: ignore[misc]
    assert NOW + LEASE == await store.transact(lambda tx: tx.find_newest(name))


@pytest.mark.parametrize(("first", "second", "same"), [
    ("sato@a.example", "sato+2@a.example", True),
    ("sato+1@a.example", "Sato+2@A.example", True),
    ("sato+1@a.example", "sato@a.example", True),
    ("sato@a.example", "sato@b.example", False),
    ("sato+1@b.a.example", "sato+2@a.example", False),
    ("sato+1@a.example", "sat@a.example", False),
    ("sato-1@a.example", "sato@a.example", False),
    ("sato,1@a.example".replace(",", "-"), "sato+1@a.example", False),
    ("+sato@a.example", "+suzuki@a.example", False),
])  # fmt: skip
async def test_the_store_finds_the_case_of_the_person(
    store: OwnedStore, first: str, second: str, *, same: bool
) -> None:
    kept = await store.transact(lambda tx: tx.save(case(applicant=parse(first))))
    found = await store.transact(lambda tx: tx.latest_case(parse(second)))
    assert (kept if same else None) == found


async def test_what_a_revoked_mailbox_of_the_staff_holds_is_worth_nothing(store: OwnedStore) -> None:
    saved = await store.transact(lambda tx: tx.save(case(first_approval=SATO.key)))
    both = [request(saved, "new"), replace(request(saved, "new"), to=SUZUKI)]
    await store.transact(lambda tx: tx.enqueue(saved, both, NOW, None))
    sent = await store.transact(lambda tx: tx.claim(NOW, NOW + LEASE, 10))
    good = NOW + timedelta(days=30)

    def keep(tx: Transaction) -> None:
        for row in sent:
            tx.keep_token(token_hash(row.to.key), Purpose.DECIDE, row, good)

    await store.transact(keep)
    assert 1 == await store.transact(lambda tx: tx.revoke_staff(SATO, "operator:root", NOW))
    assert 0 == await store.transact(lambda tx: tx.revoke_staff(SATO, "operator:root", NOW))
    kept_tokens = [await store.transact(lambda tx, r=row: tx.token(token_hash(r.to.key))) for row in sent]  # type: ignore[misc]
    expiry = {token.addressee.key: token.expires_at > NOW for token in kept_tokens if token}
    assert {SATO.key: False, SUZUKI.key: True} == expiry
    assert frozenset({SATO.key}) == await store.transact(lambda tx: tx.revoked_staff())
    kept = await store.transact(lambda tx: tx.case(saved.id))
    assert kept is not None
    assert "" == kept.first_approval


async def test_no_letter_of_the_staff_goes_to_a_revoked_mailbox(store: OwnedStore) -> None:
    saved = await store.transact(lambda tx: tx.save(case()))
    await store.transact(lambda tx: tx.enqueue(saved, [request(saved, "due")], NOW, None))
    await store.transact(lambda tx: tx.revoke_staff(SATO, "operator:root", NOW))
    assert () == await store.transact(lambda tx: tx.claim(NOW, NOW + LEASE, 10))
    both = [request(saved, "due"), replace(request(saved, "due"), to=SUZUKI)]
    assert 1 == await store.transact(lambda tx: tx.enqueue(saved, both, NOW, None))
    assert await store.transact(lambda tx: tx.restore_staff(SATO))
    assert not await store.transact(lambda tx: tx.restore_staff(SATO))
    assert 2 == await store.transact(lambda tx: tx.enqueue(saved, both, NOW, None))


async def test_what_is_known_of_a_possible_confirmer(store: OwnedStore) -> None:
    colleague = parse("dokyo@city.rei.lg.jp")
    check = AffiliationCheck(colleague, NOW, "claim", colleague.domain)
    answered = replace(check, address=parse("a@city.rei.lg.jp"), answer="deny")
    waiting = case(
        State.AWAITING_AFFILIATION,
        applicant=parse("jiro+1@jitaku.example"),
        background=background(Standing.CONFIRM, "personal"),
        affiliation=Affiliation((check, answered), claim="claim", domains=("city.rei.lg.jp",)),
    )
    closed = case(State.EXPIRED, number="AB12-CD", affiliation=Affiliation((check,)))
    # Whose own affiliation nobody confirmed waits in whatever state the case is.
    private = background(Standing.CONFIRM, "personal")
    held = case(State.ON_HOLD, number="AB12-EF", applicant=parse("saburo@jitaku.example"), background=private)
    sure = replace(
        held, number="AB12-GH", applicant=parse("shiro@jitaku.example"), confirmed_by="a@b.example"
    )

    def fill(tx: Transaction) -> None:
        saved = tx.save(waiting)
        assert saved == tx.case(saved.id)
        for one in (closed, held, sure):
            tx.save(one)
        tx.enqueue(saved, (outgoing(Letter.AFFILIATION_CHECK, to=colleague),) * 2, NOW, None)
        tagged = parse("dokyo+2@city.rei.lg.jp")
        tx.enqueue(saved, (outgoing(Letter.AFFILIATION_CHECK, to=tagged),), NOW, None)

    await store.transact(fill)
    day = timedelta(days=1)
    for address, since, expected in (
        ("Dokyo@city.rei.lg.jp", NOW - day, ConfirmerLoad(3, 1, is_waiting=False)),
        ("dokyo+1@city.rei.lg.jp", NOW - day, ConfirmerLoad(3, 1, is_waiting=False)),
        ("dokyo+1@city.rei.jp", NOW - day, ConfirmerLoad()),
        ("dokyo@city.rei.lg.jp", NOW, ConfirmerLoad(0, 1, is_waiting=False)),
        ("b@town.mihon.lg.jp", NOW - day, ConfirmerLoad()),
        ("jiro@jitaku.example", NOW - day, ConfirmerLoad(is_waiting=True)),
        ("jiro+2@jitaku.example", NOW - day, ConfirmerLoad(is_waiting=True)),
        ("saburo@jitaku.example", NOW - day, ConfirmerLoad(is_waiting=True)),
        ("shiro@jitaku.example", NOW - day, ConfirmerLoad()),
        ("jir@jitaku.example", NOW - day, ConfirmerLoad()),
        ("hanako@town.mihon.lg.jp", NOW - day, ConfirmerLoad()),
    ):
        load = await store.transact(lambda tx, a=address, s=since: tx.confirmer_load(parse(a), s))  # type: ignore[misc]
        assert expected == load, address


async def test_the_cases_that_a_member_confirmed_by_telephone(store: OwnedStore) -> None:
    call = TelephoneCall("Sato@kyoso.mihon.go.jp", "03-0000-0000 山田様", NOW)
    called = case(number="AB12-CD", affiliation=Affiliation(call=call))
    other = case(number="AB12-EF", affiliation=Affiliation(call=replace(call, by="a@b.jp")))
    for one in (case(), called, other):
        await store.transact(lambda tx, one=one: tx.save(one))  # type: ignore[misc]
    found = await store.transact(lambda tx: tx.cases_called_by(SATO.key))
    assert ["AB12-CD"] == [one.number for one in found]


async def test_a_brake_holds_its_letters_until_it_is_let_go_or_over(store: OwnedStore) -> None:
    saved = await store.transact(lambda tx: tx.save(case()))
    both = [OutgoingLetter(each, SATO, {}) for each in (Letter.INVITATION, Letter.CASE_STATUS)]
    until = NOW + timedelta(hours=1)
    stop = BrakeChange(pulled=PulledBrake(Brake.STOP, str(SATO), NOW, until))
    await store.transact(lambda tx: tx.change_brakes(stop))
    await store.transact(lambda tx: tx.enqueue(saved, both, NOW, None))
    (left,) = await store.transact(lambda tx: tx.claim(NOW, NOW + LEASE, 10))
    assert Letter.CASE_STATUS is left.letter
    await store.transact(lambda tx: tx.record_outcome(left.id, LetterState.SENT, NOW, "250", NOW))
    assert await store.transact(lambda tx: tx.next_due(NOW)) is None
    assert NOW == await store.transact(lambda tx: tx.next_due(until))
    assert ((stop.pulled,), ()) == await store.transact(
        lambda tx: (tx.pulled_brakes(NOW), tx.ended_brakes(NOW))
    )
    assert ((), (stop.pulled,)) == await store.transact(
        lambda tx: (tx.pulled_brakes(until), tx.ended_brakes(until))
    )
    (over,) = await store.transact(lambda tx: tx.claim(until, until + LEASE, 10))
    assert Letter.INVITATION is over.letter
    await store.transact(lambda tx: tx.change_brakes(BrakeChange(released=frozenset(Brake))))
    assert () == await store.transact(lambda tx: tx.ended_brakes(until))
