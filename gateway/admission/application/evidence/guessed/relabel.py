"""Adds a known label to each value with a guessed label or in a clause: 組合コード：208655.

A guess counts only if the value has the shape of the item. The rest of the line is kept, on its own line, so
that nothing is missing when the text beside the form is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gateway.admission.application.consent.below.lexicon import any_of
from gateway.admission.application.evidence.blocks import part_value
from gateway.admission.application.evidence.guessed.near_labels import (
    MAX_GUESSED,
    find_near,
    guess_item,
    guess_items,
    is_mistyped,
)
from gateway.admission.application.evidence.shapes import fits, is_parted_name, split_category
from gateway.admission.application.items.fields import FORM_FIELDS
from gateway.admission.application.items.labels import (
    ITEM_BY_LABEL,
    Item,
    find_item,
    fold_label,
    strip_bullets,
)
from gateway.admission.application.layout.beyond.examples import drop_examples
from gateway.admission.application.layout.beyond.old_mail import drop_foreign
from gateway.admission.application.layout.line import parse_line
from gateway.admission.application.layout.no_value import is_mark_of_mail
from gateway.admission.application.layout.prose import STARTS_AS_PROSE
from gateway.admission.application.unlabelled.kinds import strip_told
from gateway.patterns import compile_later

MAX_LINES, MAX_LINE = 120, 400
_FRAME = "【】[]［］〔〕《》:："
# What a label of the consent consists of.
_WORDS_OF_RULES = """
    規約 規やく きやく どうい 利用規約 参加規約 会員規約 ルール きまり 決まり 規定 規程 約款 利用条件
    参加条件 行動規範 参加 利用 会員 入会 コミュニティ プラットフォーム 共創 pf slack サービス 本 当 貴
    上記 下記 別紙 へ の に を は も 等 など ついて および 及び と 内容 同意 承諾 了承 確認 確認欄 欄
    有無 する します しますか いただけますか できますか されますか 意思 について ご お rules terms of
    use the to for and consent agree agreement guidelines conditions code conduct i do you community
    platform acceptance
"""
LABELS = {entry.item: entry.japanese for entry in FORM_FIELDS} | {Item.AFFILIATION: "所属"}
_SEPARATOR = compile_later(
    r"[ 　]*(?:[:：=＝\t｜|⇒→》】]|(?<=[^\s>＞])[>＞])[ 　]*"
    r"|[ 　]*[…‥・.]{2,}[ 　]*|　+[ 　]*| {2,}"
)
_NUMBER = compile_later(r"^[0-9０-９一二三四五六七八九十]{1,2}[ 　.．、)）]{1,4}(?=[^\d\s])")
_COMMA = compile_later("、")
_GAP = compile_later(r"[ 　]+")
_AND = compile_later(r"[・/／,，、&＆と]|及び|および|並びに|かつ|兼")
_OWN = compile_later(
    r"^(?:(?:私|当方|わたくし|当市|当町|当村|当県|当課|当組合|本市|本町|本村|本県)の|なお|また|そして|あと)、?"
)
# Balanced brackets, and no clause: 見本市（団体コード　000000） has no label.
_LABEL = compile_later(r"[【\[［〔《＜<]?[^()（）]{0,24}(?:[(（][^()（）]{0,40}[)）][^()（）]{0,8})?(?<!は)")
_PAST = compile_later(r"(?:でした|(?<!聞き)(?<!伺い)ました|った)[。、]?[ 　]*$")
_SENTENCE = compile_later(r"(?<=[。！!])")


def relabel(text: str) -> str:
    """Return the text with the guessed labels; unchanged if there are none."""
    lines = drop_foreign(drop_examples(text.split("\n")))
    told: list[str] = []
    for at, line in enumerate(lines):
        is_read = at < MAX_LINES and 0 < len(line.strip()) <= MAX_LINE and not is_mark_of_mail(line)
        told.extend(_relabel_line(line, lines[at + 1 : at + 4]) if is_read else (line,))
    return "\n".join(told)


def _relabel_line(line: str, below: Sequence[str]) -> Sequence[str]:
    bare = _NUMBER.sub("", strip_bullets(line).strip(" \t　"))
    held = parse_line(line)
    if held is not None and fits(held[0], held[1]):
        return (line,)
    guessed = _part_label(bare, below) or (() if held else _guess(bare, below)) or _part_row(bare)
    return guessed or tuple(_tell(line)) or (line,)


def _part_row(bare: str) -> Sequence[str]:
    """Return the lines for labels with values, separated by a blank, in a row: 区分 自治体/氏名 見本."""
    told = [_part_cell(cell) for cell in _CELLS.split(bare)]
    count = sum(item is not None for item, _, _ in told)
    if count < _LEAST or count < len(told) - 1:
        return ()
    lines = (
        line for item, lead, value in told for line in (lead, f"{LABELS[item]}：{value}" if item else "")
    )
    return [line for line in lines if line]


def _part_cell(cell: str) -> tuple[Item | None, str, str]:
    """Return item, text before its label, and value; without an item, all of the text is before it."""
    words = cell.split()
    for at, label in enumerate(words[:-1]):
        value = " ".join(words[at + 1 :])
        if (item := find_item(label)) is not None and (fits(item, value) or item is Item.CATEGORY):
            return item, " ".join(words[:at]), value
    return None, cell, ""


_CELLS, _LEAST = compile_later(r"[/／、，,;；|｜]"), 3


def _split(bare: str) -> Iterator[tuple[str, str]]:
    """Yield label and value, split at the first separator, and at the first blank."""
    for sign in (_SEPARATOR, _GAP, _COMMA):
        found = sign.search(bare, 0, MAX_GUESSED + 8)
        if found is not None and found.start() and _LABEL.fullmatch(bare, 0, found.start()):
            yield bare[: found.start()].lstrip("【[［〔《＜<"), bare[found.end() :].strip(" \t　")


def _guess(bare: str, below: Sequence[str]) -> Sequence[str]:
    """Return the line with a known label, if the value is beside it or on the next line; otherwise empty."""
    for label, value in _split(bare):
        beside = split_category(value)
        if beside is not None and Item.ORGANISATION in guess_items(label):
            return (f"{LABELS[Item.ORGANISATION]}：{beside[0]}", f"{LABELS[Item.CATEGORY]}：{beside[1]}")
        if (item := _find_fitting(label, value)) is not None:
            return (f"{LABELS[item]}：{value}",)
    lone = bare.strip(_FRAME)
    item = find_near(lone) if below and not STARTS_AS_PROSE.match(bare) else None
    if item is None or not _may_name(lone, item):
        return ()
    if find_item(bare) is None and fits(item, below[0].strip(" \t　")):
        return (f"{LABELS[item]}：",)
    return ()


def _find_fitting(label: str, value: str) -> Item | None:
    """Return the item that a label may name and a value looks like; None if there is none."""
    return next((item for item in guess_items(label) if _may_name(label, item) and fits(item, value)), None)


def _may_name(label: str, item: Item) -> bool:
    """Return whether a guess may stand: that of a consent needs a label of letters alone, of known words.

    Letters break the words of a consent in quoted text with a slash (規/約), which must not be mended here.
    The words name neither another person nor other rules: 鈴木の規約への同意, 庁内規約への同意.
    """
    if item is not Item.CONSENT:
        return True
    folded = fold_label(label)
    return "".join(label.split()).isalpha() and (
        (is_mistyped(folded) and _is_one_off(label)) or _OF_RULES.fullmatch(folded) is not None
    )


def _is_one_off(label: str) -> bool:
    """Return whether a label of the consent has one character wrong or missing: not 加藤 規約への同意."""
    folded = fold_label(label)
    return len(label.split()) < 2 and any(_differ_by_one(folded, known) for known in _OF_CONSENT)


_OF_CONSENT = tuple(label for label, item in ITEM_BY_LABEL.items() if item is Item.CONSENT)


def _differ_by_one(one: str, other: str) -> bool:
    least, most = sorted((len(one), len(other)))
    if most > least + 1:
        return False
    return any(
        one[:at] == other[:at] and one[len(one) - rest :] == other[len(other) - rest :]
        for at in range(least + 1)
        if 0 <= (rest := most - 1 - at) <= least - at
    )


_OF_RULES = compile_later(rf"(?:{any_of(_WORDS_OF_RULES)})+")


def _part_label(bare: str, below: Sequence[str]) -> Sequence[str]:
    """Return the lines for a label of several items with their values together: 職・氏名：主査 見本 花子."""
    label, value = next(_split(bare), (bare, ""))
    items = [guess_item(one.strip("（）() 　")) for one in _part_names(label)]
    if len(label) > MAX_GUESSED or len(items) < 2 or not {None, Item.CONSENT}.isdisjoint(items):
        return ()
    values = [value] if value else [one.strip(" \t　") for one in below if one.strip()]
    if value and (inner := parse_line(value)) is not None and inner[0] in items:
        return (f"{LABELS[inner[0]]}：{inner[1].strip()}",)
    parted = part_value(values)
    if len({*parted} & {*items, Item.DEPARTMENT, Item.ORGANISATION}) < 2:
        return ()
    return [*(f"{LABELS[item]}：{one}" for item, one in parted.items()), ""]


def _part_names(label: str) -> Sequence[str]:
    """Return the labels that a label of several items consists of: 職・氏名, 役職氏名."""
    parts = _AND.split(label)
    if len(parts) > 1 or len(label) > MAX_GUESSED or find_item(label) is not None:
        return parts
    cuts = ((label[:at], label[at:]) for at in range(1, len(label)))
    return next((cut for cut in cuts if all(map(find_item, cut))), parts)


def _tell(line: str) -> Iterator[str]:
    """Yield the lines for sentences with items, clause by clause: 区分は自治体、氏名は見本 花子です。"""
    if _AS_FOR.search(line) is None:
        return
    told = [part for sentence in _SENTENCE.split(line) for part in _tell_sentence(sentence)]
    if any(label for label, _ in told):
        yield from (f"{label}：{said}" if label else said for label, said in told if said.strip(" 　。"))


def _tell_sentence(sentence: str) -> Iterator[tuple[str, str]]:
    """Yield label and value of each clause that states an item; other text has an empty label."""
    rest = ""
    if (corrected := _CORRECTED.fullmatch(sentence.strip(" 　"))) is not None:
        sentence = f"{corrected['label']}は{corrected['value']}です。"
    for clause in _CLAUSE_END.split(sentence):
        found = _read_clause(clause)
        if found is None:
            rest += clause
            continue
        if rest:
            yield "", rest
        rest = ""
        yield LABELS[found[0]], found[1]
    if rest:
        yield "", rest


_CLAUSE_END = compile_later(r"(?<=、)(?<!ですが、)|(?<=[)）])、")
# 前回は区分を「政府機関」としてしまいましたが、正しくは「自治体」です.
_CORRECTED = compile_later(
    r"(?:前回|先日|先ほど|先程)は、?(?P<label>[^、。はがを「」]{1,12})[をが]、?「[^「」]{1,40}」と(?:して|書いて|記入して|入力して|なって)"
    r"(?:しまい|おり)ましたが、?正しくは「(?P<value>[^「」]{1,40})」です[。.]?"
)
_SURE = compile_later(
    r"[ 　]*(?:に|で)(?:間違い|相違|誤り)は?(?:あり|ござい)ません$"
    r"|[ 　]*でお願い(?:(?:いた|致)?し|申し上げ)ます$"
)
_CODED = compile_later(r"(?P<label>[^\s0-9０-９、はが]{0,10}コード)[ 　]?(?P<value>[0-9０-９]{6})")
_AS_FOR = compile_later(r"は|ですが、?(?:正式には?|正しくは)?")


def _read_clause(clause: str) -> tuple[Item, str] | None:
    if _PAST.search(clause) is not None:
        return None
    said = strip_told(_SURE.sub("", _OWN.sub("", clause.strip(" 　、。！!"))))
    coded = _CODED.fullmatch(said)
    label, value = _AS_FOR.split(said, maxsplit=1) if _AS_FOR.search(said) else ("", "")
    label, value = (coded["label"], coded["value"]) if coded is not None else (label, value)
    label, value = label.strip(" 　"), value.strip(" 　「」『』、")
    item = _find_fitting(label, value) if label and len(label) <= MAX_GUESSED else None
    # 本人は不在です: no name.
    if item in {None, Item.CONSENT} or (item is Item.NAME and not is_parted_name(value)):
        return None
    return item, value
