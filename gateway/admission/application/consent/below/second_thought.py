"""Second thoughts below a consent that do not mention it: 気が変わりました, 少し待ってください, なんてね.

A statement made of known words about the writer's own affairs (業務で使います), or a courtesy, is independent
of the consent. Any other statement, and anything that refers back, turns, waits, doubts, denies, has no
subject of its own (仮です) or is a mere exclamation may be about the consent: nobody can tell, so there is no
consent, and the applicant is asked. A name or a heading states nothing.
"""

from __future__ import annotations

import unicodedata

from gateway.admission.application.beside.corrections import is_correction
from gateway.admission.application.consent.answers.answer import GLAD
from gateway.admission.application.consent.below.affairs import is_own_affair, is_own_affair_en, is_practised
from gateway.admission.application.consent.below.asking.questions import is_question, is_question_en
from gateway.admission.application.consent.below.asking.requests import (
    is_about_item,
    is_item_of_another,
    is_request,
    is_request_en,
)
from gateway.admission.application.consent.below.background import is_past, is_sent_by_another
from gateway.admission.application.consent.below.courtesy import is_courtesy, is_courtesy_en
from gateway.admission.application.consent.below.letter.aims import is_aim
from gateway.admission.application.consent.below.letter.duties import is_duty, is_duty_en
from gateway.admission.application.consent.below.letter.gaps import is_gap
from gateway.admission.application.consent.below.letter.mailing import is_mailing
from gateway.admission.application.consent.below.lexicon import (
    DOUBTFUL,
    FOR_ANOTHER,
    INVENTED,
    LIMITING,
    LIMITING_NAMELESS,
)
from gateway.admission.application.consent.people import is_place, is_role, is_somebody, is_writer
from gateway.admission.application.consent.wishes.haste import is_haste
from gateway.admission.application.items.labels import Item, find_item
from gateway.memoize import memoize
from gateway.patterns import compile_later

_BESIDE = " \t　。.、,"
_AROUND = "。.、,!・*※-→⇒"
# The end of a sentence; begins with a set of characters, which is ten times as fast to search as a
# look-behind.
_END = compile_later(r"[。？?]|[！!](?![がを])|[.](?<!\b[MD][rs].)(?<!\bMrs.)[ ]+(?![0-9(+])")
DOUBTFUL_EN = compile_later(
    r"\b(?:not|cannot|\w+n't|no|nope|nah|but|however|unless|until|if|wait|hold|later|maybe|perhaps|actually"
    r"|sorry|oops|mistake|wrong|error|ignore|disregard|forget|jok\w+|kidding|lol|chang\w+|think|reconsider\w*"
    r"|unsure|doubt\w*|test\w*|psych|undo|stop|above|previous|draft|sample|partly|half|tb[acd]"
    r"|condition\w*|partial\w*|reservations?|proxy|on behalf|dummy|fake|undecided|except|placeholders?|demo"
    r"|demonstration|specimen|exercises?|drills?|lorem|auto-?fill\w*|auto-?generated|fool|mock|tutorial)\b"
)
# なんてね, うっそー: an exclamation without a word that names anything.
_NAMING = compile_later(r"[一-鿿ァ-ヶ々0-9a-zA-Z]")
_HIRAGANA = compile_later(r"[ぁ-ゖ]")
# 仮です, 半分だけ: a sentence without a subject of its own is about the text above it.
_EMPTY_LABEL = compile_later(r"[^。、はが:]{1,16}:")  # ご意見・ご要望:
_ELLIPTIC = compile_later(r"[^はがをにもとへ]{1,10}(?:です|でした|だけ|のみ|でいいです|だ|である)")
_CLERK = compile_later(r".{0,10}(?:担当|担当者|職員|情シス|人|名|[市町村])です")
# A line that contains ます or ends in kana states, asks or breaks off; one that ends otherwise is a name or a
# heading, unless it ends in what is done, or is to be done. Many slogans of places end in まち or ふるさと.
_STATES = compile_later(
    r"(?:です|でし[たょ]|ま(?:す|した|せん))|[ぁ-ゖー](?<!まち)(?<!ふるさと)(?<!みらい)(?<!くらし)"
    r"(?<![ァ-ヺ]ー)$"
    r"|[\u0370-\u05ff\u0600-\u0e7f\u1100-\u11ff\uac00-\ud7af]"  # in no script that is read here: 연습입니다
    r"|が[^、。がを]{0,8}(?:作成|記入|入力|代筆|記載|編集)\)?$"  # 人事課が一括で作成
    r"|(?:中|予定|済|案|待|次第|参照|判断|回覧|協議|照会|調整|審議|確認|本気"
    r"|(?<!gmailで)(?<!outlookで)(?<!フォンから)(?<!携帯から)(?<!スマホから)送信\)?)$"
)
_LETTER = compile_later(r"[a-z]")
# Words that may be lower-case in a title: City of Mihon.
_SMALL = frozenset({"of", "the", "and", "for", "in"})
# The rules of another day.
_OF_VERSION = compile_later(r"(?:次|前|新|旧|新しい|古い|[0-9]+(?:年)?(?:[0-9]+月)?)の?版|第[0-9.]+版")
# Future events at the office.
_AHEAD = compile_later(
    r"(?:[0-9]{1,2}月|来年度?|来[週月]|今年度?|年度末|春)?(?:[0-9]{1,2}月)?(?:に|の|は|から)?"
    r"(?:人事)?(?:異動|転勤|退職|休職|育休|産休|組織改編|組織改正|機構改革|課名変更|出向|出張|議会|研修)"
    r"(?:する|がある|の)?(?:可能性|見込み|予定)(?:が(?:あります|ございます)|です)"
)
_OF_FORM = compile_later(
    r"申請|申し?込|回答|返答|記入|返事|返信|入力|答え|同意|規約|内容|意思|意向|結論|判断|決定|可否|賛否|欄|項目|上の"
)
# An item that does not exist, or that follows: 役職はありません, コードは分かり次第お送りします.
_NONE_OF = compile_later(
    r"(?P<label>[^、。はが]{1,16})[はが]、?(?:まだ|特に|何も)*(?:(?:あり|ござい)ません|なし(?:です)?|ないです|不明(?:です)?"
    r"|(?:分|わ)かりません(?:でした)?|持って(?:い|おり)ません|(?:付|就|置|つ|お)いて(?:い|おり)(?:ません|ない))"
    r"(?:(?:の(?:で|ため)|ため)、?(?:空けて(?:い|おり)ます|空欄(?:です|に(?:して(?:い|おり)ます|しました)|と(?:して(?:い|おり)ます|しました))|省略(?:いた|致)?します))?"
    r"|(?P<without>[^、。はが]{1,16})は、?[^。]{0,24}(?:ない|ございません|ありません)(?:と(?:伺|聞|うかが)[^、。]{2,10})?(?:の(?:で|ため)|ため|から)、?"
    r"(?:書いて|記入して|記載して|入れて)(?:い|おり)ません"
    r"|(?P<later>[^、。はが]{1,16})[はが]、?(?:(?:分|わ)かり次第、?|確認(?:でき|し)次第、?|調べて、?|県に(?:照会|確認)(?:して|のうえ)、?)?"
    r"(?:後日|追って|後ほど|のちほど|別途|改めて)?、?(?:お送り|ご?連絡|お知らせ|送付)(?:を)?(?:(?:いた|致)?します|させて(?:いただ|頂)きます)"
)
_OTHER = (_AHEAD, _EMPTY_LABEL)
_MAX, _MAX_EXCLAMATION = 400, 20


@memoize(
    maxsize=1024, max_key=_MAX, why="a sentence is read in its line and with each neighbour of that line"
)
def is_second_thought(text: str) -> bool:
    """Return whether a line of the writer below a consent may revoke or postpone it."""
    return any(map(_is_doubtful, split_sentences(fold_width(text))))


def fold_width(text: str) -> str:
    """Return a text, bounded, with the usual width of letters; a sentence in katakana alone in hiragana."""
    folded = unicodedata.normalize("NFKC", text[:_MAX]).replace("’", "'")
    return folded.translate(_HIRAGANA_OF) if _TELEGRAM.fullmatch(folded) else folded


# ヤッパリ ヤメマス。
_TELEGRAM = compile_later(
    r"[ァ-ヺー\s、。・!?0-9]{2,}(?:(?:マス|デス)\s*[。!?]|マシタ|マセン|デシタ|クダサイ)[\s。!?]*"
)
_HIRAGANA_OF = {code: code - 0x60 for code in range(ord("ァ"), ord("ヷ"))}


def split_sentences(text: str) -> list[str]:
    """Split a text into sentences with their punctuation, without blank ones."""
    parts: list[str] = []
    begun = 0
    for end in _END.finditer(text):
        parts.append(text[begun : end.start() + 1])
        begun = end.end()
    rest = text[begun:]
    return parts if not rest or rest.isspace() else [*parts, rest]


@memoize(maxsize=1024, max_key=_MAX, why="a line is checked as a whole and then sentence by sentence")
def _is_doubtful(written: str) -> bool:
    said = written.casefold()
    if written.isascii():
        return _LETTER.search(said) is not None and _is_doubtful_en(written.strip())
    sentence = fold_sentence(written)
    if not sentence or is_courtesy(sentence) or is_courtesy(sentence.replace("御", "ご")):
        return False
    if FOR_ANOTHER.search(sentence) is not None or _ERRATUM.match(written) is not None:
        return True
    if is_past(sentence) or is_correction(sentence) or is_gap(sentence) or is_mailing(sentence):
        return False
    if is_elliptic(sentence):
        return True
    may_turn = DOUBTFUL_EN.search(said) is not None or _may_turn(written, sentence)
    return may_turn and not is_about_other(sentence) and not is_own_affair(sentence)


def fold_sentence(written: str) -> str:
    """Return a sentence in lower case, without blanks, thanks and the marks around it."""
    return GLAD.sub("", "".join(written.casefold().split()).strip(_AROUND)).strip(_AROUND)


def is_elliptic(sentence: str) -> bool:
    """Return whether a sentence has no subject of its own: 仮です, but not 担当者です."""
    if _ELLIPTIC.fullmatch(sentence) is None:
        return False
    is_clerk = _CLERK.fullmatch(sentence) is not None and is_own_affair(sentence)
    return not is_clerk


# 正：×: what it corrects, the form shows.
_ERRATUM = compile_later(r"[\s　・]*[正誤][\s　]*[:：][\s　]*[^\s　]|[\s　・]*[正誤][\s　]+[^\s　]")
# 仮です, しぶしぶです: what somebody is, unless it is a day or a place.
_IS = compile_later(
    r"(?<!周年)(?<!月間)(?<!週間)(?<!の日)(?<!まち)(?<!の[町市村里])(?:です|でした|だ|である)$"
)


def is_announcement(line: str) -> bool:
    """Return whether each sentence of a line in a signature names something, and nothing that limits."""
    if line.isascii():
        return not _has_small_word(line) and DOUBTFUL_EN.search(line.casefold()) is None
    return all(map(_announces, filter(None, _split_folded(line))))


# 「山・川・海 自然が元気です」
_SLOGAN = compile_later(r"[~☆★♪]{0,3}[「『“\"](?P<said>[^「」『』“”\"]{6,40})[」』”\"][~☆★♪]{0,3}")
_OF_THIS_MAIL = compile_later("(?:この|本|当)(?:電子)?メール")  # 本メールは課題で作られています


def _announces(sentence: str) -> bool:
    if _OF_THIS_MAIL.search(sentence) is not None:
        return False
    slogan = _SLOGAN.fullmatch(sentence)
    if slogan is not None and len(_NAMING.findall(slogan["said"])) > 1:
        return LIMITING_NAMELESS.search(slogan["said"]) is None and INVENTED.search(slogan["said"]) is None
    doubts = (LIMITING, _IS) if SAYS.search(sentence) else (LIMITING_NAMELESS, _STATES)
    is_word = len(sentence) <= _MAX_WORD and _names_nobody(sentence)
    named = sentence.removesuffix("中")  # 受付中
    return (
        _NAMING.search(sentence) is not None and not is_word and not any(one.search(named) for one in doubts)
    )


_MAX_WORD = 6
# The end of a sentence.
SAYS = compile_later(
    r"(?:ます|ました|ません|です|でした|(?:くだ|下)さい(?:ませ)?|願い|(?:ごめん|ご免)なさい)"
    r"(?:が|ので|から|けど|ね|よ|か)?[^\w]*$"
)


def _split_folded(line: str) -> list[str]:
    """Return the folded sentences of a line, without blanks."""
    return ["".join(one.split()).strip(_AROUND) for one in split_sentences(fold_width(line).casefold())]


def is_aside(line: str) -> bool:
    """Return whether each sentence of a line asks or says something about another subject."""
    return bool(line.strip()) and all(one and is_about_other(one) for one in _split_folded(line))


def tells_of_another(line: str) -> bool:
    """Return whether a line says that somebody else wrote, or that what stands here is made up or wrong."""
    kinds = (is_sent_by_another, is_practised, is_item_of_another)
    return _ERRATUM.match(line) is not None or any(kind(one) for one in _split_folded(line) for kind in kinds)


def is_about_other(sentence: str) -> bool:
    """Return whether a sentence is about neither the application nor its content."""
    if FOR_ANOTHER.search(sentence) is not None:
        return False
    none_of = _NONE_OF.fullmatch(sentence)
    if none_of is not None and find_item(none_of["label"] or none_of["later"] or none_of["without"]) not in {
        None,
        Item.CONSENT,
        Item.VERSION,
    }:
        return True
    if is_past(sentence) or is_question(sentence) or is_haste(sentence) or is_request(sentence):
        return True
    if is_about_item(sentence) or is_aim(sentence) or is_duty(sentence):
        return True
    if is_own_affair(sentence) and not is_elliptic(sentence):
        return True
    is_other = any(kind.fullmatch(sentence) is not None for kind in _OTHER)
    return is_other and not any(words.search(sentence) for words in (DOUBTFUL, _OF_FORM, _OF_VERSION))


def _may_turn(written: str, sentence: str) -> bool:
    """Return whether a sentence that is not understood states something, or names nothing."""
    if is_bare(written, sentence):
        return True
    if INVENTED.search(sentence) is not None and not (is_somebody(sentence) or is_place(sentence)):
        return True
    return any(pattern.search(sentence) for pattern in (LIMITING_NAMELESS, _OF_VERSION, _STATES))


def is_bare(written: str, sentence: str) -> bool:
    """Return whether a sentence is an exclamation, or words that nobody and nothing is called."""
    is_short = len(sentence) <= _MAX_EXCLAMATION
    if is_short and _HIRAGANA.search(sentence) is not None and _NAMING.search(sentence) is None:
        return True
    words = written.strip(_BESIDE)
    return _names_nobody(words) or all(map(_names_nobody, words.split("、")))


def is_of_version(sentence: str) -> bool:
    """Return whether a sentence mentions the rules of another day."""
    return _OF_VERSION.search(sentence) is not None


# 棄権, 半信半疑: one word by which no person, office or place is called. A family name beside a given one is.
_BARE = compile_later(r"(?=.*[一-鿿ぁ-ゖ])[一-鿿々ぁ-ゖァ-ヺー]{1,12}|[ァ-ヺー]{2,16}(?<!マス)(?<!デス)")
_BRACKETS = "()（）[]【】〔〕［］<>※#*"
_CLOSING = compile_later("以上|敬具|追伸|草々|拝|記|拝啓|.*(?:様|さま|御中|殿|宛|窓口|受付|先)")


def _names_nobody(line: str) -> bool:
    """Return whether a line is a single word that nobody and nothing is called: it may be an answer."""
    word = line.strip(_BRACKETS)
    if word != line and len(word) > _MAX_WORD:
        return False  # 【無害化処理のお知らせ】: a heading
    if _BARE.fullmatch(word) is None or _CLOSING.fullmatch(word) is not None:
        return False
    is_name = is_role(word) or is_place(word) or is_somebody(word) or is_writer(f"{word}です")
    return not is_name


def _is_doubtful_en(written: str) -> bool:
    """Return whether an English sentence is doubtful. A title is no sentence: Crisis Management Office."""
    said = written.casefold()
    if is_courtesy_en(said) or is_own_affair_en(said) or is_question_en(said):
        return False
    if is_request_en(said):
        return False
    is_doubt = DOUBTFUL_EN.search(said) is not None
    if not is_doubt and is_duty_en(said):
        return False
    return is_doubt or written.endswith((".", "!")) or _has_small_word(written)


def _has_small_word(written: str) -> bool:
    words = {word.strip(",:;()") for word in written.split()} - _SMALL
    return any(word.isalpha() and word[0].islower() for word in words)
