"""Text beside a consent that does not limit it: wishes to join, thanks, who writes, contact details.

Each kind is a whole sentence or line of a known form, and each place for a name is closed: if it is no name
of a person, a section or an organisation, or contains a word by which people agree or make a condition, it is
not understood, and then there is no consent beside it.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from gateway.admission.application.consent.answers.answer import fold
from gateway.admission.application.consent.answers.phrases import FOLLOWING, WANT, has_read
from gateway.admission.application.consent.below.courtesy import is_polite
from gateway.admission.application.consent.closed import is_closed
from gateway.admission.application.consent.people import (
    NOBODY,
    Writer,
    find_lasts,
    is_address,
    is_latin_name,
    is_writer,
    may_sign,
)
from gateway.admission.application.unlabelled import introduction
from gateway.memoize import memoize
from gateway.patterns import compile_later

MAX_KEPT = 250  # maximum length of a sentence whose reading is cached
# How somebody came to apply: 同僚に勧められ、
_ADVISED = (
    r"(?:(?:同僚|上司|先輩|知人|友人|同じ課|他市|他自治体|県|近隣自治体)の?(?:職員|担当者|方)?(?:に|から|の)"
    r"(?:(?:勧め|すすめ|紹介|誘い|教え)(?:られ(?:て)?|され(?:て)?|を受け(?:て)?|で|により|ていただき)))"
)
_IN_BRACKETS = compile_later(r"^\(([^()]*)\)$")
_HARMLESS = compile_later(
    rf"(?:{_ADVISED}、?)?(?:参加|入会|申請)を希望(?:(?:いた|致)?し(?:ます|て(?:い|おり)ます))|"
    r"(?:(?:(?:自治体|政府機関|国|県|市|町|村|区)の?職員として、?)?(?:私も?|当方)?(?:は|、)?(?:コミュニティ|こちら|貴会|本会|上記)?(?:へ|に|への)?(?:の)?(?:参加|入会|申請|申し?込み?|登録)"
    r"(?:を|に|の(?:上|うえ)、?|について)?(?:(?:希望|申請|申し込み|申込み|お願い|申込)?(?:いた|致)?(?:します|しました|したい(?:です|と思います)|申し上げます)"
    r"|申し?込みます|申し?込みたい(?:です|と思います))"
    rf"|(?:このたび|この度)?、?{FOLLOWING}{WANT}"
    # To be let in: コミュニティに参加させてください, 仲間に入れていただきたいです.
    r"|(?:(?:私|当方)も?、?)?(?:(?:貴|本|この)?(?:コミュニティ|会|slack|グループ)|こちら|仲間|皆さんの輪)?(?:に|へ|への)?、?(?:ぜひ|是非)?、?"
    r"(?:(?:参加|入会|登録|利用|申請|応募|加入)(?:を)?(?:させて)|入れて|加えて|招待して|招いて)"
    r"(?:(?:くだ|下)さい(?:ませ)?|(?:いただ|頂)き(?:ます|たい(?:です|と(?:思い|存じ)ます)|たく(?:思い|存じ)ます)|(?:いただ|頂)ければ(?:幸い|嬉しい)?です|ほしいです)"
    r"|(?:貴コミュニティ|コミュニティ|slack|こちら)[にへ]?(?:の)?(?:参加|利用|申請)(?:を希望)?(?:(?:いた|致)?し)たく、?(?:ご?連絡|申請|メール|お願い)(?:を)?(?:(?:いた|致)?し|差し上げ)ま(?:す|した)"
    r"|(?:[ァ-ヺー一-鿿]{0,8}(?:プラットフォーム|コミュニティ|ネットワーク|フォーラム))(?:の|への|へ|に)(?:利用|参加|入会|登録)?(?:を)?"
    r"(?:希望(?:いた|致)?します|申し?込みます|申請(?:(?:いた|致)?し)ます|申し込みいたします)"
    r"|(?:(?:規約|利用規約|参加規約|ルール)(?:の(?:内容|全文))?(?:を|は|について)?|(?:内容|全文)を)?(?:すべて|全て|よく)?(?:読みました|読ませていただきました"
    r"|(?:確認|拝読|拝見|熟読|通読|一読|理解|承知)(?:(?:いた|致)?しました|済み?(?:です)?))"
    r"|(?:(?:記入|記載|入力|上記|下記)(?:済み?)?の?)?(?:内容|とおり|通り)(?:で|に|は)?、?(?:間違い|相違|誤り)(?:は)?"
    r"(?:ありません|ございません|ないです|なし)"
    r"|(?:特に|内容に)?(?:問題|異存|異議|異論|疑義|質問)は?(?:ない|ありません|ございません|なし)(?:です|と(?:存じ|思い)ます)?"
    r"|(?:以上(?:です|で)?、?)?(?:ご(?:確認|審査|査収|検討)の?(?:ほど|程)?、?)?(?:どうぞ|何卒)?"
    r"(?:よろしく|宜しく)(?:お願い(?:いた|致)?(?:し|申し上げ)ます)?|以上(?:です|となります)?"
    r"|(?:いつも|大変|平素より?)?お世話にな(?:って(?:おり|い)|り)ます|お疲れ様です|はじめまして|ありがとうございます"
    r"|敬具|草々|拝啓|記"
    # What a mark in a table means, in the words of the table.
    r"|※?(?:規約[^。、]{0,8}に)?同意(?:する|いただける)場合は、?「?[○〇◯☑✓レ]」?(?:を?(?:記入|入力|つけて?|付けて?)(?:して)?(?:ください)?)?"
    r"|(?:規約は(?:確認|熟読)済み?、?)?同意(?:する|の|している)?(?:場合|とき)は、?「?[○〇◯☑✓レ]」?(?:印)?[とにを]?(?:して(?:い|おり)ます|(?:記入|入力|表示)?しました|付けました|つけました)"
    r"|(?:私は)?(?:自治体|政府機関|地方公共団体|国)の?職員です|区分は(?:自治体|政府機関)(?:です|[にと]なります)"
    r"|(?:私の)?(?:(?:所属|氏名|役職|職名|部署|団体名|団体コード|コード|連絡先)(?:等|など)?(?:[・、と]|及び|および)?){1,6}"
    r"は、?(?:(?:下|末尾|文末)の)?(?:署名|下記|以下|末尾)の(?:とおり|通り)です(?:ので、?(?:どうぞ)?よろしくお願い(?:いた|致)?します)?|以上で?、?お願い(?:(?:いた|致)?し|申し上げ)ます"
    r"|i (?:would like|want|wish|hope) to (?:join|apply|participate|take part)"
    r"(?: (?:in|for))?(?: (?:the|this|your) (?:community|desk|programme|group))?"
    r"|i(?:'d| would) be (?:very )?(?:glad|happy|pleased|delighted) to (?:join|take part|participate)"
    r"|please (?:let me join|accept my application)|hello|hi|dear (?:sir|madam|sir or madam|all|team|staff"
    r"|secretariat|colleagues)|thank you(?: very much| in advance)?|thanks"
    r"|(?:(?:with )?(?:best|kind|warm) regards|sincerely|respectfully)(?: yours)?"
    r"|yours (?:sincerely|faithfully|truly)"
    r"|to (?:the secretariat|whom it may concern)|thank you for your (?:help|time|kind help|consideration))"
)
# Contact details: labels with digits, an address, a link, and nothing else.
_REACHED = compile_later(
    r"(?:tel|fax|phone|電話(?:番号)?|内線(?:番号)?|直通|代表|ファックス|携帯)?[ :.]{0,3}[+()0-9 ./-]{3,40}"
    r"(?:\(?(?:内線|代表|直通|ext\.?)[ :]?[0-9]{0,8}\)?)?"
    r"|(?:e-?mail|mail|メール(?:アドレス)?|url|web)?[ :]{0,3}(?:[a-z0-9._+-]{1,64}@[a-z0-9.-]{1,80}"
    r"|https?://[a-z0-9./_~-]{1,120})"
)
_KANJI = r"[一-鿿々ヶ]"
_FULL_NAME = rf"{_KANJI}{{1,5}}[ 　]{{1,2}}(?:{_KANJI}{{1,4}}|[ぁ-ゖ]{{2,5}}|[ァ-ヺー]{{2,6}})"
_UNIT = (
    rf"(?:{_KANJI}|[ァ-ヺー・]|[こ子]ども|(?![のはがをもへ])[ぁ-ゖ]|[A-ZＡ-Ｚ]{{2,5}}(?![A-ZＡ-Ｚ])){{1,16}}"
    r"(?:部|局|課|室|係|班|センター|担当|グループ|チーム)"
)
# おもてなし課: no sentence ends like this.
_KANA_UNIT = compile_later(r"[ぁ-ゖ]{3,8}[課室係]")
# Japanese syllables in Latin letters: hardly any English word consists of them.
_JAPANESE = (
    r"(?=[A-Z])(?i:(?:(?:kk|pp|ss|tt|tch|ssh|ch|sh|ts|[kgnhbpmrj]y|[bdfghjkmnprstwyz])?[aiueo]h?"
    r"|n(?![aiueo])|m(?=[bpm])){1,8})(?![A-Za-z])"
)
_AFFAIRS = (
    r"(?:(?:Internal|Foreign|Affairs|Communications|Justice|Finance|Education|Culture|Sports|Science|Technology"
    r"|Health|Labou?r|Welfare|Agriculture|Forestry|Fisheries|Economy|Trade|Industry|Land|Infrastructure"
    r"|Transport|Tourism|the Environment|Environment|Defen[cs]e|Digital|Police|Fire|Disaster|Management"
    r"|Consumer|Children|Families|Cultural|Financial|Services|Reconstruction|General|Strategy|Information|Policy|Systems?"
    r"|Planning|Promotion|Crisis|Public|Relations|Residents?|Citizens?|Tax|Personnel|First|Second|Third|Japan)"
    r"(?:,? and |, | )?){1,8}?"
)
_PLACED = (
    rf"(?:(?:the )?{_AFFAIRS}(?:Office|Division|Department|Section|Bureau)(?:,| of| at| in) )?(?:the )?"
    rf"(?:Ministry of {_AFFAIRS}(?: of Japan)?|{_AFFAIRS}Agency"
    rf"|(?:City|Town|Village|Prefecture) of {_JAPANESE}|{_JAPANESE}[ -](?:City|Town|Village|Ward|Prefecture))"
)
_WORKS = rf"(?:I )?work (?:at|in|for) {_PLACED}"
_SAYS_ENGLISH = compile_later(
    rf"(?:My name is|I am|I'm) (?P<name>[A-Z][A-Za-z]{{0,20}}(?: [A-Z][A-Za-z]{{0,20}}){{1,2}})"
    rf"(?:,? (?:and )?{_WORKS}| (?:from|at|of) {_PLACED})?|I work (?:at|in|for) {_PLACED}|{_PLACED}"
)


class _Sentence(NamedTuple):
    """The properties of a sentence or line, whoever wrote it.

    Whether it is only a greeting, a wish to join or an address; its form for comparison with names; whether
    its ending may be anybody's name, and its last characters.
    """

    is_greeting: bool
    written: str
    may_sign: bool
    lasts: frozenset[str]


_SEVERAL = _Sentence(is_greeting=False, written="", may_sign=False, lasts=frozenset())


@memoize(
    maxsize=2048, max_key=MAX_KEPT, why="greetings recur between messages, and each is needed in many places"
)
def _look_at(said: str) -> _Sentence:
    written = unicodedata.normalize("NFKC", said).strip(" \t　。.、,!")
    if "。" in written:
        return _SEVERAL
    is_greeting = _is_greeting(fold(said).strip(" 。.、,!")) or is_address(written)
    return _Sentence(is_greeting, written, may_sign(written, NOBODY), find_lasts(written.rstrip()))


def _is_greeting(folded: str) -> bool:
    if folded.startswith("("):
        folded = _IN_BRACKETS.sub(r"\1", folded)
    if _HARMLESS.fullmatch(folded) or _REACHED.fullmatch(folded):
        return True
    compact = folded.replace(" ", "")
    return (compact is not folded and _HARMLESS.fullmatch(compact) is not None) or has_read(compact)


@memoize(
    maxsize=2048, max_key=MAX_KEPT, why="a sentence is checked alone and with its neighbours, for any author"
)
def _is_polite(said: str) -> bool:
    bare = "".join(fold(said).strip(" 。.、,!").split())
    # Each is one sentence; only a quoted file name may contain a mark inside.
    return ("。" not in bare or "「" in bare) and is_polite(bare)


def is_harmless(said: str, writer: Writer = NOBODY) -> bool:
    """Return whether a whole sentence or line is known to limit nothing; `writer` is named in the form."""
    return says_nothing(said, writer) or _is_polite(said)


_REQUEST = compile_later(
    r"(?:(?:(?:参加|登録|招待)の?)?(?:お手続き?|手続き?|登録|招待|ご?対応)(?:の(?:ほど|程))?を?(?:どうぞ|何卒)?(?=.))?(?:ご(?:確認|査収|審査|検討|手続き?)(?:の?(?:ほど|程))?(?:ください|を?(?:どうぞ|何卒)?(?=.)))?"
    r"(?:(?:引き続き|どうぞ|何卒)?(?:よろしく|宜しく)?お?願い(?:(?:いた|致)?し|申し上げ)ます)?"
)


def asks_politely(said: str) -> bool:
    """Return whether a text only asks to go on with the application: よろしくお願いします, ご確認ください."""
    bare = "".join(fold(said).strip(" 。.、,!").split())
    return bool(bare) and _REQUEST.fullmatch(bare) is not None


def says_nothing(said: str, writer: Writer = NOBODY) -> bool:
    """Return whether it is only a greeting, a wish to join, or who writes: nobody has to read it."""
    look = _look_at(said)
    if look.is_greeting:
        return True
    may_sign = look.may_sign or not look.lasts.isdisjoint(writer.endings)
    return may_sign and _says_who(look.written, writer)


def is_section(value: str) -> bool:
    """Return whether a value can only be the name of a section."""
    if _KANA_UNIT.fullmatch(value):
        return True
    return is_closed(value) and re.fullmatch(rf"{_UNIT}(?:[ 　／/・]?{_UNIT}){{0,3}}", value) is not None


def is_body(value: str) -> bool:
    """Return whether a value can only be the name of an organisation."""
    bare = re.sub(r"(?<=[市区町村])役[所場]$", "", value)
    found = introduction.read_line(bare)
    return is_closed(value) and found is not None and found.organisation == bare


def is_person(value: str) -> bool:
    """Return whether a value can only be a full name."""
    english = value.isascii() and re.fullmatch(rf"{_JAPANESE} {_JAPANESE}", value) is not None
    return is_closed(value) and (english or re.fullmatch(_FULL_NAME, value) is not None)


def _says_who(written: str, writer: Writer) -> bool:
    """Return whether a sentence or signature line, with a suitable ending, only names its writer."""
    if not written.isascii() or is_latin_name(written, writer):
        return is_writer(written, writer)
    found = _SAYS_ENGLISH.fullmatch(written)
    if found is None or not is_closed(written):
        return False
    return not found["name"] or is_latin_name(found["name"], writer)
