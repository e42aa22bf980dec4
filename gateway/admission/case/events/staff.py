"""Events from mails of the staff, or from the console in their place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from gateway.admission.authority.conduct import USUAL, Conduct
from gateway.admission.case.model import Case, MailChoice
from gateway.admission.replies.commands.queries import QueryKind
from gateway.admission.replies.grammar.parsing.explanation import ReadSentence
from gateway.admission.replies.reading import ParsedReply
from gateway.mail.address import Address
from gateway.printing.statement import Statement


@dataclass(frozen=True, slots=True)
class Decide:
    """A staff member's parsed reply to `revision` of the case.

    `recallable`: the letter of the last decision has not started to leave. `weak`: authentication rests only
    on the hosts of a provider. `code_void`: this is the last of too many wrong codes for its letter.
    `signature`: possible signature lines of the author; `conduct`: what is unusual about the mail. `by_web`:
    entered in the console, not by mail.
    """

    by: Address
    reply: ParsedReply
    revision: int
    recallable: bool
    weak: bool = False
    code_void: bool = False
    signature: tuple[str, ...] = ()
    conduct: Conduct = USUAL
    by_web: bool = False


@dataclass(frozen=True, slots=True)
class Practise:
    """A staff member's reply to a practice request.

    The parsed reply, the grade of authentication, what was understood of each sentence, and the lines that
    are the member's `signature` from now on.
    """

    by: Address
    reply: ParsedReply
    grade: str
    sentences: tuple[ReadSentence, ...]
    signature: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unclear:
    """A staff member's mail that cannot count as a decision; `why` is the reason for that person."""

    by: Address
    why: Statement


@dataclass(frozen=True, slots=True)
class DigestRequest:
    """A member of staff asks for all open cases: `cases`, those due first, and `unseen` more.

    `stop_asked`: the text in a reply to a digest may be meant as the emergency stop.
    """

    by: Address
    cases: tuple[Case, ...] = ()
    unseen: int = 0
    stop_asked: bool = False


@dataclass(frozen=True, slots=True)
class StaffQuery:
    """A member's query that changes no case.

    It asks for the status of a case or searches (`text`: a number or search text; `cases` are those found),
    asks for help, or states that the member is `away` or `back`. `days` are those of an absence entered in
    the console (`by_web`); by mail, they are in the text. Only there, `mail` chooses letters (None: as in the
    settings).
    """

    by: Address
    kind: QueryKind
    text: str = ""
    cases: tuple[Case, ...] = ()
    days: tuple[date, date] | None = None
    by_web: bool = False
    mail: MailChoice | None = None


@dataclass(frozen=True, slots=True)
class HandOver:
    """A member takes over the open cases of the named colleague, by word and code.

    `cases` are all open cases.
    """

    by: Address
    name: str
    cases: tuple[Case, ...] = ()


@dataclass(frozen=True, slots=True)
class Emergency:
    """A member stops the desk or, if `resumes`, restarts it; about no case."""

    by: Address
    resumes: bool = False


@dataclass(frozen=True, slots=True)
class DigestReplyLine:
    """One line of a reply to a digest: the case number and what was understood.

    `checked`: 注意確認 was next to the word; `together`: one of the cases approved by a single line. `others`
    are possible numbers of further cases in the same text.
    """

    number: str
    reply: ParsedReply
    checked: bool = False
    together: bool = False
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DigestReply:
    """A reply to a digest, about many cases.

    `shown_revisions`: the revisions in the digest, by number; `why`: the reason if nothing of the reply was
    parsed; `weak` and `conduct` as in `Decide`. It is not an event of one case: `digest_reply.decide` turns
    each line into a `Decide`.
    """

    by: Address
    entries: tuple[DigestReplyLine, ...]
    shown_revisions: Mapping[str, int]
    why: Statement | None = None
    weak: bool = False
    conduct: Conduct = USUAL


@dataclass(frozen=True, slots=True)
class CrossedCases:
    """A staff member's mail that also names another case or another letter's mailbox.

    Nothing is done, and pending requests of both cases are shown again.
    """

    by: Address
    other: str = ""
