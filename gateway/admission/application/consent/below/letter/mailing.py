"""How a mail was typed and sent: from where, with which device, in the text because files may not arrive.

Each is a whole sentence about the mail as such, not about what it says.
"""

from __future__ import annotations

from gateway.patterns import compile_later

_LONGEST = 120
# A place or a device, never a person: 佐藤から打っています.
_PLACE = (
    r"(?:(?:外出|出|出張|訪問|研修)先|自宅|実家|現場|会場|会議室|避難所|職場|庁舎|畑|田んぼ|山|海|港|船|車内?|電車|バス|駅|空港|病院|待合室"
    r"|(?:私用|自分)の(?:端末|スマホ|携帯|パソコン)|スマホ|スマートフォン|携帯(?:電話)?|タブレット)(?:の(?:中|上|前|隣|合間))?"
)
_TYPED = compile_later(rf"{_PLACE}から(?:打って|書いて|送って|入力して|失礼して)(?:い|おり)?ます")
_CLUMSY = compile_later(
    r"(?:(?:文字|かな|漢字)?(?:変換|入力|操作)|漢字|(?:文字を)?打つの)が(?:めんどう|面倒|苦手|大変|遅い|不慣れ|下手)(?:なの)?で、?"
    r"(?:すみません|すいません|申し訳(?:あり|ござい)ません|失礼(?:いた)?します)"
)
_APOLOGY = compile_later(r"(?:すみません|すいません|申し訳(?:あり|ござい)ません)(?:でした)?")
# 現場からなので簡単に.
_BRIEF = compile_later(
    rf"{_PLACE}(?:から)?(?:なので|のため|につき|ですので)、?(?:簡単|手短|短文|取り急ぎ|とり急ぎ)(?:に|で|の連絡)?"
    r"(?:、?(?:失礼(?:いた)?します|すみません|申し訳(?:あり|ござい)ません))?"
)
_FILE = r"(?:添付(?:ファイル|書類|資料)?|(?:指定の)?様式|申請書|エクセル|excel|ワード|word|pdf)"
_LOST = r"(?:届かない|開けない|開かない|削除される|無害化される|読めない|崩れる)"
# 添付が届かない場合に備え、本文にも記載します.
_IN_TEXT = compile_later(
    rf"{_FILE}[がは]、?{_LOST}(?:場合(?:に備え(?:て)?|を考え(?:て)?|がある(?:ため|ので))|ことがある(?:ため|ので)|(?:ため|ので)|恐れがある(?:ため|ので))、?"
    r"(?:念のため、?)?(?:メール)?(?:本文|こちら)に(?:も)?(?:同じ内容を)?(?:記載|記入|転記|貼り付け|書き)(?:(?:いた|致)?し)?ま(?:す|した)"
)


def is_mailing(sentence: str) -> bool:
    """Return whether a folded sentence without blanks is of one of these kinds: 田んぼから打ってます."""
    said = sentence.strip("()")
    kinds = (_TYPED, _CLUMSY, _APOLOGY, _BRIEF, _IN_TEXT)
    return len(said) <= _LONGEST and any(kind.fullmatch(said) is not None for kind in kinds)
