"""Putting the rooms together: from settings to a running gateway."""

from __future__ import annotations

from gateway.app.figures import figures_of
from gateway.app.parts import (
    desk_of,
    hostname,
    mailboxes_of,
    reception,
    resolver_of,
    store_of,
    trust_of,
    utc_now,
)
from gateway.app.running import App, serve
from gateway.app.shipped import config_file, directory_of, renderer, rulebook_of, share

__all__ = [
    "App",
    "config_file",
    "desk_of",
    "directory_of",
    "figures_of",
    "hostname",
    "mailboxes_of",
    "reception",
    "renderer",
    "resolver_of",
    "rulebook_of",
    "serve",
    "share",
    "store_of",
    "trust_of",
    "utc_now",
]
