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
# The mails of a load that a desk on a file keeps.
KEPT = """/opt/gateway/bin/python - <<'PYTHON'
import sqlite3
database = sqlite3.connect("file:/var/lib/gateway/gateway.db?mode=ro", uri=True)
for (one,) in database.execute("SELECT message_id FROM mails WHERE message_id LIKE '<load-%'"):
    print(one)
PYTHON"""


@dataclass(frozen=True, slots=True)
class Taken:
    """A mail that was answered with 250: its Message-ID, the address that took it, the time."""

    message_id: str
    address: str
    at: float


@dataclass(frozen=True, slots=True)
class Box:
    """The machine under trial, the world around it, and the marked blocks by part.

    `boot` boots another bare machine by its name and addresses; `machines` holds those of the marks by name.
    """

    desk: Machine
    world: World
    blocks: Mapping[str, tuple[Block, ...]]
    say: Callable[[str], None]
    boot: Callable[..., Machine]
    machines: dict[str, Machine]

    def run_blocks(self, part: str, behind: Mapping[str, Callable[[], None]] = MappingProxyType({})) -> None:
        """Run the blocks of a part in their order; `behind` tells what happens after one that begins so.
        Raises BoxError for the first that is not as the page says."""
        for block in self.blocks[part]:
            self.run_block(block)
            for start, act in behind.items():
                if block.text.startswith(start):
                    act()

    def run_block(self, block: Block, *names: str) -> None:
        """Run one block on the machines that it names, or on these. Raises BoxError where it is not as the
        page says."""
        for name in names or block.on:
            began = time.monotonic()
            done = self.machines[name].run(block.text, answers=block.answers)
            wrong = block.judge(done.status, done.output)
            if wrong:
                raise BoxError(f"{wrong} ({name})\n{block.text}\n{done.output[-3000:]}")
            where = f" on {name}" if len(self.machines) > 1 else ""
            self.say(f"{block.place}: as the page says{where} ({time.monotonic() - began:.1f} s)")


def count_while(
    box: Box,
    what: str,
    first: int,
    act: Callable[[], None],
    addresses: Iterable[str] = (DESK,),
    list_kept: Callable[[], str] | None = None,
) -> list[Taken]:
    """Do something while mails from number `first` on come in by these addresses; those that were taken.

    `list_kept` prints the Message-IDs that the desk keeps. Raises BoxError if one is lost or doubled."""
    box.world.machine.must(f"rm -f {STOP}")
    load = box.world.machine.start(f"python3 /usr/local/bin/load {first} {' '.join(addresses)}")
    time.sleep(1)
    act()
    time.sleep(2)
    box.world.machine.must(f"touch {STOP}")
    printed, _ = load.communicate(timeout=300)
    rows = [row.split() for row in printed.decode().splitlines()]
    taken = [Taken(words[0], words[1], float(words[2])) for words in rows if words[0] != "refused"]
    kept = (list_kept() if list_kept else box.desk.must(KEPT)).split()
    lost = [one.message_id for one in taken if one.message_id not in kept]
    doubled = {one for one in kept if kept.count(one) > 1}
    if lost or doubled or len(taken) < max(LEAST, len(rows)):
        raise BoxError(f"{what}: {len(taken)} of {len(rows)} taken, lost {lost}, twice {sorted(doubled)}")
    box.say(f"{what} while {len(taken)} mails came in: all taken, none lost, none twice")
    return taken


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


def is_open(box: Box, address: str = DESK) -> bool:
    """Whether port 25 of the desk greets."""
    return "220" in box.world.machine.run(f"timeout 5 bash -c 'head -1 < /dev/tcp/{address}/25'").output
