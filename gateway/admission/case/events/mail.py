"""What a mail of an applicant, a colleague or the staff means to a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from gateway.admission.application.form import Form
from gateway.admission.authority.conduct import USUAL, Conduct
from gateway.admission.case.model import Background, Case
from gateway.admission.case.model.affiliation import NO_LOAD, ConfirmerLoad
from gateway.admission.replies.commands.queries import QueryKind
from gateway.admission.replies.decision import ParsedReply
from gateway.admission.replies.grammar.explanation import ReadSentence
from gateway.admission.replies.outsiders.confirmation import Confirmation
from gateway.mail.address import Address
from gateway.printing.statement import Statement


@dataclass(frozen=True, slots=True)
class Apply:
    """An application by `applicant`. `number` is the name for the case if one is opened, `words` what stands
    beside the form."""

    applicant: Address
    form: Form
    background: Background
    number: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Supplement:
    """The applicant wrote about a case: with more of the form, or in `text` only; `beside` are the words
    of it that are no form. `unbound`: it may have been written to somebody else or for another case, so that
    the staff see it and nothing else follows."""

    form: Form
    text: str
    beside: str = ""
    unbound: bool = False


@dataclass(frozen=True, slots=True)
class Withdraw:
    """The applicant takes the application back."""


@dataclass(frozen=True, slots=True)
class Inquire:
    """The applicant asks how the own case stands, what is held about them, for a second look at a decline, or
    for a change of address; `text` are the own words, which may say why, `new` the new address (or None)."""

    kind: Literal["status", "held", "look", "move"]
    text: str = ""
    new: Address | None = None


@dataclass(frozen=True, slots=True)
class Confirm:
    """Somebody other than the applicant answers whether the applicant belongs to the organisation.

    `asked` is whom the letter that is answered was written to; None where it was no question to a colleague.
    `mark` is a weak sign of a machine or a list, `name` the display name in From, `words` what was written;
    `is_vouched`: the very domain of From, or by DKIM its parent, stands for the mail and for how it is read;
    `load` is what the store knows of the writer.
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
    """The applicant names whom to ask at the claimed organisation: one address, or several by mistake.

    `form` is what the same mail says of the form, `rest` what else was written and is not understood; `load`
    is what the store knows of the first.
    """

    addresses: tuple[Address, ...]
    form: Form = field(default_factory=Form)
    rest: str = ""
    load: ConfirmerLoad = NO_LOAD


@dataclass(frozen=True, slots=True)
class Decide:
    """A staff member's reply to `revision` of the case, as read.

    `recallable`: the letter of the last decision has not begun to leave. `weak`: that the member wrote it
    rests on the hosts of a provider alone. `code_void`: it is the last of too many wrong codes to its letter.
    `signature`: lines that may be of the writer's, `conduct`: what is unusual about the mail.
    """

    by: Address
    reply: ParsedReply
    revision: int
    recallable: bool
    weak: bool = False
    code_void: bool = False
    signature: tuple[str, ...] = ()
    conduct: Conduct = USUAL


@dataclass(frozen=True, slots=True)
class Practise:
    """A staff member's reply to a practice request: how it was read, by which grade it was proven, sentence
    by sentence what was understood, and the lines that are the member's `signature` from now on."""

    by: Address
    reply: ParsedReply
    grade: str
    sentences: tuple[ReadSentence, ...]
    signature: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unclear:
    """A staff member's mail that cannot count as a decision whatever it says; `why` is for that person."""

    by: Address
    why: Statement


@dataclass(frozen=True, slots=True)
class Misuse:
    """A token in hands it was not given to: nothing is done, the staff are told, the token is worth
    nothing from now on. `of` is whom it was given to."""

    by: Address
    of: Address | None = None


@dataclass(frozen=True, slots=True)
class DigestRequest:
    """A member of staff asks for all that waits: `cases`, those due first, and `unseen` more; or wrote to a
    digest what may be meant as the emergency stop (`stop_asked`)."""

    by: Address
    cases: tuple[Case, ...] = ()
    unseen: int = 0
    stop_asked: bool = False


@dataclass(frozen=True, slots=True)
class StaffQuery:
    """A member asks how a case stands or searches (`text`: a number, or what to find; `cases` are those
    found), asks for help, or says when they are `away` or that they are `back`. It changes no case."""

    by: Address
    kind: QueryKind
    text: str = ""
    cases: tuple[Case, ...] = ()


@dataclass(frozen=True, slots=True)
class HandOver:
    """A member takes over the open cases of the colleague of this name, by word and code; `cases` are all
    that are open."""

    by: Address
    name: str
    cases: tuple[Case, ...] = ()


@dataclass(frozen=True, slots=True)
class Emergency:
    """A member stops the desk, or (`resumes`) starts it again: about no case."""

    by: Address
    resumes: bool = False


@dataclass(frozen=True, slots=True)
class DigestReplyLine:
    """One line of a reply to a digest: the case's number and what was read in it. `checked`: 注意確認 stood
    beside the word; `together`: not a line of its own, but one of those that a single line approves.
    `others` may be numbers of further cases in the same words."""

    number: str
    reply: ParsedReply
    checked: bool = False
    together: bool = False
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DigestReply:
    """A reply to a digest, about many cases. `shown_revisions`: the revisions in the digest, by number;
    `why`: for what reason nothing of the reply was read, if so; `weak` and `conduct` as in `Decide`.

    Not an event of one case: `digest_reply.decide` turns each line into a `Decide`.
    """

    by: Address
    entries: tuple[DigestReplyLine, ...]
    shown_revisions: Mapping[str, int]
    why: Statement | None = None
    weak: bool = False
    conduct: Conduct = USUAL


@dataclass(frozen=True, slots=True)
class Note:
    """Mail that is kept and does nothing, for instance an automatic one. `holds` is what in it the office
    should see all the same: a form, a word of decision, or words of a person."""

    kind: str
    why: str
    holds: Literal["", "form", "decision", "words"] = ""


@dataclass(frozen=True, slots=True)
class SeveralPeople:
    """One mail with the forms of several people, or with another name than the case of its address has:
    nothing is taken over, `words` are shown to the staff."""

    by: Address
    words: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Mail by a proven person that asks for nothing we know: answered with how to apply, in English first if
    it was `english`. `found` is what it says of its writer, `words` what was written; `again`: it is not the
    first one of the day, so that the staff see it."""

    by: Address
    english: bool = False
    found: Form = field(default_factory=Form)
    words: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True)
class Repeat:
    """A mail that was carried out before, or a copy of it: nothing is done again. `by` wrote it; `answer`
    says that it is the first repeat."""

    by: Address
    answer: bool = True


@dataclass(frozen=True, slots=True)
class FormerLetter:
    """A reply to a letter that an earlier release handed over: it decides nothing, and what the letter asked
    is asked again."""

    by: Address


@dataclass(frozen=True, slots=True)
class CrossedCases:
    """A staff member's mail that names another case or another letter's mailbox beside its own: nothing is
    done, and what waits of both is shown again."""

    by: Address
    other: str = ""
