"""Accepting connections only while there is somebody to take them."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator

import pytest

from gateway.net.host.acceptor import Acceptor


@pytest.fixture
def bound() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as given:
        given.bind(("127.0.0.1", 0))
        given.setblocking(False)
        yield given


def connect(bound: socket.socket) -> socket.socket:
    return socket.create_connection(bound.getsockname(), timeout=5)


async def test_a_connection_waits_until_accepting_is_on(bound: socket.socket) -> None:
    welcomed: asyncio.Queue[tuple[socket.socket, object]] = asyncio.Queue()
    acceptor = Acceptor(lambda connection, address: welcomed.put_nowait((connection, address)))
    assert not acceptor.is_listening
    acceptor.listen(bound)
    assert acceptor.is_listening
    with connect(bound) as client:
        await asyncio.sleep(0.05)
        assert welcomed.empty()
        acceptor.switch(on=True)
        connection, address = await asyncio.wait_for(welcomed.get(), 5)
        with connection:
            assert client.getsockname() == address
    acceptor.close()


async def test_after_switching_off_the_next_connection_waits_again(bound: socket.socket) -> None:
    welcomed: asyncio.Queue[socket.socket] = asyncio.Queue()
    acceptor = Acceptor(lambda connection, _address: welcomed.put_nowait(connection))
    acceptor.listen(bound)
    for on in (True, True, False, False):  # twice is as once
        acceptor.switch(on=on)
    with connect(bound):
        await asyncio.sleep(0.05)
        assert welcomed.empty()
        acceptor.switch(on=True)
        (await asyncio.wait_for(welcomed.get(), 5)).close()
    acceptor.close()


async def test_a_closed_acceptor_cannot_start_again(bound: socket.socket) -> None:
    acceptor = Acceptor(lambda connection, _address: connection.close())
    acceptor.listen(bound)
    address = bound.getsockname()
    acceptor.switch(on=True)
    acceptor.close()
    acceptor.switch(on=True)  # a front that comes up late
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address, timeout=5)


async def test_clients_that_no_descriptor_was_left_for_are_told_once(bound: socket.socket) -> None:
    acceptor = Acceptor(lambda connection, _address: connection.close())
    acceptor.listen(bound)
    ((_, listening),) = acceptor._listening
    listening.rejected_clients = 3
    assert [3] == acceptor.take_rejected_clients()
    assert [0] == acceptor.take_rejected_clients()
    acceptor.close()
