"""A load generator for one mail a connection, each with STARTTLS; prints a line as `smtpload` does.

usage: python3 tests/bench/tlsload.py PORT CONNECTIONS MESSAGES POOL
"""

from __future__ import annotations

import asyncio
import ssl
import sys
import time
from collections import Counter
from itertools import islice
from pathlib import Path

CLIENT = b"EHLO mx.city.sokudo00.lg.jp\r\n"


def build_context() -> ssl.SSLContext:
    """It encrypts and believes, as MTAs do (RFC 7435)."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class Load:
    """Connections side by side until all mails were sent; `codes` by their first digit, times in ms."""

    def __init__(self, port: int, mails: list[tuple[str, str, bytes]]) -> None:
        self._port, self._mails = port, iter(mails)
        self._context = build_context()
        self.codes: Counter[str] = Counter()
        self.times: list[float] = []

    async def run(self, connections: int) -> float:
        """Seconds that it took."""
        begun = time.perf_counter()
        await asyncio.gather(*(self._keep_sending() for _ in range(connections)))
        return time.perf_counter() - begun

    async def _keep_sending(self) -> None:
        for sender, to, raw in self._mails:
            begun = time.perf_counter()
            try:
                self.codes[await self._send(sender, to, raw)] += 1
            except (OSError, asyncio.IncompleteReadError):
                self.codes["error"] += 1
            self.times.append((time.perf_counter() - begun) * 1000)

    async def _send(self, sender: str, to: str, raw: bytes) -> str:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)

        async def ask(said: bytes) -> str:
            writer.write(said)
            while (line := await reader.readuntil(b"\n"))[3:4] == b"-":
                pass
            return line[:1].decode()

        try:
            await ask(b"")
            for said in (CLIENT, b"STARTTLS\r\n"):
                await ask(said)
            await writer.start_tls(self._context)
            reply = "2"
            for said in (CLIENT, f"MAIL FROM:<{sender}>\r\n".encode(), f"RCPT TO:<{to}>\r\n".encode()):
                reply = await ask(said)
                if reply != "2":
                    return reply
            await ask(b"DATA\r\n")
            reply = await ask(raw.replace(b"\r\n.", b"\r\n..") + b".\r\n")
            writer.write(b"QUIT\r\n")
            return reply
        finally:
            writer.close()


def main() -> None:
    """Load, and say how it went."""
    port, connections, messages = map(int, sys.argv[1:4])
    folder = Path(sys.argv[4])
    lines = islice((folder / "index.tsv").read_text(encoding="ascii").splitlines(), messages)
    rows = [line.split("\t") for line in lines]
    load = Load(port, [(sender, to, (folder / name).read_bytes()) for name, sender, to in rows])
    took_s = asyncio.run(load.run(connections))
    times = sorted(load.times)
    p50, p95, p99 = (times[min(len(times) - 1, int(len(times) * share))] for share in (0.5, 0.95, 0.99))
    print(
        f"ok={load.codes['2']} 4xx={load.codes['4']} 5xx={load.codes['5']} err={load.codes['error']} in "
        f"{load.codes['2'] / took_s:.1f} msg/s  txn ms p50 {p50:.2f} p95 {p95:.2f} p99 {p99:.2f}"
    )


if __name__ == "__main__":
    main()
