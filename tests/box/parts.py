"""What the box tries, part by part: each is a story on the machine, told by the blocks of the pages."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tests.box.blocks import Block
from tests.box.machine import BoxError, Machine
from tests.box.world import APPLICANT, DESK, DOMAIN, STAFF, World

LOAD = 60  # mails while the service is reloaded, restarted and killed
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
            began = time.monotonic()
            done = self.desk.run(block.text, answers=block.answers)
            wrong = block.judge(done.status, done.output)
            if wrong:
                raise BoxError(f"{wrong}\n{block.text}\n{done.output[-3000:]}")
            self.say(f"{block.place}: as the page says ({time.monotonic() - began:.1f} s)")
            for start, act in behind.items():
                if block.text.startswith(start):
                    act()


def walk_newcomer(box: Box) -> None:
    """From a bare machine to an invitation, by the README alone."""
    box.run_blocks("newcomer", {"gateway dns": lambda: _publish(box)})
    box.desk.must("sed -Ei 's/^(# *)?undo_minutes = .*/undo_minutes = 0/' /etc/gateway/gateway.toml")
    box.desk.must("gateway config check && systemctl reload gateway")
    box.world.send_application()
    box.world.wait_for(APPLICANT, "受け付けました")
    request = box.world.wait_for(STAFF, "審査")
    box.say("the applicant has the acknowledgment, the office the review request")
    token = re.search(rf"decide\+[^@\s>]+@{re.escape(DOMAIN)}", str(request["Reply-To"] or request["From"]))
    if token is None:
        raise BoxError(f"no address to reply to in {request.as_string()[:2000]}")
    box.world.send(
        STAFF, token[0], f"Re: {request['Subject']}", "承認します。\n", In_Reply_To=str(request["Message-ID"])
    )
    box.world.wait_for(APPLICANT, "招待")
    box.say("the office answered 承認します。, the applicant has the invitation")


def try_restarts(box: Box) -> None:
    """Reload, restart, kill -9 and a reboot while mails come in: none that was taken is lost or doubled."""
    numbers = iter(range(0, 10 * LOAD, LOAD))
    for what, act in (
        ("systemctl reload gateway", lambda: _repeat(box, "systemctl reload gateway", 5, 1.0)),
        ("systemctl restart gateway", lambda: _repeat(box, "systemctl restart gateway", 3, 2.0)),
        ("kill -9", lambda: _repeat(box, "systemctl kill -s KILL --kill-who=main gateway", 3, 8.0)),
        ("systemctl reboot", box.desk.reboot),
    ):
        _count_while(box, what, next(numbers), act)


def try_timers(box: Box) -> None:
    """Backup and doctor as their units run them."""
    box.run_blocks("timers")


def try_restore(box: Box) -> None:
    """The newest backup put back as the page says: the service runs again, and takes mail."""
    box.run_blocks("restore")
    box.world.send(APPLICANT, f"request@{DOMAIN}", "状況", "状況\n")
    if not is_open(box):
        raise BoxError("port 25 does not greet after the restore")


def _publish(box: Box) -> None:
    box.world.publish(box.desk.must("gateway dns --zone"))
    box.say("the records of `gateway dns --zone` stand in the zone")


def _repeat(box: Box, command: str, times: int, pause: float) -> None:
    for _ in range(times):
        time.sleep(pause)
        box.desk.must(command)


def _count_while(box: Box, what: str, first: int, act: Callable[[], None]) -> None:
    load = box.world.machine.start(f"python3 /usr/local/bin/load {first} {first + LOAD}")
    time.sleep(0.5)
    act()
    printed, _ = load.communicate(timeout=300)
    taken = printed.decode().split("\n")[:-1]
    kept = box.desk.must(_COUNT).split()
    lost = [one for one in taken if one not in kept]
    doubled = {one for one in taken if kept.count(one) > 1}
    if lost or doubled or len(taken) != LOAD:
        raise BoxError(f"{what}: {len(taken)} of {LOAD} taken, lost {lost}, twice {sorted(doubled)}")
    box.say(f"{what} while {LOAD} mails came in: all taken, none lost, none twice")


PARTS: Mapping[str, Callable[[Box], None]] = {
    "newcomer": walk_newcomer,
    "restarts": try_restarts,
    "timers": try_timers,
    "restore": try_restore,
}
SHORT = ("newcomer", "timers", "restarts", "restore")


def group(blocks: Iterable[Block]) -> dict[str, tuple[Block, ...]]:
    """The blocks of each part, in their order."""
    grouped: dict[str, tuple[Block, ...]] = {}
    for block in blocks:
        grouped[block.part] = (*grouped.get(block.part, ()), block)
    return grouped


def is_open(box: Box) -> bool:
    """Whether port 25 of the desk greets."""
    return "220" in box.world.machine.run(f"timeout 5 bash -c 'head -1 < /dev/tcp/{DESK}/25'").output
