"""One request by a signed-in member: the session, the role, a snapshot of the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from gateway.admission.case.model import Role, Staff
from gateway.console.security import cookies, told
from gateway.console.security.cookies import Cookie
from gateway.console.site import Site, UnavailableError
from gateway.mail import address
from gateway.printing.bilingual import Language
from gateway.store.console import sessions
from gateway.store.console.sessions import Session
from gateway.store.console.sign_in import OPERATOR
from gateway.store.protocol import ReadConnection

MAX_DIGITS = 19


@dataclass(frozen=True, slots=True)
class Visit:
    """A request by a signed-in member.

    `query` and `fields` are from the browser, each name once; `secret`, `grant` and `draft` are its cookies.
    `client` is its address. `other` is the link to the page in the other language.
    """

    site: Site
    connection: ReadConnection
    session: Session
    member: Staff
    now: datetime
    path: Mapping[str, str]
    query: Mapping[str, str]
    fields: Mapping[str, str]
    secret: str
    grant: str = ""
    draft: str = ""
    client: str = ""
    language: Language = Language.JA
    other: str = ""

    def name_done(self, path: str, word: str) -> str:
        """Return the address of a page that says what this session has done there."""
        return told.add_done(path, word, self.secret, self.now)

    def read_done(self, path: str) -> str:
        """Return the word for what this session has just done on a page; otherwise empty."""
        return told.read_done(self.query.get("done", ""), path, self.secret, self.now)

    @property
    def is_operator(self) -> bool:
        """Whether they see what operators see."""
        return self.session.role.endswith(OPERATOR)

    @property
    def role(self) -> Role:
        """Their staff role."""
        return Role(self.session.role.partition("+")[0])


def read_number(text: str) -> int:
    """Parse a row id in a URL; 0 for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < MAX_DIGITS else 0


def find_session(site: Site, connection: ReadConnection, secret: str, now: datetime) -> Session | None:
    """Return the session of a browser if it is live; the gateway is informed now and then."""
    found = look_session(site, connection, secret, now)
    if found is not None and site.activity.note(found.digest, found.seen_at, now):
        _tell(site, secret)
    return found


def look_session(site: Site, connection: ReadConnection, secret: str, now: datetime) -> Session | None:
    """Return the session of a browser if it is live, without counting this as activity."""
    found = sessions.find(connection, secret) if secret else None
    if found is None or now >= found.ends_at:
        return None
    return found if now - site.activity.last(found.digest, found.seen_at) < site.times.idle else None


def _tell(site: Site, secret: str) -> None:
    try:
        site.ask("console.touch", {"session": secret})
    except UnavailableError:
        return  # the session ends a little earlier


def find_member(site: Site, session: Session) -> Staff | None:
    """Return the member of a session, by the present settings."""
    return site.desk.member(address.parse(session.member))


def read_secret(site: Site, sent: Mapping[str, str], kind: Cookie = Cookie.SESSION) -> str:
    """Return a secret sent by the browser, that of the session or another."""
    return cookies.read(sent, kind, secure=site.is_secure)
