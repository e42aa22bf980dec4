"""The register in force: the shipped file, and what staff added to it in the database, by code.

The commands that write the rows are in `gateway.store.commands.organisations`.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from gateway.admission.organisations import register
from gateway.admission.organisations.register import Domain, Organisation, Register
from gateway.store.protocol import Connection


@dataclass(frozen=True, slots=True)
class Additions:
    """Bodies that staff entered, without their domains, and all domains that staff entered, by code."""

    organisations: tuple[Organisation, ...] = ()
    domains: Mapping[str, tuple[Domain, ...]] = field(default_factory=dict)

    def apply_to(self, shipped: Register) -> Register:
        """The shipped register with these additions; a body entered anew keeps its shipped domains."""
        entered = shipped.with_organisations(
            replace(each, domains=_domains_of(shipped, each.code)) for each in self.organisations
        )
        touched = {each.code for each in self.organisations} | set(self.domains)
        bodies = (entered.by_code(code) for code in sorted(touched))
        return entered.with_organisations(
            replace(body, domains=self._merge_domains(body), by_staff=True)
            for body in bodies
            if body is not None
        )

    def _merge_domains(self, body: Organisation) -> tuple[Domain, ...]:
        by_name = {each.name: each for each in (*body.domains, *self.domains.get(body.code, ()))}
        return tuple(by_name.values())


def _domains_of(shipped: Register, code: str) -> tuple[Domain, ...]:
    body = shipped.by_code(code)
    return body.domains if body is not None else ()


class OrganisationDirectory:
    """The register in force, read when first asked for. One for a process, so that it is parsed once."""

    def __init__(self, shipped: Path) -> None:
        self._path = shipped
        self._shipped: Register | None = None
        self._additions = Additions()
        self._register: Register | None = None

    @property
    def shipped(self) -> Register:
        """The register of the file alone. Raises OSError or RegisterError."""
        if self._shipped is None:
            self._shipped = register.parse(self._path.read_text(encoding="utf-8"))
        return self._shipped

    @property
    def register(self) -> Register:
        """The register with what staff added. Raises OSError or RegisterError."""
        if self._register is None:
            self._register = self._additions.apply_to(self.shipped)
        return self._register

    def set_additions(self, additions: Additions) -> None:
        """Use these additions from now on."""
        self._additions = additions
        self._register = None


# --- rows -------------------------------------------------------------------------------------


def load(connection: Connection) -> Additions:
    """All that staff added; nothing where the database is older than the table."""
    if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'organisation_domains'").fetchone():
        return Additions()
    columns = {row[1] for row in connection.execute("PRAGMA table_info(organisations)")}
    origin = "source, as_of" if "as_of" in columns else "'', NULL"
    bodies = connection.execute(
        f"SELECT code, prefecture, name, kana, kind, employer, {origin} FROM organisations ORDER BY code"  # noqa: S608
    ).fetchall()
    domains: dict[str, list[Domain]] = defaultdict(list)
    for code, name, source, since, until, shared in connection.execute(
        """
        SELECT code, domain, source, valid_from, valid_until, shared
        FROM organisation_domains ORDER BY code, domain
        """
    ):
        domains[code].append(Domain(name, source, _day(since), _day(until), bool(shared)))
    return Additions(
        tuple(
            Organisation(
                code, prefecture, name, kana, kind, employer, by_staff=True, source=source, as_of=_day(as_of)
            )
            for code, prefecture, name, kana, kind, employer, source, as_of in bodies
        ),
        {code: tuple(those) for code, those in domains.items()},
    )


def read(database: Path) -> Additions:
    """What staff added, read beside a running gateway. Raises sqlite3.Error."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)
    try:
        return load(connection)
    finally:
        connection.close()


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
