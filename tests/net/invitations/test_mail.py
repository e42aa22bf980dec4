"""Invitation senders against a real HTTP server that plays Slack's documented answers, and a webhook."""

import json
import logging
from datetime import timedelta
from urllib.parse import parse_qs

import pytest

pytest.importorskip("httpx")
pytest.importorskip("slack_sdk")

from slack_sdk import WebClient

from gateway.admission.case.letters import case_facts
from gateway.admission.case.model import Letter, State
from gateway.mail.address import parse
from gateway.net.invitations import webhook
from gateway.net.invitations.mail import HandoffInvitation, MailInvitation, parse_retry_after
from gateway.net.invitations.slack import SlackInvitation
from gateway.net.invitations.webhook import WebhookInvitation, signature
from gateway.outbound.protocols import Delivery, Outcome
from gateway.store.protocol import LetterRow, LetterState
from tests.support.couriers import KeptCourier
from tests.support.factories import APPLICANT, NOW, SATO, case
from tests.support.http_server import HttpServer, http_server

FROM = parse("bounce+abc@gw.example.go.jp")
SECRET = "0123456789abcdef"  # noqa: S105 - made up


def row(**facts: object) -> LetterRow:
    of = case(State.APPROVED, decided_by=str(SATO), decided_at=NOW)
    return LetterRow(
        id=1,
        case_id=1,
        letter=Letter.INVITATION,
        to=APPLICANT,
        facts={**case_facts(of), **facts},
        revision=1,
        message_id="<key-1@gw.example.go.jp>",
        state=LetterState.QUEUED,
        attempts=1,
        queued_at=NOW,
        not_before=NOW,
    )


async def posted(server: HttpServer) -> Delivery:
    hook = WebhookInvitation(f"http://127.0.0.1:{server.port}/invite", SECRET, lambda: NOW)
    return await hook.invite(row(), FROM, b"")


async def slack(server: HttpServer, **facts: object) -> Delivery:
    client = WebClient(token="xoxp-test", base_url=f"http://127.0.0.1:{server.port}/api/", timeout=2)  # noqa: S106
    return await SlackInvitation(client, "T1", ("C1", "C2"), lambda: NOW).invite(row(**facts), FROM, b"")


# --- webhook


async def test_the_webhook_gets_signed_json_with_an_idempotency_key() -> None:
    async with http_server() as server:
        first, second = await posted(server), await posted(server)
    assert [Outcome.SENT, Outcome.SENT] == [first.outcome, second.outcome]
    asked = server.asked[0]
    stamp = asked.headers["x-gateway-timestamp"]
    assert signature(SECRET, stamp, asked.body) == asked.headers["x-gateway-signature"]
    assert str(int(NOW.timestamp())) == stamp
    assert {"<key-1@gw.example.go.jp>"} == {one.headers["idempotency-key"] for one in server.asked}
    told = json.loads(asked.body)
    assert (str(APPLICANT), "見本 花子", "K7QM-4T") == (told["email"], told["name"], told["case"])
    assert (str(SATO), "<key-1@gw.example.go.jp>") == (told["approved_by"], told["key"])


@pytest.mark.parametrize(
    ("status", "body", "outcome", "joined"),
    [
        (200, b"", Outcome.SENT, False), (202, b'{"status": "queued"}', Outcome.SENT, False),
        (200, b'{"status": "joined"}', Outcome.SENT, True), (409, b"", Outcome.SENT, False),
        (301, b"", Outcome.DEFERRED, False), (401, b"", Outcome.DEFERRED, False),
        (404, b"", Outcome.DEFERRED, False), (429, b"", Outcome.DEFERRED, False),
        (500, b"", Outcome.DEFERRED, False), (503, b"", Outcome.DEFERRED, False),
        (400, b"no such town", Outcome.REFUSED, False), (422, b"", Outcome.REFUSED, False),
        (200, b"[1", Outcome.SENT, False), (200, b"x" * 200_000, Outcome.SENT, False),
    ],
)  # fmt: skip
async def test_what_a_webhook_answers(status: int, body: bytes, outcome: Outcome, *, joined: bool) -> None:
    async with http_server((status, "Location: http://127.0.0.1:1/\r\n", body)) as server:
        delivery = await posted(server)
    assert (outcome, joined) == (delivery.outcome, delivery.joined)
    assert len(delivery.reply) <= 500
    assert 1 == len(server.asked)


@pytest.mark.parametrize(("status", "barred"), [(401, True), (403, True), (404, False), (500, False)])
async def test_a_webhook_that_does_not_let_us_in_is_told_from_other_trouble(
    status: int, *, barred: bool
) -> None:
    async with http_server((status, "", b"")) as server:
        assert barred is (await posted(server)).auth_failed


async def test_the_url_of_the_webhook_stays_out_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        async with http_server() as server:
            await posted(server)
    assert "/invite" not in caplog.text


async def test_a_webhook_that_names_a_time_is_left_alone_until_then() -> None:
    async with http_server((503, "Retry-After: 7200\r\n", b"")) as server:
        assert NOW + timedelta(hours=2) == (await posted(server)).retry_at


async def test_a_webhook_that_hangs_or_is_down_defers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "TIMEOUT_S", 0.2)
    async with http_server() as server:
        server.hangs = True
        assert Outcome.DEFERRED is (await posted(server)).outcome
    assert Outcome.DEFERRED is (await posted(server)).outcome


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("30", 30), ("0", 0), ("999999", 86_400), ("", 0), ("-5", 0), ("٣", 0), ("Wed, 21 Oct", 0)],
)
def test_retry_after(text: str, seconds: int) -> None:
    assert timedelta(seconds=seconds) == parse_retry_after(text)


# --- Slack


async def test_slack_is_asked_to_invite() -> None:
    async with http_server((200, "Content-Type: application/json\r\n", b'{"ok": true}')) as server:
        delivery = await slack(server)
    assert Delivery(Outcome.SENT, "slack: invited") == delivery
    asked = parse_qs(server.asked[0].body.decode())
    assert "/api/admin.users.invite" == server.asked[0].target
    assert "Bearer xoxp-test" == server.asked[0].headers["authorization"]
    assert (["T1"], [str(APPLICANT)], ["C1,C2"], ["見本 花子"]) == tuple(
        asked[key] for key in ("team_id", "email", "channel_ids", "real_name")
    )


async def test_a_new_invitation_asks_slack_to_send_again() -> None:
    async with http_server((200, "", b'{"ok": true}')) as server:
        await slack(server, again=True)
    assert ["1"] == parse_qs(server.asked[0].body.decode())["resend"]


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("error", "outcome", "joined", "wait"),
    [
        ("already_in_team", Outcome.SENT, True, None), ("already_invited", Outcome.SENT, False, None),
        ("sent_recently", Outcome.SENT, False, None), ("invite_limit_reached", Outcome.DEFERRED, False, DAY),
        ("invalid_auth", Outcome.DEFERRED, False, None), ("token_revoked", Outcome.DEFERRED, False, None),
        ("invalid_email", Outcome.REFUSED, False, None), ("user_disabled", Outcome.REFUSED, False, None),
        ("fatal_error", Outcome.DEFERRED, False, None), ("a_new_word", Outcome.DEFERRED, False, None),
    ],
)  # fmt: skip
async def test_what_slack_answers(
    error: str, outcome: Outcome, wait: timedelta | None, *, joined: bool
) -> None:
    body = json.dumps({"ok": False, "error": error}).encode()
    async with http_server((200, "Content-Type: application/json\r\n", body)) as server:
        delivery = await slack(server)
    assert (outcome, joined, NOW + wait if wait else None) == (
        delivery.outcome,
        delivery.joined,
        delivery.retry_at,
    )
    assert error in delivery.reply


@pytest.mark.parametrize(
    ("error", "barred"),
    [("invalid_auth", True), ("token_revoked", True), ("missing_scope", True), ("fatal_error", False)],
)
async def test_slack_that_does_not_let_us_in_is_told_from_other_trouble(error: str, *, barred: bool) -> None:
    body = json.dumps({"ok": False, "error": error}).encode()
    async with http_server((200, "Content-Type: application/json\r\n", body)) as server:
        assert barred is (await slack(server)).auth_failed


async def test_slacks_rate_limit_is_kept() -> None:
    answer = (429, "Retry-After: 40\r\n", b'{"ok": false, "error": "ratelimited"}')
    async with http_server(answer) as server:
        delivery = await slack(server)
    assert (Outcome.DEFERRED, NOW + timedelta(seconds=40)) == (delivery.outcome, delivery.retry_at)


@pytest.mark.parametrize("body", [b"<html>", b"", b"[]", b'"x"', b"{"])
@pytest.mark.parametrize("status", [200, 500])
async def test_nonsense_from_slack_defers(status: int, body: bytes) -> None:
    async with http_server((status, "", body)) as server:
        assert Outcome.DEFERRED is (await slack(server)).outcome


async def test_a_slack_that_is_down_defers() -> None:
    async with http_server() as server:
        pass
    assert Outcome.DEFERRED is (await slack(server)).outcome


# --- mail and handoff


async def test_by_mail_the_letter_itself_goes_to_the_applicant() -> None:
    courier = KeptCourier()
    sender = MailInvitation(courier)
    assert row() == sender.prepare_letter(row())
    await sender.invite(row(), FROM, b"raw")
    assert [(FROM, APPLICANT, b"raw")] == courier.letters


@pytest.fixture
def handoff_desk() -> tuple[HandoffInvitation, KeptCourier]:
    courier = KeptCourier()
    return HandoffInvitation(courier, SATO), courier


async def test_a_handoff_is_written_to_the_invitation_desk(
    handoff_desk: tuple[HandoffInvitation, KeptCourier],
) -> None:
    sender, courier = handoff_desk
    written = sender.prepare_letter(row())
    assert (Letter.HANDOFF, SATO) == (written.letter, written.to)
    told = json.loads(str(written.facts["payload"]))
    assert (str(APPLICANT), "<key-1@gw.example.go.jp>") == (told["email"], told["key"])
    await sender.invite(row(), FROM, b"raw")
    assert [(FROM, SATO, b"raw")] == courier.letters
