"""What the units and the user of a desk are called: one machine can hold several (docs/install.md).

`/etc/gateway` and `/var/lib/gateway` are those of `gateway.service`; `/etc/gateway-town` and
`/var/lib/gateway-town` those of `gateway@town.service` and of the user gateway-town. systemd.unit(5).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

USER = "gateway"
TIMERS = ("gateway-backup.timer", "gateway-doctor.timer", "gateway-rehearsal.timer")
_PLACES = (Path("/etc"), Path("/var/lib"))


@dataclass(frozen=True, slots=True)
class DeskUnits:
    """The names of one desk; `desk` is empty for the first, else what follows the @."""

    desk: str = ""

    @property
    def user(self) -> str:
        """The user that runs it, its group, and how its folders and credentials are called."""
        return f"{USER}-{self.desk}" if self.desk else USER

    def name(self, unit: str = USER) -> str:
        """As systemctl is told: `gateway-backup.timer` is `gateway-backup@town.timer`."""
        return self._insert(unit, f"@{self.desk}")

    def file(self, unit: str) -> str:
        """As the file is called that was installed: `gateway-backup@.timer`."""
        return self._insert(unit, "@")

    def _insert(self, unit: str, mark: str) -> str:
        stem, dot, kind = unit.partition(".")
        return f"{stem}{mark}{dot}{kind}" if self.desk else unit


FIRST_DESK = DeskUnits()


def find_units(place: Path) -> DeskUnits:
    """The units of the desk whose settings or database lie at, or below, a place; else those of the first."""
    for folder in (place, *place.parents):
        if folder.parent in _PLACES and folder.name.startswith(f"{USER}-"):
            return DeskUnits(folder.name.removeprefix(f"{USER}-"))
    return FIRST_DESK
