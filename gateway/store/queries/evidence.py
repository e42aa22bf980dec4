"""Everything that a decision about one case is based on: mails, answers, letters, journal."""

from __future__ import annotations

import json

from gateway.admission.case.model import OPEN, Letter, State
from gateway.store.integrity import hash_chain
from gateway.store.queries.reader import Reader, Row


class EvidenceReader(Reader):
    """The reader of the evidence about a case."""

    def evidence(self, number: str) -> Row | None:
        """Return the case as `Reader.case` does, with its evidence; None if there is no such case.

        `evidence`: the mails that decided it, or that stopped or restarted the desk while the case was open,
        with their raw messages and the author's `known_lines`. `texts`: its letters and the letters about
        many cases that the authors had received (`about_case` 0), each with the revisions `shown`, the cases
        `listed` without 注意, the parts of a reply it reported as `unread`, and the hashes of its `tokens`.
        `chain`: journal lines of the case and of these mails, with their hashes. `head`: the last journal
        line.
        """
        found = self.case(number)
        if found is None:
            return None
        values = {"number": number}
        head = next(iter(self._query("SELECT id, hash FROM journal ORDER BY id DESC LIMIT 1")), None)
        found["evidence"] = [self._complete(mail) for mail in self._query(_MAILS, values)]
        texts = (*self._query(_TEXTS, values), *self._find_digests(found["evidence"]))
        found["texts"] = [_tell_letter(row, self._read_tokens(row["id"])) for row in texts]
        found["chain"] = [_in_hexadecimal(line) for line in self._query(_CHAIN, values)]
        found["head"] = _in_hexadecimal(head or {"id": 0, "hash": hash_chain.FIRST})
        return found

    def _complete(self, mail: Row) -> Row:
        lines = self._query(_LINES, {"key": mail["author"].lower()})
        return mail | {
            "verdict": json.loads(mail["verdict"]),
            "known_lines": tuple(row["line"] for row in lines),
        }

    def _read_tokens(self, letter_id: int) -> frozenset[str]:
        rows = self._query("SELECT digest FROM tokens WHERE letter_id = :letter", {"letter": letter_id})
        return frozenset(bytes(row["digest"]).hex() for row in rows)

    def _find_digests(self, mails: list[Row]) -> list[Row]:
        """Return the digests that authors of mails without a case had received by then, the oldest first."""
        found: dict[int, Row] = {}
        for mail in mails:
            if mail["case_id"] is None:
                values = {"author": mail["author"], "at": mail["received_at"], "most": MOST_DIGESTS}
                found |= {row["id"]: row for row in self._query(_DIGESTS, values)}
        return [found[letter_id] for letter_id in sorted(found)]


def _tell_letter(row: Row, tokens: frozenset[str]) -> Row:
    """Return a letter with the content of its facts in place of them, and the hashes of its tokens."""
    facts = json.loads(row["facts"])
    cases = facts.get("cases", ()) if row["letter"] == Letter.DIGEST else ()
    unread = facts.get("unread", ()) if row["letter"] == Letter.UNCLEAR_DECISION else ()
    told = {name: value for name, value in row.items() if name != "facts"}
    return told | {
        "shown": {str(line["number"]): int(line["revision"]) for line in cases},
        "listed": tuple(str(line["number"]) for line in cases if line.get("together")),
        "unread": tuple(map(str, unread)),
        "tokens": tokens,
    }


def _in_hexadecimal(line: Row) -> Row:
    return {name: value.hex() if isinstance(value, bytes) else value for name, value in line.items()}


# The lifetime of a token in such a letter, at one or two letters a day.
MOST_DIGESTS = 60
_OPEN = ", ".join(sorted(f"'{state}'" for state in OPEN | {State.APPROVED}))
# A stop concerns every case open at the time; once closed, up to the last line of its journal.
_HELD = f"""
SELECT b.mail_id, b.release FROM brake_mails b JOIN mails m ON m.id = b.mail_id
JOIN cases c ON c.number = :number
WHERE m.erased_at IS NULL AND m.received_at >= c.opened_at AND (
  c.state IN ({_OPEN}) OR m.received_at <= (SELECT max(j.at) FROM journal j WHERE j.case_id = c.id)
)
"""  # noqa: S608 - our own constants
_EVIDENT = f"""
SELECT e.mail_id, e.release FROM evidence e JOIN cases c ON c.id = e.case_id WHERE c.number = :number
UNION {_HELD}
"""  # noqa: S608 - our own constants
_MAILS = f"""
SELECT m.id, m.received_at, m.kind, m.author, m.subject, m.client_ip, m.helo, m.reverse_path, m.message_id,
       m.forward_path, m.verdict, m.raw, m.case_id, e.release
FROM ({_EVIDENT}) e JOIN mails m ON m.id = e.mail_id ORDER BY m.id
"""  # noqa: S608 - our own constants
_LETTER = "l.id, l.letter, l.recipient, l.sent_at, l.subject, l.sent_text, l.facts"
_TEXTS = f"""
SELECT {_LETTER}, 1 AS about_case
FROM letters l JOIN cases c ON c.id = l.case_id WHERE c.number = :number ORDER BY l.id
"""  # noqa: S608 - our own constants
_DIGESTS = f"""
SELECT {_LETTER}, 0 AS about_case
FROM letters l WHERE l.case_id IS NULL AND l.recipient = :author AND l.sent_at <= :at AND l.sent_text <> ''
ORDER BY l.id DESC LIMIT :most
"""  # noqa: S608 - our own constants
_LINES = """
SELECT line FROM member_lines WHERE member_key = :key
GROUP BY line HAVING min(letter_id) = 0 OR count(*) >= 2 ORDER BY line
"""
_CHAIN = f"""
SELECT j.id, j.at, j.event, j.actor, j.mail_id, j.detail, j.salt, j.commitment, j.hash
FROM journal j JOIN cases c ON c.number = :number
WHERE j.case_id = c.id OR (j.case_id IS NULL AND j.mail_id IN (SELECT mail_id FROM ({_EVIDENT}) evident))
ORDER BY j.id
"""  # noqa: S608 - our own constants
