"""`gateway dns`: the records to publish, as cards to copy from, as a zone file or as JSON."""

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
  gateway dns --origin example.go.jp        names as the form of that zone wants them
  gateway dns --zone >> example.go.jp.zone
  gateway dns --reverse
  gateway dns --json
"""


@click.command(epilog=EPILOG)
@options.config_option
@click.option("--origin", metavar="DOMAIN", help="The zone that holds the names (default: desk.domain).")
@click.option("--zone", "form", flag_value="zone", help="A zone file in BIND's syntax, for $INCLUDE.")
@click.option(
    "--reverse", "form", flag_value="reverse", help="The PTR records, for the operator of that zone."
)
@click.option("--json", "form", flag_value="json", help="Machine-readable output.")
def dns(config_path: Path | None, origin: str | None, form: str | None) -> None:
    """Print the DNS records to publish.

    Nothing is changed.

    If this user may not read the DKIM key, the running gateway gives its public half; exits with 3 if it is
    not available. `gateway doctor` checks whether the records are published.
    """
    from gateway.app.install import dns_records

    config, path = loading.load_settings(config_path)
    zone = (origin or config.desk.domain).lower().removesuffix(".")
    if not dns_records.is_origin(zone, config.desk.domain):
        raise click.BadParameter(f"{zone!r} does not hold {config.desk.domain}", param_hint="--origin")
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
        loading.fail(f"the DKIM records are not known: {why_not}", loading.EXIT_UNKNOWN)


def _load_keys(config: Settings, path: Path) -> tuple[Mapping[str, str], str]:
    """The DKIM records by name, and why there are none where there should be some."""
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
        return {}, f"this user may not read the key, and {error}"
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
    """One record after the other, each value on one line of its own, to be copied whole."""
    for place, card in enumerate(found, start=1):
        click.secho(f"{place}. {card.rtype}", bold=True, nl=False)
        output.echo(f"  {card.why}")
        if card.by_others:
            output.echo(f"   name:  {card.name}")
        else:
            output.echo(f"   name:  {card.relative(zone)}   (in the zone {zone}; whole name: {card.name})")
        output.echo(f"   value: {card.value}\n")


def _print_missing(config: Settings) -> None:
    if not config.listen.public_addresses:
        output.echo("listen.public_addresses is empty: the A record and the PTR are unknown.", err=True)
    if not config.delivery.dkim_key:
        output.echo(
            "delivery.dkim_key is empty: letters leave unsigned. `gateway init` makes a key.", err=True
        )
