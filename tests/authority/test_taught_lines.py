"""What is written again and again is meant: a line that was answered as not understood is never learned."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.case.model import Letter, OutgoingLetter
from gateway.admission.intake.staff.known_lines import find_signature_lines
from gateway.admission.replies.text.own_words import fold_known
from gateway.mail.address import parse
from tests.support.authority import SIGNATURES
from tests.support.desk_bench import CODE, OPENDKIM, OWN_HOST, DeskBench, Reply, sign
from tests.support.factories import SATO
from tests.support.replies import CONTEXT

NUMBERS = ("K7QM-4T", "AB12-CD", "CD34-EF", "EF56-GH")
SLOGAN = "★市民マラソン大会★"


async def reply(bench: DeskBench, number: str, text: str, nth: int = 0) -> str:
    """The state of a new case after this answer of a member's to its request."""
    case = await bench.open_case(number, applicant=parse(f"tanaka{number[0]}@town.mihon.lg.jp".lower()))
    token = await bench.ask(case)
    mail = Reply(text, message_id=f"<{number}.{nth}@kyoso.mihon.go.jp>").octets(bench.mailbox(token))
    await bench.send(sign(mail, OPENDKIM), token, client_ip=OWN_HOST)
    return await bench.state(number)


async def show_unread(bench: DeskBench, number: str) -> str:
    """The token of our answer to this case's last reply, which names the slogan as not understood."""
    told = OutgoingLetter(Letter.UNCLEAR_DECISION, SATO, {"number": number, "unread": [SLOGAN]})
    return await bench.store.transact(lambda tx: bench._hand_over(tx, tx.case_by_number(number), told, CODE))


async def known(bench: DeskBench) -> tuple[str, ...]:
    return await bench.store.transact(lambda tx: tx.known_lines(SATO, 0))


@pytest.mark.parametrize(
    "line",
    [
        *("12月1日以降でお願いします。", "問題なければ。", "OKなら。", "念のため、鈴木さんも見てください。"),
        *("閲覧のみで。", "部課名だけ直してもらってください。", "人事課 要合議", "起案：鈴木", SLOGAN),
    ],
)
async def test_a_remark_is_never_learned_from_replies_that_were_not_understood(
    line: str, bench: DeskBench
) -> None:
    said = [await reply(bench, number, f"承認します。\n\n佐藤\n{line}\n") for number in NUMBERS]
    assert ["under_review"] * 4 == said
    assert () == await known(bench)


async def test_a_line_is_learned_where_word_and_code_were_carried_out_above_it(bench: DeskBench) -> None:
    """The member saw the line named, and decided with it below: after two such letters it is known."""
    text = f"承認します。\n\n佐藤\n{SLOGAN}\n"
    for number in NUMBERS[:2]:
        assert "under_review" == await reply(bench, number, text)
        again = await show_unread(bench, number)
        coded = Reply(f"承認 {CODE}\n\n佐藤\n{SLOGAN}\n", message_id=f"<{number}.2@kyoso.mihon.go.jp>")
        await bench.send(sign(coded.octets(bench.mailbox(again)), OPENDKIM), again, client_ip=OWN_HOST)
        assert "approved" == await bench.state(number)
    assert (SLOGAN,) == await known(bench)
    assert "approved" == await reply(bench, NUMBERS[2], text)


HONEST = {fold_known(line) for signature in SIGNATURES for line in signature.split("\n")}
TALK = st.text("閲覧鈴木来週代人違要合議たぶん自信問題件目の方あ", min_size=1, max_size=10)


@given(TALK, st.sampled_from(("。", "です。", "ます。", "ください。", "．")))
def test_what_ends_with_a_full_stop_is_learned_from_nothing(said: str, end: str) -> None:
    for practised in (True, False):
        taught = find_signature_lines(f"承認します。\n\n佐藤\n{said}{end}", CONTEXT, practised=practised)
        assert () == taught


@given(TALK, st.sampled_from(("佐藤（{}）", "佐藤 一郎（{}）", "{} 鈴木", "鈴木 {}", "佐藤【{}】")))
def test_brackets_beside_the_own_name_and_a_colleague_are_learned_from_nothing(said: str, frame: str) -> None:
    line = frame.format(said)
    for practised in (True, False):
        assert () == find_signature_lines(f"承認します。\n\n佐藤\n{line}", CONTEXT, practised=practised)


DAYS = st.sampled_from(("12月1日", "12/1", "来週", "月曜", "2年", "翌", "today", "next week"))


@given(TALK, DAYS, st.sampled_from(("{0} {1}", "{1} {0}", "{1}{0}")))
def test_a_day_is_learned_by_practice_alone(said: str, day: str, frame: str) -> None:
    line = frame.format(said, day)
    assert () == find_signature_lines(f"承認します。\n\n佐藤\n{line}", CONTEXT)


@pytest.mark.parametrize("signature", SIGNATURES)
def test_an_honest_signature_is_learned_by_practice(signature: str) -> None:
    """Whatever of it is not understood as it is."""
    text = f"承認します。\n\n{signature}"
    learned = set(find_signature_lines(text, CONTEXT, practised=True))
    assert learned <= HONEST
    assert ("ふるさと納税" in signature) <= any("ふるさと納税" in line for line in learned)
