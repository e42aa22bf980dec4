"""Events from mails of an applicant, a colleague or the staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from gateway.admission.application.fields import Form
from gateway.admission.authority.conduct import USUAL, Conduct
from gateway.admission.case.model import Background, Case, MailChoice
from gateway.admission.case.model.affiliation import NO_LOAD, ConfirmerLoad
from gateway.admission.replies.commands.queries import QueryKind
from gateway.admission.replies.grammar.explanation import ReadSentence
from gateway.admission.replies.outsiders.confirmation import Confirmation
from gateway.admission.replies.reading import ParsedReply
from gateway.mail.address import Address
from gateway.printing.statement import Statement


@dataclass(frozen=True, slots=True)
class Apply:
    """An application by `applicant`.

    `number` is the case number to use if a case is opened, `words` is the text besides the form.
    """

    applicant: Address
    form: Form
    background: Background
    number: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Supplement:
    """The applicant wrote about a case: more of the form, or only `text`; `beside` is not part of the form.

    `unbound`: it may have been written to somebody else or for another case, so it is only shown to the
    staff.
    """

    form: Form
    text: str
    beside: str = ""
    unbound: bool = False


@dataclass(frozen=True, slots=True)
class Withdraw:
    """The applicant withdraws the application."""


@dataclass(frozen=True, slots=True)
class Inquire:
    """The applicant makes a request about the own case.

    It asks for its status, the data held, a second look at a refusal, or a change of address. `text` is the
    applicant's own text, which may give a reason, `new` the new address (or None).
    """

    kind: Literal["status", "held", "look", "move"]
    text: str = ""
    new: Address | None = None


@dataclass(frozen=True, slots=True)
class Confirm:
    """Somebody other than the applicant answers whether the applicant belongs to the organisation.

    `asked` is the addressee of the letter replied to; None if it was no question to a colleague. `mark` is a
    weak sign of a machine or a list, `name` the display name in From, `words` what was written. `is_vouched`:
    the exact From domain, or by DKIM its parent, authenticates the mail and how it is interpreted. `load` is
    what the store knows about the author.
    """

    by: Address
    answer: Confirmation
    background: Background
    asked: Address | None = None
    mark: str = ""
    name: str = ""
    words: str = ""
    is_vouched: bool = False
    load: ConfirmerLoad = NO_LOAD


@dataclass(frozen=True, slots=True)
class NameColleague:
    """The applicant names a colleague at the claimed organisation: one address, or several by mistake.

    `form` is the form in the same mail, `rest` other text that is not understood; `load` is what the store
    knows about the first address.
    """

    addresses: tuple[Address, ...]
    form: Form = field(default_factory=Form)
    rest: str = ""
    load: ConfirmerLoad = NO_LOAD


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
class Misuse:
    """A token used by somebody else: nothing is done, the staff are notified, the token is revoked.

    `of` is the rightful holder.
    """

    by: Address
    of: Address | None = None


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
class Note:
    """Mail that is stored without effect, for instance automatic mail.

    `holds` is what the office should see in it: a form, a decision word, or a person's text.
    """

    kind: str
    why: str
    holds: Literal["", "form", "decision", "words"] = ""


@dataclass(frozen=True, slots=True)
class SeveralPeople:
    """One mail with the forms of several people, or with another name than the case of its address.

    Nothing is accepted; `words` are shown to the staff.
    """

    by: Address
    words: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Mail by an authenticated person that contains no known request; answered with how to apply.

    The answer starts with English if the mail was `english`. `found` is what the mail says about its author,
    `words` its text; `again`: it is not the first one of the day, so it is shown to the staff.
    """

    by: Address
    english: bool = False
    found: Form = field(default_factory=Form)
    words: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True)
class Repeat:
    """A mail that was already carried out, or a copy of it: nothing is repeated.

    `by` is the author; `answer` is set for the first repeat.
    """

    by: Address
    answer: bool = True


@dataclass(frozen=True, slots=True)
class FormerLetter:
    """A reply to a letter of an earlier release: it decides nothing, and the question is asked again."""

    by: Address


@dataclass(frozen=True, slots=True)
class CrossedCases:
    """A staff member's mail that also names another case or another letter's mailbox.

    Nothing is done, and pending requests of both cases are shown again.
    """

    by: Address
    other: str = ""
