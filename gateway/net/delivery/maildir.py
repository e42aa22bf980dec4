"""Delivery into a maildir, for the demo and for trials.

`smarthost` and `mx` deliver to other machines.
"""

from __future__ import annotations

import asyncio
from mailbox import Maildir
from pathlib import Path

from gateway.mail.address import Address
from gateway.mail.text import remote_text
from gateway.outbound.protocols import Delivery, Outcome


class MaildirCourier:
    """Courier that writes each letter to a file in the maildir `root/ADDRESS`."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def deliver(self, reverse_path: Address, forward_path: Address, raw: bytes) -> Delivery:
        """See `gateway.outbound.protocols.Courier`."""
        head = f"Return-Path: <{reverse_path}>\r\nDelivered-To: {forward_path}\r\n".encode("ascii")
        try:
            name = await asyncio.to_thread(self._put, forward_path, head + raw)
        except OSError as error:
            return Delivery(Outcome.DEFERRED, remote_text(f"maildir: {error}"))
        return Delivery(Outcome.SENT, f"250 saved as {name}")

    async def close(self) -> None:
        """Do nothing: no connection is kept."""

    def _put(self, forward_path: Address, raw: bytes) -> str:
        folder = self._root / str(forward_path).replace("/", "_")
        for part in ("tmp", "new", "cur"):  # several letters may create the folder at the same time
            (folder / part).mkdir(parents=True, exist_ok=True)
        return Maildir(folder, create=False).add(raw)
