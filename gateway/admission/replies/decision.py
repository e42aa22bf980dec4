"""What a staff member's reply says: approve, decline, ask, hold, undo, a question to the desk, or nothing.

Only a whole sentence of a small grammar decides (`vocabulary`); a sentence that comes near, two
decisions, a question or second thoughts make the whole mail `none`, which costs one more mail.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from gateway.admission.replies import vocabulary as words
from gateway.admission.replies.confirmation import Confirmation, is_withdrawal, parse_confirmation
from gateway.admission.replies.sentences import (
    Sentence,
    fold_phrase,
    has_balanced_brackets,
    is_courtesy,
    split_sentences,
    strip_decoration,
)
from gateway.mail.quoted_text import fresh_text

__all__ = [
    "Confirmation",
    "Decision",
    "ParsedReply",
    "is_withdrawal",
    "parse",
    "parse_confirmation",
    "parse_fresh",
]

MAX_NOTE = 1_000
MAX_SENTENCE = 300
MAX_FRESH = 10_000
_NEVER = -2


class Decision(StrEnum):
    """The words that a reply can hold; the last four decide nothing about a case."""

    APPROVE = "approve"
    DECLINE = "decline"
    ASK = "ask"
    HOLD = "hold"
    UNDO = "undo"
    TAKE = "take"
    JOINED = "joined"
    RESEND = "resend"
    LIST = "list"
    STATUS = "status"
    HELP = "help"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ParsedReply:
    """`note` is the reason, the question or the date as written (at most 1,000 characters, may be empty);
    `why` tells the writer in one sentence how the mail was read."""

    decision: Decision
    note: str
    why: str


@dataclass(frozen=True, slots=True)
class _DecidingSentence:
    """A sentence that decides. Its note begins at `note_at` of the text, or is `note`, a part of it;
    `headed`: word, colon and text."""

    decision: Decision
    sentence: Sentence
    note_at: int
    note: str = ""
    headed: bool = False


# Words that carry no note: what follows them must be a known courtesy.
_BARE = frozenset(
    {
        *(Decision.APPROVE, Decision.UNDO, Decision.TAKE, Decision.JOINED, Decision.RESEND),
        *(Decision.LIST, Decision.STATUS, Decision.HELP),
    }
)
_NOTHING = "承認・却下・照会・保留・取消などの言葉が、一つの文として書かれていません"
_NEAR = "「{}」は、どの判断か確実には読み取れません"
_TWO = "一通に二つ以上の判断が書かれています"
_DOUBT = "承認と一緒に、条件・質問・訂正とも読める文があります"
TOO_LONG = "本文が長すぎます"
_MACHINE = "自動で送られたメールと見て、判断としては扱いません"
_READ = {
    Decision.APPROVE: "承認と読みました",
    Decision.DECLINE: "却下と読みました",
    Decision.ASK: "照会と読みました",
    Decision.HOLD: "保留と読みました",
    Decision.UNDO: "取消と読みました",
    Decision.TAKE: "担当と読みました",
    Decision.JOINED: "参加と読みました",
    Decision.RESEND: "再送と読みました",
    Decision.LIST: "一覧と読みました",
    Decision.STATUS: "状況と読みました",
    Decision.HELP: "ヘルプと読みました",
}

# What stands between the deciding word and its note: marks, and a label such as 理由:
_LABEL = re.compile(r"[\s。．.!！、,]*(?:(?:理由|質問|内容|reason|question)\s?[:：]\s*)?", re.IGNORECASE)

# A second line of defence behind the reading of the header, for subjects that only machines write.
_MACHINE_SUBJECT = re.compile(
    r"[\s【\[(]*(?:自動応答|自動返信|自動送信|不在通知|不在のお知らせ|休暇中|配信不能|未配信"
    r"|配達不能|開封済み|開封確認"
    r"|automatic reply|auto-?reply|auto:|out of (?:the )?office|undeliver|delivery status"
    r"|mail delivery|returned mail|read:)",
    re.IGNORECASE,
)


_CAPITAL = re.compile(r"[A-Z][a-z']* [a-z]")


def parse(
    text: str, subject: str = "", own_lines: frozenset[str] = frozenset(), *, automatic: bool = False
) -> ParsedReply:
    """Read a reply: `text` is its plain text, `own_lines` the lines of the letter it answers, `automatic`
    whether its header says that a machine wrote it. Never raises."""
    if automatic or _MACHINE_SUBJECT.match(subject[:200]):
        return _no_decision(_MACHINE)
    return parse_fresh(fresh_text(text, own_lines))


def parse_fresh(text: str) -> ParsedReply:
    """Read a text that is known to be the writer's own."""
    if len(text) > MAX_FRESH:
        return _no_decision(TOO_LONG)
    found: list[_DecidingSentence] = []
    others: list[Sentence] = []
    noted = _NEVER
    for sentence in split_sentences(text):
        decided = _find_decision(sentence, text)
        if decided is not None:
            found.append(decided)
            noted = sentence.line if decided.headed else _NEVER
        elif found and (sentence.line - noted <= 1 or words.NOTE_LABEL.match(sentence.bare)):
            noted = sentence.line
        elif words.STEMS.search(sentence.bare) or words.STEMS.search(sentence.spaced):
            return _no_decision(_NEAR.format(_excerpt(sentence)))
        elif not sentence.notice:
            others.append(sentence)
    return _resolve_decision(found, others, text)


def _resolve_decision(
    found: Sequence[_DecidingSentence], others: Sequence[Sentence], text: str
) -> ParsedReply:
    if not found:
        return _no_decision(_NOTHING)
    if len({each.decision for each in found}) > 1:
        return _no_decision(_TWO)
    first = found[0]
    if first.decision in _BARE:
        doubt = _has_reservation(others) or _is_taken_back(first.sentence, others)
        return _no_decision(_DOUBT) if doubt else ParsedReply(first.decision, "", _READ[first.decision])
    if _is_taken_back(first.sentence, others):
        return _no_decision(_NEAR.format(_excerpt(first.sentence)))
    return ParsedReply(
        first.decision, first.note or _extract_note(text[first.note_at :]), _READ[first.decision]
    )


def _find_decision(sentence: Sentence, text: str) -> _DecidingSentence | None:
    """The decision of a sentence that is exact and surely whole."""
    headed = _find_headed_decision(sentence, text)
    if headed is not None:
        return headed
    if (
        sentence.is_question
        or sentence.is_hesitant
        or len(sentence.bare) > MAX_SENTENCE
        or not has_balanced_brackets(sentence.bare)
    ):
        return None
    if not sentence.starts_clean:
        return None
    for grammar, said in (
        (words.JAPANESE, strip_decoration(sentence.bare)),
        (words.ENGLISH, strip_decoration(sentence.spaced)),
    ):
        for name, pattern in grammar.items():
            match = pattern.fullmatch(said)
            if match and _is_whole(Decision(name), sentence, text):
                note = next((date for date in match.groupdict().values() if date), "")
                return _DecidingSentence(Decision(name), sentence, sentence.stop, note)
    return None


def _is_whole(decision: Decision, sentence: Sentence, text: str) -> bool:
    """Whether the sentence ends where it seems to: a wrapped line may go on. What follows an approval must
    be a known courtesy; a reason may follow a refusal."""
    if sentence.ends_clean:
        return True
    if decision in _BARE:
        return False
    written = text[sentence.stop :].strip()[:20]
    following = fold_phrase(written)
    # A reason by its label, or an English sentence by its capital, begins anew.
    if words.NOTE_LABEL.match(following) or _CAPITAL.match(written):
        return True
    goes_on = words.CONTINUES_VERB if sentence.bare.endswith(words.FINITE) else words.CONTINUES
    return goes_on.match(following) is None


def _find_headed_decision(sentence: Sentence, text: str) -> _DecidingSentence | None:
    """`照会: <question>`: the word, a colon, and a text that is not read for words."""
    head, colon, _ = sentence.bare.partition(":")
    if not colon or not sentence.starts_clean:
        return None
    for name, pattern in words.HEADS.items():
        if pattern.fullmatch(strip_decoration(head)):
            line = text[sentence.start : sentence.stop]
            at = min((line.index(sign) for sign in ":：" if sign in line), default=0)
            return _DecidingSentence(Decision(name), sentence, sentence.start + at + 1, headed=True)
    return None


def _has_reservation(others: Sequence[Sentence]) -> bool:
    """Whether the sentences beside an approval ask, reserve or take back, also across line breaks."""
    if any(sentence.is_question or sentence.is_hesitant for sentence in others):
        return True
    joined = "".join(sentence.spaced for sentence in others)
    texts = [*(sentence.spaced for sentence in others), joined]
    return any(words.REVERSAL.search(text) or words.STEMS.search(text) for text in texts)


def _is_taken_back(decided: Sentence, others: Sequence[Sentence]) -> bool:
    """Whether what follows turns the decision into a part of something else: 承認します。とは言えません."""
    following = [sentence.bare for sentence in others if sentence.start >= decided.stop]
    texts = [*following, "".join(following)]
    return any(words.TAKES_BACK.match(text) for text in texts)


def _extract_note(text: str) -> str:
    """The text that follows, as written; empty when it holds nothing but courtesy."""
    said = [
        each for each in split_sentences(text) if each.bare and not each.notice and not is_courtesy(each.raw)
    ]
    if not said:
        return ""
    label = _LABEL.match(text)
    return text[label.end() if label else 0 :].strip()[:MAX_NOTE]


def _excerpt(sentence: Sentence) -> str:
    printable = "".join(c if c.isprintable() else " " for c in sentence.raw.strip())
    return printable[:60]


def _no_decision(why: str) -> ParsedReply:
    return ParsedReply(Decision.NONE, "", why)
