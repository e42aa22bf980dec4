"""A short answer to a letter that requested items: 同意します。, 危機管理室です。, はい.

Each sentence is a requested item, or is known to say nothing else; with anything more, nothing is accepted.
Pure. The forms of values are closed, and a value is kept as written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from gateway.admission.application.consent import beside
from gateway.admission.application.consent.answers.reading import BOX, read_lines, speaks_of_consent
from gateway.admission.application.consent.around.mentions import is_limited
from gateway.admission.application.consent.people import NOBODY, Writer, is_role
from gateway.admission.application.items.fields import Consent, Form
from gateway.admission.application.items.labels import Item, find_item, strip_bullets
from gateway.admission.application.unlabelled import correction, self_named
from gateway.admission.application.unlabelled.kinds import CODE, IS, strip_told, take
from gateway.admission.organisations import codes
from gateway.mail.lines import is_from_device, is_rule
from gateway.patterns import compile_later

MAX_LINES = 12
MAX_WORDS = 400
# Before an answer: 申し訳ありませんが、
_EXCUSE = compile_later(
    r"^(?:(?:大変)?(?:申し訳(?:あり|ござい)ません|すみません|恐縮です|恐れ入ります|お手数です)(?:が|、)"
    r"[、 ]?"
    r"|(?:いつも|大変|平素より?)?お世話にな(?:ります|って(?:い|おり)ます)、[ ]?"
    r"|(?:お?調べ|確認)(?:(?:いた|致)?し)?(?:た|ました)(?:ところ|結果)(?:、[ ]?)?"
    r"|(?:記載|記入)漏れ(?:でした|失礼しました)、|失礼(?:いた|致)?しました、"
    r"|(?:了解|承知|拝承|承知しました|了解しました)、(?=同意))"
)
_SAID = compile_later(
    r"(?:(?:[当本](?:[都道府県市区町村省庁]|団体)の|私の|現在の|今の|現)?(?P<label>[^、,はがをも]{1,16}?)(?:は|が)[、,]?)?"
    r"[ 　]*"
    r"(?:(?P<above>\S{1,16}[都道府県市区町村省庁])の)?"
    rf"(?P<value>\S.{{0,80}}?)[ 　]*(?P<told>{IS})?[。.!！]*"
)
_ENGLISH = compile_later(
    r"(?P<told>(?:[Ii]t is|[Ii]t's|[Mm]y (?P<label>[a-z ]{2,20}) is|I work (?:in|at|for)) )?(?:the )?"
    r"(?P<value>[A-Z][\w ,&'-]{1,80}?)[.!]?"
)
_IN_BRACKETS = compile_later(r"^[「『]([^「」『』]{1,80})[」』]$")
_LETTER = compile_later(r"[A-Za-z]")
_OK = (
    r"(?:(?:利用|参加)?(?:規約|ルール)(?:は|も|について)?)?(?:ok|okay|オーケー)"
    r"(?:です|でお願い(?:(?:いた|致)?し)ます)?"
)
_AGREED = r"同意で(?:す|(?:結構|大丈夫)です|(?:どうぞ)?(?:よろしく)?お願い(?:(?:いた|致)?し|申し上げ)ます)?"
_YES_ALONE = compile_later(
    rf"(?:(?:はい|ハイ|yes)[、, ]{{0,2}})?(?:{_OK}|{_AGREED}|はい|ハイ|yes)"
    r"(?:[、,] ?(?:よろしくお願い(?:いた)?します))?",
    re.IGNORECASE,
)


def read_short_answer(words: str, asked: Sequence[Item], writer: Writer = NOBODY) -> Form:
    """Return the requested items given in the writer's own words; an empty form if a word is not understood.

    A consent counts only if requested. `writer` is named in the form.
    """
    sentences = _find_sentences(words)
    found = _read_sentences(sentences, asked, writer)
    is_one = len(sentences) == 1 and tuple(asked) == (Item.CONSENT,)
    if found.is_empty and is_one and read_lines(sentences, writer) is Consent.NO:
        return Form(consent=Consent.NO)
    if found.is_empty and Item.CONSENT in asked and _is_consent(sentences, asked, writer):
        return Form(consent=Consent.YES)
    return found


def read_correction(words: str, known: Form, writer: Writer = NOBODY) -> Form:
    """Return the items that the writer's own words correct in a form; empty if a word is not understood."""
    sentences = [_EXCUSE.sub("", one) for one in _find_sentences(words)]
    return correction.read_correction(sentences, known, writer)


def _find_sentences(words: str) -> list[str]:
    """Return the sentences of a short text, without thanks; none if it is long or limits itself."""
    written = [line for line in words.split("\n") if line.strip(" \t　") and not _is_mark(line)]
    lines = [_strip_bullets(line).strip(" \t　") for line in written]
    if len(lines) > MAX_LINES or len(words) > MAX_WORDS or is_limited(lines):
        return []
    return [_GO_ON.sub("", one) for one in _split(lines) if not _is_courtesy(one)]


def _is_mark(line: str) -> bool:
    """Return whether a line is drawn, or what a device adds: iPhoneから送信."""
    return is_rule(line) or is_from_device(line)


def _strip_bullets(line: str) -> str:
    """Return the line without bullets; before a consent they may be boxes: □同意する is none."""
    bare = strip_bullets(line)
    return line if BOX.match(line.removesuffix(bare).strip("・ 　")) and speaks_of_consent(line) else bare


def _read_sentences(sentences: Sequence[str], asked: Sequence[Item], writer: Writer) -> Form:
    said: dict[str, Any] = {}
    for at, sentence in enumerate(sentences):
        bare = _EXCUSE.sub("", sentence)
        if bare == sentence and _WAS.search(bare) is not None:
            return Form()
        found = _read_item(bare, asked, first=at == 0) or _read_self(bare, asked, writer, first=at == 0)
        if found and not found.keys() & said.keys():
            said |= found
        elif not (beside.is_harmless(sentence, writer) or beside.is_harmless(bare, writer)):
            return Form()
    name = said.get(Item.NAME.value, "")
    return Form() if name and any(_is_another_name(one, name) for one in sentences) else Form(**said)


# 総務課でした is of another time, but 確認したところ、総務課でした.
_WAS = compile_later(r"(?<!漏れ)(?<!もれ)でした[。.!！]*$")


def _is_another_name(sentence: str, name: str) -> bool:
    """Return whether a sentence is only a name, and not the one that was read, or its family name."""
    bare = strip_told(sentence)
    is_name = bool(take(Item.NAME, bare)) or self_named.is_full_name(bare)
    return is_name and not "".join(name.split()).startswith("".join(bare.split()))


def _read_item(sentence: str, asked: Sequence[Item], *, first: bool) -> dict[str, Any]:
    return (
        _read_consent(sentence, asked)
        or _read_sentence(sentence, asked, first=first)
        or _read_parts(sentence, asked, first=first)
    )


def _read_self(sentence: str, asked: Sequence[Item], writer: Writer, *, first: bool) -> dict[str, Any]:
    """Return the requested items of a sentence that says who writes: 企画課の田中です."""
    said = self_named.read_self(sentence, writer, needs_verb=not first)
    return {item.value: value for item, value in said.items() if item in asked}


def _read_parts(sentence: str, asked: Sequence[Item], *, first: bool) -> dict[str, Any]:
    """Return the items of a line with several, separated by wide gaps or commas.

    Each part must be only one item; a title after a section may be there without a request.
    """
    parts = [one for one in re.split(r"[　、,／/\t]| {2,}", strip_told(sentence)) if one.strip()]
    if not first or not 1 < len(parts) <= len(Item):
        return {}
    said: dict[str, Any] = {}
    for part in map(str.strip, parts):
        found = _read_consent(part, asked) or _read_sentence(part, asked, first=True)
        if not found and said and is_role(part):
            found = {Item.TITLE.value: part}
        if not found or found.keys() & said.keys():
            return {}
        said |= found
    return said


def _is_courtesy(sentence: str) -> bool:
    """Return whether a sentence is thanks, or an apology for what was missing."""
    return _is_thank(sentence) or any(kind.fullmatch(_bare(sentence)) for kind in (_APOLOGY, _LATE))


def _is_consent(lines: Sequence[str], asked: Sequence[Item], writer: Writer) -> bool:
    # はい answers one question, not several.
    is_one = bool(lines) and tuple(asked) == (Item.CONSENT,)
    is_alone = is_one and _YES_ALONE.fullmatch(_bare(lines[0])) is not None
    if is_alone and all(beside.is_harmless(one, writer) for one in lines[1:]):
        return True
    is_yes = bool(lines) and read_lines(lines, writer) is Consent.YES
    return is_yes and any(map(speaks_of_consent, lines))


def _bare(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip(" 。.!")


def _split(lines: Sequence[str]) -> list[str]:
    parts = (part.strip(" 　、,") for line in lines for part in re.split(r"(?<=[。！!])|(?<=\.) ", line))
    return [part for part in parts if part]


def _read_consent(sentence: str, asked: Sequence[Item]) -> dict[str, Any]:
    is_said = Item.CONSENT in asked and speaks_of_consent(sentence) and read_lines([sentence]) is Consent.YES
    return {"consent": Consent.YES} if is_said else {}


def _read_sentence(sentence: str, asked: Sequence[Item], *, first: bool) -> dict[str, Any]:
    """Return the items in a sentence, by name; after the first sentence, a bare name is a signature."""
    found = (_ENGLISH if _LETTER.search(sentence) and sentence.isascii() else _SAID).fullmatch(sentence)
    label = find_item(found["label"] or "") if found is not None else None
    if found is None or not (first or found["told"] or label is not None):
        return _read_code(sentence, asked)
    value = _IN_BRACKETS.sub(r"\1", found["value"])
    if (found["told"] or "").startswith("I work"):
        asked = [item for item in asked if item is not Item.NAME]  # for somebody
    if not sentence.isascii() and found["above"]:
        return _take_section(found["above"], value, asked)
    is_other = found["label"] and label is None and found["label"] not in _ABOUT_SELF
    if is_other or found["label"] == "番号":  # of what?
        return {}
    if label is not None and label is not Item.AFFILIATION:
        is_named = label is Item.NAME and self_named.is_full_name(value)
        said = value if is_named else take(label, value)
        return {label.value: said} if label in asked and said else {}
    for item in asked:
        if said := take(item, value):
            return {item.value: said}
    return {}


def _read_code(line: str, asked: Sequence[Item]) -> dict[str, Any]:
    """Return a code alone on a line, which no signature contains."""
    is_code = Item.CODE in asked and CODE.fullmatch(line) is not None and codes.is_checked(line)
    return {Item.CODE.value: line} if is_code else {}


_ABOUT_SELF = frozenset({"私", "わたくし", "こちら", "当方"})


def _take_section(body: str, section: str, asked: Sequence[Item]) -> dict[str, Any]:
    """Return organisation and section from 見本町の危機管理室."""
    if not beside.is_body(body) or not beside.is_section(section):
        return {}
    given = {Item.ORGANISATION: body, Item.DEPARTMENT: section}
    return {item.value: said for item, said in given.items() if item in asked}


_SORRY = r"(?:申し訳(?:あり|ござい)ません(?:でした)?|すみません(?:でした)?|失礼(?:(?:いた|致)?しました)?)"
_APOLOGY = compile_later(
    rf"(?:大変|誠に|度々)?{_SORRY}"
    r"|(?:お手数|ご面倒|ご迷惑)を?お?(?:かけ|掛け)(?:して|(?:いた|致)?し)?"
    rf"(?:(?:て)?{_SORRY}|ます|ました|て(?:い|おり)ます|ますが、?(?:どうぞ|何卒)?よろしくお願い(?:(?:いた|致)?し|申し上げ)ます)"
    r"|(?:[^、。はと]{1,12}?[のが])?(?:(?:記入|入力|記載)の?)?が?(?:漏れ|もれ|抜け|忘れ)"
    rf"(?:でした|で{_SORRY}|(?:があ(?:り|っ)|て(?:い|おり)?)(?:ました|まして)?(?:、?{_SORRY})?|、?{_SORRY})"
)
# Why an answer comes late, or is short.
_LATE = compile_later(
    r"(?:申し訳(?:あり|ござい)ません、|すみません、)?(?:大変)?"
    r"(?:(?:見落とし|失念し|忘れ)て(?:い|おり)ました|見落としでした|お待たせ(?:いた|致)?し(?:て(?:い|おり))?ました"
    r"|(?:ご?(?:返信|返事|回答|連絡)が)?遅く?(?:なり|れ)まし(?:た|て))"
    rf"(?:、?{_SORRY})?"
    r"|(?:スマホ|スマートフォン|携帯(?:電話)?|iphone|外出先|出先|移動中)(?:から|の(?:ため|中))?(?:の返信)?(?:で|にて)?失礼(?:(?:いた|致)?し)ます",
    re.IGNORECASE,
)
# A consent, and the wish that its case goes on.
_GO_ON = compile_later(
    r"(?<=ます)ので、?(?:お|ご)?(?:手続き?|処理|登録|審査)(?:の?(?:ほど|程)|を)?、?(?:(?:どうぞ|何卒)?(?:よろしく|宜しく))?"
    r"お願い(?:(?:いた|致)?し|申し上げ)ます(?=[。.!！]?$)"
)
_THANKS = compile_later(
    r"(?:ご?(?:対応|連絡|返信|確認|案内|回答|丁寧な(?:対応|説明))(?:を|いただき|頂き)?、?)?(?:誠に|大変|どうも)?"
    r"(?:ありがとう|有難う)(?:ござい(?:ます|ました))?|(?:承知|了解|承り|拝承)(?:(?:いた|致)?しました|です|ました)?"
    r"|感謝(?:いた|致)?します"
    r"|(?:ご)?(?:連絡|返信|回答|招待|審査(?:結果)?)?を?お待ちして(?:い|おり)ます|かしこまりました|助かりました|失礼(?:いた|致)?します"
    r"|thank you(?: so much| very much)?(?: for (?:your|the) (?:reply|help|letter|support|mail))?|many thanks"
    r"|understood|noted|got it",
    re.IGNORECASE,
)


def is_thanks(words: str) -> bool:
    """Return whether the text is only thanks and greetings."""
    lines = [line.strip(" \t　") for line in words.split("\n") if line.strip(" \t　")]
    if not lines or len(words) > MAX_WORDS:
        return False
    said = [(sentence, _is_thank(sentence)) for sentence in _split(lines)]
    return all(thanks or beside.says_nothing(one) for one, thanks in said) and any(t for _, t in said)


def _is_thank(sentence: str) -> bool:
    bare = _bare(sentence)
    return _THANKS.fullmatch(bare) is not None or bare in {"ありがとうございます", "Thank you", "Thanks"}
