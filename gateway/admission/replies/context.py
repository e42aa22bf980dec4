"""The context of a reply: its author, the case it is about, and the letters it replies to.

Names fill typed slots of the grammar. A value chosen by an applicant fills one only if it can be nothing but
a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from gateway.admission.replies.grammar.beside.terms import DOUBT, EMPTY, UNFINISHED
from gateway.admission.replies.grammar.names.people import build_reading
from gateway.admission.replies.grammar.vocabulary import CLOSED_WORDS
from gateway.admission.replies.text.sentences import fold_phrase
from gateway.memoize import memoize
from gateway.patterns import compile_later

MAX_SLOT = 64
_NAME = compile_later(r"[^\W\d_]+(?:[ ・'.&-]{1,2}[^\W\d_]+)*")
# Kinds of bodies, by the end of their names; any other name counts if the register contains it.
BODY = (
    r"(?:[都道府県市区町村省庁院]|局|部|課|室|組合|広域連合|機構|法人|大学|学校|委員会|協議会|事務所"
    r"|センター|ministry|office|agency)"
)
_BODY_END = compile_later(rf".*{BODY}", re.DOTALL)
NEVER = "(?!)"
_ASIDE = compile_later(r" ?\([^()]{1,40}\)$")


@dataclass(frozen=True, slots=True)
class ReplyContext:
    """The facts known about a reply before it is parsed.

    `member_names` are the author's own names, `other_member_names` those of colleagues. `letter_lines` are
    the lines of the letters that the author received (plain and HTML form, in order), `known_lines` the
    author's signature, `shown_unread` what our last answer showed as not understood. `organisation_known`
    means that the register contains the organisation. `code` and `letter_subject` are those of the letter.
    """

    member_names: tuple[str, ...] = ()
    other_member_names: tuple[str, ...] = ()
    case_number: str = ""
    applicant_name: str = ""
    organisation: str = ""
    department: str = ""
    organisation_known: bool = False
    today: date | None = None
    code: str | None = None
    known_lines: tuple[str, ...] = ()
    letter_lines: tuple[str, ...] = ()
    shown_unread: tuple[str, ...] = ()
    letter_subject: str = ""


NO_CONTEXT = ReplyContext()


@dataclass(frozen=True, slots=True)
class Slots:
    """Regular-expression alternatives for folded text; `NEVER` is an empty slot.

    The author's names and their readings in brackets, the names of colleagues, the case number, the
    applicant, the bodies (organisation and department), and today's date.
    """

    own: str
    reading: str
    others: str
    number: str
    applicant: str
    body: str
    today: str


def build_slots(context: ReplyContext) -> Slots:
    """Return the slots of a context; the same context gives the same patterns."""
    known = {context.organisation} if context.organisation_known else set()
    return _build_slots(
        context.member_names,
        context.other_member_names,
        context.case_number,
        context.applicant_name,
        tuple(
            value
            for value in (context.organisation, context.department)
            if value in known or _BODY_END.fullmatch(fold_phrase(value).strip())
        ),
        context.today,
    )


@memoize(maxsize=64, why="needed for every sentence of a reply")
def _build_slots(
    own: tuple[str, ...],
    others: tuple[str, ...],
    number: str,
    applicant: str,
    bodies: tuple[str, ...],
    today: date | None,
) -> Slots:
    members = frozenset(_split_names(own)) | frozenset(_split_names(others))
    mine = frozenset(_split_names(own))
    return Slots(
        own=_alternatives(name for name in mine if not _is_word(name)),
        reading=build_reading(mine),
        others=_alternatives(name for name in frozenset(_split_names(others)) - mine if not _is_word(name)),
        number=_alternatives([fold_phrase(number).strip()] if number.strip() else []),
        applicant=_alternatives(_applicant_values(_split_names([applicant]), members)),
        body=_alternatives(_applicant_values(bodies, members)),
        today=_alternatives(_written_days(today)) if today else NEVER,
    )


def _split_names(names: Iterable[str]) -> Iterable[str]:
    """Yield each name in full, and its parts, because people sign with the family name."""
    for name in names:
        folded = " ".join(fold_phrase(name).split())
        if folded:
            yield folded
            folded = _ASIDE.sub("", folded)  # 佐藤 一郎(担当)
            yield folded
            yield from (part for part in folded.split(" ") if len(part) > 1 or not part.isascii())


def _applicant_values(values: Iterable[str], members: frozenset[str]) -> Iterable[str]:
    for value in values:
        folded = " ".join(fold_phrase(value).split())
        compact = folded.replace(" ", "")
        is_member = compact in {name.replace(" ", "") for name in members}
        if (
            2 <= len(compact) <= MAX_SLOT
            and _NAME.fullmatch(folded)
            and not _is_word(compact)
            and not _is_said(folded)
            and not is_member
        ):
            yield folded


def _is_word(value: str) -> bool:
    """Return whether a value contains a word of the grammar or is part of one, so it cannot be a name."""
    compact = value.replace(" ", "")
    return any(word in compact or compact in word for word in CLOSED_WORDS)


# Words that delay, negate or restrict a decision, as a whole value or at its end.
_SAYS = compile_later(
    r".*(?:ない|なし|ず|て|で|る|た|す|せん|ください|下さい|しろ|まで|から|以外|以降|のみ|だけ)"
    r"|.*(?:無効|有効|中止|延期|見送り|不可|反対|賛成|別件|全員|全部|全て|すべて|一同|各位|誰か|予定|未定|間違い|誤り|偽|仮)"
    r"|(?:明|昨|今|翌|来|先|再来|毎|本|前)(?:後)?(?:日|週|月|年|年度|朝|晩)|[月火水木金土日]曜日?|至急|後日|その他|他"
    r"|(?:if|unless|not|wait|no|never|none|nobody|all|every\w*|any\w*|other\w*|another|except|later|maybe|stop|test)\b.*"
)


def _is_said(value: str) -> bool:
    """Return whether a value is a statement rather than a name: a doubt, date, negation or verb ending."""
    compact = value.replace(" ", "")
    if any(found.search(text) for found in (DOUBT, UNFINISHED) for text in (compact, value)):
        return True
    return any(said.fullmatch(text) for said in (_SAYS, EMPTY) for text in (compact, value))


def _written_days(today: date) -> Iterable[str]:
    year, month, day = today.year, today.month, today.day
    for before in (f"{year}年", f"令和{year - 2018}年", ""):
        yield f"{before}{month}月{day}日"
    for sign in "/.-":
        yield from (f"{year}{sign}{month}{sign}{day}", f"{year}{sign}{month:02}{sign}{day:02}")


def _alternatives(values: Iterable[str]) -> str:
    """Build a group of the values, longest first, with optional spaces."""
    found = sorted(frozenset(values), key=lambda value: (-len(value), value))
    return f"(?:{'|'.join(map(_spaced, found))})" if found else NEVER


def _spaced(value: str) -> str:
    return " ?".join(re.escape(part) for part in value.split(" "))
