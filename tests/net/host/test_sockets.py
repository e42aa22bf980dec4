"""When the file descriptors are used up: clients are sent away, the loop stays quiet, and service goes on."""

from __future__ import annotations

import asyncio
import errno
import socket
import sys
from collections import Counter
from contextlib import suppress

import pytest

from gateway.mail.smtp import smtp_reply
from gateway.net.host.sockets import ListeningSocket, bind

# A listener in a process of its own that may open few files; it tells on stdout its port, and at the end
# what it logged.
SERVER = """
import asyncio, logging, resource, sys
from datetime import UTC, datetime
from gateway.net.smtp.listener import Listener, Limits
from gateway.net.host.sockets import bind
from tests.support.smtp_server import Recorder

lines = []

class Keep(logging.Handler):
    def emit(self, record):
        lines.append(record.getMessage())

async def main():
    logging.getLogger().addHandler(Keep())
    listener = Listener(Recorder(), hostname="mx.desk.example", now=lambda: datetime.now(UTC), limits=Limits(
        connections=1000, connections_per_address=1000, report_s=0.1, sweep_s=0.1))
    sock = bind("127.0.0.1", 0)
    print(sock.getsockname()[1], flush=True)
    await listener.start(sock)
    resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40))
    await asyncio.to_thread(sys.stdin.readline)
    await asyncio.sleep(0.3)
    print(*lines, sep=" / ", flush=True)
    await listener.stop()

if sys.argv[1] == "uvloop":
    import uvloop
    uvloop.run(main())
else:
    asyncio.run(main())
"""
CLIENTS = 150


async def first_words(port: int) -> tuple[asyncio.StreamWriter, bytes]:
    """Connect and hear how one is greeted."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        async with asyncio.timeout(10):
            return writer, await reader.readline()
    except ConnectionError:
        return writer, b""


async def leave(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


async def greeting(port: int) -> bytes:
    """How a client is greeted once those before it have gone, which the server hears in its own time."""
    words = b""
    for _ in range(100):
        writer, words = await first_words(port)
        await leave(writer)
        if words.startswith(b"220"):
            break
        await asyncio.sleep(0.05)
    return words


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
async def test_r08_descriptors_used_up(loop: str) -> None:
    """Some are greeted, the others sent away at once; afterwards all is as before, and the log is short."""
    if loop == "uvloop":
        pytest.importorskip("uvloop")
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SERVER, loop, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert server.stdin is not None
    assert server.stdout is not None
    port = int(await server.stdout.readline())
    clients = await asyncio.gather(*(first_words(port) for _ in range(CLIENTS)))
    await asyncio.gather(*(leave(writer) for writer, _ in clients))
    heard = Counter(words[:3] for _, words in clients)
    assert {b"220", b"421", b""} >= set(heard)
    assert 5 <= heard[b"220"] <= 40
    assert CLIENTS == heard.total()
    assert b"220 mx.desk.example ESMTP\r\n" == await greeting(port)
    server.stdin.write(b"\n")
    lines = (await server.stdout.readline()).decode().split(" / ")
    assert len(lines) < heard[b"421"] + heard[b""], lines[:10]
    assert loop == "uvloop" or any("no_descriptors" in line for line in lines)
    assert 0 == await server.wait()


def test_the_spare_descriptor_is_given_back() -> None:
    """Closing leaves nothing open, and what was given is another handle of the same socket."""
    given = bind("127.0.0.1", 0)
    listening = ListeningSocket.from_socket(given)
    assert given.getsockname() == listening.getsockname()
    given.close()
    assert listening._spare_fd is not None
    with pytest.raises(BlockingIOError):
        listening.accept()
    listening.close()
    assert listening._spare_fd is None


@pytest.mark.parametrize("trouble", [errno.EMFILE, errno.ENFILE])
def test_a_client_that_is_sent_away_hears_why(monkeypatch: pytest.MonkeyPatch, trouble: int) -> None:
    """421, as for too many connections; other errors of accept are not hidden."""
    with bind("127.0.0.1", 0) as given, ListeningSocket.from_socket(given) as listening:
        client = socket.create_connection(given.getsockname())
        real, failures = socket.socket.accept, [OSError(trouble, "too many"), None]

        def accept(self: socket.socket) -> object:
            if failures and (failure := failures.pop(0)) is not None:
                raise failure
            return real(self)

        with monkeypatch.context() as patch:
            patch.setattr(socket.socket, "accept", accept)
            with pytest.raises(BlockingIOError):
                listening.accept()
        with client:
            assert f"{smtp_reply.TOO_MANY_CONNECTIONS}\r\n".encode() == client.recv(200)
        assert 1 == listening.rejected_clients
        with monkeypatch.context() as patch:
            failures.append(OSError(errno.ENOTSOCK, "not a socket"))
            patch.setattr(socket.socket, "accept", accept)
            with pytest.raises(OSError, match="not a socket"):
                listening.accept()


async def test_answers_in_parts_do_not_wait_for_the_client() -> None:
    """TCP_NODELAY: else the second part of an answer waits for the client's delayed acknowledgment."""
    seen: list[int] = []

    async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        sock = writer.get_extra_info("socket")
        seen.append(sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    async with await asyncio.start_server(answer, sock=bind("127.0.0.1", 0)) as server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        await reader.read()
        writer.close()
    assert [1] == seen
