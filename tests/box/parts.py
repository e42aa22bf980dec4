"""What the box tries, part by part: each is a story on the machine, told by the blocks of the pages."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from tests.box.box import LOAD, Box, admit, count_while, is_open
from tests.box.machine import BoxError
from tests.box.nodes import run_nodes
from tests.box.packages import install_package, run_two_desks, uninstall
from tests.box.recipes import (
    encrypt_credentials,
    find_client,
    get_certificate,
    run_behind_haproxy,
    run_behind_nginx,
    run_with_postfix,
    watch_by_nagios,
)
from tests.box.way_back import go_back
from tests.box.world import APPLICANT, CITY, DOMAIN, OUTSIDE_IPV6


def walk_newcomer(box: Box) -> None:
    """From a bare machine to an invitation, by the pages alone."""
    box.run_blocks("newcomer", {"gateway dns": lambda: _publish(box)})
    box.desk.must("sed -Ei 's/^(# *)?undo_minutes = .*/undo_minutes = 0/' /etc/gateway/gateway.toml")
    box.desk.must("gateway config check && systemctl reload gateway")
    admit(box, APPLICANT)
    box.say("the office answered 承認します。, the applicant has the invitation")
    number, _ = admit(box, f"yamada.ipv6@{CITY}", ipv6=True)
    find_client(box, number, OUTSIDE_IPV6)
    box.say(f"{number} came by IPv6")


def try_restarts(box: Box) -> None:
    """Reload, restart, kill -9 and a reboot while mails come in: none that was taken is lost or doubled."""
    numbers = iter(range(0, 10 * LOAD, LOAD))
    for what, act in (
        ("systemctl reload gateway", lambda: _repeat(box, "systemctl reload gateway", 5, 1.0)),
        ("systemctl restart gateway", lambda: _repeat(box, "systemctl restart gateway", 3, 2.0)),
        ("kill -9", lambda: _repeat(box, "systemctl kill -s KILL --kill-who=main gateway", 3, 8.0)),
        ("systemctl reboot", box.desk.reboot),
    ):
        count_while(box, what, next(numbers), act)


def try_timers(box: Box) -> None:
    """Backup and doctor as their units run them."""
    box.run_blocks("timers")


def try_restore(box: Box) -> None:
    """The latest backup put back as the page says: the service runs again, and takes mail."""
    box.run_blocks("restore")
    box.world.send(APPLICANT, f"request@{DOMAIN}", "状況", "状況\n")
    if not is_open(box):
        raise BoxError("port 25 does not greet after the restore")
    # As an operator does who has looked at them: `gateway status` is critical while letters are held.
    # There may be none.
    box.desk.must(
        "runuser -u gateway -- sh -c 'gateway outbox release --all --state held"
        " || ! gateway outbox list --state held --json | grep -q [0-9]'"
    )


def _publish(box: Box) -> None:
    box.world.publish(box.desk.must("gateway dns --zone"))
    box.say("the records of `gateway dns --zone` stand in the zone")


def _repeat(box: Box, command: str, times: int, pause: float) -> None:
    for _ in range(times):
        time.sleep(pause)
        box.desk.must(command)


PARTS: Mapping[str, Callable[[Box], None]] = {
    "newcomer": walk_newcomer,
    "restarts": try_restarts,
    "timers": try_timers,
    "restore": try_restore,
    "way-back": go_back,
    "certificate": get_certificate,
    "credentials": encrypt_credentials,
    "nagios": watch_by_nagios,
    "postfix": run_with_postfix,
    "haproxy": run_behind_haproxy,
    "nginx": run_behind_nginx,
    "two-desks": run_two_desks,
    "nodes": run_nodes,
    "uninstall": uninstall,
    "package": install_package,
}
SHORT = ("newcomer", "timers", "restarts", "restore")
# They begin on a bare machine; all others after the newcomer.
FIRST = ("newcomer", "package")
# They need a machine on which nothing else was tried.
ALONE = ("nodes", "uninstall")


def order(asked: list[str]) -> list[list[str]]:
    """The parts asked for, by machine: each begins with one of `FIRST`; `all` means every part."""
    parts = list(PARTS) if "all" in asked else asked or list(SHORT)
    machines: list[list[str]] = []
    for part in parts if parts[0] in FIRST else ["newcomer", *parts]:
        if part in FIRST:
            machines.append([part])
        elif part in ALONE and machines[-1] != ["newcomer"]:
            machines.append(["newcomer", part])
        else:
            machines[-1].append(part)
    return machines
