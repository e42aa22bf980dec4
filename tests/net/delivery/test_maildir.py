"""Couriers against a real SMTP server: what the remote side does becomes sent, deferred or refused."""

import asyncio
from pathlib import Path

import pytest

from gateway.mail.address import Address, parse
from gateway.net.delivery import smarthost
from gateway.net.delivery.maildir import MaildirCourier
from gateway.net.delivery.mx import MxCourier
from gateway.net.delivery.smarthost import SmarthostCourier
from gateway.net.delivery.smtp_client import Remote
from gateway.outbound.protocols import Delivery, Outcome
from tests.support.dns import ZoneResolver
from tests.support.sink import sink

FROM = parse("bounce+abc@gw.example.go.jp")
TO = parse("hanako@town.mihon.lg.jp")
RAW = b"From: a@b.example\r\nSubject: x\r\n\r\nbody\r\n.dot\r\n"


async def deliver(port: int, to: Address = TO) -> Delivery:
    return await over(Remote("127.0.0.1", port, "none"), to)


async def over(remote: Remote, to: Address = TO, *, require_tls: tuple[str, ...] = ()) -> Delivery:
    """One letter over a smarthost."""
    smarthost = SmarthostCourier(remote, "gw.example.go.jp", require_tls=require_tls)
    try:
        return await smarthost.deliver(FROM, to, RAW)
    finally:
        await smarthost.close()


async def test_a_letter_arrives_as_it_was_written() -> None:
    async with sink() as server:
        delivery = await deliver(server.port)
    assert Delivery(Outcome.SENT, "250 kept") == delivery
    ((reverse_path, forward_path, data),) = server.messages
    assert (f"<{FROM}>", f"<{TO}>") == (reverse_path, forward_path)
    assert RAW.replace(b"\r\n.dot", b"\r\n..dot") == data


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA", "END"])
@pytest.mark.parametrize(
    ("answer", "outcome"),
    [("451 4.3.0 later", Outcome.DEFERRED), ("550 5.1.1 no such user", Outcome.REFUSED)],
)
async def test_an_answer_at_any_stage_decides(stage: str, answer: str, outcome: Outcome) -> None:
    async with sink(**{stage: answer}) as server:
        delivery = await deliver(server.port)
    assert outcome is delivery.outcome
    assert answer.split(" ", 1)[1] in delivery.reply


async def test_a_smarthost_that_is_down_defers() -> None:
    async with sink() as server:
        port = server.port
    assert Outcome.DEFERRED is (await deliver(port)).outcome


@pytest.mark.parametrize("stage", ["EHLO", "MAIL", "RCPT", "DATA", "END"])
async def test_a_smarthost_that_hangs_at_any_stage_defers(
    stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smarthost, "ATTEMPT_TIMEOUT_S", 0.2)
    async with sink() as server:
        server.answers[stage] = "HANG"
        assert Outcome.DEFERRED is (await deliver(server.port)).outcome


async def test_required_tls_is_never_given_up() -> None:
    async with sink() as server:
        delivery = await over(Remote("127.0.0.1", server.port, "required"))
    assert Outcome.DEFERRED is delivery.outcome
    assert [] == server.messages


async def test_old_carrier_addresses_are_quoted_on_the_wire() -> None:
    async with sink() as server:
        await deliver(server.port, parse("taro..x.@keitai.example"))
    assert '<"taro..x."@keitai.example>' == server.messages[0][1]


@pytest.mark.parametrize(
    ("zone", "outcome"),
    [
        pytest.param("town.mihon.lg.jp MX 0 .", Outcome.REFUSED, id="null-mx"),
        pytest.param("", Outcome.REFUSED, id="no-such-domain"),
        pytest.param("town.mihon.lg.jp TEMPFAIL", Outcome.DEFERRED, id="dns-down"),
        pytest.param(
            "town.mihon.lg.jp MX 10 mx.town.mihon.lg.jp\nmx.town.mihon.lg.jp A 127.0.0.1",
            Outcome.REFUSED,
            id="mx-points-at-loopback",
        ),
        pytest.param(
            "town.mihon.lg.jp MX 10 mx.town.mihon.lg.jp\nmx.town.mihon.lg.jp A 10.0.0.5",
            Outcome.REFUSED,
            id="mx-points-at-a-private-network",
        ),
    ],
)
async def test_mx_delivery_goes_only_where_mail_can_be_received(zone: str, outcome: Outcome) -> None:
    mx = MxCourier(ZoneResolver(zone), "gw.example.go.jp")
    assert outcome is (await mx.deliver(FROM, TO, RAW)).outcome


async def test_maildir_keeps_every_letter(tmp_path: Path) -> None:
    maildir = MaildirCourier(tmp_path)
    await asyncio.gather(*(maildir.deliver(FROM, TO, RAW) for _ in range(5)))
    files = list((tmp_path / str(TO) / "new").iterdir())
    assert 5 == len(files)
    assert files[0].read_bytes().endswith(RAW)


async def test_a_maildir_that_cannot_be_written_defers(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    delivery = await MaildirCourier(tmp_path / "file").deliver(FROM, TO, RAW)
    assert Outcome.DEFERRED is delivery.outcome
