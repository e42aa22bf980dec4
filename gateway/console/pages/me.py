"""Who is signed in, and their sessions."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from gateway.admission.case.model import Role
from gateway.console.framing import frame_of
from gateway.console.rendering import render
from gateway.console.visit import Visit
from gateway.printing.fields import Ours, ours
from gateway.store.console import sessions

_ROLES = {
    Role.DECIDE: ours("判断できます"),
    Role.ASK: ours("照会と担当ができます"),
    Role.READ: ours("見ることだけができます"),
}


def show_me(visit: Visit) -> Response:
    """The sessions in the member's name; each can be ended."""
    open_ = sessions.of_member(visit.connection, visit.session.member, visit.now)
    return render(
        "me",
        frame_of(visit, "me"),
        address=visit.member.address,
        role=_ROLES[visit.role],
        minutes=int(visit.site.times.idle.total_seconds()) // 60,
        sessions=[
            {
                "digest": Ours(one.digest),
                "since": one.since,
                "seen": visit.site.activity.last(one.digest, one.seen_at),
                "ends": one.ends_at,
                "is_this": one.digest == visit.session.digest,
            }
            for one in open_
        ],
    )


def end_session(visit: Visit) -> Response:
    """End another session of the member's."""
    digest = visit.fields.get("digest", "")
    if digest:
        visit.site.ask("console.end", {"session": visit.secret, "digest": digest[:64]})
    return RedirectResponse("/me", 303)
