"""Values of a form: cleaned, freed from what the template left, and the one that is read as a category.

Nothing is normalised in what is kept: a name stays as received.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from gateway.mail.text import FORMAT_CHARACTERS, is_common_text

MAX_VALUE = 200


class Category(StrEnum):
    """Kind of employer; `UNKNOWN` is the empty string."""

    LOCAL = "local"
    NATIONAL = "national"
    UNKNOWN = ""


_WHOLE = re.compile(r"[\[【〔「『［]([^\]】〕」』］]{0,400})[\]】〕」』］]")
_WORDS_OF_HINT = (
    r"記入|入力|選択|記載|必須|任意|例[:：)）]|例え|のいずれか|または|又は|桁|全角|半角|姓と名|部・課"
    r"|市区町村・|fill|enter|e\.g|required|optional|please|write:|name of the|six digits| or "
)
_HINT = re.compile(
    rf"[(（［\[【<＜][^()（）［］\[\]【】<>＜＞]{{0,80}}(?:{_WORDS_OF_HINT})[^()（）［］\[\]【】<>＜＞]{{0,80}}[)）］\]】>＞]",
    re.IGNORECASE,
)
_REST = re.compile(r"[\s　_＿.．・…‥ー―—–－\-*＊()（）【】「」『』\[\]［］〔〕<>＜＞:：/／○〇◯●△×~～〜]*")
_NOTHING = frozenset(
    {
        "なし",
        "無し",
        "無",
        "ありません",
        "特になし",
        "該当なし",
        "未記入",
        "不明",
        "n/a",
        "na",
        "none",
        "nil",
        "同上",
    }
)


_NOT_JOINERS = FORMAT_CHARACTERS.replace("\u200b-\u200f", "\u200b\u200e\u200f")
_HARMFUL = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff{_NOT_JOINERS}]")


def clean(text: str) -> str:
    """Without control, bidi and invisible characters and surrogates; line ends, tab and joiners stay."""
    return text if is_common_text(text) else remove_harmful(text)


def remove_harmful(text: str) -> str:
    """The same without a look at what most texts consist of."""
    return _HARMFUL.sub("", text)


def has_hint(text: str) -> bool:
    """Whether brackets in the text hold a hint of a template: （例: 例示市）, (optional)."""
    return _HINT.search(text) is not None


_UNKNOWN = re.compile(
    r"不明(?:です)?|不詳|(?:分|わ)か(?:りません|らない|らず|りかねます)|unknown|not known"
    r"|(?:i )?do(?:n't| not) know"
)


def is_unknown(value: str) -> bool:
    """Whether the answer is that the writer does not know: 不明, 分かりません, unknown."""
    return _UNKNOWN.fullmatch(unicodedata.normalize("NFKC", value[:40]).casefold().strip(" 。.")) is not None


_ELSEWHERE = re.compile(
    r"(?:(?:上|下|前|後|別|末|左|右|次|以上|以下|署名|件名|差出人|添付|本文|名簿)[^:]{0,10})?"
    r"(?:の?(?:とおり|通り)|(?:を|に)?(?:参照|記載)(?:(?:して)?(?:ください|下さい))?|(?:と|に)同じ"
    r"|変更(?:は|点は)?(?:なし|無し|ありません|ございません))(?:です|になります)?"
    r"|〃|(?:see|same|as) (?:[a-z]{1,10} ){0,3}(?:above|below|signature|attached|before)"
)


def is_elsewhere(value: str) -> bool:
    """Whether a value says only where it stands, or that it stays: 署名のとおり, 変更なし, see below."""
    said = unicodedata.normalize("NFKC", value[:40]).casefold().strip(" 。.")
    return _ELSEWHERE.fullmatch(said) is not None


# What parts a label from its value once more, and what ends a line: `\t：見本町、`.
_AROUND = re.compile(r"^[:：=＝⇒→\s　]+|[、，。]+$")


def clean_value(raw: str) -> str:
    """A value without hints, template rests and brackets around the whole, cut to the limit."""
    value = _AROUND.sub("", raw.strip())
    if _SIGN.search(value) is not None:
        value = _strip_signs(value)
    bare = value.strip("()（） 　")
    if _REST.fullmatch(value) or bare.casefold() in _NOTHING:
        return ""
    return value[:MAX_VALUE].strip()


# What a hint, a bracket around the whole, a table's edge and a line to write on begin with.
_SIGN = re.compile(r"[(（\[［【<＜〔「『|｜_＿*]")
# What a mail program makes of bold letters: *見本町*.
_BOLD = re.compile(r"^\*{1,2}([^*]{1,200})\*{1,2}$")


def _strip_signs(value: str) -> str:
    value = _BOLD.sub(r"\1", _strip_hints(value).rstrip("|｜").strip())
    whole = _WHOLE.fullmatch(value)
    if whole is not None:
        value = whole[1].strip()
    return value.strip("_＿").strip()


def _strip_hints(value: str) -> str:
    """The value behind the hints that it begins with, up to the next one: never two pieces joined."""
    while (hint := _HINT.match(value)) is not None:
        value = value[hint.end() :].strip()
    later = _HINT.search(value)
    return value[: later.start()].strip() if later is not None else value


_BEHIND_NAME = re.compile(
    r"([^()（）\[\]［］【】〔〕]{1,80})[(（\[［【〔]([^()（）\[\]［］【】〔〕]{1,80})[)）\]］】〕]"
)
_READING = re.compile(
    r"(?:(?:ふりがな|フリガナ|読み|よみ|かな|カナ|reading)[\s　]*[:：]?)?"
    r"[\s　\u3041-\u30ff\uff61-\uff9fA-Za-zÀ-ɏＡ-Ｚａ-ｚ.,，．'’・･/／-]*",
    re.IGNORECASE,
)


def strip_reading(name: str) -> str:
    """A name without its reading, or its Latin letters, in brackets behind it."""
    found = _BEHIND_NAME.fullmatch(name.strip())
    return found[1].strip() if found is not None and _READING.fullmatch(found[2]) else name


_SIX_DIGITS = re.compile(r"(?<![0-9０-９-])[0-9０-９]{6}(?![0-9０-９-])")
_CODE_BESIDE = re.compile(
    r"(?P<body>[^()（）［］\[\]]{2,60})"
    r"[(（\[［][\s　]*(?:[^\s0-9０-９()（）]{0,10}コード[\s　]*[:：]?[\s　]*)?"
    r"(?P<code>[0-9０-９]{6})[\s　]*[)）\]］]"
)


def find_code(value: str) -> str:
    """The one run of six digits in a value that says more: 市と同じ 252131; another value as it is."""
    found = _SIX_DIGITS.findall(value)
    return found[0] if len(found) == 1 else value


def split_code(organisation: str) -> tuple[str, str] | None:
    """A body and the code in brackets behind it: 見本市（団体コード 000000）."""
    found = _CODE_BESIDE.fullmatch(organisation.strip())
    return (found["body"].strip(), found["code"]) if found is not None else None


_LOCAL = re.compile(
    r"自治体|地方公共団体|地方公務員|地方|市区町村|市町村|都道府県|市役所|町役場|村役場|区役所|県庁|府庁|道庁|都庁|広域連合|事務組合"
    r"|^[都道府県市区町村]$|local|municipal|prefectur|city|town"
)
_NATIONAL = re.compile(
    r"政府|国家|省庁|府省|中央|国の|^国$|国職員|独立行政法人|national|ministry|central|federal|agency"
)
_NO_NATION = re.compile(r"[四全中]国")
_EMPTY_BOX = re.compile(r"[□☐▢◻]|[\[(] {0,6}[\])]")
_OPTION = re.compile(r"([□☐▢◻☑✓✔✅■☒○〇◯●◉レ]|[\[(][ xvo○レ✓✔■*]{0,6}[\])])([^□☐▢◻☑✓✔✅■☒○〇◯●◉\[(]{0,80})")


_SPACED = re.compile(r"(?:[ぁ-ゖァ-ヺ一-鿿][\s　]+){1,10}[ぁ-ゖァ-ヺ一-鿿]")  # 自 治 体


def parse_category(text: str) -> Category:
    """Local or national; unknown when both or none is said, or when no box is ticked."""
    folded = _NO_NATION.sub("", unicodedata.normalize("NFKC", text).casefold())
    options = _OPTION.findall(folded)
    if options:
        folded = " ".join(said for mark, said in options if not _EMPTY_BOX.fullmatch(mark))
    local, national = (_LOCAL.search(folded), _NATIONAL.search(folded))
    if not local and not national and _SPACED.fullmatch(folded.strip()):
        folded = "".join(folded.split())
        local, national = _LOCAL.search(folded), _NATIONAL.search(folded)
    if bool(local) == bool(national):
        return Category.UNKNOWN
    return Category.LOCAL if local else Category.NATIONAL
