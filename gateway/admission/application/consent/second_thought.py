"""Second thoughts below a consent that name nothing: 気が変わりました, 少し待ってください, なんてね.

A statement about something else stands on its own (業務で使います). What refers to what stands above it,
turns, waits, doubts, denies, has no subject of its own (仮です) or is a mere exclamation may be about the
consent: nobody can tell, so it leaves none, and is asked about.
"""

from __future__ import annotations

import re
import unicodedata

_SENTENCE = re.compile(r"(?<=[。！!？?])|(?<=[.])[ ]+")
# Words that refer back.
_BACK = (
    r"先ほど|先程|さきほど|さっき|上記|上の(?:件|回答|内容|とおり)|今の(?:は|回答)|以前の|前言"
    r"|(?:^|[、は])(?:それ|あれ|これ)(?:は|も|で)|この(?:回答|欄|答え)"
    r"|書き(?:ました|まし)|書いた|(?:記入|回答|送信)してしま"
)
# Words that turn, at the beginning of a sentence.
_TURN = (
    r"^(?:でも|しかし|だが|けど|ただ|但し|もっとも|とはいえ|やはり|やっぱ|実は|いや"
    r"|いえ|訂正|追記|すみません|すいません|ごめん|申し訳|本当は|とりあえず|一応)"
)
_WAIT = (
    r"待って|待ち(?!しております|申し)|後日|後で|あとで|後ほど|のちほど|追って|もう少し|しばらく|考え(?!方)"
    r"|検討(?!の?(?:ほど|程|を?お願い))|様子(?:見|を見)|未定|保留|途中|まだ"
)
_DOUBT = (
    r"変わり|変え|変更(?:し|させ)|迷|悩|不安|疑問|不明|自信|納得|反対|嫌|無理|難し|厳し|半々|微妙|かも|気が|つもり|はず|勝手|本意"
    r"|違い(?:ます|まし)"
)
_UNDONE = (
    r"間違|誤り|誤って|ミス|忘れて|無視|無効|なかった|無かった|なし(?:で|に)|無しで"
    r"|冗談|嘘|うそ|テスト|練習|ふざけ|不要|やめ|止め|辞め|仮の"
)
_UNTIL = (
    r"次第|(?:て|で)から(?:に|で|と)|たら|なら(?:、|ば)|れば|場合(?:は|に)|条件|限り|本心|上司"
    r"|(?:課長|部長|室長|所属長)(?:が|の|に)|有効"
)
_DENIED = r"(?:ませ|まし)ん(?!か)|ない(?:です|と|で|$)|なく|できず|せず|ずに"
_DOUBTFUL = re.compile("|".join((_BACK, _TURN, _WAIT, _DOUBT, _UNDONE, _UNTIL, _DENIED)))
_DOUBTFUL_EN = re.compile(
    r"\b(?:not|cannot|\w+n't|no|nope|nah|but|however|unless|until|if|wait|hold|later|maybe|perhaps|actually"
    r"|sorry|oops|mistake|wrong|error|ignore|disregard|forget|jok\w+|kidding|lol|chang\w+|think|reconsider\w*"
    r"|unsure|doubt\w*|test\w*|psych|undo|stop|above|previous|draft|sample)\b"
)
# なんてね, うっそー: an exclamation without a word that names a thing.
_NAMING = re.compile(r"[一-鿿ァ-ヶ々0-9a-zA-Z]")
_HIRAGANA = re.compile(r"[ぁ-ゖ]")
# 仮です, 半分だけ: a sentence without a subject of its own is about what stands above it.
_ELLIPTIC = re.compile(r"[^はがをにもとへ]{1,10}(?:です|でした|だけ|のみ|でいいです|だ|である)")
# Requests to write or call, and what a mail says about itself, are daily fare.
_DAILY = re.compile(
    r".{0,60}(?:ご?連絡|お?知らせ|お?問い?合わ?せ|ご?教示|ご?一報|お?電話)(?:を|で|にて)?(?:いただ|頂|くだ|下|お願い|願|賜).{0,24}"
    r"|添付(?:ファイル|書類|資料)?は(?:ありません|ございません|不要です)"
    r"|(?:本申請|この(?:申請|メール)|本文)?(?:に|には)?機密性[1-3]の?情報(?:は|を)(?:含(?:みません|んでいません)|書いていません)"
    r"|(?:この|本|当)(?:電子)?メール(?:は|を|に|の|及び).{0,120}"
    # To whom it may have come by mistake.
    r"|(?!.*(?:申請|申し?込|回答|記入|上記|上の)).{0,60}(?:受信|受領|受け取|届|心当たり|あて先|宛先)[^。]{0,12}(?:方|場合|際)"
    r"(?:に?は)?、?.{0,60}(?:削除|破棄|消去|廃棄|返送).{0,24}"
)
_DAILY_EN = re.compile(
    r".*\b(?:(?:intended|named) recipient|recipients?|this (?:e-?mail|message)|confidential|please (?:contact"
    r"|call|let) )\b.*",
    re.DOTALL,
)
_MAX, _MAX_EXCLAMATION = 400, 20


def is_second_thought(text: str) -> bool:
    """Whether a line of the writer's own below a consent may take it back, or put it off."""
    folded = unicodedata.normalize("NFKC", text[:_MAX]).casefold().replace("’", "'")
    return any(map(_is_doubtful, split_sentences(folded)))


def split_sentences(text: str) -> list[str]:
    """The sentences of a text, each with its mark, without blank ones."""
    return [one for one in _SENTENCE.split(text) if one.strip()]


def _is_doubtful(said: str) -> bool:
    if _DOUBTFUL_EN.search(said) and not _DAILY_EN.fullmatch(said):
        return True
    sentence = "".join(said.split()).strip("。.、,!・*※-")
    if _DAILY.fullmatch(sentence) or not sentence:
        return False
    is_short = len(sentence) <= _MAX_EXCLAMATION
    is_exclaimed = is_short and _HIRAGANA.search(sentence) is not None and _NAMING.search(sentence) is None
    return is_exclaimed or any((_DOUBTFUL.search(sentence), _ELLIPTIC.fullmatch(sentence)))
