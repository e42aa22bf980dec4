"""`gateway org`: the register of organisations, shipped and extended by staff."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from gateway.cli.office import org_import
from gateway.cli.shared import context, loading, options, output
from gateway.cli.shared.options import SuggestingGroup
from gateway.printing.terminal import count

if TYPE_CHECKING:
    from gateway.admission.organisations.register import Organisation, Register

EPILOG = """\b
Examples:
  gateway org find 池田町 city.osaka.lg.jp 131016
  gateway org find いけだ --json
  gateway org code 13101 １３１０１６ --json
  gateway org code - < codes.txt
  gateway org list --kind association
  gateway org list --staff --json
  gateway org add 138002 例示広域連合 --kana れいじ
  gateway org add 138002 例示広域連合 --replace
  gateway org set-domain 138002 union.reiji.lg.jp --source "電話で確認 2026-11-20"
  gateway org set-domain 138002 shared.reiji.lg.jp --shared
  gateway org import associations.csv --dry-run
  gateway org import associations.csv --replace --remove
  gateway org remove 138002 --domain union.reiji.lg.jp
  gateway org remove 138002
  gateway org check
  gateway org check --config /etc/gateway
"""
KINDS = (
    "prefecture", "municipality", "ward", "administrative_ward", "northern_territories", "association",
    "agency", "corporation",
)  # fmt: skip
# What is looked up may begin with a hyphen, so these commands have no short option.
RAW_ARGUMENTS = {"ignore_unknown_options": True, "help_option_names": ["--help"]}


@click.group(cls=SuggestingGroup, epilog=EPILOG)
def org() -> None:
    """Search and extend the register of organisations."""


def _load_register(config_path: Path | None, database: Path | None) -> Register:
    config, folder = context.load_settings_if_any(config_path)
    try:
        return context.load_directory(config, folder, database).register
    except (OSError, ValueError) as error:
        loading.fail(f"the register cannot be read: {error}", loading.EXIT_CONFIG)


@org.command("list", epilog=EPILOG)
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="Only this kind; may be repeated."
)
@click.option("--prefecture", default="", help="Only organisations in this prefecture.")
@click.option("--staff", is_flag=True, help="Only entries added by staff.")
@options.read_options
@options.wide_option
def list_organisations(
    kinds: tuple[str, ...],
    prefecture: str,
    staff: bool,
    config_path: Path | None,
    database: Path | None,
    as_json: bool,
) -> None:
    """List organisations in the order of their codes."""
    found = [
        each
        for each in _load_register(config_path, database).organisations
        if (not kinds or each.kind in kinds)
        and each.prefecture.startswith(prefecture)
        and (each.by_staff or not staff)
    ]
    _print_organisations(found, as_json)


@org.command("find", epilog=EPILOG, context_settings=RAW_ARGUMENTS)
@click.argument("texts", nargs=-1, required=True, metavar="TEXT...")
@options.read_options
@options.wide_option
def find(texts: tuple[str, ...], config_path: Path | None, database: Path | None, as_json: bool) -> None:
    """Find organisations by code, domain, name or kana.

    Parts of them are enough; all matches are listed.

    Exits with 1 if there is none.
    """
    register = _load_register(config_path, database)
    found = {each.code: each for text in context.iter_inputs(texts) for each in _find_matches(text, register)}
    if not found and not as_json:
        loading.fail("no organisation fits; gateway org add enters one", loading.EXIT_NOT_FOUND)
    _print_organisations(found.values(), as_json)
    if not found:
        raise SystemExit(loading.EXIT_NOT_FOUND)


def _find_matches(text: str, register: Register) -> tuple[Organisation, ...]:
    code = register.parse_code(text)
    exact = register.by_code(code.value or text)
    if exact is not None:
        return (exact,)
    if "." in text:
        from gateway.admission.organisations import domains

        return register.by_domain(domains.normalise(text.rpartition("@")[2]))
    return register.by_name(text) or register.by_part(text)


@org.command("code", epilog=EPILOG, context_settings=RAW_ARGUMENTS)
@click.argument("codes", nargs=-1, required=True, metavar="CODE...")
@options.read_options
@options.wide_option
def code(codes: tuple[str, ...], config_path: Path | None, database: Path | None, as_json: bool) -> None:
    """Check and repair local-government codes.

    As people write them; - reads standard input.

    --json gives one object on a line: `input`, `verdict` (valid, repairable, invalid, corporate_number),
    `kind`, `value`, `employer`, `name`.
    """
    register = _load_register(config_path, database)
    rows = (_code_row(text, register) for text in context.iter_inputs(codes))
    output.print_stream(rows, CODE_COLUMNS, as_json)


def _code_row(text: str, register: Register) -> dict[str, str]:
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


@org.command("check", epilog=EPILOG)
@options.config_option
@options.database_option
def check(config_path: Path | None, database: Path | None) -> None:
    """Check the register for contradictions.

    Codes, employers and domains. Exits with 1 if there is an error."""
    from gateway.admission.organisations import validation

    register = _load_register(config_path, database)
    found = list(validation.find_problems(register))
    for line in found:
        output.echo(line)
    if found:
        raise SystemExit(loading.EXIT_NOT_FOUND)
    output.echo(f"{count(len(register), 'organisation')}, nothing wrong.")


@org.command("add", epilog=EPILOG)
@click.argument("code")
@click.argument("name")
@click.option("--kind", default="", type=click.Choice(("", *KINDS)), help="Default: derived from the code.")
@click.option("--prefecture", default="", help="Default: derived from the code.")
@click.option("--kana", default="", help="Reading of the name, to compare it with domains.")
@click.option("--replace", is_flag=True, help="Change an organisation that is in the register.")
@options.read_options
def add(
    code: str,
    name: str,
    kind: str,
    prefecture: str,
    kana: str,
    replace: bool,
    config_path: Path | None,
    database: Path | None,
    as_json: bool,
) -> None:
    """Add an organisation to the register.

    An association by its code of 6 digits, an agency by its corporate number of 13."""
    entry = {
        "code": code,
        "name": name,
        "kind": kind,
        "prefecture": prefecture,
        "kana": kana,
        "replace": replace,
    }
    facts = context.run_organisation_command("organisation.add", entry, config_path, database)
    _print_result(facts, as_json, f"{facts['code']} {facts['name']} ({facts['kind']}) is in the register.")


@org.command("set-domain", epilog=EPILOG)
@click.argument("code")
@click.argument("domain")
@click.option("--source", default="", help="How the office knows this.")
@click.option("--since", default="", metavar="DATE", help="First day.")
@click.option("--until", default="", metavar="DATE", help="Last day.")
@click.option(
    "--shared", is_flag=True, help="Several organisations share it, so it does not prove which one."
)
@options.read_options
def set_domain(
    code: str,
    domain: str,
    source: str,
    since: str,
    until: str,
    shared: bool,
    config_path: Path | None,
    database: Path | None,
    as_json: bool,
) -> None:
    """Assign a mail domain to an organisation.

    The names below DOMAIN are included."""
    entry = {
        "code": code,
        "domain": domain,
        "source": source,
        "since": since,
        "until": until,
        "shared": shared,
    }
    facts = context.run_organisation_command("organisation.set_domain", entry, config_path, database)
    _print_result(facts, as_json, f"{facts['domain']} belongs to {facts['code']}.")


@org.command("import", epilog=EPILOG)
@click.argument("file", type=click.File("rb"))
@click.option("--dry-run", is_flag=True, help="Show changes without making them.")
@click.option("--replace", is_flag=True, help="Change entries that have another source.")
@click.option("--remove", is_flag=True, help="Remove entries of the same sources that are not in FILE.")
@options.read_options
@options.wide_option
def import_file(
    file: IO[bytes],
    dry_run: bool,
    replace: bool,
    remove: bool,
    config_path: Path | None,
    database: Path | None,
    as_json: bool,
) -> None:
    """Import a list of organisations from a CSV file.

    In UTF-8 or Shift_JIS; all of it or nothing.

    The first line names the columns. Needed: code, name, source (who published it), date (of which day it
    is). As needed: prefecture, kana, kind, employer, domains (NAME or NAME|SOURCE|FROM|UNTIL, several with
    ;), shared (yes: several bodies use these domains). Empty: as the register or the code says.
    """
    wish = org_import.Wish(dry_run, replace, remove)
    known = _load_register(config_path, database)
    org_import.take_over(file, wish, known, config_path, database, as_json)


@org.command("remove", epilog=EPILOG)
@click.argument("code")
@click.option("--domain", default="", help="Only this domain of the organisation.")
@options.read_options
def remove(code: str, domain: str, config_path: Path | None, database: Path | None, as_json: bool) -> None:
    """Remove what staff added for an organisation.

    The shipped register is not changed."""
    entry = {"code": code, "domain": domain}
    facts = context.run_organisation_command("organisation.remove", entry, config_path, database)
    _print_result(facts, as_json, f"{code}: {count(facts['rows'], 'row')} of staff removed.")


def _print_result(facts: dict[str, Any], as_json: bool, sentence: str) -> None:
    if as_json:
        output.print_line(facts)
    else:
        output.echo(sentence)


def _print_organisations(found: Iterable[Organisation], as_json: bool) -> None:
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
