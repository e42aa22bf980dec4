"""The way out over a smarthost: connections that are kept, TLS, passwords, and servers that misbehave."""

import asyncio
import os
import ssl
import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.mail.address import Address, AddressError, parse
from gateway.net.delivery import smarthost, smtp_client
from gateway.net.delivery.smarthost import SmarthostCourier
from gateway.net.delivery.smtp_client import Remote
from gateway.outbound.protocols import Delivery, Outcome
from tests.net.delivery.test_maildir import FROM, RAW, TO, over
from tests.support.certificates import serving
from tests.support.hostile_server import repeats, says, talking
from tests.support.sink import sink

PLAIN = Remote("127.0.0.1", 0, "none")


async def burst(courier: SmarthostCourier, count: int) -> list[Delivery]:
    """Letters one after the other, with the idle connections ended afterwards."""
    found = [await courier.deliver(FROM, TO, RAW) for _ in range(count)]
    await courier.close()
    return found


async def test_a_burst_goes_over_one_connection() -> None:
    async with sink() as server:
        courier = SmarthostCourier(replace(PLAIN, port=server.port), "gw.example.go.jp")
        deliveries = await burst(courier, 20)
    assert {Outcome.SENT} == {each.outcome for each in deliveries}
    assert (1, 20) == (server.connections, len(server.messages))


async def test_letters_side_by_side_use_no_more_connections_than_allowed() -> None:
    async with sink() as server:
        courier = SmarthostCourier(replace(PLAIN, port=server.port), "gw.example.go.jp", connections=3)
        await asyncio.gather(*(courier.deliver(FROM, TO, RAW) for _ in range(30)))
        await courier.close()
    assert 3 == server.connections
    assert 30 == len(server.messages)


async def test_a_refusal_does_not_spoil_the_next_letter_on_the_connection() -> None:
    async with sink(RCPT="550 5.1.1 no such user") as server:
        courier = SmarthostCourier(replace(PLAIN, port=server.port), "gw.example.go.jp")
        assert Outcome.REFUSED is (await courier.deliver(FROM, TO, RAW)).outcome
        server.answers.clear()
        assert Outcome.SENT is (await courier.deliver(FROM, TO, RAW)).outcome
        await courier.close()
    assert 1 == server.connections
    assert "RSET" in server.commands


async def test_a_connection_that_the_server_ended_while_idle_costs_no_attempt() -> None:
    async with sink() as server:
        server.ends_after = 1
        courier = SmarthostCourier(replace(PLAIN, port=server.port), "gw.example.go.jp")
        first = await courier.deliver(FROM, TO, RAW)
        await asyncio.sleep(0.05)
        second = await courier.deliver(FROM, TO, RAW)
        await courier.close()
    assert [Outcome.SENT, Outcome.SENT] == [first.outcome, second.outcome]
    assert 2 == server.connections


async def test_a_421_on_a_kept_connection_is_met_with_a_new_one() -> None:
    async with sink() as server:
        courier = SmarthostCourier(replace(PLAIN, port=server.port), "gw.example.go.jp")
        await courier.deliver(FROM, TO, RAW)
        server.answers["MAIL"] = "421 4.4.2 too long idle"
        second = await courier.deliver(FROM, TO, RAW)
        await courier.close()
    assert (2, "421 4.4.2 too long idle") == (server.connections, second.reply)
    assert Outcome.DEFERRED is second.outcome


async def test_a_connection_is_given_up_after_many_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smarthost, "MAX_LETTERS", 2)
    async with sink() as server:
        courier = SmarthostCourier(replace(PLAIN, port=server.port), "gw.example.go.jp")
        await burst(courier, 5)
    assert 3 == server.connections


async def test_an_idle_connection_is_ended_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smarthost, "IDLE_S", 0.02)
    async with sink() as server:
        courier = SmarthostCourier(replace(PLAIN, port=server.port), "gw.example.go.jp")
        await courier.deliver(FROM, TO, RAW)
        await asyncio.sleep(0.1)
    assert "QUIT" == server.commands[-1]


async def test_a_smarthost_that_is_down_is_not_asked_for_each_letter() -> None:
    async with sink(GREETING="421 4.3.2 closed for today") as server:
        courier = SmarthostCourier(replace(PLAIN, port=server.port), "gw.example.go.jp")
        deliveries = await burst(courier, 5)
    assert 1 == server.connections
    assert {Outcome.DEFERRED} == {each.outcome for each in deliveries}
    assert all("closed for today" in each.reply for each in deliveries)


# --- TLS and passwords


async def test_t08_required_tls_is_not_given_up_when_it_is_not_offered() -> None:
    async with sink() as server:
        delivery = await over(Remote("127.0.0.1", server.port, "required"))
    assert Outcome.DEFERRED is delivery.outcome
    assert [] == server.messages


async def test_t08_letters_to_listed_domains_are_not_sent_in_clear_by_opportunistic_tls() -> None:
    async with sink() as server:
        remote = Remote("127.0.0.1", server.port, "opportunistic")
        held = await over(remote, TO, require_tls=("lg.jp",))
        others = await over(remote, parse("taro@keitai.example"), require_tls=("lg.jp",))
    assert (Outcome.DEFERRED, Outcome.SENT) == (held.outcome, others.outcome)
    assert ["<taro@keitai.example>"] == [to for _, to, _ in server.messages]


async def test_required_tls_verifies_the_certificate(tmp_path: Path) -> None:
    context = serving(tmp_path)
    async with sink(tls=context) as server:
        unknown = Remote("mx.desk.example", server.port, "required", address="127.0.0.1")
        refused = await over(unknown)
        wrong_name = replace(unknown, host="mx.other.example", ca_file=str(tmp_path / "desk.pem"))
        misnamed = await over(wrong_name)
        known = replace(unknown, ca_file=str(tmp_path / "desk.pem"))
        taken = await over(known)
    assert [Outcome.DEFERRED, Outcome.DEFERRED, Outcome.SENT] == [
        refused.outcome,
        misnamed.outcome,
        taken.outcome,
    ]
    assert "certificate" in refused.reply.lower()


async def test_opportunistic_tls_takes_any_certificate(tmp_path: Path) -> None:
    async with sink(tls=serving(tmp_path)) as server:
        assert Outcome.SENT is (await over(Remote("127.0.0.1", server.port))).outcome
    assert "STARTTLS" in server.commands


async def test_opportunistic_tls_that_does_not_work_is_done_without(tmp_path: Path) -> None:
    async with sink(tls=serving(tmp_path), STAR="454 4.7.0 TLS not available") as server:
        assert Outcome.SENT is (await over(Remote("127.0.0.1", server.port))).outcome
    assert 2 == server.connections


async def test_t09_what_is_injected_behind_the_answer_to_starttls_is_dropped(tmp_path: Path) -> None:
    async with sink(tls=serving(tmp_path)) as server:
        server.injected = b"250-sink\r\n250 AUTH PLAIN\r\n"
        await over(Remote("127.0.0.1", server.port))
    assert not any(line.startswith("AUTH") for line in server.commands)
    assert 2 >= server.connections


async def test_a_password_is_sent_over_tls_only(tmp_path: Path) -> None:
    async with sink() as server:
        server.extensions = ("AUTH PLAIN",)
        remote = Remote("127.0.0.1", server.port, "opportunistic", "desk", "secret")
        in_clear = await over(remote)
    assert Outcome.DEFERRED is in_clear.outcome
    assert not any(line.startswith("AUTH") for line in server.commands)
    async with sink(tls=serving(tmp_path)) as server:
        server.extensions = ("AUTH PLAIN",)
        assert Outcome.SENT is (await over(replace(remote, port=server.port))).outcome
    assert any(line.startswith("AUTH PLAIN") for line in server.commands)


async def test_a_wrong_password_defers_and_refuses_no_letter(tmp_path: Path) -> None:
    async with sink(tls=serving(tmp_path), AUTH="535 5.7.8 wrong") as server:
        server.extensions = ("AUTH PLAIN",)
        delivery = await over(Remote("127.0.0.1", server.port, "opportunistic", "desk", "secret"))
    assert Outcome.DEFERRED is delivery.outcome
    assert "535" in delivery.reply


@pytest.mark.parametrize("answer", ["530 5.7.0 log in first", "503 5.5.1 bad sequence"])
async def test_what_is_about_the_session_refuses_no_letter(answer: str) -> None:
    async with sink(MAIL=answer) as server:
        assert Outcome.DEFERRED is (await over(replace(PLAIN, port=server.port))).outcome


# --- hostile servers


@pytest.mark.parametrize(
    ("name", "talk"),
    [
        ("endless greeting lines", repeats(b"220-still here\r\n")),
        ("a line without an end", repeats(b"2" * 65_536)),
        ("one octet at a time", repeats(b"2", 0.02)),
        ("silence", repeats(b"", 0.05)),
        ("garbage", repeats(bytes(range(256)))),
        ("the end at once", says(b"")),
        ("no SMTP at all", says(b"HTTP/1.1 400 Bad Request\r\n\r\n")),
        ("endless reply to EHLO", says(b"220 x\r\n", b"250-x\r\n" * 20_000)),
        ("endless reply to MAIL", says(b"220 x\r\n", b"250 x\r\n", b"250-x\r\n" * 20_000)),
        ("codes below 200", says(b"220 x\r\n", b"250 x\r\n", b"199 x\r\n")),
        ("closing after the greeting", says(b"220 x\r\n", b"")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_o11_a_hostile_server_costs_a_bounded_attempt(
    name: str, talk: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smarthost, "ATTEMPT_TIMEOUT_S", 0.4)
    tracemalloc.start()
    async with talking(talk) as port:  # type: ignore[arg-type]
        delivery = await asyncio.wait_for(over(replace(PLAIN, port=port)), 5)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert Outcome.DEFERRED is delivery.outcome, name
    assert 500 >= len(delivery.reply)
    assert peak < 8_000_000


async def test_o11_a_long_answer_is_kept_short_and_printable() -> None:
    said = "550-\x1b]0;owned\x07 " + "長い" * 40 + "\r\n"
    async with talking(says(b"220 x\r\n", b"250 x\r\n", (said * 60 + "550 end\r\n").encode())) as port:
        delivery = await over(replace(PLAIN, port=port))
    assert Outcome.REFUSED is delivery.outcome
    assert 500 >= len(delivery.reply)
    assert delivery.reply.isprintable()


@pytest.mark.parametrize(
    "local_part", ["a\r\nRCPT TO:<x@y>", "a> SIZE=1 <b", "a b", "=?utf-8?q?a=0d=0ab?=", "é"]
)
async def test_o08_a_recipient_that_is_more_than_an_address_is_not_sent(local_part: str) -> None:
    async with sink() as server:
        courier = SmarthostCourier(replace(PLAIN, port=server.port), "gw.example.go.jp")
        with pytest.raises(AddressError):
            await courier.deliver(FROM, Address(local_part, "a.test"), RAW)
        await courier.close()
    assert not any(line.startswith(("MAIL", "RCPT")) for line in server.commands)


async def test_changed_authorities_count_from_the_next_letter_on(tmp_path: Path) -> None:
    (tmp_path / "server").mkdir()
    context, authorities = serving(tmp_path / "server"), tmp_path / "ca.pem"
    serving(tmp_path)
    authorities.write_bytes((tmp_path / "desk.pem").read_bytes())
    os.utime(authorities, (0, 0))
    async with sink(tls=context) as server:
        remote = Remote(
            "mx.desk.example", server.port, "required", address="127.0.0.1", ca_file=str(authorities)
        )
        before = await over(remote)
        authorities.write_bytes((tmp_path / "server" / "desk.pem").read_bytes())
        after = await over(remote)
    assert (Outcome.DEFERRED, Outcome.SENT) == (before.outcome, after.outcome)


async def test_the_announced_size_is_the_letters() -> None:
    async with sink() as server:
        server.extensions = ("SIZE 1000000",)
        await over(replace(PLAIN, port=server.port))
    assert any(line.endswith(f"SIZE={len(RAW)}") for line in server.commands)


def test_implicit_and_required_tls_check_names() -> None:
    context = smtp_client._tls_context(verified=True, ca_file="")
    assert (True, ssl.CERT_REQUIRED) == (context.check_hostname, context.verify_mode)
