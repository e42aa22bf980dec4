"""Events from mails of an applicant or a colleague, and from mails that could be anybody's."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from gateway.admission.application.items.fields import Form
from gateway.admission.case.model import Background
from gateway.admission.case.model.affiliation import NO_LOAD, ConfirmerLoad
from gateway.admission.replies.outsiders.confirmation import Confirmation
from gateway.mail.address import Address


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
class Misuse:
    """A token used by somebody else: nothing is done, the staff are notified, the token is revoked.

    `of` is the rightful holder.
    """

    by: Address
    of: Address | None = None


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
