"""`gateway dns`: the records to publish, as text to copy, as a zone file or as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.cli.shared import loading, options, output

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.app.install.dns_records import DnsRecord
    from gateway.settings import Settings

EPILOG = """\b
Examples:
  gateway dns
  gateway dns --origin example.go.jp        names relative to that zone, for its web form
  gateway dns --zone >> example.go.jp.zone
  gateway dns --reverse
  gateway dns --json
"""


@click.command(epilog=EPILOG)
@options.config_option
@click.option("--origin", metavar="DOMAIN", help="Zone that contains the records (default: desk.domain).")
@click.option("--zone", "form", flag_value="zone", help="Print a zone file in BIND syntax, for $INCLUDE.")
@click.option(
    "--reverse",
    "form",
    flag_value="reverse",
    help="Print the PTR records for the reverse zone's operator.",
)
@click.option("--json", "form", flag_value="json", help="Machine-readable output.")
def dns(config_path: Path | None, origin: str | None, form: str | None) -> None:
    """Print the DNS records to publish.

    No changes are made.

    If this user cannot read the DKIM key, the public key is requested from the running gateway; the command
    exits with 3 if that fails. `gateway doctor` checks whether the records have been published.
    """
    from gateway.app.install import dns_records

    config, path = loading.load_settings(config_path)
    zone = (origin or config.desk.domain).lower().removesuffix(".")
    if not dns_records.is_origin(zone, config.desk.domain):
        raise click.BadParameter(f"{config.desk.domain} is not in the zone {zone!r}", param_hint="--origin")
    keys, why_not = _load_keys(config, path)
    found = dns_records.build_dns_records(config, keys)
    if form == "zone":
        output.echo(dns_records.zone_text(found, zone), nl=False)
    elif form == "reverse":
        output.echo(dns_records.reverse_text(found), nl=False)
    elif form == "json":
        output.print_json([_as_json(card, zone) for card in found])
    else:
        _print_records(found, zone)
        _print_missing(config)
    if why_not:
        loading.fail(f"cannot determine the DKIM records: {why_not}", loading.EXIT_UNKNOWN)


def _load_keys(config: Settings, path: Path) -> tuple[Mapping[str, str], str]:
    """Return the DKIM records by name, and the reason if they cannot be read."""
    from gateway.app.install import dns_records
    from gateway.cli.shared.running import load_dkim_keys
    from gateway.net.control.client import NotAnsweredError, RefusedError
    from gateway.settings import SettingsError
    from gateway.settings.secret_files import list_unreadable

    try:
        if any(key.startswith("delivery.dkim") for key in list_unreadable(config)):
            return load_dkim_keys(Path(config.store.path)), ""
        return dns_records.dkim_records(config), ""
    except (NotAnsweredError, RefusedError) as error:
        return {}, f"this user cannot read the key, and {error}"
    except SettingsError as error:
        loading.fail(f"{path}: {error}", loading.EXIT_CONFIG)


def _as_json(card: DnsRecord, zone: str) -> dict[str, object]:
    return {
        "type": card.rtype,
        "relative_name": card.relative(zone),
        "name": card.name,
        "value": card.value,
        "why": card.why,
        "by_others": card.by_others,
    }


def _print_records(found: tuple[DnsRecord, ...], zone: str) -> None:
    """Print the records one after the other, each value on a separate line for copying."""
    for place, card in enumerate(found, start=1):
        click.secho(f"{place}. {card.rtype}", bold=True, nl=False)
        output.echo(f"  {card.why}")
        if card.by_others:
            output.echo(f"   name:  {card.name}")
        else:
            output.echo(f"   name:  {card.relative(zone)}   (in the zone {zone}; full name: {card.name})")
        output.echo(f"   value: {card.value}\n")


def _print_missing(config: Settings) -> None:
    if not config.listen.public_addresses:
        output.echo("listen.public_addresses is empty: the A and PTR records are unknown.", err=True)
    if not config.delivery.dkim_key:
        output.echo(
            "delivery.dkim_key is empty: mail is sent unsigned. `gateway init` creates a key.", err=True
        )
