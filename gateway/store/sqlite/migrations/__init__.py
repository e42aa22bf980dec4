"""The versions of the schema in order, one file each, never edited once released.

A version is a tuple of steps: statements, and functions where SQL is not sufficient. Times are aware UTC in
ISO 8601 with microseconds, so that text order is time order. Dates are days in Japan.

From 0.2 on, a release can be downgraded: each release can open the database of the next. So a version says
`ADDITIVE = True` if it only adds, and a gateway that does not know it decides nothing wrongly; or it waits
for a release and says `READY_SINCE = "vNNNN"`, the last version of the release that is prepared for it; see
way_back.py. A version with neither prevents a downgrade.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from gateway.store.sqlite.migrations import (
    v0001_cases_mails_letters,
    v0002_organisations,
    v0003_staff_desk,
    v0004_chain_and_counts,
    v0005_retention,
    v0006_held_letters,
    v0007_invitations,
    v0008_tallies,
    v0009_ended_letters,
    v0010_queued_letters,
    v0011_day_counts,
    v0012_acted_contents,
    v0013_letter_counts,
    v0014_proven_mail,
    v0015_former_letters,
    v0016_revoked_staff,
    v0017_affiliation,
    v0018_known_lines,
    v0019_brakes,
    v0020_evidence,
    v0021_unheard_mails,
    v0022_brake_mails,
    v0023_second_look,
    v0024_organisation_sources,
    v0025_words_of_staff,
    v0026_about_several,
    v0027_case_figures,
    v0028_console,
    v0029_case_words,
    v0030_console_decisions,
    v0031_receipts,
    v0032_day_tallies,
    v0033_console_identities,
    v0034_case_domains,
    v0035_mail_choices,
)

Step = str | Callable[[sqlite3.Connection], None]

_ORDER = (
    v0001_cases_mails_letters,
    v0002_organisations,
    v0003_staff_desk,
    v0004_chain_and_counts,
    v0005_retention,
    v0006_held_letters,
    v0007_invitations,
    v0008_tallies,
    v0009_ended_letters,
    v0010_queued_letters,
    v0011_day_counts,
    v0012_acted_contents,
    v0013_letter_counts,
    v0014_proven_mail,
    v0015_former_letters,
    v0016_revoked_staff,
    v0017_affiliation,
    v0018_known_lines,
    v0019_brakes,
    v0020_evidence,
    v0021_unheard_mails,
    v0022_brake_mails,
    v0023_second_look,
    v0024_organisation_sources,
    v0025_words_of_staff,
    v0026_about_several,
    v0027_case_figures,
    v0028_console,
    v0029_case_words,
    v0030_console_decisions,
    v0031_receipts,
    v0032_day_tallies,
    v0033_console_identities,
    v0034_case_domains,
    v0035_mail_choices,
)

MODULES = {module.__name__.rpartition(".")[2]: module for module in _ORDER}
VERSIONS: dict[str, tuple[Step, ...]] = {name: module.STATEMENTS for name, module in MODULES.items()}

# The last version of each release since downgrades are possible; each release adds a line.
RELEASES: dict[str, str] = {"0.2.0": "v0035_mail_choices"}
# Objects that no statement of this release needs, so that the next can drop them and still be downgraded:
# `column letters.owed_at`, `table NAME`, `index NAME`, `trigger NAME`.
LEFT_BEHIND: frozenset[str] = frozenset()
