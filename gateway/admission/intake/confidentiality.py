"""Content that is never stored: mail marked as confidentiality class 3 (機密性3), and all attachments.

The classes are those of the Common Standards for government agencies and of the guideline for local
governments. Only a mark counts (in the subject, or on a separate line), not a sentence about the class.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from gateway.admission.case.model import Letter, OutgoingLetter, Transition
from gateway.admission.intake.mail_facts import MailFacts
from gateway.admission.replies.text import own_words
from gateway.mail.message import Message
from gateway.mail.text import fold
from gateway.patterns import compile_later

MAX_LINE = 80
# The word, not followed by kana or kanji that cannot continue a mark, as in most sentences about the class.
# Other characters may be between its characters.
_NEAR = compile_later(
    r"機[^ぁ-ゖァ-ヺ一-鿿]*密[^ぁ-ゖァ-ヺ一-鿿]*性(?:$|[^ぁ-ゖァ-ヺ一-鿿]|[レ区分格は三]|の(?:$|[^ぁ-ゖァ-ヺ一-鿿]|格))"
)
_CLASS = r"機密性(?:レベル|区分|分類|の?格付け?)?[\s:=-]*(?:は)?[\s:=-]*[(]?(?:3|三|iii)[)]?(?:級|類|情報)?"
_LABEL = r"(?:情報(?:の)?(?:区分|格付け?|分類|取扱い?)|取扱(?:い)?(?:区分|制限)?|格付け?|区分|classification)"
_OTHERS = r"(?:[\s/,、・;|]*(?:完全性|可用性)[\s:=-]*[1-3])*"
_MARK = compile_later(
    rf"[\s【\[(<《〔「『*■□◆●・※-]*(?:{_LABEL}[\s:=】\])>》〕」』-]*)?[【\[(<《〔「『]?{_CLASS}{_OTHERS}"
    r"[\s】\])>》〕」』*。.]*(?:[(]?(?:取扱注意|関係者限り|複製禁止|転送禁止|要保護)[)]?)?[\s】\])>》〕」』*。.]*"
)
_IN_SUBJECT = compile_later(rf"(?:^|[\s:【\[(<《〔「『/、,]){_CLASS}(?=$|[\s】\])>》〕」』/、,])")


def is_class_3(subject: str, text: str) -> bool:
    """Return whether the mail is marked as class 3, in the subject or on a line of the author's own text."""
    # Hardly any mail has such a line, so the others skip the search for the own text.
    return _is_marked_subject(subject) or (_has_near_mark(text) and has_own_mark(text))


def _is_marked_subject(subject: str) -> bool:
    return _IN_SUBJECT.search(fold(subject)) is not None


def has_own_mark(text: str) -> bool:
    """Return whether the author's own text has a mark on a separate line, without the fast pre-check.

    A mark below the header of a quoted mail belongs to that mail.
    """
    lines = own_words.split(text).lines
    return _has_mark(part for line in lines if line.label != "old" for part in line.text.splitlines())


def _has_near_mark(text: str) -> bool:
    return _NEAR.search(text) is not None and _has_mark(filter(_NEAR.search, text.splitlines()))


def _has_mark(lines: Iterable[str]) -> bool:
    return any(_MARK.fullmatch(fold(line)) for line in lines if len(line) <= MAX_LINE)


def body_to_store(message: Message, mail: MailFacts) -> bytes:
    """Return the body to store: empty for a mail with a mark or an attachment."""
    return b"" if mail.class_3 or mail.attachments else message.body


def add_not_kept_notice(transition: Transition, mail: MailFacts) -> Transition:
    """Notify the author of what was not stored, in the queued letters or in a separate one."""
    if mail.author is None or mail.automatic is not None or mail.machine_mark:
        return transition
    if mail.class_3:
        return replace(
            transition, letters=(*transition.letters, OutgoingLetter(Letter.NOT_KEPT, mail.author, {}))
        )
    if not mail.attachments:
        return transition
    key = mail.author.key
    return replace(
        transition,
        letters=tuple(
            _with_notice(one, mail.packing) if one.to.key == key else one for one in transition.letters
        ),
    )


def _with_notice(outgoing: OutgoingLetter, packing: str) -> OutgoingLetter:
    """Return the letter with the notice; `packing` explains how to send text that can be read."""
    return replace(outgoing, facts={**outgoing.facts, "attachments_dropped": True, "packing": packing})
