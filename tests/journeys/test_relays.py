"""Mail through relays, end to end: the client that the relay names is the client whose SPF is checked.

Nothing here is signed, so SPF alone decides.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from gateway.demo.people.messages import Person, build_mail
from gateway.demo.sandbox import Sandbox, open_sandbox
from gateway.mail.smtp import smtp_reply
from tests.journeys.world import FORM, HANAKO, SATO, write
from tests.support.smtp_server import Client

REI = Person("例", "rei@city.rei.lg.jp")
SENDER = HANAKO.address
OF_THE_TOWN, OF_NOBODY = "203.0.113.5", "198.51.100.66"
RELAY = '\n[trust]\nrelay_addresses = ["127.0.0.9"]\n'
RELAY_IP, STRANGER_IP = "127.0.0.9", "127.0.0.8"
BY_FIELD = RELAY + 'relay_authserv_ids = ["relay.mihon.go.jp"]\n'
CLAIM = {"Authentication-Results": f"relay.mihon.go.jp; spf=pass smtp.mailfrom={SENDER}"}


def publish(desk: Sandbox) -> None:
    """The town sends from one address only, which is not ours."""
    desk.world.zone.remove(HANAKO.domain, "TXT")
    desk.world.zone.add(HANAKO.domain, "TXT", f"v=spf1 ip4:{OF_THE_TOWN} -all")


async def hand_over(
    desk: Sandbox, ip: str, *, header: str = "", xclient: str = "", headers: dict[str, str] | None = None
) -> str:
    """An application from `ip`, after a PROXY header or XCLIENT; gives the answer to it, or the refusal."""
    client = Client(*await asyncio.open_connection("127.0.0.1", desk.port, local_addr=(ip, 0)))
    try:
        await client.send(header.encode())
        await client.reply()
        lines = [f"EHLO mx.{HANAKO.domain}", f"MAIL FROM:<{SENDER}>", f"RCPT TO:<{desk.request}>", "DATA"]
        for line in [f"XCLIENT {xclient}", *lines] if xclient else lines:
            answer = await client.ask(line)
            if answer[0] == "5":
                return answer
        raw = build_mail(HANAKO, desk.request, "参加申請", FORM, headers=headers)
        await client.send(raw + b"\r\n.\r\n")
        return await client.reply()
    finally:
        await client.close()


def proxied(ip: str) -> str:
    return f"PROXY TCP4 {ip} 127.0.0.1 41234 25\r\n"


@pytest.mark.parametrize(
    ("client", "expected"),
    [(OF_THE_TOWN, smtp_reply.ACCEPTED), (OF_NOBODY, smtp_reply.SENDER_UNAUTHENTICATED)],
)
async def test_spf_is_checked_for_the_client_that_xclient_names(
    tmp_path: Path, client: str, expected: smtp_reply.SmtpReply
) -> None:
    async with open_sandbox(tmp_path, more_settings=RELAY + 'relay_protocol = "xclient"\n') as desk:
        publish(desk)
        assert str(expected) == await hand_over(desk, RELAY_IP, xclient=f"ADDR={client}")


async def test_a_stranger_proves_nothing_by_xclient(tmp_path: Path) -> None:
    async with open_sandbox(tmp_path, more_settings=RELAY + 'relay_protocol = "xclient"\n') as desk:
        publish(desk)
        claim = f"ADDR={OF_THE_TOWN}"
        assert str(smtp_reply.NOT_A_RELAY) == await hand_over(desk, STRANGER_IP, xclient=claim)
        assert str(smtp_reply.SENDER_UNAUTHENTICATED) == await hand_over(desk, STRANGER_IP)
        # The relay names the client, so that no field in the mail is believed, from it neither.
        assert str(smtp_reply.SENDER_UNAUTHENTICATED) == await hand_over(desk, RELAY_IP, headers=CLAIM)


@pytest.mark.parametrize(
    ("client", "expected"),
    [(OF_THE_TOWN, smtp_reply.ACCEPTED), (OF_NOBODY, smtp_reply.SENDER_UNAUTHENTICATED)],
)
async def test_spf_is_checked_for_the_client_that_the_proxy_names(
    tmp_path: Path, client: str, expected: smtp_reply.SmtpReply
) -> None:
    async with open_sandbox(tmp_path, more_settings=RELAY + 'relay_protocol = "proxy"\n') as desk:
        publish(desk)
        assert str(expected) == await hand_over(desk, RELAY_IP, header=proxied(client))


async def test_a_client_that_the_relay_does_not_know_proves_nothing_by_spf(tmp_path: Path) -> None:
    async with open_sandbox(tmp_path, more_settings=RELAY + 'relay_protocol = "xclient"\n') as desk:
        publish(desk)
        assert str(smtp_reply.SENDER_UNAUTHENTICATED) == await hand_over(
            desk, RELAY_IP, xclient="ADDR=[UNAVAILABLE]"
        )


@pytest.mark.parametrize(
    ("ip", "expected"), [(RELAY_IP, smtp_reply.ACCEPTED), (STRANGER_IP, smtp_reply.SENDER_UNAUTHENTICATED)]
)
async def test_trusted_results_from_another_address_are_a_strangers_words(
    tmp_path: Path, ip: str, expected: smtp_reply.SmtpReply
) -> None:
    """Such a mail is treated as direct: its own client is checked."""
    async with open_sandbox(tmp_path, more_settings=BY_FIELD) as desk:
        publish(desk)
        assert str(expected) == await hand_over(desk, ip, headers=CLAIM)


async def test_mails_of_an_organisation_in_an_hour(tmp_path: Path) -> None:
    """The third of the town hears 451; another organisation does not notice."""
    async with open_sandbox(tmp_path, more_settings="\n[limits]\nmails_per_domain_per_hour = 2\n") as desk:
        answers = [await write(desk, HANAKO, desk.request, FORM) for _ in range(3)]
        assert [250, 250, 451] == [answer.code for answer in answers]
        assert 250 == (await write(desk, REI, desk.request, FORM)).code
        assert 250 == (await write(desk, SATO, desk.request, "一覧")).code
