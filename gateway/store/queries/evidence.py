"""All that a decision about one case rests on, read in one go: mails, answers, letters, journal."""

from __future__ import annotations

import json

from gateway.store.queries.reader import Reader, Row
from gateway.store.sqlite.integrity import hash_chain


class EvidenceReader(Reader):
    """Asks the database for the evidence about a case."""

    def evidence(self, number: str) -> Row | None:
        """The case as `Reader.case` gives it; beside it `evidence`, the mails that decided it with their
        octets, `texts` of its letters, `chain` (its lines of the journal with their hashes) and `head`."""
        found = self.case(number)
        if found is None:
            return None
        values = {"number": number}
        head = next(iter(self._db.query("SELECT id, hash FROM journal ORDER BY id DESC LIMIT 1")), None)
        found["evidence"] = [
            mail | {"verdict": json.loads(mail["verdict"])} for mail in self._db.query(_MAILS, values)
        ]
        found["texts"] = list(self._db.query(_TEXTS, values))
        found["chain"] = [_in_hexadecimal(line) for line in self._db.query(_CHAIN, values)]
        found["head"] = _in_hexadecimal(head or {"id": 0, "hash": hash_chain.FIRST})
        return found


def _in_hexadecimal(line: Row) -> Row:
    return {name: value.hex() if isinstance(value, bytes) else value for name, value in line.items()}


_MAILS = """
SELECT m.id, m.received_at, m.kind, m.author, m.subject, m.client_ip, m.helo, m.reverse_path, m.message_id,
       m.verdict, m.raw, e.release
FROM evidence e JOIN mails m ON m.id = e.mail_id JOIN cases c ON c.id = e.case_id
WHERE c.number = :number ORDER BY m.id
"""
_TEXTS = """
SELECT l.id, l.letter, l.recipient, l.sent_at, l.subject, l.sent_text
FROM letters l JOIN cases c ON c.id = l.case_id WHERE c.number = :number ORDER BY l.id
"""
_CHAIN = """
SELECT j.id, j.at, j.event, j.actor, j.mail_id, j.detail, j.salt, j.commitment, j.hash
FROM journal j JOIN cases c ON c.id = j.case_id WHERE c.number = :number ORDER BY j.id
"""
