"""Contact details: how to reach the writer, which address they write from, what their network permits.

Every word is from a closed set; nothing is said about the application itself.
"""

from __future__ import annotations

from gateway.admission.application.consent.below.letter.bounds import is_unlimited
from gateway.admission.application.consent.below.lexicon import any_of, read_on
from gateway.admission.application.consent.people import is_place, is_plain
from gateway.patterns import compile_later

AWAY = (
    r"(?:[0-9]{1,2}月(?:[0-9]{1,2}日(?:から(?:[0-9]{1,2}月)?[0-9]{1,2}日(?=まで))?)?|来[週月年]"
    r"|今[週月]|明日|本日|近日中?)?(?:から|より|まで|に|は)?、?"
    r"(?:休職|育休|育児休業|産休|休暇|出張|異動|退職|会議|研修|不在|在宅勤務|テレワーク)"
    r"(?:する|の(?:予定の?)?|がある|を控えている)?(?:ため|なので|ので)、?"
)
# How somebody wants to be reached: where, when and how, each from a closed set.
_WHERE = any_of(
    """
    この 本 本文 上記 下記 次 課 係 室 当課 当係 当室 私 担当 担当者 自席 直通 代表 内線 公用 職場 共用
    個人 の
    メール
    メールアドレス アドレス 電話 番号 宛 宛て あて 平日 平日中 午前 午前中 午後 夕方 以降 昼休み 以外 以降
    時間帯
    執務時間中
    開庁時間内 中 時 分 から まで に は へ で できれば なるべく
    """
)
_MEANS = (
    r"(?:お?電話|メール|ご?連絡|ご?返信|お?返事|ご?回答|お?問い?合わ?せ|(?:ご)?招待(?:の?メール|状)?|内線"
    r"|直通|代表|携帯|fax)"
    r"(?:番号|電話|先)?"
)
_ASKED = (
    r"(?:(?:お願い(?:(?:いた|致)?します|できます(?:か|と幸いです))|いただけ(?:ますと|ると)(?:幸いです"
    r"|助かります)"
    r"|(?:して|お?送(?:り|って|付)|送信して)?(?:くだ|下)さい|が確実です|つながります))"
)
_TIME = any_of(
    """
    平日 平日中 毎日 午前 午前中 午後 夕方 昼 昼休み 日中 昼間 開庁時間 開庁時間内 開庁時間中 執務時間
    執務時間中 勤務時間中 火曜日 水曜日 木曜日 金曜日 月曜日 土日 祝日 土日祝日 閉庁日 時 分 時頃 から まで
    ~ の は に も が と で へ や ・ 、 以外 窓口 席 自席 電話 お電話 メール ほとんど 基本的に 普段
    日によって 月曜 火曜 水曜 木曜 金曜
    """
)
_OUT = (
    r"(?:外勤|出張|会議|不在|離席|窓口対応|現場|席を外す|席を外している|出られない|つながらない"
    r"|つながりにくい)"
    r"(?:こと|の)?(?:が|に)?(?:多い|出(?:ている)?|なる|ある|続く)?"
)
_TIMES = compile_later(rf"[0-9]{{1,2}}(?::[0-9]{{2}})?|[一二三四五六七八九十]{{1,3}}(?=時)|終日|{_TIME}")
_REASON = compile_later(rf"(?:なお、|また、)?(?:{AWAY}|{_OUT}(?:ことが多い)?(?:の|な)?(?:ため|ので)、?)")
_REACH_ME = compile_later(
    rf"(?:なお、|また、)?(?:{_MEANS}は、?)?(?:[0-9]{{1,4}}|{_WHERE}|にて(?!から)|[-:~～]){{1,12}}(?:にて"
    rf"|で|に|へ)?"
    rf"{_ASKED}"
)
_PHONE = r"(?:内線|直通|代表|お?電話|携帯(?:電話)?|fax)(?:番号)?"
_EXTENSION = r"(?:\((?:内線|代表|直通|ext\.?):?[0-9]{0,8}\))?"
_NUMBER = rf"[0-9][0-9()-]{{1,15}}(?:番)?{_EXTENSION}"
_REACHED = compile_later(
    rf"(?:なお、|また、)?(?:私の|課の|職場の|当課の|担当の)?{_PHONE}(?:番号)?は、?{_NUMBER}です"
    rf"|(?:なお、|また、)?(?:(?:ご?不明な?点|ご?質問|何か|不備)(?:等|など)?(?:が)?(?:あり"
    rf"|ござい)ましたら、?)?"
    rf"(?:お?問い?合わ?せは|ご?連絡は"
    rf"|お?電話は)?、?{_PHONE}(?:番号)?:?{_NUMBER}(?:\([^\W\d_]{{1,3}}?[0-9]{{2,6}}\))?(?:まで(?:に)?|に"
    rf"|へ|で|にて)、?"
    r"(?:ご?連絡|お?問い?合わ?せ|お?電話|お?知らせ)?(?:を)?(?:(?:くだ|下)さい(?:ませ)?|(?:お願い(?:いた"
    r"|致)?し|願い)ます)"
)
_PRESENT = compile_later(
    r"(?:(?:在席|在庁|勤務)して|席に|不在にして|外勤に)(?:い|おり)ます|(?:不在|在席|在宅勤務|休み|休暇"
    r"|閉庁)です"
    r"|(?:庁舎|職場|席|自席|役場|役所)に(?:は)?(?:い|おり)ません|(?:出られ|取れ|つながり"
    r"|受けられ)ま(?:す|せん)"
)
_OF_BOX = compile_later(
    any_of(
        """
    この こちら こちらの 当 本 本メール 庁内 端末
    私 の メール メールアドレス アドレス は が を 課 係 室 部署 当課 当係 職場
    共用 共有 代表 個人 公用 専用 業務用 全員 も 職員 複数 複数の 使う 使っている 見ている 届く もの から
    より 村 町 市 県 lgwan ため の環境 環境 庁内 なので ので 用 グループ 担当 インターネット側
    インターネット系 インターネット 、 担当者
    """
    )
)
_FROM_BOX = compile_later(
    r"(?:です|になります|となります|で?を?(?:使って|見て|確認して|送って|送信して|お送りして)(?:い|おり)ます"
    r"|お?送りします|(?:送信|失礼)(?:いた|致)?します)"
)
_IS_BOX = compile_later(r"(?:アドレス|メール)")
_NET = compile_later(
    r"(?:(?:lgwan|庁内|セキュリティ|無害化)(?:環境|端末|接続系|の?(?:ため|都合上?|関係)?)*(?:で|のため"
    r"|なので|上|により)?、?)?"
    r"添付(?:ファイル|資料|書類)(?:は|が)、?(?:開けません|開けない(?:こと|場合)があります|受け取れません"
    r"|届きません|見られません|開くことができません)"
    r"|(?:メール|(?:この|こちらの)?(?:メール)?アドレス|留守番電話|fax)は、?(?:毎[朝日週]|平日|随時|こまめに|1日[0-9]回)(?:は|に)?、?"
    r"(?:確認|チェック)して(?:い|おり)ます"
    r"|添付の?(?:ファイル|名刺|資料|書類)も、?(?:あわせて|併せて)?ご?(?:確認|覧)(?:くだ|下)さい"
    r"|メールの?署名は(?:省略|割愛)(?:いた|致)?します"
    r"|(?:再送|再度の送信|再度の申請|2回目の送信|2通目)(?:です|になります|となります|(?:いた|致)?します)"
    r"|何度も(?:のメール|の連絡)?(?:で)?(?:すみません|申し訳(?:あり|ござい)ません|失礼(?:いた|致)?します"
    r"|恐れ入ります)"
    r"|(?:先ほど|先程|前回|先日|昨日)?の?メールが(?:届いていない|届かなかった)(?:よう(?:でした|です|な)"
    r"|とのこと(?:でした|です|な))(?:の)?で、?"
    r"(?:再送|再度お送り)(?:いた|致)?します"
    r"|lgwan端末(?:からの|の)ため、?添付(?:ファイル)?は(?:受け取れ|開け)ません"
    r"|(?:先ほど|先程|前回|先日|昨日)?の?メール(?:は|が)(?:文字化け|途中で送信)して(?:いた"
    r"|しまった)(?:よう)?(?:なので|ため|ので)、?(?:再送|再度お送り)(?:いた|致)?します"
)


_ASK_PLACE = compile_later(
    r"(?:ご?確認|ご?連絡|ご?照会|お?問い?合わ?せ)が必要な(?:とき|場合"
    r"|際)は、?(?P<place>[^、。]{2,24}?)(?:に|へ|まで)、?"
    r"(?:お?問い?合わ?せ|ご?連絡|ご?照会|ご?確認)(?:(?:くだ|下)さい|(?:を)?お願い(?:(?:いた|致)?し)ます)"
)
_DOMAIN = compile_later(
    r"(?:当|本)?(?:企業団|組合|事務組合|広域連合|協議会|研究所|市|町|村|県|課|係"
    r"|室)?のメール(?:アドレス)?は、?(?:構成市町?村?|市|町|村|県"
    r"|自治体)の(?:ドメイン|アドレス)"
    r"(?:では(?:ありません|ございません)|を(?:使って|利用して)(?:い|おり)ます|です)"
)
# How a name is read or written: ふりがな:みほん はなこ, 「髙」ははしごだかです.
_READ = compile_later(
    r"\(?(?:私の)?(?:氏名|名前|姓|名)?の?(?:ふりがな|フリガナ|よみがな|よみ|読み(?:方|仮名)?|カナ"
    r"|かな)(?:は|:)[ぁ-ゖァ-ヺー・]{2,24}(?:です|となります)?\)?"
    r"|[^\W\d_]{0,6}\(?「.」は、?[「]?(?:はしごだか|はしご高|たつさき|立つ崎|つちよし|しめすへん"
    r"|旧字(?:体)?|異体字|[ぁ-ゖァ-ヺー]{3,12})[」]?(?:です|になります)?\)?"
)


def is_reach(sentence: str) -> bool:
    """Return whether a folded sentence without blanks says how to reach its writer.

    Example: 内線1234までご連絡ください.
    """
    sentence = _strip_reason(sentence)
    asked = _read_reason(sentence)
    if _DOMAIN.fullmatch(sentence) or _READ.fullmatch(sentence) or _asks_at_place(sentence):
        return True
    if _REACH_ME.fullmatch(sentence, asked) or _REACHED.fullmatch(sentence) or _NET.fullmatch(sentence):
        return True
    present, box = read_on(_TIMES, sentence), read_on(_OF_BOX, sentence)
    is_box = _IS_BOX.search(sentence) is not None and _FROM_BOX.fullmatch(sentence, box) is not None
    return is_box or _PRESENT.fullmatch(sentence, present) is not None


def _asks_at_place(sentence: str) -> bool:
    """Return whether a sentence names a place to ask.

    Example: 確認が必要なときは、滋賀県の市町村振興課にお問い合わせください。
    """
    found = _ASK_PLACE.fullmatch(sentence)
    return found is not None and is_plain(found["place"]) and all(map(is_place, found["place"].split("の")))


def _strip_reason(sentence: str) -> str:
    """Return a sentence without a reason that limits nothing: 郵便が遅れがちですので、ご連絡はメールで…"""
    reason, _, rest = sentence.partition("、")
    is_reason = bool(rest) and reason.endswith(("ため", "ので", "都合で", "関係で", "都合上", "関係上"))
    return rest if is_reason and is_unlimited(reason) else sentence


def _read_reason(sentence: str) -> int:
    """Return the end of the reason at the beginning of a sentence; 0 if there is none."""
    reason = _REASON.match(sentence) or _REASON.match(sentence, read_on(_TIMES, sentence))
    return 0 if reason is None else reason.end()
