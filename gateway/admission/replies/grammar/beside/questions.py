"""Decides whether a note to the applicant is a question or a request that an applicant can answer.

It must ask: by its mark, by か at its end, or for something; statements may accompany it. Text that asks
about the desk's decision, or speaks of the applicant in the third person, is meant for a colleague.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from gateway.admission.replies.context import Slots
from gateway.admission.replies.grammar.beside import terms
from gateway.admission.replies.grammar.beside.terms import SNIPPET
from gateway.admission.replies.grammar.names.offices import OFFICE
from gateway.admission.replies.grammar.phrases import TITLE
from gateway.admission.replies.text.sentences import fold_compact, fold_phrase, strip_decoration
from gateway.patterns import compile_later

# What a desk does with an application.
_DECIDES = (
    r"(?:承認|許可|却下|不承認|保留|通し|通す|通り|通過|断っ?|断る|落と|進め|受け(?:入れ|付け)?"
    r"|招待し|入れ|認め"
    r"|返し|返す|可決|否決)"
)
_DESK_ASKS = compile_later(
    rf"{_DECIDES}[^、。]{{0,6}}(?:(?:も)?(?:いい|良い|よい|よろしい|宜しい|構わない|かまわない"
    rf"|大丈夫)|ましょう|べき|ます|る|ok)[^、。]{{0,4}}[か?]*$"
    r"|(?:どう|いかが|どちらに)(?:し|いた|すれ|対応|判断|思|見|読|考え|でしょう|に(?:し|いた))"
    r"|ましょう(?:か|$)|^ok"
    r"|(?:誰|だれ|どなた|どちら|私|わたし|自分|当方|こちら)が[^、。]{0,8}(?:ます|し|やり)"
    r"|(?:もう|すでに|既に|誰か|どなたか|一度)?(?<!ご)(?<!お)(?:確認|電話|連絡|審査|対応|調査"
    r"|照会)(?:は|を)?(?:済み?|し(?:ました|ます|ています|てあります)"
    r"|され(?:ました|ています))(?:でしょう)?か"
    r"|^(?:定型)?[0-9a-z]{0,6}番?[でにを]?(?:し|送り|出し|いい|良い|よい|よろしい|大丈夫|問題|ok)[^、。]{0,8}か\??$"
    # The progress of the desk's work.
    r"|(?<!ご)(?<!お)(?:確認|審査|調査|照合|登録|照会|連絡|決裁|処理|点検|判断|入力)(?:は|が|も)(?:もう|すでに|既に)?(?:お)?(?:済|終|完了"
    r"|取れ|とれ|どう|どこまで|いつ|誰)"
    r"|(?:もらう|いただく|聞く|送る|書く|返す|頼む|伝える|知らせる)(?:べき|ほう|方)|(?:直し|変え|書い|送っ|聞い|伝え|招待し|足し|消し|入れ)て"
    r"(?:も)?(?:いい|良い|よい|よろしい|宜しい|構わない|かまわない|大丈夫)"
    r"|(?:対象|前例|事例|例外|要件内|資格内|大丈夫な[^、。]{1,4})(?:は|が|も)?(?:です|でしょう"
    r"|あり(?:ます|ました)|になり(?:ます))か"
)
# What a colleague is asked to do.
_FIND_OUT = r"(?:聞い|きい|調べ|探し|尋ね|たずね|問い合わせ|問合せ|見|当たっ|電話し|架電し|連絡し|確認し)"
# Somebody addressed by name: Suzuki, could you check it?
_NO_NAME = (
    r"(?:also|please|sorry|hi|hello|thanks|first|second|finally|and|but|so|then|now|further|moreover|in|for|as"
    r"|additionally|secondly|firstly|lastly|if)"
)
_CALLED_EN = (
    rf"^(?!{_NO_NAME}\b)[a-z]{{2,20}}(?:[- ]san)?, ?"
    r"(?:please|could|can|would|will|do|did|have|has|is|are|what|who|which)\b"
)
_DESK_DOES = compile_later(
    rf"(?<!ご){_FIND_OUT}て(?:から)?、?[^、。]{{0,12}}(?:教え|知らせ|連絡し|報告|共有|送)"
    rf"|{_CALLED_EN}"
    r"|"
    r"(?:聞い|きい|電話し|転送し|伝え|調べ|探し|回し|決め|見て|検討し|確認し|架電し|当たっ|あたっ"
    r"|頼ん|任せ|相談し|渡し|報告し|共有し)て?"
    r"(?:み|おい|もらえ|いただけ|ください|下さい|ほしい|欲しい)|(?<!ご)(?:確認|検討|判断|対応|転送"
    r"|共有)(?:を)?(?:お願い|願います)"
    r"|(?:内緒|秘密|内密|内々|社外秘|部外秘|他言)"
    # Instructions about the mail itself.
    r"|(?:(?<!し)直し|改め|整え|短くし|丁寧にし)て(?:から)?(?:送|出|くだ|下さ|お)|文面|文案|体裁"
    r"|(?:送信|発送)(?:は|を|の|前|し)|適当に"
    r"|(?:尋ね|たずね|問い合わせ|問合せ)て(?:くだ|下さ|おい|み|ほし)|\b(?:call|ask|contact"
    r"|tell|phone) (?:hr|him|her|them|the applicant|the office)\b"
)
_THIRD = compile_later(
    r"(?:応募者|先方|相手)(?:は|の|が|って|も)|(?:課長|部長|局長|係長|上司)(?:に|の(?!氏名|お?名)"
    r"|で|、|は|も)|窓口で|事務局(?:で|は|が|の)|うちの|(?:課長|部長|局長|係長|上司)[がと][^、。]{0,12}(?:と(?:言|いっ|申|話)|疑|反対|怒|心配|気に)"
    r"|疑って|評判|私は|わたしは|個人的に|反対(?:です|だ|し)|と言って|何と言|賛成"
    r"|招待(?:状|メール)?(?:は|を)?(?:もう)?送|在籍確認(?:は|を)|申請書は?どこ|どこにあ(?:る|り)"
    r"|(?:どういう|どんな|この)人|何者|素性|って誰|本気|裏は|の席|大丈夫(?:です|でしょう)か"
    r"|(?<!ご)(?<!お)電話(?:ください|下さい)"
    r"|(?:この|その|あの)(?:人|者|方|ひと|申請)(?:は|が|の|って|を|、)|こいつ|あいつ|彼|彼女|当人"
    r"|\bdo you (?:need|have(?! (?:an?|your)\b))|(?<!let me )(?<!let us )\bknow\b"
    r"|\b(?:he|she|him|her|his|hers|they|them|their|this (?:person|guy|man|woman|applicant)|who is(?! your)"
    r"|shall|should|someone|somebody|anyone"
    r"|anybody)\b"
)
_REQUEST = compile_later(
    r".*(?:ください|下さい|(?:お願い|願い)(?:(?:いた|致)?します|申し上げます|です)?|いただけ(?:ます"
    r"|ません)(?:でしょう)?か|頂けますか"
    r"|願います|幸いです|助かります|(?:いただき|頂き|伺い|知り)たい(?:です|と(?:思い|存じ)ます)?"
    r"|存じます|ほしいです|欲しいです"
    r"|お(?:伺い|尋ね)(?:(?:いた|致)?します|です))(?:、?(?:よろしく|宜しく)お願い.*)?"
)
_QUESTION = compile_later(r".*(?:[?？]|か(?:ね)?)|[^、。はがをに]{2,16}は")
_ASKED_EN = compile_later(
    r"(?=.*\b(?:you|your|please)\b).*(?:\?|\bplease\b|^(?:what|which|where|when|how|is|are|do|does"
    r"|did|have|has|can|could|would)\b).*"
    r"|(?:what|which|where|when|how) .*(?:name|department|section|division|office|address|position"
    r"|title|number|code|reason|purpose)\b.*"
)
# A statement that something is missing in a form, which asks for it.
_FINDING = compile_later(
    r".*(?:空欄|空白|白紙|未記入|未入力|未提出|抜け|漏れ|不足し|不明|読(?:め|み取れ)|見当たり|足り"
    r"|文字化け|(?:省略|略)され|(?:記載|記入)(?:が|は)(?:あり|ござい|な)|誤り(?:が|は)あり|(?:名|番号|欄|先|住所|アドレス|表記|記載)(?:が|は)(?:[^、。がは]{0,12}と)?(?:違|異な|誤|間違)).*"
)
# A question without a verb: 部署名、係名 and 正式な部署名.
_NAMED = compile_later(
    rf"(?:[^、。はがをにでもと]{{0,10}}(?:名|番号|先|欄|理由|目的|時期|期間|人数|区分|役職|職名"
    rf"|所属|住所|電話|アドレス|コード|{OFFICE})(?:の(?:正式名称|読み|漢字|記載))?"
    r"(?:と|及び|および|、|・|について)?){1,4}"
)
_NAMED_EN = compile_later(
    r"(?:(?:and|your|the|full|exact|official|of) ?|(?:department|section|division|office|position"
    r"|title|name|address|number|phone|code|purpose"
    r"|reason|certificate|organi[sz]ation) ?){1,8}"
)


def asks_applicant(text: str) -> bool:
    """Return whether one sentence, as written and with its mark, asks something an applicant can answer."""
    folded = " ".join(strip_decoration(fold_phrase(text)).split())
    said = "".join(folded.split()).rstrip("。.、,!")
    if SNIPPET.fullmatch(said):
        return True
    if said.isascii():
        return _ASKED_EN.fullmatch(folded) is not None or _NAMED_EN.fullmatch(folded.rstrip(".")) is not None
    return any(kind.fullmatch(said) for kind in (_REQUEST, _QUESTION, _NAMED, _FINDING))


def is_among_colleagues(text: str, slots: Slots) -> bool:
    """Return whether a sentence is meant for a colleague, or speaks of the applicant in the third person."""
    folded = " ".join(strip_decoration(fold_phrase(text)).split())
    said = re.sub(slots.applicant.replace(" ?", ""), "", "".join(folded.split())).rstrip("。.、,!")
    found = (_DESK_ASKS, _DESK_DOES, _THIRD, terms.ASIDE, terms.UNSURE)
    return any(pattern.search(each) for pattern in found for each in (said.rstrip("?"), said, folded))


def names_colleague(text: str, slots: Slots) -> bool:
    """Return whether a sentence names somebody of the desk: 鈴木さんは何と言っていますか."""
    said = fold_compact(text)
    return re.search(rf"{slots.others}(?:様|さん|さま|氏|殿|{TITLE})".replace(" ?", ""), said) is not None


_JOINED = 4


def find_strange(parts: Sequence[str], slots: Slots) -> list[int]:
    """Return the indexes of sentences meant for colleagues; all indexes if no sentence asks."""
    strange = [
        at
        for at, part in enumerate(parts)
        if is_among_colleagues(part, slots) or names_colleague(part, slots)
    ]
    wrapped = ("".join(parts[at : at + reach]) for at in range(len(parts)) for reach in range(1, _JOINED + 1))
    return strange if strange or any(map(asks_applicant, wrapped)) else list(range(len(parts)))
