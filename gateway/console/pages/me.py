"""The signed-in member, their sessions and their accounts at the OpenID provider."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from gateway.admission.case.model import Role
from gateway.console.view.framing import frame_of
from gateway.console.view.rendering import render
from gateway.console.visit import Visit
from gateway.net.openid.protocol import UNLINK
from gateway.printing.bilingual import both
from gateway.printing.fields import Ours
from gateway.printing.outside import Outside
from gateway.store.console import sessions
from gateway.store.console.accounts import identities

_ROLES = {
    Role.DECIDE: both("判断できます", "may decide"),
    Role.ASK: both("照会と担当ができます", "may ask applicants and claim cases"),
    Role.READ: both("見ることだけができます", "may only read"),
}


def show_me(visit: Visit) -> Response:
    """Show the member's sessions and linked accounts; each can be ended."""
    open_ = sessions.of_member(visit.connection, visit.session.member, visit.now)
    return render(
        "sign_in/me",
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
        accounts=[
            {
                "digest": Ours(one.digest),
                "name": Ours(one.name),
                "provider": Outside(one.issuer),
                "since": one.since,
                "used": one.used_at,
            }
            for one in identities.of_member(visit.connection, visit.session.member)
        ],
    )


def end_session(visit: Visit) -> Response:
    """End another session of the member."""
    digest = visit.fields.get("digest", "")
    if digest:
        visit.site.ask("console.end", {"session": visit.secret, "digest": digest[:64]})
    return RedirectResponse("/me", 303)


def unlink_account(visit: Visit) -> Response:
    """End the link of an account of the member, and their other sessions."""
    account = visit.fields.get("account", "")
    if account:
        visit.site.ask(UNLINK, {"session": visit.secret, "account": account[:64]})
    return RedirectResponse("/me", 303)
