"""Second thoughts below a consent that name nothing: 気が変わりました, 少し待ってください, なんてね.

A statement of which every word is known to be of the writer's own affairs (業務で使います), or that any mail
may hold, stands on its own. Any other statement, whatever refers to what stands above it, turns, waits,
doubts, denies, has no subject of its own (仮です) or is a mere exclamation may be about the consent: nobody
can tell, so it leaves none, and is asked about. A name or a heading states nothing.
"""

from __future__ import annotations

import re
import unicodedata

from gateway.admission.application.consent.below.affairs import is_own_affair, is_own_affair_en
from gateway.admission.application.consent.below.background import is_past
from gateway.admission.application.consent.below.courtesy import is_courtesy, is_courtesy_en
from gateway.admission.application.consent.below.haste import is_haste
from gateway.admission.application.consent.below.questions import is_question, is_question_en
from gateway.admission.application.corrections import is_correction
from gateway.admission.application.labels import Item, find_item
from gateway.memoize import memoize

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
    r"|unsure|doubt\w*|test\w*|psych|undo|stop|above|previous|draft|sample|partly|half|tb[acd])\b"
)
# なんてね, うっそー: an exclamation without a word that names a thing.
_NAMING = re.compile(r"[一-鿿ァ-ヶ々0-9a-zA-Z]")
_HIRAGANA = re.compile(r"[ぁ-ゖ]")
# 仮です, 半分だけ: a sentence without a subject of its own is about what stands above it.
_EMPTY_LABEL = re.compile(r"[^。、はが:]{1,16}:")  # ご意見・ご要望:
_ELLIPTIC = re.compile(r"[^はがをにもとへ]{1,10}(?:です|でした|だけ|のみ|でいいです|だ|である)")
_CLERK = re.compile(r".{0,10}(?:担当|担当者|職員|情シス|人|名|[市町村])です")
# A line that holds ます or ends in kana states, asks or breaks off; one that ends otherwise is a name or a
# heading, unless it ends in what is done, or is to be done. Many a place greets with まち or ふるさと.
_STATES = re.compile(
    r"(?:です|でし[たょ]|ま(?:す|した|せん))|[ぁ-ゖー](?<!まち)(?<!ふるさと)(?<!みらい)(?<!くらし)"
    r"(?<![ァ-ヺ]ー)$"
    r"|(?:中|予定|済|案|待|次第|参照|判断|回覧|協議|照会|調整|審議|確認|本気)$"
)
# The words of a title that may be small: City of Mihon.
_SMALL = frozenset({"of", "the", "and", "for", "in"})
# The rules of another day.
_OF_VERSION = re.compile(r"(?:次|前|新|旧|新しい|古い|[0-9]+(?:年)?(?:[0-9]+月)?)の?版|第[0-9.]+版")
# What will be at the office.
_AHEAD = re.compile(
    r"(?:[0-9]{1,2}月|来年度?|来[週月]|今年度?|年度末|春)?(?:[0-9]{1,2}月)?(?:に|の|は|から)?"
    r"(?:人事)?(?:異動|転勤|退職|休職|育休|産休|組織改編|組織改正|機構改革|課名変更|出向|出張|議会|研修)"
    r"(?:する|がある|の)?(?:可能性|見込み|予定)(?:が(?:あります|ございます)|です)"
)
_OF_FORM = re.compile(
    r"申請|申し?込|回答|返答|記入|返事|返信|入力|答え|同意|規約|内容|意思|意向|結論|判断|決定|可否|賛否|欄|項目|上の"
)
# An item that there is none of: 役職はありません.
_NONE_OF = re.compile(
    r"(?P<label>[^、。はが]{1,16})[はが]、?(?:特に)?(?:(?:あり|ござい)ません|なし(?:です)?|ないです|不明(?:です)?"
    r"|(?:分|わ)かりません(?:でした)?|持って(?:い|おり)ません)"
)
_OTHER = (_AHEAD, _EMPTY_LABEL)
_MAX, _MAX_EXCLAMATION = 400, 20


def is_second_thought(text: str) -> bool:
    """Whether a line of the writer's own below a consent may take it back, or put it off."""
    return any(map(_is_doubtful, split_sentences(_fold(text))))


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text[:_MAX]).replace("’", "'")


def split_sentences(text: str) -> list[str]:
    """The sentences of a text, each with its mark, without blank ones."""
    return [one for one in _SENTENCE.split(text) if one.strip()]


@memoize(maxsize=1024, max_key=_MAX, why="a line is asked first as a whole, then sentence by sentence")
def _is_doubtful(written: str) -> bool:
    said = written.casefold()
    if written.isascii():
        return _is_doubtful_en(written.strip())
    sentence = "".join(said.split()).strip("。.、,!・*※-")
    if not sentence or is_courtesy(sentence):
        return False
    if is_past(sentence) or is_correction(sentence):
        return False
    if _is_elliptic(sentence):
        return True
    if is_about_other(sentence):
        return False
    return not is_own_affair(sentence) and (_DOUBTFUL_EN.search(said) is not None or _may_turn(sentence))


def _is_elliptic(sentence: str) -> bool:
    """Whether a sentence has no subject of its own: 仮です, and not 担当者です."""
    is_clerk = _CLERK.fullmatch(sentence) is not None and is_own_affair(sentence)
    return _ELLIPTIC.fullmatch(sentence) is not None and not is_clerk


def is_aside(line: str) -> bool:
    """Whether each sentence of a line asks or tells about something else."""
    sentences = [
        "".join(one.split()).strip("。.、,!・*※-") for one in split_sentences(_fold(line).casefold())
    ]
    return bool(line.strip()) and all(one and is_about_other(one) for one in sentences)


def is_about_other(sentence: str) -> bool:
    """Whether a sentence asks or tells about a thing that is neither the application nor what it says."""
    none_of = _NONE_OF.fullmatch(sentence)
    if none_of is not None and find_item(none_of["label"]) not in {None, Item.CONSENT, Item.VERSION}:
        return True
    if is_past(sentence) or is_question(sentence) or is_haste(sentence):
        return True
    if is_own_affair(sentence) and not _is_elliptic(sentence):
        return True
    is_other = any(kind.fullmatch(sentence) is not None for kind in _OTHER)
    return is_other and not any(words.search(sentence) for words in (_DOUBTFUL, _OF_FORM, _OF_VERSION))


def _may_turn(sentence: str) -> bool:
    """Whether a sentence that is not understood states something, or names nothing."""
    is_short = len(sentence) <= _MAX_EXCLAMATION
    is_exclaimed = is_short and _HIRAGANA.search(sentence) is not None and _NAMING.search(sentence) is None
    return is_exclaimed or any(pattern.search(sentence) for pattern in (_DOUBTFUL, _OF_VERSION, _STATES))


def _is_doubtful_en(written: str) -> bool:
    """The same of English. A title is no sentence: Crisis Management Office."""
    said = written.casefold()
    if is_courtesy_en(said) or is_own_affair_en(said) or is_question_en(said):
        return False
    return _DOUBTFUL_EN.search(said) is not None or written.endswith((".", "!")) or _has_small_word(written)


def _has_small_word(written: str) -> bool:
    words = {word.strip(",:;()") for word in written.split()} - _SMALL
    return any(word.isalpha() and word[0].islower() for word in words)
