"""Frames over a socket: whole however the octets are cut, in their order, and the end is noticed."""

import asyncio
import socket

from hypothesis import given
from hypothesis import strategies as st

from gateway.net.fronts.framing import MAX_UNSENT_BYTES, Frames

FRAMES = st.lists(st.binary(max_size=300), max_size=8)


class Sent(asyncio.Transport):
    """Keeps what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.octets = b""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.octets += bytes(data)

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        assert MAX_UNSENT_BYTES == high

    def close(self) -> None:
        return


def octets_of(sent: list[bytes]) -> bytes:
    async def send() -> bytes:
        transport, frames = Sent(), Frames(lambda _: None)
        frames.connection_made(transport)
        for each in sent:
            frames.send(each)
        frames.close()
        return transport.octets

    return asyncio.run(send())


@given(FRAMES, st.integers(1, 40))
def test_frames_are_whole_however_the_octets_are_cut(sent: list[bytes], step: int) -> None:
    async def receive(octets: bytes) -> list[bytes]:
        found: list[bytes] = []
        frames = Frames(found.append)
        for at in range(0, len(octets), step):
            frames.data_received(octets[at : at + step])
        return found

    assert sent == asyncio.run(receive(octets_of(sent)))


async def test_the_other_end_hears_what_was_sent_before_the_end_and_then_the_end() -> None:
    ours, theirs = socket.socketpair()
    loop, heard = asyncio.get_running_loop(), []
    _, sender = await loop.create_connection(lambda: Frames(lambda _: None), sock=ours)
    _, hearer = await loop.create_connection(lambda: Frames(heard.append), sock=theirs)
    for number in range(100):
        sender.send(b"%d" % number)
    sender.close()
    async with asyncio.timeout(10):
        await hearer.lost
        await sender.lost
    assert [b"%d" % number for number in range(100)] == heard
    hearer.send(b"too late")
    await asyncio.sleep(0)
