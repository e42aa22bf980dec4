"""Words of applicants and colleagues count for one case: a mail that names two changes neither."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.admission.case.model import Case, Letter, State
from gateway.admission.case.model.affiliation import (
    NO_AFFILIATION,
    Affiliation,
    AffiliationCheck,
    Confirmer,
    Place,
    claim_of,
)
from gateway.admission.organisations.domains import Standing
from gateway.mail.address import Address, parse
from gateway.mail.smtp.mailboxes import Purpose
from gateway.store.sqlite.store import SqliteStore
from tests.support.desk_bench import BOXES, CODE, OPENDKIM, OWN_HOST, STRANGER, DeskBench, Reply, sign
from tests.support.factories import APPLICANT, DESK, NOW, SATO, background, form

OTHER = "9X2B-1C"
COLLEAGUE, OUTSIDER = parse("yamada@city.tanin.lg.jp"), parse("jiro@jitaku.example")
GONE, CONFIRMED = "取り下げます。\n", f"はい {CODE}\n"
MOVE, LOOK = "メールアドレスを taro@city.tanin.lg.jp に変更します。\n", "再審査をお願いします。\n"
DECLINED: dict[str, object] = {
    "state": State.DECLINED,
    "decided_by": str(SATO),
    "decided_at": NOW - timedelta(days=1),
    "reason": "対象外",
}
WAITS: dict[str, object] = {"state": State.AWAITING_AFFILIATION, "affiliation": NO_AFFILIATION}
SAID: dict[str, tuple[str, dict[str, object]]] = {
    "withdrawal": (GONE, {}),
    "move": (MOVE, {}),
    "look": (LOOK, DECLINED),
    "colleague": ("yamada@town.mihon.lg.jp\n", WAITS),
}
# How a mail can name another case: (the reply, the mailbox of the other letter) -> the reply.
CROSSINGS: dict[str, Callable[[Reply, str], Reply]] = {
    "subject": lambda reply, _: replace(reply, subject=f"Re: {OTHER}"),
    "own words": lambda reply, _: replace(reply, text=f"{reply.text}{OTHER}\n"),
    "another letter": lambda reply, other: replace(reply, cc=f"<{other}>"),
}


def asked(number: str, name: str, applicant: Address) -> dict[str, object]:
    """A case whose applicant named the colleague, who was written to."""
    said = form(
        f"区分: 自治体\n団体名: 他人市\n全国地方公共団体コード: 990019\n部署名: 総務課\n氏名: {name}\n"
        "規約への同意: 同意する\n"
    )
    claim, where = claim_of(said), COLLEAGUE.domain
    known = Affiliation(
        checks=(AffiliationCheck(COLLEAGUE, NOW, claim, where),), claim=claim, domains=(where,)
    )
    return {
        "number": number, "state": State.AWAITING_AFFILIATION, "applicant": applicant, "form": said,
        "background": background(Standing.CONFIRM, "personal"), "affiliation": known,
    }  # fmt: skip


def find_confirmer(of: Case, address: Address) -> Confirmer:
    inside = address.domain == COLLEAGUE.domain
    return Confirmer(Place.BODY, COLLEAGUE.domain) if inside else Confirmer(Place.ELSEWHERE)


async def look(bench: DeskBench, number: str) -> Case:
    found = await bench.store.transact(lambda tx: tx.case_by_number(number))
    assert found is not None
    return found


async def send(bench: DeskBench, reply: Reply, token: str, client_ip: str = STRANGER) -> None:
    purpose = Purpose.CASE if token else Purpose.REQUEST
    raw = sign(reply.octets(bench.mailbox(token, purpose)), OPENDKIM, reply.author.domain)
    await bench.send(raw, token, client_ip=client_ip, reverse_path=reply.author, purpose=purpose)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    said=st.sampled_from(sorted(SAID)),
    crossings=st.lists(st.sampled_from(sorted(CROSSINGS)), min_size=1, max_size=3, unique=True),
    at_letter=st.booleans(),
    is_own=st.booleans(),
    client_ip=st.sampled_from([STRANGER, OWN_HOST]),
)
async def test_no_mail_of_an_applicant_that_names_two_cases_changes_one(
    tmp_path_factory: pytest.TempPathFactory,
    said: str,
    crossings: list[str],
    at_letter: bool,
    is_own: bool,
    client_ip: str,
) -> None:
    """Also where the other is an earlier one of the same applicant's, unless the Subject at the request
    mailbox says that it is about that one."""
    store = SqliteStore(tmp_path_factory.mktemp("crossed") / "gateway.db", BOXES.domain)
    store.open()
    bench = DeskBench(store)
    text, about = SAID[said]
    owner = APPLICANT if is_own and at_letter else parse("taro@town.mihon.lg.jp")
    second = await bench.open_case(OTHER, applicant=owner, state=State.WITHDRAWN if is_own else State.ON_HOLD)
    first = await bench.open_case(**about)
    token = await bench.ask(first, APPLICANT, Letter.ACKNOWLEDGMENT) if at_letter else ""
    other = bench.mailbox(await bench.ask(second, owner, Letter.WITHDRAWAL_RECEIPT), Purpose.CASE)
    reply = Reply(text, APPLICANT)
    for crossing in crossings:
        reply = CROSSINGS[crossing](reply, other)
    before = [await look(bench, number) for number in (first.number, OTHER)]
    await send(bench, reply, token, client_ip)
    assert before == [await look(bench, number) for number in (first.number, OTHER)]
    assert "affiliation.named" not in bench.journal()
    store.close()


@pytest.mark.parametrize("said", SAID)
@pytest.mark.parametrize("at_letter", [True, False])
async def test_the_number_of_the_case_itself_crosses_nothing(
    bench: DeskBench, said: str, at_letter: bool
) -> None:
    text, about = SAID[said]
    first = await bench.open_case(**about)
    token = await bench.ask(first, APPLICANT, Letter.ACKNOWLEDGMENT) if at_letter else ""
    before = await look(bench, first.number)
    await send(bench, Reply(text, APPLICANT, subject=f"Re: {first.number}"), token)
    named = said == "colleague" and "affiliation.named" in bench.journal()
    assert named or before != await look(bench, first.number)


@pytest.mark.parametrize("first", ["", "the letter"])
async def test_a_withdrawal_to_the_request_mailbox_and_to_its_letter_withdraws(
    bench: DeskBench, first: str
) -> None:
    token = await bench.ask(await bench.open_case(), APPLICANT, Letter.ACKNOWLEDGMENT)
    both = f"<{bench.mailbox('')}>, <{bench.mailbox(token, Purpose.CASE)}>"
    for to in ("", token) if not first else (token, ""):
        await send(bench, Reply(GONE, APPLICANT, to=both), to)
    assert "withdrawn" == await bench.state()


@pytest.mark.parametrize("text", [CONFIRMED, "私用 次郎は当市に在籍しています。\n", f"いいえ {CODE}\n"])
@pytest.mark.parametrize("crossing", [*CROSSINGS, ""])
async def test_an_answer_of_a_colleague_is_about_one_case(bench: DeskBench, crossing: str, text: str) -> None:
    bench.desk = replace(DESK, confirmer=find_confirmer)
    first = await bench.open_case(**asked("K7QM-4T", "私用 次郎", OUTSIDER))
    second = await bench.open_case(**asked(OTHER, "別人 三郎", parse("saburo@jitaku.example")))
    token, other = [await bench.ask(of, COLLEAGUE, Letter.AFFILIATION_CHECK) for of in (first, second)]
    reply = Reply(text, COLLEAGUE, message_id="<c1@city.tanin.lg.jp>")
    if crossing:
        reply = CROSSINGS[crossing](reply, bench.mailbox(other, Purpose.CASE))
    before = await look(bench, first.number)
    await send(bench, reply, token)
    assert bool(crossing) is (before == await look(bench, first.number))
    assert "awaiting_affiliation" == await bench.state(OTHER)
