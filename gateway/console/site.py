"""What the console knows: where the database is, how the gateway is asked, whom the settings name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from gateway.admission.case.model import Desk
from gateway.console.security.activity import Activity
from gateway.mail import address
from gateway.store.console.sessions import SessionTimes
from gateway.store.protocol import NoDatabaseError, ReadConnection, Source
from gateway.store.queries.reader import open_current


class UnavailableError(Exception):
    """The gateway does not answer; the message is for the log."""


# Asks the gateway: verb and arguments. Raises UnavailableError.
Ask = Callable[[str, Mapping[str, object]], object]


@dataclass(frozen=True, slots=True)
class Site:
    """The console of one desk. `public_url` is the origin that browsers show, `faults`
    are what the source raises when the database cannot be read."""

    source: Source
    ask: Ask
    public_url: str
    office: str
    desk: Desk
    times: SessionTimes
    now: Callable[[], datetime]
    faults: tuple[type[Exception], ...] = (NoDatabaseError, UnavailableError, OSError)
    activity: Activity = field(default_factory=Activity)

    @property
    def is_secure(self) -> bool:
        """Whether browsers come over https; else the console is on loopback."""
        return self.public_url.startswith("https://")

    @property
    def host(self) -> str:
        """What the Host field says."""
        return urlsplit(self.public_url).netloc

    @contextmanager
    def open(self) -> Iterator[ReadConnection]:
        """The database as it is at one moment. Raises NoDatabaseError, SchemaError."""
        with closing(self._connect()) as connection:
            connection.begin_view()
            yield connection

    def _connect(self) -> ReadConnection:
        """A connection; the versions of the schema are compared now and then, not for each page."""
        now = self.now()
        if not self.activity.is_check_due(now):
            return self.source.open()
        connection = open_current(self.source)
        self.activity.note_check(now)
        return connection

    def name_member(self, text: str) -> str:
        """The name of the member with an address; the address for anybody else."""
        try:
            member = self.desk.member(address.parse(text))
        except address.AddressError:
            return text
        return member.name if member else text
