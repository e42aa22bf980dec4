"""An index of the cases by the domain of the applicant's address, `@` included; the newest are last."""

from __future__ import annotations

ADDITIVE = True

STATEMENTS = (
    """
    CREATE INDEX cases_domain ON cases (substr(applicant_key, instr(applicant_key, '@')), id)
    WHERE erased_at IS NULL
    """,
)
