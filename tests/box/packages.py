"""Other ways to install, and what is left when the gateway goes."""

from __future__ import annotations

from tests.box.box import Box, is_open
from tests.box.machine import BoxError

# Files with our name or of nobody, but for what somebody put into /root and /srv.
_LEFT = (
    "find / -xdev '(' -path /proc -o -path /sys -o -path /root -o -path /srv ')' -prune"
    " -o '(' -name '*gateway*' -o -nouser -o -nogroup ')' -print"
)


def uninstall(box: Box) -> None:
    """The page on it, block by block: nothing with our name is left but what it names."""
    before = set(box.desk.must(_LEFT).split())
    if "/etc/gateway" not in before or not is_open(box):
        raise BoxError("there is nothing to uninstall")
    box.run_blocks("uninstall")
    left = box.desk.must(_LEFT).split()
    if left or is_open(box) or "gateway" in box.desk.must("systemctl list-units --all --no-legend"):
        raise BoxError(f"left behind, and not named by the page: {left}")
    box.say(f"of {len(before)} places none is left")
