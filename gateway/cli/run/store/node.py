"""`gateway node`: the machines of a desk on PostgreSQL."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.cli.shared import loading, options, output
from gateway.cli.shared.options import SuggestingGroup

if TYPE_CHECKING:
    from gateway.settings import Settings
    from gateway.store.postgres.cluster.nodes import NodeRow

EPILOG = """\b
Examples:
  gateway node list
  gateway node list --json
  gateway node yield
  gateway node yield --config /etc/gateway-town

\b
Exit codes: 0 done, 1 no machine listed, or none on standby, 75 temporary failure, or not active here,
78 the settings are invalid, or do not match the database.
"""
# By the kind of refusal: no kind means that this desk has no other machines.
_CODES = {"": loading.EXIT_CONFIG, "no_standby": loading.EXIT_NOT_FOUND}


@click.group(cls=SuggestingGroup, epilog=EPILOG)
def node() -> None:
    """List a desk's machines and switch between them."""


@node.command("list", epilog=EPILOG)
@options.config_option
@options.json_option
@options.wide_option
def list_(config_path: Path | None, as_json: bool) -> None:
    """List a desk's machines, the active one first.

    Times are taken from the database server's clock. Each machine's settings, DKIM keys and files next to the
    settings are compared with those of the active machine. An upgraded machine that needs a newer schema is
    listed with the version of that schema. A machine that has not reported for 10 seconds is silent: it is
    stopped, or cannot reach the database.
    """
    rows = _load(loading.load_settings(config_path)[0])
    from gateway.store.postgres.cluster.nodes import find_differences

    differing = find_differences(rows)
    if as_json:
        output.print_json([_facts(row, differing.get(row.name, ())) for row in rows])
    elif rows:
        output.print_table(
            "machines",
            ("machine", "state", "seen", "version", "differs in"),
            (_cells(row, differing.get(row.name, ())) for row in rows),
        )
    if not rows:
        loading.fail("no machine of this desk has been started yet", loading.EXIT_NOT_FOUND)


@node.command("yield", epilog=EPILOG)
@click.option("--without-standby", is_flag=True, help="Yield even if no other machine can take over.")
@options.config_option
@options.json_option
def yield_(without_standby: bool, config_path: Path | None, as_json: bool) -> None:
    """Switch to another machine.

    The active machine finishes its work in progress, closes its port and goes on standby; another machine
    takes over within seconds. If no other machine is on standby, nothing is changed.
    """
    from gateway.net.control import client

    config = loading.load_settings(config_path)[0]
    try:
        client.ask(Path(config.store.path), "yield", {} if without_standby else {"needs_standby": "yes"})
    except client.RefusedError as error:
        loading.fail(str(error), _CODES.get(error.trouble, loading.EXIT_TEMPORARY))
    except client.NotAnsweredError as error:
        loading.fail(f"not active here: {error}", loading.EXIT_TEMPORARY)
    if as_json:
        output.print_json({"yielding": True})
        return
    output.echo("This machine is yielding; gateway node list shows the active node.")


def _load(config: Settings) -> tuple[NodeRow, ...]:
    if not config.store.url:
        loading.fail("this desk runs on a single machine: store.url is not set", loading.EXIT_CONFIG)
    from gateway.app.wiring.database.source import build_source
    from gateway.store.postgres.cluster import nodes

    with loading.using_database(Path(config.store.path)):
        source = build_source(config)
        with contextlib.closing(source.open()) as connection:
            return nodes.load(connection)


def _facts(row: NodeRow, differs: tuple[str, ...]) -> dict[str, object]:
    return {
        "machine": row.name,
        "state": row.state,
        "active": row.is_active,
        "seen_at": row.seen_at.isoformat(),
        "version": row.version,
        "differs": differs,
        "needs_schema": row.needs,
    }


def _cells(row: NodeRow, differs: tuple[str, ...]) -> tuple[str, ...]:
    state = f"{row.state} {row.needs}" if row.state == "waiting for schema" else row.state
    return (row.name, state, f"{row.seen_s:.0f} s ago", row.version, ", ".join(differs) or "-")
