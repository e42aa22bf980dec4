"""Classifies mail at a bounce address: permanent failure, delay, automatic reply, or unreadable.

The fields of RFC 3464 are tried first, then the detectors of flufl.bounce (from Mailman), then codes of
RFC 3463 and RFC 5321 in the text. A delay is never treated as a failure.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from email import message_from_bytes
from typing import Literal

from flufl.bounce import all_failures

from gateway.mail.header import auto_submitted, fields
from gateway.mail.message import MalformedMessageError, Message
from gateway.mail.mime import content, dsn
from gateway.mail.text import fold, printable

# It logs each detector, and each exception with its traceback, which only helps authors of detectors.
logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL + 1)

BounceKind = Literal["bounce", "delay", "vacation", "complaint", "receipt", "unread"]

# Limits on the input of flufl.bounce, because its patterns are quadratic in the length of a line.
MAX_LINES, MAX_LINE_BYTES, MAX_BYTES = 300, 200, 12_000
MAX_WORDS_LINES, MAX_WORDS = 5, 300
MAX_TEXT = 4_000


@dataclass(frozen=True, slots=True)
class BounceReport:
    """The result: `words` give the reason, or the first lines of an unreadable mail (at most 5 lines)."""

    kind: BounceKind
    words: str


def read_bounce(message: Message) -> BounceReport:
    """Classify a mail at a bounce address. Never raises."""
    try:
        text = content.extract(message).text[:MAX_TEXT]
    except MalformedMessageError:
        text = ""
    first = first_lines(text) or fields.subject(message)
    found = (
        _read_fields(message) or _read_by_detectors(message, text, first) or _read_words(message, text, first)
    )
    return found or BounceReport("unread", first)


def first_lines(text: str) -> str:
    """Return the first five lines that are not blank, made printable."""
    lines = [printable(line, MAX_WORDS).strip() for line in text.split("\n")]
    return "\n".join([line for line in lines if line][:MAX_WORDS_LINES])[:MAX_WORDS]


def _read_fields(message: Message) -> BounceReport | None:
    report = dsn.parse_dsn(message)
    if report is None or report.kind == "disposition":
        return None  # Dovecot reports a full mailbox as a disposition; the detectors recognise it
    if report.kind == "feedback":
        return BounceReport("complaint", "")
    if report.is_failure:
        return BounceReport("bounce", report.cause)
    return BounceReport("delay" if report.is_delay else "receipt", "")


def _read_by_detectors(message: Message, text: str, first: str) -> BounceReport | None:
    try:
        temporary, permanent = all_failures(message_from_bytes(_shorten(message)))
    except Exception:  # a hostile message can raise anything in the third-party patterns; treated as unknown
        return None
    if permanent and not temporary:
        # A detector recognises the layout, which the same program also uses for delay warnings.
        return BounceReport("delay" if _is_late_only(message, text) else "bounce", first)
    return BounceReport("delay", first) if temporary else None


def _is_late_only(message: Message, text: str) -> bool:
    """Return whether subject or text say only that delivery is still being tried."""
    subject, said = fold(fields.subject(message)), fold(_RETURNED.split(text, maxsplit=1)[0])
    is_late = _LATE.search(subject) or _LATE.search(said)
    return (
        bool(is_late)
        and not any(end.search(said) for end in (_STATUS, _UNDELIVERED))
        and not _REFUSED.search(subject)
    )


def _shorten(message: Message) -> bytes:
    """Return the beginning of the message, with each line truncated."""
    lines = message.raw[:MAX_BYTES].replace(b"\r\n", b"\n").split(b"\n")[:MAX_LINES]
    return b"\n".join(line[:MAX_LINE_BYTES] for line in lines) + b"\n"


def _read_words(message: Message, text: str, first: str) -> BounceReport | None:
    """Classify by the subject and the text before the returned letter."""
    subject, said = fold(fields.subject(message)), fold(_RETURNED.split(text, maxsplit=1)[0])
    if auto_submitted.is_vacation(message):
        return BounceReport("vacation", "")
    has_status = _STATUS.search(said) is not None
    if _LATE.search(subject) or _LATE.search(said):
        # If the text says both, a person decides.
        return None if has_status else BounceReport("delay", first)
    has_failed = has_status or _REFUSED.search(subject) is not None
    if not has_failed and auto_submitted.is_by_mail_system(message):
        has_failed = _UNDELIVERED.search(said) is not None
    return BounceReport("bounce", first) if has_failed else None


# Where the returned letter begins.
_RETURNED = re.compile(
    r"\n[-_*=# ]{2,40}\s?(?:below this line|original message|returned message|this is a copy|start of ret)"
    r"|\n(?:received: (?:from|by) |return-path: )",
    re.IGNORECASE,
)
_LATE = re.compile(
    r"delayed|(?:^|\W)delay(?:\W|$)|not yet been delivered|will (?:be )?retr(?:y|ied)|^warning"
    r"|will (?:keep|continue) (?:to )?(?:try|attempt)|will try (?:to (?:re)?deliver (?:it )?)?again"
    r"|still (?:trying|being|in (?:the|our|its) queue)"
    r"|transient non-fatal|warning message only|no action is required|just a warning"
    r"|advisory-only|遅延|遅れて|再(?:送信?|配[信送])を(?:試み|続け|行[いっ]|(?:いた|致)?します)|再(?:送信?|配[信送])(?:(?:いた|致)?し(?:ます|て(?:い|おり))|中)"
    r"|再度、?(?:の)?(?:送信|配信|配送)(?:を(?:試み|行い)|(?:いた|致)?します)|再配信を"
)
# RFC 3463 section 2: class 5 is permanent.
_STATUS = re.compile(r"(?<![\w.])5\.[0-7]\.[0-9]{1,3}(?![\w.])")
_UNDELIVERED = re.compile(
    # RFC 5321 section 4.2.1: 5yz is permanent.
    r"(?<![\w.:/-])5[0-5][0-9][ -]+(?:[#<(]|[a-z]{2})"
    r"|(?:can ?not|could ?n[o']t|could not|not) be delivered|undeliverable|not delivered"
    r"|was (?:reject|return)ed"
    r"|delivery (?:has )?failed|failed to deliver|(?:unable|not able) to deliver|could not deliver|given up"
    r"|did not reach|(?:unknown|no such|invalid) (?:user|recipient|mailbox|address|host|domain)"
    r"|(?:user|recipient|mailbox|account|address|host|domain)\S{0,3} (?:is )?(?:unknown|not found|disabled)"
    r"|mailbox (?:is )?full|does(?: not|n't) exist|over quota|quota exceeded|permanent (?:fatal )?error"
    r"|(?:届けられ|届けでき|届き)ませんでした|(?:配信|配送|送信|送付)(?:でき|に失敗|不能|されませんでした)"
    r"|送れません|存在しません|見つかりません|受信を拒否|一杯のため|容量を超え"
)
_REFUSED = re.compile(
    r"undeliver|non-?delivery|failure notice|returned (?:e-?)?mail|returned to sender|delivery.{0,24}fail"
    r"|delivery error|mail (?:delivery )?fail|mail (?:delivery )?system error|could not be delivered"
    r"|unzustellbar|non remis|メールエラー|エラー(?:メール|通知)|不達|届けられま"
    r"|(?:配信|配送|送信)(?:でき|失敗|不能|エラー|不可)"
)
