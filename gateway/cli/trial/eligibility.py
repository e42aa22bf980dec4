"""`gateway eligibility`: what the rules say about an address."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.shared import context, options, output
from gateway.cli.shared.options import SuggestingGroup
from gateway.printing import terminal

if TYPE_CHECKING:
    from gateway.admission.application.items.fields import Form
    from gateway.admission.eligibility.assess import Rules

EPILOG = """\b
Examples:
  gateway eligibility test taro@city.chiyoda.lg.jp
  gateway eligibility test joho@city.osaka.lg.jp --org 千代田区 --code 131016
  gateway eligibility test city.machida.kanagawa.jp example-iaa.go.jp --json
  cut -f1 addresses.tsv | gateway eligibility test - --json

The rules are read from eligibility.toml in the directory of the settings file, or from the shipped
config/eligibility.toml if there is none.
"""


@click.group(cls=SuggestingGroup, epilog=EPILOG)
def eligibility() -> None:
    """Test which eligibility rule applies to an address."""


# A domain to test may start with a hyphen, so this command has no short options.
@eligibility.command(
    "test", epilog=EPILOG, context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]}
)
@click.argument("addresses", nargs=-1, required=True, metavar="ADDRESS...")
@click.option("--org", default="", help="Organisation, as claimed by the applicant.")
@click.option("--code", default="", help="Local-government code, as claimed by the applicant.")
@click.option("--department", default="", help="Department, as written by the applicant.")
@click.option("--title", default="", help="Job title, as written by the applicant.")
@options.read_options
@options.wide_option
def test(
    addresses: tuple[str, ...],
    org: str,
    code: str,
    department: str,
    title: str,
    config_path: Path | None,
    database: Path | None,
    as_json: bool,
) -> None:
    """Test which eligibility rule applies to an address.

    Shows the domain's class, the decision, the organisation and any flags.

    ADDRESS can also be a bare domain; - reads addresses from standard input, one per line. --json prints one
    object per line: `domain`, `class`, `decision` (own, confirm, reject), `organisation`, `rule`, `rules`,
    `flags`.
    """
    from gateway.admission.application.items.fields import Form

    config, folder = context.load_settings_if_any(config_path)
    rules = context.load_rules(config, folder, context.load_directory(config, folder, database))
    form = Form(organisation=org, code=code, department=department, title=title)
    rows = (_row(text, form, rules) for text in context.iter_inputs(addresses))
    output.print_stream(rows, COLUMNS, as_json)


def _row(text: str, form: Form, rules: Rules) -> dict[str, Any]:
    from gateway.admission.eligibility import assess as rulebook
    from gateway.admission.organisations import domains
    from gateway.mail.address import Address

    local_part, domain = _split_address(text)
    found = domains.classify(domain, personal=rules.personal, own=rules.own)
    known = rulebook.build_domain_background(domain, rules)
    said = rulebook.assess(Address(local_part, found.domain), form, known, rules)
    return {
        "input": text,
        "domain": domain,
        "class": found.kind.value,
        "decision": found.decision.value,
        "organisation": found.organisation,
        "rule": found.rule,
        "rules": list(said.triggered_rules),
        "flags": list(said.flags),
        "category": said.category,
        "decline": said.decline,
    }


def _split_address(text: str) -> tuple[str, str]:
    """Split into local part and domain, at the first @, so that a second one is reported.

    A government domain before the @ is treated as a domain that contains an @, not as a local part.
    """
    from gateway.admission.organisations import domains

    bare = text.strip().removeprefix("<").removesuffix(">")
    local_part, at, domain = bare.partition("@")
    if not at or domains.classify(local_part).decision is domains.Standing.OWN:
        return "", bare
    return local_part, domain


COLUMNS: Mapping[str, output.Cell] = {
    "input": "input",
    "class": "class",
    "decision": "decision",
    "organisation": "organisation",
    "rules": lambda row: "\n".join([row["rule"], *row["rules"]]),
    "flags": lambda row: "\n".join(map(terminal.show, row["flags"])),
}
