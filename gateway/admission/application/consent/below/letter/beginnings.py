"""How people begin a letter: 夜分に失礼します, 県の研修で知りました, 病院で看護師をしております.

Each kind is known by the end of the sentence, in the past or the present, and by what stands before it where
that could be anything. Whether a sentence limits something, or names somebody else, is for its reader.
"""

from __future__ import annotations

from gateway.admission.application.consent.below.affairs import WORK
from gateway.admission.application.consent.below.background import is_done_by_another
from gateway.admission.application.consent.below.letter.bounds import is_of_this_mail
from gateway.admission.application.consent.below.lexicon import any_of
from gateway.patterns import compile_later

# When, where and how somebody writes, as an excuse.
_WHEN = any_of(
    """
    夜分 夜分遅く 早朝 深夜 休日 休日中 年末 年始 週末 昼休み 遅い時間 早い時間 朝早く 夜遅く お忙しい時間
    急ぎ 取り急ぎ 突然 突然のメール 突然のご連絡 当直明け 夜勤明け 夜勤 夜勤の合間 夜勤中 当直中 勤務中 外出中
    出張中 移動中 休憩中 出先 外出先 出張先 自宅 携帯 スマートフォン スマホ 携帯電話 音声入力 乱筆 乱文
    乱文乱筆 長文 短文 簡単 表のまま csvのまま org-modeの表のまま 箇条書き 箇条書きのまま 平文
    見づらくて 読みにくくて 見にくくて 読みづらくて 読みにくかったら
    見づらかったら なので に で から から、 の 、 は ながら
    """
)
_EXCUSE = (
    rf"(?:{_WHEN}){{1,8}}(?:(?:大変)?失礼(?:(?:いた|致)?し)ます|すみません|すいません|ごめんなさい"
    r"|(?:申し訳|もうしわけ)(?:あり|ござい)ません|恐れ入ります|(?:ご容赦|お許し)(?:くだ|下)さい)"
)
# Wishes and thanks.
_THANKS = (
    r"(?!(?:今まで|これまで|長い間|長らく|永らく)(?:の間|大変|本当に|誠に|、)*(?:ありがとう|有難う|お世話に))"
    r".{0,60}(?:お(?:慶|喜)び(?:を)?申し上げます|(?:厚く|深く|心より)(?:お礼|御礼|感謝)(?:を)?申し上げます|感謝(?:いた|致)します"
    r"|(?:ありがとう|有難う|有り難う)ございま(?:す|した)|お世話に(?:なりました|なります|なって(?:い|おり)ます)"
    r"|勉強(?:に)?させて(?:いただ|頂)いて(?:い|おり)ます)"
)
# What somebody works on, or where they are.
_WORKS = (
    r"(?P<works>.{1,80})(?:の)?(?:(?:担当|支援|所管|運営|管理|従事|勤務|所属|在籍|研究|派遣|出向|手伝い?)(?:を?(?:し|され)|(?<=伝)っ)て"
    r"|(?:を|として、?[^、。]{0,12}を)(?:受け持っ|担っ|手伝っ|支え|育て|守っ|作っ|教え|進め|運用し|預かる仕事をし)て"
    r"|に(?:勤め|籍を置い|携わっ|関わっ|取り組んで?)て?|(?:で|に)働いて|(?:専門官|主事|主査|主任|係長|看護師|保健師|保育士|司書"
    r"|学芸員|技師|調査官|調整官|教員|職員|仕事|事務|担当)をして)(?:い|おり)ま(?:す|した)"
    r"|.{1,60}[市町村県省庁課係部局室班院校]に(?:おり|勤め)ます|.{1,60}(?:に|へ)(?:移り|異動し|着任し|転入し|配属され)ました"
)
# What the writer is; nothing that a text could be.
_BODY = r"(?:[都道府県市区町村課係班室局省庁院校園署所会]|自治体|政府機関|連合|組合|企業団|団体|機構|気象台)"
_IS = (
    rf"(?:(?:私|当方|立場|うち|所属|勤務先|こちら)(?:は|も)、?)?[^がを]{{0,40}}(?:{_BODY}(?:の(?:者|職員|担当|事務局))?|[初は](?:めて|じめて)"
    rf"|(?:ばかりの|入庁した)(?:新人|新任)|(?:政府機関|自治体|国|県|市|町|村)の職員|船の中から|出先から|{_BODY}からの申請"
    r"|(?:初めて|はじめて)の(?:参加)?申請)"
    r"(?:です|でございます|であります|となります)(?:\(念のため\))?"
)
# How somebody came to know of it: in the past.
_HEARD = (
    r".{2,80}(?:[でにから]|より|を|と|ところ|て)、?(?:初めて|はじめて)?"
    r"(?:知り|伺い|聞き|聞いており|教わり|教えていただき|紹介され|ご紹介いただき|ご案内いただき|拝見し|目にし|見つけ)ました"
    r"|.{2,80}、?(?:大変|たいへん|とても|強く)?(?:興味|関心|感銘)を(?:持ち|抱き|受け)ました"
)
# Whoever applies, because of what they want to learn, came to know or are.
_SO = (
    r"(?:たくて?|(?:と|を|が)(?:聞き|聞いて|知り|知って|伺い|伺って)|(?:案内|紹介|勧め|説明|募集|周知|通知)[^、。]{0,16}(?:ので|まして|て)"
    rf"|(?:{any_of(WORK)}|収集|交換|参考に|把握|習得|勉強)(?:の|する)?ために?|(?:職員|{_BODY})(?:です|の)?ので|(?:異動し|戻り|着任し|なり)(?:ました)?ので|{_BODY}(?:から|より)|ますが|ですが)、?"
)
_ASKS = (
    r"(?:(?:ぜひ|是非|このたび|この度|改めて|このメールで|本メールで|[^、。はがを]{0,12}職員として)、?){0,2}"
    r"(?:(?:参加|利用|登録|招待|仲間入り)(?:を|の)?)?(?:(?:申請|申し?込み?|応募|ご?連絡|メール|お願い|希望|参加|登録|利用)(?:を)?"
    r"(?:(?:(?:いた|致)?し|させて(?:いただ|頂)き|申し上げ)(?:ます|ました)|する次第です|(?:いた|致)す次第です|申し上げる次第です"
    r"|を?決めました|させてください)|申し込(?:みます|みました|ませて(?:いただ|頂)きます))"
)
_APPLIES = rf"(?:.{{0,120}}{_SO})?{_ASKS}"
_AIM = (
    rf".{{0,20}}(?:理由|動機|目的|きっかけ)は、?.{{2,80}}(?:ため|たいから|たいため)です"
    rf"|.{{0,60}}(?:{any_of(WORK)}).{{0,40}}(?:たい|する)ためです"
)
# What a program or a desk adds, and what else is of the mail.
_OF_MAIL = (
    r"(?:受付|申請|整理|管理|お問い?合わ?せ)番号は.{4,12}です|englishfollowsjapanese\.?\)?"
    r"|(?:申請者|参加者|応募者|希望者|本人)は(?:私|当方)(?:本人)?です"
    r"|(?:登録|申請|参加)は、?[^、。はが]{0,20}(?:所属|役職|部署|課名|部課名)でお願い(?:(?:いた|致)?し|申し上げ)ます"
    # Whom a forwarded mail is addressed to.
    r"|[一-鿿々]{1,4}(?:[局部課室係所次]長|主[査任事幹])(?:様|殿)?"
    r"|参加を希望されるときは、?団体のメールアドレスから"
    r"|(?:.{1,24}(?:アドレス|担当|課|係|室|窓口)(?:から|より)、?)?転送(?:(?:いた|致)?し)ます"
    r"|(?:csv|表|yaml|json|エクセル)のまま、?(?:貼|張)り(?:付け)?ます|初めまして|はじめまして"
)
_MAY_I = (
    rf".{{0,20}}(?:{_BODY}(?:の者)?(?:ですが|でも)、?)(?:申請して(?:も)?|応募して(?:も)?|「?(?:自治体|政府機関)」?で)"
    r"(?:も)?(?:よろしい|よい|いい|大丈夫)(?:でしょう|です)か\??"
    r"|(?:かっこ|括弧|引用|枠|間)の中に書けば(?:いい|よい)(?:ん|の)?です(?:よね|か)\??"
)
_BEGINNING = compile_later(
    "|".join((_EXCUSE, _THANKS, _WORKS, _IS, _HEARD, _APPLIES, _AIM, _OF_MAIL, _MAY_I))
)
_LONGEST = 160


def is_beginning(bare: str) -> bool:
    """Return whether a folded sentence without blanks is of such a kind."""
    found = _BEGINNING.fullmatch(bare) if len(bare) <= _LONGEST else None
    if found is None or is_done_by_another(bare):
        return False
    return not is_of_this_mail(found["works"] or "")
