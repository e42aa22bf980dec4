"""`gateway node`: the machines of a desk that is kept on PostgreSQL."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.cli.shared import loading, options, output
from gateway.cli.shared.options import SuggestingGroup

if TYPE_CHECKING:
    from gateway.settings import Settings
    from gateway.store.postgres.nodes import NodeRow

EPILOG = """\b
Examples:
  gateway node list
  gateway node list --json
  gateway node yield
  gateway node yield --config /etc/gateway-town
"""


@click.group(cls=SuggestingGroup, epilog=EPILOG)
def node() -> None:
    """List the machines of a desk, switch the active one."""


@node.command("list", epilog=EPILOG)
@options.config_option
@options.json_option
@options.wide_option
def list_(config_path: Path | None, as_json: bool) -> None:
    """List the machines, the active one at the top.

    Times are by the clock of the database.
    """
    from gateway.app.wiring.store import hash_settings

    config = loading.load_settings(config_path)[0]
    rows = _load(config)
    ours = hash_settings(config)
    if as_json:
        output.print_json([_facts(row, ours) for row in rows])
        return
    output.print_table(
        "machines", ("machine", "state", "seen", "version", "settings"), (_cells(row, ours) for row in rows)
    )


@node.command("yield", epilog=EPILOG)
@options.config_option
def yield_(config_path: Path | None) -> None:
    """Switch to another machine.

    The active machine finishes what it has begun, closes its port and stands by; another one takes over
    within seconds.
    """
    from gateway.net.control import client

    config = loading.load_settings(config_path)[0]
    try:
        client.ask(Path(config.store.path), "yield")
    except client.RefusedError as error:
        loading.fail(str(error), loading.EXIT_CONFIG)
    except client.NotAnsweredError as error:
        loading.fail(f"not active here: {error}", loading.EXIT_TEMPORARY)
    output.echo("This machine gives way; gateway node list shows which one is active.")


def _load(config: Settings) -> tuple[NodeRow, ...]:
    if not config.store.url:
        loading.fail("this desk has one machine: store.url is not set", loading.EXIT_CONFIG)
    import psycopg

    from gateway.app.wiring.store import build_place
    from gateway.store.postgres import nodes, session
    from gateway.store.postgres.faults import describe_fault

    place = build_place(config)
    with loading.using_database(Path(config.store.path)):
        try:
            with contextlib.closing(session.connect(place)) as connection:
                return nodes.load(connection)
        except psycopg.Error as error:
            loading.fail(describe_fault(str(place), error), loading.EXIT_TEMPORARY)


def _facts(row: NodeRow, ours: str) -> dict[str, object]:
    return {
        "machine": row.name,
        "active": row.is_active,
        "seen_at": row.seen_at.isoformat(),
        "version": row.version,
        "settings_agree": row.settings == ours,
    }


def _cells(row: NodeRow, ours: str) -> tuple[str, ...]:
    state = "active" if row.is_active else "stands by" if row.seen_s < _SILENT_S else "silent"
    agree = "as here" if row.settings == ours else "not as here"
    return (row.name, state, f"{row.seen_s:.0f} s ago", row.version, agree)


_SILENT_S = 10.0
