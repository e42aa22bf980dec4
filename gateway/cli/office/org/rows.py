"""Rows of the tables that `gateway org` prints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from gateway.cli.shared import output

if TYPE_CHECKING:
    from gateway.admission.organisations.register import Organisation, Register


def build_code_row(text: str, register: Register) -> dict[str, str]:
    """Return what is known about a code as somebody wrote it."""
    read = register.parse_code(text)
    known = register.by_code(read.value)
    return {
        "input": text,
        "verdict": read.verdict.value,
        "kind": read.kind.value,
        "value": read.value,
        "employer": read.employer,
        "name": known.title if known is not None else "",
    }


def print_organisations(found: Iterable[Organisation], as_json: bool) -> None:
    """Print organisations as a table or as JSON."""
    output.print_rows([_facts(each) for each in found], ORGANISATION_COLUMNS, as_json)


def _facts(each: Organisation) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(each)


def _domain_line(domain: dict[str, Any]) -> str:
    dates = f" {domain['since'] or ''}..{domain['until'] or ''}" if domain["since"] or domain["until"] else ""
    return f"{domain['name']}{dates}{' (shared)' if domain['shared'] else ''}"


CODE_COLUMNS: Mapping[str, output.Cell] = {
    "input": "input",
    "verdict": "verdict",
    "kind": "kind",
    "code": "value",
    "employer": "employer",
    "name": "name",
}
ORGANISATION_COLUMNS: Mapping[str, output.Cell] = {
    "code": "code",
    "prefecture": "prefecture",
    "name": "name",
    "kana": "kana",
    "kind": "kind",
    "employer": lambda each: each["employer"] if each["employer"] != each["code"] else "",
    "domains": lambda each: "\n".join(_domain_line(domain) for domain in each["domains"]),
    "staff": lambda each: "yes" if each["by_staff"] else "",
}
