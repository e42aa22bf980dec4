"""The primary loses its power while mails come in by both MX records, and comes back as standby."""

from __future__ import annotations

import time

from tests.box.box import LOAD, Box, admit
from tests.box.machine import BoxError
from tests.box.nodes.losses import load_both
from tests.box.nodes.steps import TAKEOVER_SECONDS, step
from tests.box.nodes.town import admit_at_town
from tests.box.world import CITY

_FIRST = 50 * LOAD


def lose_primary(box: Box) -> None:
    """The standby is promoted, the old primary runs beside it for a while, then it is the standby."""
    _promote(box)
    beside = "the old primary ran beside the new one"
    load_both(box, beside, _FIRST + LOAD, lambda: _come_back(box), "db2")
    step(box, "host=db2.example.lg.jp")
    step(box, "ALTER SYSTEM", "db2")
    number, _ = admit(box, f"kato@{CITY}")
    town = admit_at_town(box, "ueda")
    told = box.desk.must("gateway doctor --only copies && gateway verify")
    if "every commit waits" not in told:
        raise BoxError(f"the doctor does not find the new standby:\n{told}")
    box.say(f"{number} and {town} were admitted on the promoted server, whose commits wait for the old one")


def _promote(box: Box) -> None:
    since: list[float] = []

    def lose() -> None:
        box.machines["db1"].cut_power()
        time.sleep(5)
        since.append(time.time())
        step(box, "main promote")
        time.sleep(20)

    taken = load_both(box, "the primary lost its power", _FIRST, lose, "db2")
    waited = min((one.at - since[0] for one in taken if one.at > since[0]), default=float("inf"))
    if waited > TAKEOVER_SECONDS:
        raise BoxError(f"no mail was taken within {TAKEOVER_SECONDS:g} s of the promotion")
    box.say(f"mail was taken {waited:.1f} s after the promotion began")


def _come_back(box: Box) -> None:
    box.machines["db1"].power_on()
    time.sleep(10)
