"""The environment of the console: database, gateway, settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from gateway.admission.case.model import Desk, Letter
from gateway.admission.organisations.register import Register
from gateway.console.kept.connections import Connections
from gateway.console.kept.drafts import Drafts
from gateway.console.kept.openings import Openings
from gateway.console.kept.printed_rows import PrintedRows
from gateway.console.security.activity import Activity
from gateway.mail import address
from gateway.printing.fields import Ours
from gateway.store.console.sessions import SessionTimes
from gateway.store.protocol import ReadConnection, Source, Trouble
from gateway.store.queries.reader import check_version
from gateway.store.repositories import organisations
from gateway.store.repositories.organisations import OrganisationDirectory


class UnavailableError(Exception):
    """Raised if the gateway does not fulfil a request; the message is for the log."""

    def __init__(self, message: str, trouble: Trouble = Trouble.BROKEN) -> None:
        super().__init__(message)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Sample:
    """A letter in its present wording, with sample facts; `occasion` is its name among the samples."""

    occasion: Ours
    subject: str
    text: str


# Sends a request to the gateway: verb and arguments. Raises UnavailableError.
Ask = Callable[[str, Mapping[str, object]], object]


@dataclass(frozen=True, slots=True)
class Site:
    """The console of one desk.

    `public_url` is the origin in the browser. `find_trouble` returns what an error means for the database,
    None for a fault of ours. `decides`: decisions are enabled. `render_samples` renders a letter on each
    occasion, and raises UnavailableError for a template with errors. `proxy_header` is the header that names
    signed-in members; `is_openid`: an OpenID provider signs them in; otherwise they sign in by a mailed code.
    """

    source: Source
    ask: Ask
    public_url: str
    office: str
    desk: Desk
    times: SessionTimes
    now: Callable[[], datetime]
    directory: OrganisationDirectory
    find_trouble: Callable[[Exception], Trouble | None]
    render_samples: Callable[[Letter], Sequence[Sample]]
    decides: bool = False
    proxy_header: str = ""
    is_openid: bool = False
    activity: Activity = field(default_factory=Activity)
    connections: Connections = field(default_factory=Connections)
    rows: PrintedRows = field(default_factory=PrintedRows)
    drafts: Drafts = field(default_factory=Drafts)
    openings: Openings = field(default_factory=Openings)

    @property
    def is_secure(self) -> bool:
        """Whether browsers use https; otherwise the console is on loopback."""
        return self.public_url.startswith("https://")

    @property
    def host(self) -> str:
        """The expected Host field."""
        return urlsplit(self.public_url).netloc

    @contextmanager
    def open(self) -> Iterator[ReadConnection]:
        """Open a snapshot of the database. Raises NoDatabaseError, SchemaError."""
        with self.connections.lend(self.source) as connection:
            self._check(connection)
            connection.begin_view()
            yield connection
            connection.end_view()

    def _check(self, connection: ReadConnection) -> None:
        """Compare the schema versions, now and then, not for each page."""
        now = self.now()
        if self.activity.is_check_due(now):
            check_version(self.source, connection)
            self.activity.note_check(now)

    def load_register(self, connection: ReadConnection) -> Register:
        """Return the register in force, with the present additions of the staff."""
        return self.directory.follow(organisations.load(connection))

    def name_member(self, text: str) -> str:
        """Return the name of the member with an address; the address for anybody else."""
        try:
            member = self.desk.member(address.parse(text))
        except address.AddressError:
            return text
        return member.name if member else text
