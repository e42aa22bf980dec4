"""`gateway org`: the register of organisations, shipped and extended by staff."""

from __future__ import annotations

from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from gateway.cli.office.org import importing, rows
from gateway.cli.shared import context, loading, options, output
from gateway.cli.shared.options import SuggestingGroup
from gateway.printing.terminal import count

if TYPE_CHECKING:
    from gateway.admission.organisations.register import Register

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
# A search text may start with a hyphen, so these commands have no short options.
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
    "--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="Show only this kind; may be repeated."
)
@click.option("--prefecture", default="", help="Show only organisations in this prefecture.")
@click.option("--staff", is_flag=True, help="Show only entries added by staff.")
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
    """List organisations, sorted by code."""
    found = [
        each
        for each in _load_register(config_path, database).organisations
        if (not kinds or each.kind in kinds)
        and each.prefecture.startswith(prefecture)
        and (each.by_staff or not staff)
    ]
    rows.print_organisations(found, as_json)


@org.command("find", epilog=EPILOG, context_settings=RAW_ARGUMENTS)
@click.argument("texts", nargs=-1, required=True, metavar="TEXT...")
@options.read_options
@options.wide_option
def find(texts: tuple[str, ...], config_path: Path | None, database: Path | None, as_json: bool) -> None:
    """Find organisations by code, domain, name or kana.

    Partial matches are included.

    Exits with 1 if nothing matches.
    """
    register = _load_register(config_path, database)
    found = {each.code: each for text in context.iter_inputs(texts) for each in register.find(text)}
    if not found and not as_json:
        loading.fail("no match; to add an organisation, run gateway org add", loading.EXIT_NOT_FOUND)
    rows.print_organisations(found.values(), as_json)
    if not found:
        raise SystemExit(loading.EXIT_NOT_FOUND)


@org.command("code", epilog=EPILOG, context_settings=RAW_ARGUMENTS)
@click.argument("codes", nargs=-1, required=True, metavar="CODE...")
@options.read_options
@options.wide_option
def code(codes: tuple[str, ...], config_path: Path | None, database: Path | None, as_json: bool) -> None:
    """Check and repair local-government codes.

    Accepts codes as applicants write them, e.g. in full-width digits; - reads standard input.

    --json prints one object per line: `input`, `verdict` (valid, repairable, invalid, corporate_number),
    `kind`, `value`, `employer`, `name`.
    """
    register = _load_register(config_path, database)
    found = (rows.build_code_row(text, register) for text in context.iter_inputs(codes))
    output.print_stream(found, rows.CODE_COLUMNS, as_json)


@org.command("check", epilog=EPILOG)
@options.config_option
@options.database_option
def check(config_path: Path | None, database: Path | None) -> None:
    """Check the register for inconsistencies.

    Checks codes, employers and domains. Exits with 1 if there is an error."""
    from gateway.admission.organisations.entries import validation

    register = _load_register(config_path, database)
    found = list(validation.find_problems(register))
    for line in found:
        output.echo(line)
    if found:
        raise SystemExit(loading.EXIT_NOT_FOUND)
    output.echo(f"{count(len(register), 'organisation')}, no problems.")


@org.command("add", epilog=EPILOG)
@click.argument("code")
@click.argument("name")
@click.option(
    "--kind", default="", type=click.Choice(("", *KINDS)), help="Kind (default: derived from the code)."
)
@click.option("--prefecture", default="", help="Prefecture (default: derived from the code).")
@click.option("--kana", default="", help="Name in kana, for comparison with domain names.")
@click.option("--replace", is_flag=True, help="Replace an existing entry.")
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

    CODE is an association's 6-digit code or an agency's 13-digit corporate number."""
    entry = {
        "code": code,
        "name": name,
        "kind": kind,
        "prefecture": prefecture,
        "kana": kana,
        "replace": replace,
    }
    facts = context.run_organisation_command("organisation.add", entry, config_path, database)
    _print_result(
        facts, as_json, f"{facts['code']} {facts['name']} ({facts['kind']}) was added to the register."
    )


@org.command("set-domain", epilog=EPILOG)
@click.argument("code")
@click.argument("domain")
@click.option("--source", default="", help="Source of this information, such as a telephone call.")
@click.option(
    "--since", default="", metavar="DATE", help="First day on which the domain belongs to the organisation."
)
@click.option(
    "--until", default="", metavar="DATE", help="Last day on which the domain belongs to the organisation."
)
@click.option(
    "--shared",
    is_flag=True,
    help="Several organisations share the domain, so it does not identify any one of them.",
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

    Subdomains of DOMAIN are included."""
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
@click.option("--replace", is_flag=True, help="Also replace entries from a different source.")
@click.option(
    "--remove", is_flag=True, help="Remove entries from the same sources that are missing from FILE."
)
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

    The file must be encoded in UTF-8 or Shift_JIS. If any row is invalid, nothing is imported.

    The first row names the columns. Required: code, name, source (the publisher), date (of the data).
    Optional: prefecture, kana, kind, employer, domains (NAME or NAME|SOURCE|FROM|UNTIL, separated by ;),
    shared (yes: several organisations use these domains). Empty fields are taken from the register or derived
    from the code.
    """
    wish = importing.Wish(dry_run, replace, remove)
    known = _load_register(config_path, database)
    importing.take_over(file, wish, known, config_path, database, as_json)


@org.command("remove", epilog=EPILOG)
@click.argument("code")
@click.option("--domain", default="", help="Remove only this domain, not the organisation.")
@options.read_options
def remove(code: str, domain: str, config_path: Path | None, database: Path | None, as_json: bool) -> None:
    """Remove an organisation added by staff.

    The shipped register is not changed."""
    entry = {"code": code, "domain": domain}
    facts = context.run_organisation_command("organisation.remove", entry, config_path, database)
    _print_result(facts, as_json, f"{code}: {count(facts['rows'], 'staff row')} removed.")


def _print_result(facts: dict[str, Any], as_json: bool, sentence: str) -> None:
    if as_json:
        output.print_line(facts)
    else:
        output.echo(sentence)
