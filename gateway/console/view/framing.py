"""The frame of pages for signed-in members."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urlencode

from starlette.responses import Response

from gateway.console.asgi.visit import Visit
from gateway.console.view.rendering import Frame, render_error


def frame_of(visit: Visit, part: str = "", events: Mapping[str, str] = MappingProxyType({})) -> Frame:
    """Return the frame for a part of the console; `events` describe the page, to detect changes."""
    return Frame(
        visit.site.office,
        visit.member.name,
        part,
        visit.is_operator,
        visit.language,
        visit.other,
        f"/events?{urlencode(events)}" if events else "",
    )


def refuse(visit: Visit, status: int) -> Response:
    """Return an error page for a signed-in member."""
    return render_error(frame_of(visit), status)
