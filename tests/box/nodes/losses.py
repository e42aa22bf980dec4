"""Machines that lose their power while mails come in by both MX records: nothing that was taken is lost."""

from __future__ import annotations

import time
from collections.abc import Callable

from tests.box.box import LOAD, Box, Taken, admit, count_while
from tests.box.machine import BoxError
from tests.box.nodes.steps import (
    MX2,
    NODES,
    TAKEOVER_SECONDS,
    find_active,
    is_open,
    list_kept,
    wait_open,
)
from tests.box.world import CITY, DESK

_PAUSE = 3.0  # s before and after an event
_FIRST = 20 * LOAD  # the number of the first mail of these stories


def load_both(box: Box, what: str, first: int, act: Callable[[], None], server: str = "db1") -> list[Taken]:
    """Do something while mails come in by both nodes; those that were taken. Raises BoxError."""

    def act_slowly() -> None:
        time.sleep(_PAUSE)
        act()
        time.sleep(_PAUSE)

    return count_while(box, what, first, act_slowly, NODES.values(), lambda: list_kept(box, server))


def lose_node(box: Box) -> None:
    """The active node loses its power, the other takes over; back, it stands by until the other yields."""
    cut: list[float] = []

    def lose() -> None:
        cut.append(time.time())
        box.desk.cut_power()
        wait_open(box, MX2)

    taken = load_both(box, "the active node lost its power", _FIRST, lose)
    tell_seconds(box, "mx2 took mail", taken, MX2, cut[0])
    number, _ = admit(box, f"mori@{CITY}")
    box.say(f"{number} was admitted by the second node")
    load_both(box, "the lost node came back", _FIRST + LOAD, box.desk.power_on)
    if is_open(box, DESK) or find_active(box, "mx1") != "box-mx2":
        raise BoxError("the node that was lost does not stand by")
    yield_to(box, "mx2", "mx1", _FIRST + 2 * LOAD)


def yield_to(box: Box, source: str, target: str, first: int) -> None:
    """The active node yields to the other while mails come in. Raises BoxError."""
    asked: list[float] = []

    def give_way() -> None:
        asked.append(time.time())
        box.machines[source].must("gateway node yield")
        wait_open(box, NODES[target])

    taken = load_both(box, f"{source} yielded", first, give_way)
    tell_seconds(box, f"{target} took mail", taken, NODES[target], asked[0])


def tell_seconds(box: Box, what: str, taken: list[Taken], address: str, since: float) -> None:
    """Raises BoxError where an address took its first mail too late."""
    first = min((one.at for one in taken if one.address == address and one.at > since), default=float("inf"))
    if first - since > TAKEOVER_SECONDS:
        raise BoxError(f"{what} only after {first - since:.1f} s")
    box.say(f"{what} after {first - since:.1f} s")
