"""`gateway store`: the store of the desk, and how to move it to another place."""

from __future__ import annotations

import click

from gateway.cli.run.store.accept import accept
from gateway.cli.run.store.copying import EPILOG, copy
from gateway.cli.run.store.sql import sql
from gateway.cli.shared.options import SuggestingGroup


@click.group(cls=SuggestingGroup, epilog=EPILOG)
def store() -> None:
    """Set up PostgreSQL and copy data to or from it."""


store.add_command(sql)
store.add_command(copy)
store.add_command(accept)
