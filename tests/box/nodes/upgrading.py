"""A release after this one on both nodes: the standby first, then it becomes active, then the other."""

from __future__ import annotations

import json

from tests.box.box import LOAD, Box, admit
from tests.box.machine import BoxError
from tests.box.nodes.losses import load_both, yield_to
from tests.box.way_back import lay_wheels
from tests.box.world import CITY

_FIRST = 30 * LOAD


def upgrade(box: Box) -> None:
    """The page's order while mails come in. Raises BoxError."""
    for name, other, first in (("mx2", "mx1", _FIRST), ("mx1", "mx2", _FIRST + 2 * LOAD)):
        lay_wheels(box.machines[name])
        load_both(box, f"the upgrade of {name}, on standby", first, lambda name=name: _run(box, name))
        rows = json.loads(box.machines[name].must("gateway node list --json"))
        found = {row["machine"]: (row["version"], row["active"]) for row in rows}
        if found[f"box-{name}".replace("mx1", "desk")] != ("99.0.0", False):
            raise BoxError(f"the upgraded node does not stand by: {found}")
        yield_to(box, other, name, first + LOAD)
    number, _ = admit(box, f"tanaka@{CITY}")
    box.say(f"{number} was admitted by the next release")


def _run(box: Box, name: str) -> None:
    box.run_block(box.blocks["way-back"][0], name)
