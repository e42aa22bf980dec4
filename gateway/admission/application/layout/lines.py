"""The lines of a text with a form: without harmful characters and quote marks, cut before each label."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from gateway.admission.application.items.labels import MAX_LABEL, Item, find_item
from gateway.admission.application.items.values import MAX_VALUE, clean
from gateway.admission.application.layout.beyond.examples import drop_examples
from gateway.admission.application.layout.beyond.old_mail import drop_foreign
from gateway.admission.application.layout.line import parse_line
from gateway.admission.application.layout.prose import STARTS_AS_PROSE
from gateway.admission.application.layout.table.cells import join_cells
from gateway.admission.application.layout.table.rows import group_words, unroll
from gateway.admission.application.unlabelled.kinds import is_told
from gateway.admission.application.unlabelled.sentences import part_sentences
from gateway.mail.lines import MAX_TEXT, is_quoted, split_lines
from gateway.memoize import memoize
from gateway.patterns import compile_later

MAX_LINES = 1_000
_OVERLAP = 40  # a word may extend across the cut


class Lines(NamedTuple):
    """The lines without harmful characters.

    `candidates` are line numbers that may contain items, without quote marks, and whether they were quoted;
    `quoted` are the numbers of all quoted lines. `beyond` is what was cut off: ends of long lines, and lines
    over the limits.
    """

    texts: list[str]
    candidates: list[tuple[int, bool]]
    quoted: frozenset[int] = frozenset()
    beyond: str = ""


def split_labels(text: str, pass_over: Callable[[str], object]) -> Lines:
    """Split a text into lines, each cut before every further label: `区分：自治体　団体名：見本町`."""
    texts: list[str] = []
    telling: list[tuple[int, bool]] = []
    for raw in _unroll(text):
        if pass_over(raw):
            texts.append(raw)
            continue
        if _MAY_SPLIT.search(raw) is None:
            telling.append((len(texts), False))
            texts.append(raw[: 2 * MAX_VALUE])
            continue
        quoted, singles = _split_line(raw)
        for single in singles:
            telling.append((len(texts), quoted))
            texts.append(single)
    return Lines(texts, telling, frozenset(at for at, quoted in telling if quoted), _find_beyond(text))


@memoize(maxsize=1024, max_key=300, why="the parsers for form, people and other text process the same lines")
def _split_line(raw: str) -> tuple[bool, tuple[str, ...]]:
    """Return whether a line is quoted, and what it is cut into."""
    line, quoted = _strip_quote_marks(raw)
    return quoted, tuple(single for part in _split_parts(line) for single in _split_further(part))


@memoize(maxsize=4, max_key=20_000, why="the parsers for form, people and other text process the same lines")
def _unroll(text: str) -> tuple[str, ...]:
    lines = part_sentences(list(join_clauses(join_cells(_clean_lines(text)))))
    return tuple(drop_foreign(unroll(drop_examples(list(lines)))))


def split_every_line(text: str) -> Lines:
    """Split a text as `split_labels` does, without skipping any line."""
    return split_labels(text, lambda _: None)


def _find_beyond(text: str) -> str:
    """Return the text that the lines leave out, except for quotations."""
    if len(text) < 2 * MAX_VALUE:
        return ""
    written = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    late = text[MAX_TEXT - _OVERLAP :].split("\n") if len(text) > MAX_TEXT else ()
    long = (line for line in written[:MAX_LINES] if len(line) > 2 * MAX_VALUE and not is_quoted(line))
    ends = (line[2 * MAX_VALUE - _OVERLAP :] for line in long)
    rest = (line for line in (*written[MAX_LINES:], *late) if not is_quoted(line))
    return clean("\n".join(filter(str.strip, (*ends, *rest))))


def _clean_lines(text: str) -> list[str]:
    said = clean("\n".join(split_lines(text)[:MAX_LINES]))
    return (_PICTURES.sub("", said) if max(said, default="") >= "\U0001f3e0" else said).split("\n")


# Buildings, people, paper and devices in front of a line; a hand or a prohibition sign may be an answer.
_PICTURES = compile_later(
    "(?m:^)[ \t　]*[\U0001f3e0-\U0001f3f0\U0001f464-\U0001f469\U0001f4bb-\U0001f4f4"
    "\U0001f522\U0001f9d1\U0001fa91]\ufe0f?[ 　]+(?=\\S)"
)


def _strip_quote_marks(raw: str) -> tuple[str, bool]:
    """Return the line without quote marks, and whether it had any."""
    marks = _QUOTES.match(raw) if raw[:1].isspace() or raw[:1] in _QUOTING else None
    if marks is None or not marks.group().strip():
        marks = _NAMED_QUOTE.match(raw) if ">" in raw[:_MAX_NAME] else None
        if marks is None or parse_line(raw[marks.end() :]) is None:
            return raw[: 2 * MAX_VALUE], False
    return raw[marks.end() :][: 2 * MAX_VALUE], True


def _split_parts(line: str) -> Sequence[str]:
    if "←" in line and (note := line.find("←")) > 0 and parse_line(line[:note]) is not None:
        return (*_split_parts(line[:note]), line[note:])  # a note beside a value is no part of it
    if "】" in line and line.count("】") > 1:
        return _split_at_heads(line)
    may_hold_label = ":" in line or "：" in line or "=" in line or "＝" in line
    return _split_at_labels(line) if may_hold_label and _GAP.search(line) else (line,)


def _split_at_heads(line: str) -> list[str]:
    """Cut the line before each label in brackets: 【区分】自治体　【団体名】見本市."""
    cuts = [head.start() for head in _HEAD.finditer(line) if find_item(head[1]) is not None and head.start()]
    return [line[begun:end] for begun, end in zip([0, *cuts], [*cuts, None], strict=True)]


def _split_at_labels(line: str) -> list[str]:
    heading = _HEADING.match(line)
    line = line[heading.end() :] if heading and find_item(heading[1]) is not None else line
    parts, line = _split_lead(line)
    begun = 0
    for gap in _NEXT_LABEL.finditer(line, _find_value(line)):
        held = parse_line(line[begun : gap.start()])
        if held is not None and held[1].strip() and find_item(gap[1]) is not None:
            parts.append(line[begun : gap.start()])
            begun = gap.end()
    return [*parts, line[begun:]]


def _split_lead(line: str) -> tuple[list[str], str]:
    """Return the sentences before the first label of a line, and the rest: 申請します。区分：自治体、…"""
    lead = _LEAD.match(line)
    if lead is None or find_item(lead["label"]) is None:
        return [], line
    return [lead["said"]], line[lead.end() :]


def _find_value(line: str) -> int:
    """Return where the value of the first label begins; 0 if the text before the separator is no label."""
    separator = _SEPARATOR.search(line, 0, MAX_LABEL)
    return separator.end() if separator and find_item(line[: separator.start()]) is not None else 0


def _split_further(line: str) -> tuple[str, ...]:
    if ("・" in line or "/" in line or "／" in line) and _DOUBLE.match(line):
        return _split_double(line)
    if "は" in line:
        return _split_clauses(line) if "、" in line else (_label_told(line),)
    return tuple(f"{label}\t{value}" for label, value in group_words(line)) or (line,)


def _split_clauses(line: str) -> tuple[str, ...]:
    """Split a sentence that consists of items only: 団体名は見本町、氏名は見本 渉です。"""
    label, _, value = line.strip().partition("、")[0].partition("は")
    if not value or STARTS_AS_PROSE.match(label) or find_item(label) is None:
        return (line,)  # like almost every line
    told = [clause.partition("は") for clause in _IS.sub("", line.strip()).split("、")]
    if len(told) < 2 or not all(value and find_item(label) is not None for label, _, value in told):
        return (line,)
    return tuple(f"{label}\t{value}" for label, _, value in told)


def _label_told(line: str) -> str:
    """Return 課は総務課 as label and value if that can only be its value; otherwise the line."""
    found = _TOLD.fullmatch(line) if STARTS_AS_PROSE.match(line) is None else None
    item = find_item(found["label"]) if found is not None else None
    if found is None or item is None or not is_told(item, found["value"]):
        return line
    return f"{found['label']}\t{found['value']}"


def join_clauses(lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines, joining a sentence of items only that a mail program wrapped."""
    at = 0
    while at < len(lines):
        count = _count_clauses(lines[at : at + _MAX_WRAPPED]) if "は" in lines[at] else 1
        yield "".join(line.strip() for line in lines[at : at + count]) if count > 1 else lines[at]
        at += count


def _count_clauses(lines: Sequence[str]) -> int:
    """Return how many lines such a sentence takes; 1 for any other line."""
    if _CLAUSE.match(lines[0]) is None or _IS.search(lines[0].strip()) is None:
        return 1
    for count in range(2, len(lines) + 1):
        joined = "".join(line.strip() for line in lines[:count])
        if len(joined) > MAX_VALUE or not lines[count - 1].strip():
            return 1
        if len(_split_clauses(joined)) > 1 and _ENDS.search(joined):
            return count
    return 1


def _split_double(line: str) -> tuple[str, ...]:
    """Split a label of two items with two values: 役職・氏名：主事　試作 葉子.

    With a single value, nobody knows whose it is: then there is none.
    """
    found = _DOUBLE.match(line)
    if (
        found is None
        or find_item(found["title"]) is not Item.TITLE
        or find_item(found["name"]) is not Item.NAME
    ):
        return (line,)
    title, *name = found["value"].split(maxsplit=1)
    return (f"{found['title']}：{title}", f"{found['name']}：{name[0]}") if name else ("",)


_MAX_WRAPPED = 4
# A line with none of these is not split: quote marks, what follows labels or separates items.
_MAY_SPLIT = compile_later(r"[>＞|｜】:：=＝・/／は\s]")
_TOLD = compile_later(
    r"[\s　・]*(?P<label>[^\s、。はが:：]{1,16})は[\s　]*(?P<value>[^、。はが:：]{1,40}?)[\s　]*(?:です"
    r"|でございます)?[。.]?[\s　]*"
)
_CLAUSE = compile_later(r"[\s　]*[^\s、。は]{1,12}は[^、。]{1,60}、")
_ENDS = compile_later(r"(?:です|でございます|となります)[。.]?$")
_IS = compile_later(r"(?:です|でございます|となります)?[。.]?$")
_DOUBLE = compile_later(
    r"[\s　・●■◆○]*(?:[0-9０-９]{1,2}[.．)）　 ][\s　]*)?"
    r"(?P<title>[^\s・/／:：]{1,10})[・/／](?P<name>[^\s・/／:：]{1,10})"
    r"[\s　]*[:：\t][\s　]*(?P<value>\S.*)"
)
# 参加申請：団体名：…: the kind of mail, before its first label.
_HEADING = compile_later(
    r"[\s　]*(?:参加)?(?:申請|申込み?|申し込み)(?:内容|事項)?[\s　]?[:：](?=[\s　]*([^\s:：]{1,20})[:：])"
)
_LEAD = compile_later(
    r"(?P<said>[^:：=＝]{1,120}[。！!])[ 　]*(?=(?P<label>[^\s:：=＝。]{1,30})[ 　]?[:：=＝])"
)
_GAP = compile_later(
    "[　、，,;；／①-⑳⑴-⒇■●◆]|[ \t]{2}"
    "|[ \t](?:[ぁ-ゖァ-ヺ一-鿿]{2,20}|[A-Z][a-z]{2,20}(?: [a-z]{2,12}){0,3})[:：]"
)
_NEXT_LABEL = compile_later(
    r"(?:[ \t][/|](?=[ \t])|　|[ \t]{2}|[ \t](?=[ぁ-ゖァ-ヺ一-鿿A-Z])|[、，,;；／①-⑳⑴-⒇■●◆])[ \t　]*"
    r"(?=((?:[一-鿿][ 　]{1,4}){1,6}[一-鿿]|[^\s:：=＝、，,;；／][^:：=＝、，,;；／　\t]{0,30}?)"
    r"[ \t　]?[:：=＝])"
)
_SEPARATOR = compile_later("[:：=＝]")
_HEAD = compile_later(r"【([^【】]{1,20})】")
_QUOTING = frozenset(">＞|｜")
# Old programs put who wrote in front of each line: 事務局> 氏名：見本 花子.
_MAX_NAME = 16
_NAMED_QUOTE = compile_later(r"[\s　]*[^\s<>＜＞:：、。=＝]{1,12}>[ 　]")
_QUOTES = compile_later(r"[\s　]*(?:[>＞|｜][\s　]*){0,10}")
