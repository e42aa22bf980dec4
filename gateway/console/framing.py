"""What stands around the pages of somebody who is signed in."""

from __future__ import annotations

from gateway.console.rendering import Frame
from gateway.console.visit import Visit


def frame_of(visit: Visit, part: str) -> Frame:
    """The frame for a part of the console."""
    return Frame(visit.site.office, visit.member.name, part, visit.is_operator)
