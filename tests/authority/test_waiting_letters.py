"""Second thoughts while a letter waits: it is held once, whatever the words, and the writer is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.case.events import Decide
from gateway.admission.case.model import Letter, Role, State
from gateway.admission.case.transitions.office import staff
from gateway.admission.replies.decision import parse
from gateway.admission.replies.reading import Decision, ParsedReply
from gateway.mail.address import Address
from gateway.printing.statement import Statement
from gateway.store.queries.reader import Reader
from gateway.store.sqlite.source import SqliteSource
from tests.support.desk_bench import MINUTE, OPENDKIM, OWN_HOST, DeskBench, Reply, sign
from tests.support.factories import DESK, NOW, SATO, SUZUKI, case
from tests.support.replies import CONTEXT

WAITING = replace(DESK, undo_window=10 * MINUTE)
DECIDED_AT = NOW + 6 * MINUTE
LEAVES_AT, HELD_UNTIL = DECIDED_AT + 10 * MINUTE, DECIDED_AT + 70 * MINUTE


async def say(bench: DeskBench, token: str, text: str, by: Address, minute: int) -> None:
    bench.now = NOW + minute * MINUTE
    mail = Reply(text, by, date=bench.now, message_id=f"<{minute}@kyoso.mihon.go.jp>")
    octets = sign(mail.octets(bench.mailbox(token)), OPENDKIM)
    await bench.send(octets, token, client_ip=OWN_HOST, reverse_path=by)


def leaves_at(bench: DeskBench, letter: Letter = Letter.INVITATION) -> datetime:
    reader = Reader(SqliteSource(bench.store.path))
    (found,) = [row["not_before"] for row in reader.letters(limit=100) if row["letter"] == letter]
    reader.close()
    return datetime.fromisoformat(found)


async def decide(bench: DeskBench, first: str = "承認します。\n") -> dict[Address, str]:
    """A case that Sato decided, whose letter waits; gives the members' tokens."""
    bench.desk = WAITING
    about = await bench.open_case()
    tokens = {who: await bench.ask(about, to=who) for who in (SATO, SUZUKI)}
    await say(bench, tokens[SATO], first, SATO, 6)
    return tokens


SECOND_THOUGHTS = (
    "却下します。所属が対象外のため。",
    "やはり却下でお願いします。",
    "やっぱり承認しません。",
    "保留 12月10日",
    "招待を止めてください。",
    "待って！",
    "先ほどのメールは誤送信です。",
    "承認は待ってください。",
    "先ほどの承認はなかったことにしてください。",
    "照会：部署名を教えてください。",
    "承認 2A2A",
)


@pytest.mark.parametrize("by", [SATO, SUZUKI], ids=["the decider", "a colleague"])
@pytest.mark.parametrize("said", SECOND_THOUGHTS)
async def test_a_second_thought_holds_the_invitation_once(said: str, by: Address, bench: DeskBench) -> None:
    tokens = await decide(bench)
    assert LEAVES_AT == leaves_at(bench)
    await say(bench, tokens[by], f"{said}\n", by, 8)
    assert ("approved", HELD_UNTIL) == (await bench.state(), leaves_at(bench))
    await say(bench, tokens[by], f"{said} \n\n急ぎます。\n", by, 30)
    assert HELD_UNTIL == leaves_at(bench)
    assert "decision.letter_waits" in bench.journal()


@pytest.mark.parametrize("by", [SATO, SUZUKI], ids=["the decider", "a colleague"])
@pytest.mark.parametrize(
    "said", ["承認します。", "承認", "ありがとうございます。", "よろしくお願いいたします。", "お疲れ様です。"]
)
async def test_the_same_word_thanks_and_courtesy_hold_nothing(
    said: str, by: Address, bench: DeskBench
) -> None:
    tokens = await decide(bench)
    await say(bench, tokens[by], f"{said}\n\n", by, 8)
    assert ("approved", LEAVES_AT) == (await bench.state(), leaves_at(bench))


@pytest.mark.parametrize(
    ("first", "letter"),
    [
        ("却下します。所属が対象外のため。\n", Letter.DECLINE),
        ("照会：部署名を教えてください。\n", Letter.QUESTION),
    ],
)
async def test_a_decline_and_a_question_wait_as_well(first: str, letter: Letter, bench: DeskBench) -> None:
    tokens = await decide(bench, first)
    await say(bench, tokens[SUZUKI], "少し待ってもらえますか。\n", SUZUKI, 8)
    assert HELD_UNTIL == leaves_at(bench, letter)


APPROVED = replace(case(), state=State.APPROVED, decided_by=str(SATO), decided_at=DECIDED_AT)
UNTIL = DECIDED_AT + 10 * MINUTE + timedelta(hours=1)


@given(st.text(max_size=40))
def test_whatever_is_not_understood_lets_the_letter_wait(said: str) -> None:
    reply = parse(said, "", CONTEXT)
    done = staff.decide(APPROVED, Decide(SATO, reply, APPROVED.revision, True), DECIDED_AT, WAITING)
    expected = UNTIL if reply.decision is Decision.NONE and reply.unread else None
    assert expected in {None, done.postponed_to}


@pytest.mark.parametrize("role", [Role.ASK, Role.READ])
def test_who_may_not_decide_holds_nothing_but_by_words_of_undoing(role: Role) -> None:
    desk = replace(WAITING, staff=tuple(replace(one, role=role) for one in WAITING.staff))
    doubt = ParsedReply(Decision.NONE, "", Statement("doubt"), ("待って！",))
    event = Decide(SUZUKI, doubt, APPROVED.revision, True)
    assert staff.decide(APPROVED, event, DECIDED_AT, desk).postponed_to is None
    undoes = replace(event, reply=replace(doubt, takes_back=True))
    held = staff.decide(APPROVED, undoes, DECIDED_AT, desk).postponed_to
    assert held == (UNTIL if role is Role.ASK else None)
    assert staff.decide(APPROVED, undoes, DECIDED_AT, WAITING).postponed_to == UNTIL
