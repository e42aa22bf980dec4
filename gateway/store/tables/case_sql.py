"""The SQL about cases and the journal that a transaction runs, built once."""

from __future__ import annotations

from gateway.admission.case.model import OPEN as OPEN_STATES
from gateway.admission.case.model import STAFF_LETTERS
from gateway.store.protocol import Connection, Row

_TO_STAFF = ", ".join(f"'{letter.value}'" for letter in sorted(STAFF_LETTERS))
LETTERS_TO = f"""
SELECT sent_text FROM letters
WHERE recipient_key = :key AND letter NOT IN ({_TO_STAFF})
  AND case_id IS NOT NULL AND sent_text <> ''
ORDER BY queued_at DESC LIMIT :limit
"""  # noqa: S608 - our own constants
KEEP_EVIDENCE = """
INSERT INTO evidence (case_id, mail_id, release) VALUES (:case_id, :mail_id, :release) ON CONFLICT DO NOTHING
"""
# `,` follows `+` in ASCII: in the index, sato+1@ and sato+2@ are between sato+ and sato,
LATEST_CASE = """
SELECT * FROM cases WHERE id = (
  SELECT max(id) FROM (
    SELECT max(id) AS id FROM cases WHERE applicant_key = :person
    UNION ALL
    SELECT max(id) FROM cases WHERE applicant_key > :first AND applicant_key < :end
      AND substr(applicant_key, length(applicant_key) - length(:domain) + 1) = :domain
  ) AS newest
)
"""
OPEN = ", ".join(f"'{state.value}'" for state in sorted(OPEN_STATES))
_IN_STATE = """
SELECT * FROM (
  SELECT id, due_on FROM cases
  WHERE state = '{}' AND (due_on, id) > (:due_on, :id) ORDER BY due_on, id LIMIT :limit
) AS in_state
"""
# Each state is read from its own range of the index, so that closed cases are never read.
_IN_STATES = " UNION ALL ".join(_IN_STATE.format(state.value) for state in sorted(OPEN_STATES))
OPEN_CASES = f"""
SELECT * FROM cases WHERE id IN (
  SELECT id FROM ({_IN_STATES}) AS open_cases
  ORDER BY due_on, id LIMIT :limit
) ORDER BY due_on, id
"""  # noqa: S608 - our own constants

# Cases awaiting confirmation are found by state; there are only as many as the office is working on.
# One mailbox, with any tag: the number of letters sent to it.
CONFIRMER_LOAD = """
SELECT
  (SELECT count(*) FROM letters
   WHERE recipient_key = :person AND letter = 'affiliation_check' AND queued_at > :since)
  + (SELECT count(*) FROM letters
     WHERE recipient_key > :first AND recipient_key < :end
       AND substr(recipient_key, length(recipient_key) - length(:domain) + 1) = :domain
       AND letter = 'affiliation_check' AND queued_at > :since) AS letters,
  (SELECT count(*) FROM cases c, json_each(c.affiliation, '$.checks') e
   WHERE c.state = 'awaiting_affiliation' AND json_extract(e.value, '$.answer') = ''
     AND json_extract(e.value, '$.address.domain') = substr(:domain, 2)) AS open_checks
"""
_CASE_COLUMNS = (
    "number", "state", "applicant", "applicant_key", "name", "organisation", "form", "background",
    "opened_at", "due_on", "revision", "confirmed_by", "decided_by", "decided_at", "reason",
    "confirmed_formerly", "handler", "question", "held_until", "first_approval", "waits_since",
    "invited_at", "affiliation", "second_look", "memos", "moves_to",
)  # fmt: skip
INSERT_CASE = f"""
INSERT INTO cases ({", ".join(_CASE_COLUMNS)}) VALUES ({", ".join(":" + c for c in _CASE_COLUMNS)})
RETURNING id
"""  # noqa: S608 - our own constants
UPDATE_CASE = f"UPDATE cases SET {', '.join(f'{c} = :{c}' for c in _CASE_COLUMNS)} WHERE id = :id"  # noqa: S608 - our own constants
INSERT_LINE = """
INSERT INTO journal (id, at, event, actor, case_id, mail_id, detail, salt, commitment, hash)
VALUES (:id, :at, :event, :actor, :case_id, :mail_id, :detail, :salt, :commitment, :hash)
"""


def tagged_range(person: str) -> dict[str, str]:
    """Return the range of keys of a mailbox with any tag, and the suffix that they share."""
    local_part, _, domain = person.rpartition("@")
    return {"first": f"{local_part}+", "end": f"{local_part},", "domain": f"@{domain}"}


# For a mail without a case, such as one answered with instructions to apply, only that mail.
OWN_MAILS = """
SELECT message_id FROM (
  SELECT id, message_id FROM mails WHERE case_id = :case AND author = :author AND message_id <> ''
  UNION
  SELECT id, message_id FROM mails WHERE id = :mail AND author = :author AND message_id <> ''
) AS own ORDER BY id
"""


def find_own_mails(connection: Connection, letter: Row) -> tuple[str, ...]:
    """Return the Message-IDs of the addressee's first and newest mail about the subject of a letter."""
    values = {"case": letter["case_id"], "mail": letter["mail_id"], "author": letter["recipient"]}
    found = [one["message_id"] for one in connection.execute(OWN_MAILS, values)]
    return tuple(dict.fromkeys([*found[:1], *found[-1:]]))


# A mail that was sent to the token of a letter is about all the cases of that letter.
LINK_ANSWER = """
INSERT INTO mail_letters (mail_id, letter_id) SELECT :mail_id, letter_id FROM tokens WHERE digest = :digest
"""
