"""Links each letter to the cases that it is about besides its own.

When a person's case is erased, mentions in letters about other cases are found by these links, not by a
search.
"""

from __future__ import annotations

import re

from gateway.admission.case.model import Case
from gateway.store.protocol import Connection
from gateway.store.tables import rows

# A text of the facts that is a case number and nothing else. Inside a longer text, the quotes are escaped.
_NUMBER = re.compile(r'"([0-9A-Z]{4}-[0-9A-Z]{2})"')
_LINK = """
INSERT INTO letter_cases (case_id, letter_id)
SELECT c.id, l.id FROM letters l CROSS JOIN cases c ON c.number IN (SELECT value FROM json_each(:numbers))
WHERE l.message_id = :message_id AND (l.case_id IS NULL OR c.id <> l.case_id)
ON CONFLICT DO NOTHING
"""


def link(connection: Connection, message_id: str, facts: str, case: Case | None = None) -> None:
    """Link a letter to the other cases that its facts (JSON) name; `case` is its own."""
    numbers = dict.fromkeys(_NUMBER.findall(facts))
    if case is not None:
        numbers.pop(case.number, None)  # most letters name only this one
    if numbers:
        connection.execute(_LINK, {"numbers": rows.to_json(list(numbers)), "message_id": message_id})
