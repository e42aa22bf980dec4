"""An SMTP sink in a process of its own that says yes and counts: what a fast smarthost looks like."""

from __future__ import annotations

import asyncio
import multiprocessing
import socket
from multiprocessing.sharedctypes import Synchronized
from types import TracebackType


class FastSink:
    """Serves on loopback while the block runs; `count` letters were taken over `connections`."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port: int = self._socket.getsockname()[1]
        self._count: Synchronized[int] = multiprocessing.Value("q", 0)
        self._connections: Synchronized[int] = multiprocessing.Value("q", 0)
        self._process = multiprocessing.Process(
            target=_serve, args=(self._socket, self._count, self._connections), daemon=True
        )

    @property
    def count(self) -> int:
        """Letters taken so far."""
        return self._count.value

    @property
    def connections(self) -> int:
        """Connections made so far."""
        return self._connections.value

    def __enter__(self) -> FastSink:
        self._process.start()
        self._socket.close()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.join()


class _Talk(asyncio.Protocol):
    """One connection. A letter may come in pieces; only its end is looked for."""

    def __init__(self, count: Synchronized[int], connections: Synchronized[int]) -> None:
        self._count = count
        self._connections = connections
        self._tail = b""
        self._in_data = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._connections.value += 1
        self._say(b"220 sink ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        if self._in_data:
            self._tail = (self._tail + data)[-5:]
            if self._tail == b"\r\n.\r\n":
                self._in_data, self._tail = False, b""
                self._count.value += 1
                self._say(b"250 taken\r\n")
        elif data[:4].upper() == b"DATA":
            self._in_data = True
            self._say(b"354 go\r\n")
        elif data[:4].upper() == b"QUIT":
            self._transport.close()
        else:
            self._say(b"250 sink\r\n")

    def _say(self, line: bytes) -> None:
        assert isinstance(self._transport, asyncio.WriteTransport)
        self._transport.write(line)


def _serve(
    sock: socket.socket, count: Synchronized[int], connections: Synchronized[int]
) -> None:  # pragma: no cover - another process
    async def work() -> None:
        loop = asyncio.get_running_loop()
        sock.setblocking(False)
        server = await loop.create_server(lambda: _Talk(count, connections), sock=sock)
        await server.serve_forever()

    asyncio.run(work())
