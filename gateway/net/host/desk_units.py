"""Names of the systemd units and the user of a desk; a machine can run several desks (docs/install.md).

`/etc/gateway` and `/var/lib/gateway` belong to `gateway.service`; `/etc/gateway-town` and
`/var/lib/gateway-town` belong to `gateway@town.service` and the user gateway-town. systemd.unit(5).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

USER = "gateway"
TIMERS = ("gateway-backup.timer", "gateway-doctor.timer", "gateway-rehearsal.timer")
_PLACES = (Path("/etc"), Path("/var/lib"))


@dataclass(frozen=True, slots=True)
class DeskUnits:
    """The names of one desk; `desk` is empty for the first desk, otherwise the instance name after the @."""

    desk: str = ""

    @property
    def user(self) -> str:
        """The user and group that run the desk; its folders and credentials have the same name."""
        return f"{USER}-{self.desk}" if self.desk else USER

    @property
    def console_user(self) -> str:
        """The user and group that run the desk's console."""
        return f"{self.user}-console"

    def name(self, unit: str = USER) -> str:
        """Return the unit name for systemctl: `gateway-backup.timer` becomes `gateway-backup@town.timer`."""
        return self._insert(unit, f"@{self.desk}")

    def file(self, unit: str) -> str:
        """Return the name of the installed unit file: `gateway-backup@.timer`."""
        return self._insert(unit, "@")

    def _insert(self, unit: str, mark: str) -> str:
        stem, dot, kind = unit.partition(".")
        return f"{stem}{mark}{dot}{kind}" if self.desk else unit


FIRST_DESK = DeskUnits()


def find_units(place: Path) -> DeskUnits:
    """Return the units of the desk whose folder contains this path, otherwise those of the first desk."""
    for folder in (place, *place.parents):
        if folder.parent in _PLACES and folder.name.startswith(f"{USER}-"):
            return DeskUnits(folder.name.removeprefix(f"{USER}-"))
    return FIRST_DESK
