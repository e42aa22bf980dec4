"""`gateway store`: where the desk keeps what it knows, and how that moves to another place."""

from __future__ import annotations

import click

from gateway.cli.run.store.copying import EPILOG, copy
from gateway.cli.run.store.sql import sql
from gateway.cli.shared.options import SuggestingGroup


@click.group(cls=SuggestingGroup, epilog=EPILOG)
def store() -> None:
    """Keep the desk on PostgreSQL: schema, copy, way back."""


store.add_command(sql)
store.add_command(copy)
