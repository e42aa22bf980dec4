"""A mail that a mark made a machine's does nothing later in a copy without that mark: nobody signs it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.admission.case.model import Letter
from gateway.mail.address import Address
from gateway.mail.smtp.mailboxes import Purpose
from gateway.store.sqlite.store import SqliteStore
from tests.support.desk_bench import (
    BOXES,
    CODE,
    MICROSOFT,
    OPENDKIM,
    OWN_HOST,
    STRANGER,
    DeskBench,
    Reply,
    sign,
)
from tests.support.factories import APPLICANT, SATO

# Little more than what words need: Message-ID may be another in a copy.
FEW = ["from", "to", "date", "subject", "content-type", "content-transfer-encoding"]
MARKS = {
    "vacation": b"Auto-Submitted: auto-replied\r\n",
    "autoreply": b"X-Autoreply: yes\r\n",
    "list": b"List-Id: <a.example>\r\n",
    "bulk": b"Precedence: bulk\r\n",
}
SAID = {
    "approve": ("承認します。\n", SATO),
    "approve by code": (f"承認 {CODE}\n", SATO),
    "decline": ("却下: 対象外の団体です。\n", SATO),
    "stop": ("停止\n", SATO),
    "withdraw": ("取り下げます。\n", APPLICANT),
}
EDITS = {
    "nothing": lambda raw: raw,
    "a field on top": lambda raw: b"X-Any: 1\r\n" + raw,
    "another message-id": lambda raw: raw.replace(b"<r1@", b"<r2@"),
    "another subject": lambda raw: raw.replace(b"Subject: ", b"Subject: Fwd: "),
}


async def send(bench: DeskBench, raw: bytes, token: str, by: Address, client_ip: str) -> None:
    purpose = Purpose.CASE if by == APPLICANT else Purpose.DECIDE
    await bench.send(raw, token, client_ip=client_ip, reverse_path=by, purpose=purpose)


async def look(bench: DeskBench) -> tuple[str, bool]:
    """The state of the case, and whether the desk stands still."""
    return await bench.state(), bool(await bench.store.transact(lambda tx: tx.pulled_brakes(bench.now)))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    said=st.sampled_from(sorted(SAID)),
    mark=st.sampled_from(sorted(MARKS)),
    names=st.sampled_from([FEW, OPENDKIM, MICROSOFT]),
    copies=st.lists(
        st.tuples(st.sampled_from(sorted(EDITS)), st.booleans(), st.sampled_from([STRANGER, OWN_HOST])),
        min_size=1,
        max_size=4,
    ),
)
async def test_no_copy_without_its_mark_does_what_the_marked_mail_did_not(
    tmp_path_factory: pytest.TempPathFactory,
    said: str,
    mark: str,
    names: list[str],
    copies: list[tuple[str, bool, str]],
) -> None:
    store = SqliteStore(tmp_path_factory.mktemp("marked") / "gateway.db", BOXES.domain)
    store.open()
    bench = DeskBench(store)
    about = await bench.open_case()
    text, by = SAID[said]
    letter = Letter.ACKNOWLEDGMENT if by == APPLICANT else Letter.REVIEW_REQUEST
    token, other = await bench.ask(about, by, letter), await bench.ask(about, by, letter)
    purpose = Purpose.CASE if by == APPLICANT else Purpose.DECIDE
    raw = sign(Reply(text, by).octets(bench.mailbox(token, purpose)), names, by.domain)
    await send(bench, MARKS[mark] + raw, token, by, STRANGER)
    before = await look(bench)
    for edit, again, client_ip in copies:
        await send(bench, EDITS[edit](raw), token if again else other, by, client_ip)
        assert before == await look(bench)
    store.close()


@pytest.mark.parametrize("mark", MARKS)
async def test_the_same_words_written_again_count(bench: DeskBench, mark: str) -> None:
    """Whoever writes a new mail is heard: only the copy is not."""
    token = await bench.ask(await bench.open_case())
    await send(bench, MARKS[mark] + sign(Reply().octets(bench.mailbox(token)), FEW), token, SATO, STRANGER)
    assert "under_review" == await bench.state()
    new = Reply(date=Reply().date.replace(second=9), message_id="<r3@kyoso.mihon.go.jp>")
    await send(bench, sign(new.octets(bench.mailbox(token)), FEW), token, SATO, STRANGER)
    assert "approved" == await bench.state()
