"""Clients behind relays: each is counted for itself, and the relay for nobody."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from ipaddress import ip_network

import pytest

from gateway.mail.smtp import smtp_reply
from gateway.net.smtp.limits.resource_usage import Limits, ResourceUsage
from gateway.net.smtp.relays.trusted import RelayProtocol, Relays
from tests.support.smtp_server import DESK, LETTER, Client, brisk, desk

RELAY_IP, STRANGER_IP = "127.0.0.9", "127.0.0.1"
NETWORKS = (ip_network(RELAY_IP),)
XCLIENT = Relays(NETWORKS, RelayProtocol.XCLIENT)
PROXY = Relays(NETWORKS, RelayProtocol.PROXY)
ONE_AN_HOUR = brisk(mails_per_client_per_hour=1)
EHLO = "EHLO mx.city.mihon.example"


def header(ip: str) -> bytes:
    return f"PROXY TCP4 {ip} 192.0.2.25 41234 25\r\n".encode()


async def hand_over(client: Client) -> str:
    """One mail; gives the answer to the first command that was not taken, or to the message."""
    for line in (EHLO, "MAIL FROM:<rei@city.mihon.example>", f"RCPT TO:<{DESK}>", "DATA"):
        answer = await client.ask(line)
        if answer[0] not in "23":
            return answer
    await client.send(LETTER + b".\r\n")
    return await client.reply()


@pytest.mark.parametrize("relays", [XCLIENT, PROXY], ids=lambda relays: relays.protocol.value)
async def test_connections_are_counted_for_the_client_behind_the_relay(relays: Relays) -> None:
    """The relay has as many as there are in all; one client behind it has its own limit."""
    limits = brisk(connections_per_address=2)
    async with desk(limits=limits, relays=relays) as at, AsyncExitStack() as stack:

        async def arrive(ip: str) -> str:
            client = await stack.enter_async_context(at.client(RELAY_IP))
            if relays is PROXY:
                await client.send(header(ip))
                return await client.reply()
            await client.reply()
            return await client.ask(f"XCLIENT ADDR={ip}")

        first = [await arrive("203.0.113.9") for _ in range(3)]
        second = [await arrive("203.0.113.10") for _ in range(2)]
        assert ["220", "220", "421", "220", "220"] == [answer[:3] for answer in first + second]
        occupancy = at.listener._service.occupancy
        await at.until(lambda: at.listener.sessions == 4)
        assert {"203.0.113.9": 2, "203.0.113.10": 2} == occupancy.per_client
    await at.until(lambda: at.listener.sessions == 0)
    assert {} == occupancy.per_client


async def test_the_client_is_counted_as_one_however_it_comes() -> None:
    """Directly, and through the relay."""
    limits = brisk(connections_per_address=1)
    async with desk(limits=limits, relays=PROXY) as at, at.client() as direct, at.client(RELAY_IP) as relayed:
        await direct.reply()
        await relayed.send(header(STRANGER_IP))
        assert f"{smtp_reply.TOO_MANY_CONNECTIONS}\r\n" == await relayed.rest()


@pytest.mark.parametrize("protocol", RelayProtocol)
async def test_the_limit_in_all_is_for_relays_too(protocol: RelayProtocol) -> None:
    """A relay that opens connections without end takes no more than others."""
    limits = brisk(connections=1)
    async with desk(limits=limits, relays=Relays(NETWORKS, protocol)) as at, AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(at.client(RELAY_IP)) for _ in range(3)]
        assert f"{smtp_reply.TOO_MANY_CONNECTIONS}\r\n" == await clients[2].rest()


async def test_mails_are_counted_for_the_client_behind_the_relay() -> None:
    """One after the other over one connection."""
    async with (
        desk(limits=ONE_AN_HOUR, relays=XCLIENT) as at,
        at.client(RELAY_IP) as client,
    ):
        await client.reply()
        answers = []
        for ip in ("203.0.113.9", "203.0.113.10", "203.0.113.9"):
            await client.ask(f"XCLIENT ADDR={ip}")
            answers.append(await hand_over(client))
        assert [
            str(smtp_reply.ACCEPTED),
            str(smtp_reply.ACCEPTED),
            str(smtp_reply.CLIENT_RATE_LIMITED),
        ] == answers
        assert ["203.0.113.9", "203.0.113.10"] == [envelope.client_ip for envelope, _ in at.handler.stored]


@pytest.mark.parametrize("protocol", RelayProtocol)
async def test_mails_of_the_relay_itself_are_not_counted(protocol: RelayProtocol) -> None:
    """It stands for many clients, also for those that it cannot name."""
    relays = Relays(NETWORKS, protocol)
    async with (
        desk(limits=ONE_AN_HOUR, relays=relays) as at,
        at.client(RELAY_IP) as client,
    ):
        if protocol is RelayProtocol.PROXY:
            await client.send(b"PROXY UNKNOWN\r\n")
        await client.reply()
        if protocol is RelayProtocol.XCLIENT:
            await client.ask("XCLIENT ADDR=[UNAVAILABLE]")
        assert [str(smtp_reply.ACCEPTED)] * 3 == [await hand_over(client) for _ in range(3)]


async def test_a_stranger_is_no_relay() -> None:
    """From another address of the same network the same words are an attack."""
    async with desk(relays=XCLIENT) as at, at.client("127.0.0.8") as client:
        await client.reply()
        assert "XCLIENT" not in await client.ask(EHLO)
        assert str(smtp_reply.NOT_A_RELAY) == await client.ask("XCLIENT ADDR=203.0.113.9")
        assert str(smtp_reply.ACCEPTED) == await hand_over(client)
        assert "127.0.0.8" == at.handler.stored[0][0].client_ip


async def test_strangers_are_greeted_at_once_where_proxies_must_speak_first() -> None:
    """Only the listed addresses owe a header."""
    async with desk(relays=PROXY) as at, at.client() as client:
        assert (await client.reply()).startswith("220 ")


async def test_a_proxy_header_octet_by_octet() -> None:
    """Packets do not matter."""
    async with desk(relays=PROXY) as at, at.client(RELAY_IP) as client:
        for octet in header("203.0.113.9"):
            await client.send(bytes([octet]))
            await asyncio.sleep(0)
        assert (await client.reply()).startswith("220 ")
        assert str(smtp_reply.ACCEPTED) == await hand_over(client)
        assert "203.0.113.9" == at.handler.stored[0][0].client_ip


async def test_a_proxy_that_hangs_up_leaves_nobody() -> None:
    """Before, within and behind its header."""
    async with desk(relays=PROXY) as at:
        for octets in (b"", header("203.0.113.9")[:10], header("203.0.113.9")):
            async with at.client(RELAY_IP) as client:
                await client.send(octets)
        await at.until(lambda: at.listener.sessions == 0)
        assert {} == at.listener._service.occupancy.per_client


def test_counts_are_right_after_a_refused_move() -> None:
    """Nothing is counted twice, nothing lost."""
    occupancy = ResourceUsage(Limits(connections_per_address=1))
    assert occupancy.acquire("relay", shared=True)
    assert occupancy.acquire("a")
    assert not occupancy.reassign("relay", "a", shared=False)
    assert (2, {"relay": 1, "a": 1}, 1) == (
        occupancy.sessions,
        occupancy.per_client,
        occupancy.rejected_connections,
    )
    occupancy.release("relay")
    occupancy.release("a")
    assert (0, {}) == (occupancy.sessions, occupancy.per_client)
