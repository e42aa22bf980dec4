"""The register in force: the shipped file, and what staff added to it in the database, by code.

The commands that write the rows are in `gateway.store.commands.organisations`.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from gateway.admission.organisations import register_table
from gateway.admission.organisations.register import Domain, Organisation, Register
from gateway.store.protocol import Connection, Row, Source


@dataclass(frozen=True, slots=True)
class Additions:
    """Organisations entered by staff, without their domains, and all domains entered by staff, by code."""

    organisations: tuple[Organisation, ...] = ()
    domains: Mapping[str, tuple[Domain, ...]] = field(default_factory=dict)

    def apply_to(self, shipped: Register) -> Register:
        """Return the shipped register with these additions; changed entries keep their shipped domains."""
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
    """The register in force, loaded on first use. There is one per process, so that it is parsed once."""

    def __init__(self, shipped: Path) -> None:
        self._path = shipped
        self._shipped: Register | None = None
        self._additions = Additions()
        self._register: Register | None = None

    @property
    def shipped(self) -> Register:
        """The register of the file alone. Raises OSError or RegisterError."""
        if self._shipped is None:
            self._shipped = register_table.parse(self._path.read_text(encoding="utf-8"))
        return self._shipped

    @property
    def register(self) -> Register:
        """The register with the staff's additions. Raises OSError or RegisterError."""
        if self._register is None:
            self._register = self._additions.apply_to(self.shipped)
        return self._register

    def set_additions(self, additions: Additions) -> None:
        """Use these additions from now on."""
        self._additions = additions
        self._register = None

    def follow(self, additions: Additions) -> Register:
        """Return the register with these additions, rebuilt only if they changed.

        Raises OSError or RegisterError.
        """
        if additions != self._additions:
            self.set_additions(additions)
        return self.register


# --- rows -------------------------------------------------------------------------------------


def load(connection: Connection) -> Additions:
    """Return everything that staff added."""
    domains: dict[str, list[Domain]] = defaultdict(list)
    for row in connection.execute(
        """
        SELECT code, domain, source, valid_from, valid_until, shared
        FROM organisation_domains ORDER BY code, domain
        """
    ):
        domains[row["code"]].append(_to_domain(row))
    bodies = connection.execute("SELECT * FROM organisations ORDER BY code")
    return Additions(
        tuple(_to_organisation(dict(row)) for row in bodies),
        {code: tuple(those) for code, those in domains.items()},
    )


def read(source: Source) -> Additions:
    """Read what staff added beside a running gateway; empty if the database is older than the tables.

    Raises NoDatabaseError.
    """
    with contextlib.closing(source.open()) as connection:
        known = {"organisations", "organisation_domains"} <= connection.list_tables()
        return load(connection) if known else Additions()


def _to_domain(row: Row) -> Domain:
    since, until = _day(row["valid_from"]), _day(row["valid_until"])
    return Domain(row["domain"], row["source"], since, until, bool(row["shared"]))


def _to_organisation(row: Mapping[str, Any]) -> Organisation:
    """Build an organisation; rows of an earlier version have no source and date."""
    code, prefecture, name = row["code"], row["prefecture"], row["name"]
    return Organisation(
        code,
        prefecture,
        name,
        row["kana"],
        row["kind"],
        row["employer"],
        by_staff=True,
        source=row.get("source", ""),
        as_of=_day(row.get("as_of")),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
