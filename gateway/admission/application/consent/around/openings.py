"""Sentences above a form with which people open a letter: who writes, why, how they apply.

Each is of one of three kinds: it names its writer; every word of it is of applying (下記のとおり申請します);
or it begins a letter, and nobody but the writer, no form and no text is spoken of, and nothing is denied,
asked or waited for. A story of any other kind is for the staff to judge. Any other sentence above a form may
be about the consent: 下書きの段階です.
"""

from __future__ import annotations

import unicodedata

from gateway.admission.application.consent.around.opening_words import (
    APPLYING,
    NOTICE,
    OF_NOTICE,
    OURS,
    THEREFORE,
    opens_in_english,
)
from gateway.admission.application.consent.below.asking.requests import is_conditional
from gateway.admission.application.consent.below.letter.beginnings import is_beginning
from gateway.admission.application.consent.below.lexicon import FOR_ANOTHER, LIMITING, OF_ANOTHER, read_on
from gateway.admission.application.consent.closed import is_closed
from gateway.admission.application.consent.people import NOBODY, Writer, is_family_name, is_place, is_somebody
from gateway.admission.application.consent.wishes.conditions import (
    say_i,
)
from gateway.admission.application.unlabelled import introduction
from gateway.patterns import compile_later

_MAX = 200
_NAME_END = compile_later(
    r"(?:、[^、。はが]{0,6}(?:長|主事|主査|主任|主幹|技師)(?:補佐"
    r"|代理)?)?(?:と(?:申し|もうし|いい|言い)ます|です|でございます|が(?:参加|申請)(?:いた|致)?します)$"
)
# The form and the text itself, who decides or stands in, requests, and what is not done yet.
_OF_TEXT = (
    r"下[記のにをは]|次[のは]|以下|最[後終下]|末尾|一番|[0-9一二三四五六七八九十]行|行[目はをが]|欄|項目"
    r"|様式|書式|書[いきかけ]|内容|文面|本文|文[をは書章]|資料|写[しすっ]|控え"
    r"|たたき台|案(?:です|を|の|$)|雛形|ひな形|テンプレ|見本(?:です|の(?:まま|とおり|通り)|を(?:写|見て"
    r"|まね|送|参考)|どおり|$)|(?:記[入載]|用|実|前|文)例|(?<![事条])例(?:です|を|に|文|題|$)|版"
    r"|課題(?:と|の)"
    r"|練習|動作|[^利活使]用です|記載"
    r"|引用|転載|共有(?:し|いた)|正式|押印|郵送|清書|提出|不審|怪し|覚え|真似|まね|作[りっ]|機械|自動"
    r"|ai|届[きくい]|送[りっらる信]|チェック|調べ|ためし|いたずら|どなたか|相談(?:し|中)|受信|受け取|今回"
)
_OF_PEOPLE = (
    r"上司|部下|先輩|後輩|同僚|前任|後任|本人|誰|新人[がはに]|(?:友人|知人)(?:に紹介|[をがは])|全員[にをがで]|息子|娘|夫|妻|家族|別の|ほかの(?:者|人|職員)|他の(?:者"
    r"|人|職員)|新しく来|私ではな|[部課室係]長[がはにのを]"
    r"|(?:職員|新人|担当者|者|方)(?:の分|を(?:申|推|登|招|参加|送))|言われ|頼まれ|指示|預か|任せ|勝手"
    r"|無断|了[解承]|代わ|[一-鿿々](?<![皆者様])(?:さん|氏)[のがはに]|[員者]の方(?!々)|方の(?:情報|名前|分|申)|派遣(?:会社|先)の"
)
_UNDONE = (
    r"未[^来満]|[るい]か(?:どうか|否か)|方向で|模擬|だめ|ようです|みたい|予算|決まっ|決まれ|つもり|段階|途中|途上|やむ|しぶ|半々|気持ち"
    r"|[えけげせてねべめれ]ば|ひとまず|とりあえず|さしあたり"
    r"|いまは|今のところ|揉ん|取りやめ|やめ|消[しすえ]|去年の|昨年は"
)
# Parts of a story that contain one of these words, and mean something else.
_NEUTRAL = compile_later(
    r"教育委員会|一部事務組合|市区?町村|町村|次第です$|(?:戻ら|慣れ|抜け)ず"
    r"|第[一二三四五六1-9](?=[^\W\d]{0,4}[課係部局])|(?:申請"
    r"|申し?込み?|参加|応募)を決め|(?:先輩|若い)(?:方|の皆様|皆様)"
    r"|取り違え|まだ(?=[^、。]{0,8}(?:ばかり|残って))|それまで|[団組合課院会]でも|音声入力|(?:読み"
    r"|見)(?:にく|づら)(?:かったら|くて|い)|格別|少なく(?=、)|(?:趣旨|目的|理念)に賛同し|たいと(?:考え"
    r"|思っ|存じ)|資料(?=[でを](?:[^、。]{0,12})(?:知り"
    r"|拝見|見[てま]|読み))|[係課班]長(?=を(?:して|務めて))"
    r"|[課係局部室]長(?:補佐|代理)?(?=です$|$|を(?:して|務めて))|昨年(?:度)?(?=から|度|より)"
    r"|[部課](?=長寿)|知りたくて|の次(?=に)"
)
# Corrections of an item, whatever else is said of it.
_ITEM_IS = compile_later(
    r"(?:区分|団体名|部課名|課名|部署名?|役職|職名|コード"
    r"|所属)は(?P<said>[^。は]{1,40})です"
)
_ITEMS = "(?:区分|団体名|部課名|課名|部署名?|役職|職名|氏名|名前|コード|所属)"
_CORRECTS = compile_later(
    rf"これで、?お願い(?:いた)?します|(?:お疲れ(?:さま|様)|おはようございます|こんにちは|こんばんは)(?:です|でございます)?"
    rf"|役職はまだ何も(?:付いて|就いて)(?:い|おり)ません、?空欄でお願いします"
    rf"|(?:本|この)メールは、?[^、。はが]{{0,8}}担当の[^、。はが]{{1,6}}が代わって入力して(?:い|おり)ます"
    rf"|(?=.*(?:えーと|えっと|あのー))[^不未]*課は.*でお願いします"
    rf"|(?:前回は)?、?{_ITEMS}を「[^「」]{{1,20}}」と(?:して"
    rf"|書いて)しまいましたが、?正しくは「[^「」]{{1,20}}」です|{_ITEMS}(?:です)?(?:が"
    rf"|は)、?正式には「[^「」]{{1,40}}」です"
    rf"|(?:前|先|前回|以前)の(?:もの|メール|申請)は(?:破棄|削除)して、?こちらで(?:処理|審査"
    rf"|手続)を?お願い(?:いた)?します"
    rf"|(?:先ほど|前回|先日)お送りした申請は、?(?:{_ITEMS}[とや、]?){{1,3}}が(?:異動前|旧"
    rf"|古い)のものになって(?:い|おり)ました"
    rf"|(?:お手数ですが、?)?こちら[にへ]の?差し替えをお願い(?:いた)?します"
    rf"|[^、。]{{1,12}}{_ITEMS}ではなく、?[^、。]{{1,12}}{_ITEMS}です"
    rf"|{_ITEMS}は[^、。]{{1,12}}名前(?:ではなく[^、。]{{1,12}}名前)?で書くものと(?:理解|考え)?.{{0,8}}"
    r"|(?:機械で読むなら)?(?:yaml|csv|json|表|箇条書き)(?:のほう)?[がで](?:楽|見やすい"
    r"|読みやすい)かと思い、?(?:そうしました|書きました)?"
    r"|(?:不慣れな(?:ため|ので)、?)?(?:書き方|記入|記載|内容)に(?:間違い|誤り|不備)が(?:ございまし"
    r"|ありまし)たら(?:ご容赦|お知らせ|ご指摘)ください"
)
_ASKS = compile_later(r"(?:か|かね|かな|さい|ませ|せん)[。?]?$|\?")
_FREE = compile_later(f"(?!(?<=招)待|試(?=作))(?:{LIMITING.pattern}|{_OF_TEXT}|{_OF_PEOPLE}|{_UNDONE})")
# What something is, without its subject: 下書きの段階です, 手引きの原稿です.
_ELLIPTIC = compile_later(r"[^はがもを]{1,40}(?:です|でした|だ|である)$")
_IS_PLACE = compile_later(
    r"(?:[市町村県区課係班室局]|自治体|[市町村区県課係班室局部所院園校]の者|初めて|はじめて|から|新人|新任|事務局"
    r"|からの申請)です$"
)
# Who writes in somebody's place, or is not the applicant.
_NOT_SELF = compile_later(
    f"{OF_ANOTHER.pattern}|[でに]は?な[くい]|別の|の分|[上下]記|下書|案の|未|辞退|取り?[消下]"
)
_EXCUSE = compile_later(
    r"(?P<said>.*?)(?:で|、)?(?:すみません|すいません|ごめんなさい|失礼(?:いた"
    r"|致)?します|(?:ご容赦|お許し)ください)"
)
_MAY_I = compile_later(
    r"(?P<said>.*?)(?:ぜひ|是非)?、?(?:参加|登録|申請|利用)させてください|(?P<led>.*?)(?:(?:申請|参加"
    r"|登録|応募)(?:を)?(?:して|させていただいて|でも)も?|「?(?:自治体|政府機関)」?で)"
    r"(?:よろしい|よい|いい|差し支えない|大丈夫|かまわない)(?:もの)?(?:でしょう|です)か\??|(?:かっこ"
    r"|括弧|引用|枠|間)の中に書けば(?:いい|よい)(?:ん|の)?です(?:よね|か)\??"
)
_EDGES = compile_later(r"^[^\w「(【\[]+|[^\w」)】\]?]+$")
_NAMED = compile_later(r"(?P<name>[一-鿿々]{2,4})(?:さん|氏|君|くん)?(?:が|は|の|を|に|も|から)")


def is_opening(sentence: str, writer: Writer, *, passes_unread: bool = False) -> bool:
    """Return whether a sentence above a form opens a letter, and cannot be about the consent.

    `passes_unread`: a story that is not understood, and is about something else, does too.
    """
    bare = _fold(sentence)
    if len(sentence) > _MAX or FOR_ANOTHER.search(bare) is not None:
        return False
    if sentence.isascii():
        return opens_in_english(sentence.casefold().strip())
    if _is_notice(bare):
        return True
    if is_conditional(say_i(bare, writer)):
        return False
    if names_its_writer(bare, writer) or applies(bare):
        return True
    is_known = is_beginning(bare) or _ends_in_own_name(bare, writer)
    return (passes_unread or is_known) and tells_a_story(bare, writer)


def _ends_in_own_name(bare: str, writer: Writer) -> bool:
    """Return whether a sentence ends in the writer's name: 記：藤原, ごみの担当をしています藤原です."""
    names = ("".join(writer.words), *writer.words[:1])
    return writer.is_named and _NAME_END.sub("", bare).endswith(names)


def _fold(sentence: str) -> str:
    bare = _EDGES.sub("", "".join(unicodedata.normalize("NFKC", sentence).casefold().split()))
    if bare.startswith("(") and bare.find(")") in {-1, len(bare) - 1}:
        return _EDGES.sub("", bare[1:].removesuffix(")"))
    return bare


def _is_notice(bare: str) -> bool:
    if _CORRECTS.fullmatch(bare) is not None:
        return True
    is_of_program = OF_NOTICE.search(bare) is not None and read_on(NOTICE, bare) == len(bare)
    return is_of_program or (bool(bare) and OURS.fullmatch(bare) is not None)


def names_its_writer(bare: str, writer: Writer) -> bool:
    """Return whether a folded sentence without blanks ends in the writer's name: …の見本と申します."""
    end = _NAME_END.search(bare)
    if end is None:
        return False
    said = _IN_BRACKETS.sub("", bare[: end.start()])
    name = _find_name(said, bare, writer)
    return bool(name) and _NOT_SELF.search(said.removesuffix(name)) is None


_IN_BRACKETS = compile_later(r"\([^()]*\)")


def _find_name(said: str, bare: str, writer: Writer) -> str:
    """Return the writer's name at the end of a text: that of the form, or any if the form has none."""
    if writer.name:
        whole = "".join(writer.words)
        begun = (whole[:end] for end in range(len(whole), 1, -1))  # 佐々木, of 佐々木千尋
        return next((one for one in (*begun, *writer.words) if said.endswith(one)), "")
    told = introduction.read_introduction([f"{bare}。"]).name
    if told and said.endswith("".join(told.split())):
        return "".join(told.split())
    ends = (said[at:] for at in range(max(0, len(said) - 4), len(said)))
    return next((one for one in ends if is_somebody(one)), "")


def applies(bare: str) -> bool:
    """Return whether every word of such a sentence is of applying: 下記のとおり申請いたします."""
    is_thing = _IS.search(bare) is not None and _OF_DEED.search(bare) is None
    if not bare or is_thing or _OLD.match(bare) is not None or _names_another(THEREFORE.sub("", bare)):
        return False
    if _DEED.search(bare) is None:
        return False  # 考えておきます
    return read_on(APPLYING, bare) == len(bare)


_DEED = compile_later(
    r"申請|申し?込|参加|加入|入会|利用|登録|招待|仲間|招い|送[りっらる付信]|返[信送し答]|提出|回答|答え|記[入載し]|書[いきかけ]|貼|添付|転記|記$"
    r"|知らせ|連絡|報告|願い|希望|差し替え|再[送度]|直し|訂正|入れ|加え|学び|知り|失礼|次第|(?:とおり|通り|以下|下記|次)|処理|取り計らい"
    r"|手続|作[りっ]|拝[読見]|読|目を通|理解|確認|伺|聞"
)
# What a thing is, unless it is an application: ひな形です, 前回の申請を送ります.
_IS = compile_later(r"(?:です|でした|だ|である)$")
_OF_DEED = compile_later(r"(?:申請|申し?込み?|希望|とおり|通り|から|中身|次第|以下の者|以下|のため)です$")
_OLD = compile_later(
    r"(?:前回|昨日|先日|先週|以前|昨年)の(?:申請|申し?込|内容|様式|もの|回答)(?!.*(?:ので"
    r"|ため))"
)
_HOW_TO_WRITE = compile_later(
    r"(?=.*(?:書[きけくい]|記入|記載|提出|文面|様式|書式|倣|まね|埋め|出し)).*か[?]?$"
)


def asks_how_to_write(sentence: str, writer: Writer) -> bool:
    """Return whether a sentence asks how to fill in a form: the form beside it may be an attempt."""
    bare = _fold(sentence)
    return _HOW_TO_WRITE.fullmatch(bare) is not None and not is_opening(sentence, writer)


def has_read_and_applies(sentence: str) -> bool:
    """Return whether somebody has read the rules and applies: 規約を確認のうえ、記入いたしました."""
    bare = _fold(sentence)
    read = _READ.match(bare)
    return read is not None and applies(bare[read.end() :])


_READ = compile_later(
    r"(?:利用|参加|会員)?(?:規約|ルール)(?:等|の内容|の全文)?[をに]、?(?:よく|すべて|全て)?(?:ご?確認"
    r"|承知|了承|了解|拝読|拝見|熟読|一読|通読|読み|読んだ|目を通し|目を通した|理解)"
    r"(?:(?:(?:いた|致)?し)?(?:ました|て|た)?(?:ので|の?(?:うえ|上)(?:で)?)、?|、)"
)


# DXの事例を学びたく申し込みます, 情報収集のため参加を希望します.
_PURPOSE = compile_later(r"(?P<end>たく|ため(?:に)?)、?(?=(?P<does>[^、。]{2,20})$)")
_APPLIES = compile_later("申請|申し?込|参加|利用|登録|応募")


def tells_purpose(sentence: str, writer: Writer) -> bool:
    """Return whether a sentence says what somebody applies for, and limits nothing."""
    if "たく" not in sentence and "ため" not in sentence:
        return False
    bare = _fold(sentence)
    if len(bare) > _MAX or FOR_ANOTHER.search(bare) is not None:
        return False
    found = _PURPOSE.search(bare)
    if found is None or _APPLIES.match(found["does"]) is None or not applies(found["does"]):
        return False
    aim = bare[: found.end("end")]
    return is_closed(aim) and _is_free(aim, writer)


def tells_a_story(bare: str, writer: Writer) -> bool:
    """Return whether such a sentence speaks of no form and nobody else, and denies and asks nothing."""
    for kind in (_EXCUSE, _MAY_I, _ITEM_IS):
        if (found := kind.fullmatch(bare)) is not None:
            return _is_free(next(filter(None, found.groups()), ""), writer)
    if _ASKS.search(bare) is not None or not _is_free(bare, writer):
        return False
    return _ELLIPTIC.fullmatch(bare) is None or _IS_PLACE.search(bare) is not None


def _is_free(said: str, writer: Writer) -> bool:
    """Return whether a text limits nothing, and names nobody but the writer."""
    said = _NEUTRAL.sub("", said)
    return _FREE.search(said) is None and not _names_another(said, writer)


def _names_another(said: str, writer: Writer = NOBODY) -> bool:
    """Return whether a family name other than the writer's is before a particle: 鈴木が…"""
    names = (found["name"] for found in _NAMED.finditer(said))
    return any(_is_another(name, writer) for name in names)


def _is_another(name: str, writer: Writer) -> bool:
    """Return whether a word ends in a family name, or is a full one, that is not the writer's."""
    ends = (name[at:] for at in range(len(name) - 1))
    is_named = any(is_family_name(one) and one not in writer.words for one in ends)
    is_whole = is_somebody(name) and (is_family_name(name[:2]) or is_family_name(name[:3]))
    is_own = any(name.startswith(word) for word in writer.words)
    return (is_named or (is_whole and not is_own)) and not is_place(name)
