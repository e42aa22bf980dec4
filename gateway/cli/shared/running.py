"""Queries to the running gateway, for commands that may not read the data, or that inspect the service."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.net.metrics.service_figures import ServiceFigures
    from gateway.store.protocol import Source
    from gateway.store.queries.statistics import Statistics


def load_figures(source: Source) -> tuple[Statistics, bool | None]:
    """Return the statistics, and whether the running gateway answers (None: not running or not reachable).

    A member of the group gateway may not read the database, so the gateway reads it for them. Raises
    NoDatabaseError, SchemaError, sqlite3.Error; NotAnsweredError if neither is possible.
    """
    from gateway.app.wiring.desk import utc_now
    from gateway.store.queries.statistics import load_statistics

    if not _may_read(source.path):
        return _ask_figures(source.path), True
    figures = load_statistics(source, utc_now())
    return figures, _does_answer(source.path) if figures.running else None


def load_service_figures(database: Path) -> ServiceFigures | None:
    """Return the statistics that only the running gateway has; None if it does not answer."""
    import msgspec

    from gateway.net.control import client
    from gateway.net.control.protocol import QUERY
    from gateway.net.metrics.service_figures import ServiceFigures

    try:
        return msgspec.convert(client.ask(database, "service", door=QUERY), ServiceFigures)
    except (client.NotAnsweredError, client.RefusedError):
        return None


def load_dkim_keys(database: Path) -> Mapping[str, str]:
    """Return the DKIM records of the running gateway's signing keys. Raises NotAnsweredError."""
    from gateway.net.control import client
    from gateway.net.control.protocol import QUERY

    keys: dict[str, str] = client.ask(database, "keys", door=QUERY)
    return keys


def _may_read(database: Path) -> bool:
    """Return whether this user can read the database, or see that there is none."""
    if not os.access(database.parent, os.F_OK):
        return True
    if not os.access(database.parent, os.X_OK):
        return False
    return os.access(database, os.R_OK) or not database.exists()


def _ask_figures(database: Path) -> Statistics:
    import msgspec

    from gateway.net.control import client
    from gateway.net.control.protocol import QUERY
    from gateway.store.queries.statistics import Statistics

    return msgspec.convert(client.ask(database, "figures", door=QUERY), Statistics)


def _does_answer(database: Path) -> bool | None:
    from gateway.net.control import client
    from gateway.net.control.protocol import QUERY

    try:
        client.ask(database, "started", door=QUERY)
    except client.HungError:
        return False
    except client.RefusedError:
        return True
    except client.NotAnsweredError:
        return None
    return True
