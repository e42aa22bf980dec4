"""What comes to the request mailbox changes a case or the desk only where it was written to us, lately."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.admission.case.model import Case, State
from gateway.mail.address import Address
from gateway.mail.smtp.mailboxes import Purpose
from gateway.store.sqlite.store import SqliteStore
from tests.support.desk_bench import (
    BOXES,
    GOOGLE,
    MICROSOFT,
    OPENDKIM,
    OWN_HOST,
    SES,
    STRANGER,
    DeskBench,
    Reply,
    publish,
    sign,
)
from tests.support.factories import APPLICANT, FORM_TEXT, NOW, SATO

FRIEND = "<friend@example.jp>"
MOVE = "メールアドレスを taro@city.tanin.lg.jp に変更します。\n"
LOOK = "再審査をお願いします。\n"
AWAY = "不在 11/24-12/20\n"
DECLINED: dict[str, object] = {
    "state": State.DECLINED,
    "decided_by": str(SATO),
    "decided_at": NOW - timedelta(days=1),
    "reason": "対象外",
}
CHILD = "mail.town.mihon.lg.jp"
# What an applicant may say, and the case that it is about: each changes that case when it is written to us.
SAID: dict[str, tuple[str, dict[str, object]]] = {
    "move": (MOVE, {}),
    "look": (LOOK, DECLINED),
    "form": ("部署名: 秘書課\n役職: 部長\n", {}),
    "answer": ("秘書課です。\n", {"state": State.NEEDS_INFORMATION, "question": "課名を教えてください。"}),
    "colleague": ("yamada@town.mihon.lg.jp\n", {"state": State.AWAITING_AFFILIATION}),
    "withdrawal": ("取り下げます。\n", {}),
}
# (To, days that Date is off); None is the request mailbox.
BORROWED: dict[str, tuple[str | None, float]] = {
    "to a friend": (FRIEND, 0),
    "our mailbox as a name": ('"request@gw.example.go.jp" <friend@example.jp>', 0),
    "to a friend, long ago": (FRIEND, -400),
    "to us, long ago": (None, -300),
    "to us, eight days ago": (None, -8),
    "to us, in two days": (None, 2),
}


async def say(
    bench: DeskBench,
    text: str,
    to: str | None = None,
    days: float = 0,
    names: list[str] = OPENDKIM,
    by: Address = APPLICANT,
    client_ip: str = STRANGER,
    signer: str = "",
) -> None:
    reply = replace(Reply(text, by, to=to), date=Reply().date + timedelta(days=days))
    raw = sign(reply.octets(bench.mailbox("")), names, signer or by.domain)
    sender = Address("x", "strange.example") if signer else by
    await bench.send(raw, "", client_ip=client_ip, reverse_path=sender, purpose=Purpose.REQUEST)


async def look(bench: DeskBench) -> Case:
    found = await bench.store.transact(lambda tx: tx.case_by_number("K7QM-4T"))
    assert found is not None
    return found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    said=st.sampled_from(sorted(SAID)),
    borrowed=st.sampled_from(sorted(BORROWED)),
    names=st.sampled_from([OPENDKIM, GOOGLE, SES, MICROSOFT, ["from"]]),
    client_ip=st.sampled_from([STRANGER, OWN_HOST]),
)
async def test_no_borrowed_mail_changes_a_case(
    tmp_path_factory: pytest.TempPathFactory, said: str, borrowed: str, names: list[str], client_ip: str
) -> None:
    store = SqliteStore(tmp_path_factory.mktemp("borrowed") / "gateway.db", BOXES.domain)
    store.open()
    bench = DeskBench(store)
    text, about = SAID[said]
    await bench.open_case(**about)
    before = await look(bench)
    await say(bench, text, *BORROWED[borrowed], names, client_ip=client_ip)
    assert before == await look(bench)
    assert ["supplement"] == bench.journal()
    store.close()


@pytest.mark.parametrize("said", SAID)
@pytest.mark.parametrize(
    ("names", "client_ip"),
    [
        pytest.param(OPENDKIM, STRANGER, id="opendkim"),
        pytest.param(SES, STRANGER, id="ses"),
        pytest.param(GOOGLE, OWN_HOST, id="google"),
        pytest.param(MICROSOFT, OWN_HOST, id="microsoft"),
    ],
)
async def test_each_mail_system_has_a_way_to_say_it(
    bench: DeskBench, said: str, names: list[str], client_ip: str
) -> None:
    text, about = SAID[said]
    await bench.open_case(**about)
    before = await look(bench)
    await say(bench, text, names=names, client_ip=client_ip)
    named = said == "colleague" and "affiliation.named" in bench.journal()
    assert named or before != await look(bench)


@pytest.mark.parametrize("said", ["move", "look", "withdrawal"])
async def test_a_name_below_the_domain_neither_moves_nor_withdraws_a_case(
    bench: DeskBench, said: str
) -> None:
    """What relaxed DMARC is enough for is an application; a word wants the very domain, or its parent."""
    policies = f"_dmarc.{APPLICANT.domain} TXT v=DMARC1; p=none\n"
    bench.zone += policies + publish([CHILD]).replace("spf.provider.example TXT", "other.example TXT")
    text, about = SAID[said]
    await bench.open_case(**about)
    before = await look(bench)
    await say(bench, text, signer=CHILD)
    assert before == await look(bench)
    assert ["supplement"] == bench.journal()


async def test_a_borrowed_announcement_ends_no_case(bench: DeskBench) -> None:
    await bench.open_case()
    await say(bench, MOVE, FRIEND)
    new = Reply(
        FORM_TEXT, Address("taro", "city.tanin.lg.jp"), subject="K7QM-4T 参加申請", message_id="<n@x>"
    )
    raw = sign(new.octets(bench.mailbox("")), OPENDKIM, "city.tanin.lg.jp")
    await bench.send(raw, "", reverse_path=new.author, purpose=Purpose.REQUEST)
    assert "under_review" == await bench.state()


@pytest.mark.parametrize("text", ["本申請の状況を教えてください。\n", "個人情報の開示を請求します。\n"])
@pytest.mark.parametrize("borrowed", BORROWED)
async def test_what_only_tells_the_applicant_is_told(bench: DeskBench, text: str, borrowed: str) -> None:
    await bench.open_case()
    await say(bench, text, *BORROWED[borrowed])
    assert {"status.told", "data.told"} & set(bench.journal())


@pytest.mark.parametrize(("borrowed", "is_away"), [(None, True), *((name, False) for name in BORROWED)])
async def test_an_absence_is_told_to_the_desk(bench: DeskBench, borrowed: str | None, is_away: bool) -> None:
    """An old note to colleagues takes no member away from the desk."""
    to, days = BORROWED[borrowed] if borrowed else (None, 0.0)
    await say(bench, AWAY, to, days, by=SATO)
    assert is_away is ("staff.away" in bench.journal())
