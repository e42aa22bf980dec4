"""The machine under trial with the world around it, and what every story needs of them."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tests.box.blocks import Block
from tests.box.machine import BoxError, Machine
from tests.box.world import DESK, DOMAIN, STAFF, STOP, World

LOAD = 10_000  # numbers between the mails of two stories
LEAST = 10  # mails that must come in during one; a reboot keeps a client waiting
_COUNT = """/opt/gateway/bin/python - <<'PYTHON'
import sqlite3
database = sqlite3.connect("file:/var/lib/gateway/gateway.db?mode=ro", uri=True)
for (one,) in database.execute("SELECT message_id FROM mails WHERE message_id LIKE '<load-%'"):
    print(one)
PYTHON"""


@dataclass(frozen=True, slots=True)
class Box:
    """The machine under trial, the world around it, and the marked blocks by part."""

    desk: Machine
    world: World
    blocks: Mapping[str, tuple[Block, ...]]
    say: Callable[[str], None]

    def run_blocks(self, part: str, behind: Mapping[str, Callable[[], None]] = MappingProxyType({})) -> None:
        """Run the blocks of a part in their order; `behind` tells what happens after one that begins so.
        Raises BoxError for the first that is not as the page says."""
        for block in self.blocks[part]:
            self.run_block(block)
            for start, act in behind.items():
                if block.text.startswith(start):
                    act()

    def run_block(self, block: Block) -> None:
        """Run one block. Raises BoxError where it is not as the page says."""
        began = time.monotonic()
        done = self.desk.run(block.text, answers=block.answers)
        wrong = block.judge(done.status, done.output)
        if wrong:
            raise BoxError(f"{wrong}\n{block.text}\n{done.output[-3000:]}")
        self.say(f"{block.place}: as the page says ({time.monotonic() - began:.1f} s)")


def count_while(box: Box, what: str, first: int, act: Callable[[], None]) -> None:
    """Do something while mails from number `first` on come in. Raises BoxError if one is lost or doubled."""
    box.world.machine.must(f"rm -f {STOP}")
    load = box.world.machine.start(f"python3 /usr/local/bin/load {first}")
    time.sleep(1)
    act()
    time.sleep(2)
    box.world.machine.must(f"touch {STOP}")
    printed, _ = load.communicate(timeout=300)
    taken = printed.decode().split("\n")[:-1]
    kept = box.desk.must(_COUNT).split()
    lost = [one for one in taken if one not in kept]
    doubled = {one for one in taken if kept.count(one) > 1}
    if lost or doubled or len(taken) < LEAST:
        raise BoxError(f"{what}: {len(taken)} taken, lost {lost}, twice {sorted(doubled)}")
    box.say(f"{what} while {len(taken)} mails came in: all taken, none lost, none twice")


def admit(
    box: Box,
    applicant: str,
    between: Callable[[], None] = lambda: None,
    *,
    ipv6: bool = False,
    domain: str = DOMAIN,
    staff: str = STAFF,
) -> tuple[str, str]:
    """From an application, by Postfix or straight by IPv6, to the invitation by the answers of the office.

    Gives the number of the case and the words of the review request; `between` happens before the office
    answers. Raises BoxError."""
    send = box.world.send_application_by_ipv6 if ipv6 else box.world.send_application
    send(applicant, domain)
    acknowledged = box.world.wait_for(applicant, "受け付けました")
    number = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{2}\b", str(acknowledged["Subject"]))
    if number is None:
        raise BoxError(f"no number in {acknowledged['Subject']}")
    request = box.world.wait_for(staff, "審査", number[0])
    between()
    token = re.search(rf"decide\+[^@\s>]+@{re.escape(domain)}", str(request["Reply-To"] or request["From"]))
    if token is None:
        raise BoxError(f"no address to reply to in {request.as_string()[:2000]}")
    subject, answers = f"Re: {request['Subject']}", str(request["Message-ID"])
    box.world.send(staff, token[0], subject, "承認します。\n", In_Reply_To=answers)
    box.world.wait_for(applicant, "招待")
    body = request.get_body(("plain",))
    return number[0], str(body.get_content()) if body is not None else ""


def group(blocks: Iterable[Block]) -> dict[str, tuple[Block, ...]]:
    """The blocks of each part, in their order."""
    grouped: dict[str, tuple[Block, ...]] = {}
    for block in blocks:
        grouped[block.part] = (*grouped.get(block.part, ()), block)
    return grouped


def is_open(box: Box) -> bool:
    """Whether port 25 of the desk greets."""
    return "220" in box.world.machine.run(f"timeout 5 bash -c 'head -1 < /dev/tcp/{DESK}/25'").output
