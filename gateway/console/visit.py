"""One request by a member who is signed in: the session, the role, the database at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from gateway.admission.case.model import Role, Staff
from gateway.console.security import cookies
from gateway.console.security.cookies import Cookie
from gateway.console.site import Site, UnavailableError
from gateway.mail import address
from gateway.store.console import sessions
from gateway.store.console.sessions import Session
from gateway.store.protocol import ReadConnection

OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Visit:
    """Who asks for what: `query` and `fields` are what the browser sent, each name once."""

    site: Site
    connection: ReadConnection
    session: Session
    member: Staff
    now: datetime
    path: Mapping[str, str]
    query: Mapping[str, str]
    fields: Mapping[str, str]
    secret: str

    @property
    def is_operator(self) -> bool:
        """Whether they see what operators see."""
        return self.session.role.endswith(f"+{OPERATOR}")

    @property
    def role(self) -> Role:
        """Their role among the staff."""
        return Role(self.session.role.partition("+")[0])


def find_session(site: Site, connection: ReadConnection, secret: str, now: datetime) -> Session | None:
    """The session of a browser, if it goes on; the gateway hears of it now and then."""
    found = sessions.find(connection, secret) if secret else None
    if found is None or now >= found.ends_at:
        return None
    if now - site.activity.last(found.digest, found.seen_at) >= site.times.idle:
        return None
    if site.activity.note(found.digest, found.seen_at, now):
        _tell(site, secret)
    return found


def _tell(site: Site, secret: str) -> None:
    try:
        site.ask("console.touch", {"session": secret})
    except UnavailableError:
        return  # the session ends a little earlier


def find_member(site: Site, session: Session) -> Staff | None:
    """Whose session that is, as the settings name them now."""
    return site.desk.member(address.parse(session.member))


def read_secret(site: Site, sent: Mapping[str, str]) -> str:
    """The session's secret as the browser sent it."""
    return cookies.read(sent, Cookie.SESSION, secure=site.is_secure)
