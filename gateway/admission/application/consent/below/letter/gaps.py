"""What is missing from a form and why, how it was typed, and who else belongs already.

Each is a whole sentence about an item, a device or another member: none is about the consent. Reasons are
from a closed set, because any other may be a condition.
"""

from __future__ import annotations

from gateway.admission.application.consent.below.lexicon import LIMITING
from gateway.patterns import compile_later

_LONGEST = 120
_ITEM = (
    r"(?:(?:全国地方公共)?(?:団体)?コード|部課名|課名|部署名?|役職名?|職名|官職名?|所属|(?:内線|電話)番号)"
)
_ITEMS = rf"{_ITEM}(?:(?:と|や|、|・|及び|および){_ITEM}){{0,3}}(?:は|が|を|も)?、?"
_SORRY = (
    r"(?:(?:大変)?(?:すみません|すいません|申し訳(?:あり|ござい)ません)(?:が|けど|、)?、?"
    r"|お手数(?:ですが|をおかけしますが)、?)?"
)
_WHY = (
    r"(?:(?:(?:手元|手許|こちら)に(?:資料|一覧|名簿|控え)が(?:なく|ないため|ないので|ありませんので)"
    r"|(?:採用され|着任し|配属され|異動し|転入し)(?:た|て)ばかり(?:で|なので|のため)"
    r"|(?:調べる)?(?:時間|余裕)[がも]?(?:なく|ないため|なくて)"
    r"|(?:調べ|探し|上司に確認し|県に確認し)(?:ました|たのです)が"
    r"|(?:年明け|年度(?:末|始め|当初)|[0-9]{1,2}月|来[週月年])(?:に|には)?"
    r"(?:配属|着任|異動)先が(?:決まり|分かり|わかり)ますので"
    r"|組織(?:改編|再編|改正)中の?(?:ため|なので))、?)?"
)
_UNKNOWN = (
    r"(?:まだ)?(?:(?:分|わ)か(?:りません(?:でした)?|らず(?:じまいです)?)|見つかりません(?:でした)?"
    r"|(?:聞いて|伺って|知らされて|付いて|決まって)(?:い|おり)ません"
    r"|(?:調べる)?時間[がも]?(?:なく|ありません(?:でした)?))"
)
_LATER = (
    r"(?:その(?:とき|時|際)に?|(?:決まり|分かり|わかり)次第|後日|追って|改めて)、?"
    r"(?:お知らせ|ご?連絡)(?:いた)?します"
)
_MISSING = compile_later(
    rf"(?:なお、|また、)?{_SORRY}{_WHY}(?:まだ)?{_ITEMS}{_WHY}(?:{_UNKNOWN}|{_LATER})(?:ので|が)?"
)
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
_OFFICE = r"(?:同じ|当)?(?:[課係室部局]|部署|職場)"
# Membership is a fact; an application may be another's than the one below.
_MEMBERS = compile_later(
    rf"(?:なお、)?(?:[^、。はが]{{1,12}}(?:から|で|に)は?、?|{_OFFICE}の)?(?:別の|ほかの|他の)?(?:職員|者|同僚)(?:\([^()]{{1,16}}\))?"
    r"[がも](?:[0-9一二三]名|[0-9一二三]人)?、?(?:既に|すでに)(?:参加|登録|入会|利用)(?:を)?(?:して|させていただいて)(?:い|おり)ます"
)
_MAY_OTHERS = compile_later(
    rf"(?:また、|なお、)?{_OFFICE}の(?:同僚|ほかの職員|他の職員|職員|者|後輩)も、?(?:別途|別に|一緒に|あわせて|後から)?、?"
    r"(?:申請|参加|登録|応募|利用)(?:を)?(?:して(?:も)?|することは|は)"
    r"(?:よい|よろしい|いい|可能|かまわない|構わない|大丈夫|できる|できます)(?:の)?(?:でしょう|です)?か"
)
# 広域連合ですが、団体コードがあれば参加できるとのことでしたので申請します.
_TOLD = compile_later(
    r"(?:[^、。はがを]{1,16}(?:ですが|でも)、?)?(?P<told>[^。、]{0,24}?)(?:参加|申請|登録|利用)が?(?:できる|可能(?:だ|である)?)と(?:の(?:こと|お話|ご?案内)"
    r"(?:でした|です|な)|(?:伺|うかが)い(?:ました)?|(?:お聞きし|聞き)(?:ました)?|教わり(?:ました)?)(?:ので|ため|から)?、?"
    r"(?:申請|申し?込み?|応募)(?:(?:いた|致)?し)?ます"
)
_GIVEN = compile_later(r"が?(?:あれ|あるなら|ある(?:場合|とき)に?)ば?|ならば?|でも")


def is_gap(sentence: str) -> bool:
    """Return whether a folded sentence without blanks is of one of these kinds: コードは分かりません."""
    said = sentence.strip("()")
    if len(said) > _LONGEST:
        return False
    if any(
        kind.fullmatch(said) is not None
        for kind in (_MISSING, _TYPED, _CLUMSY, _APOLOGY, _MEMBERS, _MAY_OTHERS)
    ):
        return True
    told = _TOLD.fullmatch(said)
    return told is not None and LIMITING.search(_GIVEN.sub("", told["told"])) is None
