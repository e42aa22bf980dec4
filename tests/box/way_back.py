"""A release after this one, and back, and there again, while mails come in and the office decides."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from tests.box.box import LOAD, Box, admit, count_while
from tests.box.machine import BoxError, Machine
from tests.box.project import ROOT, build_next
from tests.box.world import CITY

_FIRST = 10 * LOAD  # the number of the first mail of this story
_COLOURS = """/opt/gateway/bin/python - <<'PYTHON'
import sqlite3
database = sqlite3.connect("file:/var/lib/gateway/gateway.db?mode=ro", uri=True)
print(database.execute(
    "SELECT count(*) FROM mails WHERE id >= (SELECT min(mail_id) FROM colours)"
    " AND id NOT IN (SELECT mail_id FROM colours)").fetchone()[0])
PYTHON"""


def go_back(box: Box) -> None:
    """Upgrade, go back and upgrade again under load: no mail is lost, and cases go on over it."""
    lay_wheels(box.desk)
    upgrade, back = (lambda number=number: _run(box, number) for number in (0, 1))
    count_while(box, "an upgrade", _FIRST, upgrade)
    number, _ = admit(box, f"tanaka@{CITY}", lambda: count_while(box, "the way back", _FIRST + LOAD, back))
    box.say(f"{number}: the request left the newer release, the older one took the approval and invited")
    verified = box.desk.must("runuser -u gateway -- gateway verify")
    if "v9001_next" not in verified:
        raise BoxError(f"gateway verify does not name the newer step:\n{verified}")
    again = "the second upgrade"
    number, _ = admit(box, f"suzuki@{CITY}", lambda: count_while(box, again, _FIRST + 2 * LOAD, upgrade))
    box.say(f"{number}: and the other way round")
    if box.desk.must(_COLOURS).strip() != "0":
        raise BoxError("the newer release misses mails that the older one took")
    box.desk.must("runuser -u gateway -- gateway verify")


def _run(box: Box, number: int) -> None:
    box.run_block(box.blocks["way-back"][number])


def lay_wheels(machine: Machine) -> None:
    """The wheel at work into /root/old, that of the release of tomorrow into /root/new."""
    machine.must("mkdir old new && cp intake_gateway-*.whl requirements.txt old/ && cp requirements.txt new/")
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        shutil.copy(build_next(ROOT, Path(folder)), machine.root / "root/new")
