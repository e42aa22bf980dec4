"""A courier that keeps letters and says what it is told to say."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from gateway.mail.address import Address
from gateway.outbound.protocols import Delivery, Outcome
from gateway.store.protocol import LetterRow

SENT = Delivery(Outcome.SENT, "250 2.0.0 ok")
LATER = Delivery(Outcome.DEFERRED, "451 4.3.0 later")
NEVER = Delivery(Outcome.REFUSED, "550 5.1.1 no such user")


@dataclass
class KeptCourier:
    """`answers` are given in turn, the last one for ever; with `hang_first` the first waits for `go_on`."""

    answers: list[Delivery] = field(default_factory=lambda: [SENT])
    letters: list[tuple[Address, Address, bytes]] = field(default_factory=list)
    hang_first: bool = False
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def deliver(self, reverse_path: Address, forward_path: Address, raw: bytes) -> Delivery:
        self.letters.append((reverse_path, forward_path, raw))
        if self.hang_first and len(self.letters) == 1:
            await self.go_on.wait()
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def prepare_letter(self, row: LetterRow) -> LetterRow:
        return row

    async def invite(self, row: LetterRow, reverse_path: Address, raw: bytes) -> Delivery:
        return await self.deliver(reverse_path, row.to, raw)
