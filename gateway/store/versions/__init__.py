"""The versions of the schema in order, one file each, never edited once released.

A version is a tuple of statements. Times are aware UTC in ISO 8601 with microseconds, so that text order is
time order. Dates are days in Japan.
"""

from __future__ import annotations

from gateway.store.versions import (
    v0001_cases_mails_letters,
    v0002_organisations,
    v0003_staff_desk,
)

_ORDER = (
    v0001_cases_mails_letters,
    v0002_organisations,
    v0003_staff_desk,
)

VERSIONS: dict[str, tuple[str, ...]] = {
    module.__name__.rpartition(".")[2]: module.STATEMENTS for module in _ORDER
}
