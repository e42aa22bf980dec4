"""Sentences that mail systems and offices add below or above a mail, about the mail itself."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.admission.replies.grammar.phrases import (
    ACT,
    DELETE,
    DEVICE_NOTE,
    END,
    KEPT_WITHIN,
    MAIL,
    PLEASE_FIRST,
    READER,
    TELL,
    USE,
    Kind,
    M,
)

FOOTERS: Mapping[str, Kind] = {
    "received by mistake": Kind(
        rf"※?(?:意図しない|本来の宛先でない|宛先以外の|心当たりのない)(?:受信者|受取人)?(?:の方|方)?(?:は"
        rf"|が)?、?{PLEASE_FIRST}{TELL}{DELETE}|※?{PLEASE_FIRST}(?:{MAIL})?(?:を|が|に)?、?(?:誤って"
        rf"|間違って|お?心当たりのない|意図せず)、?(?:お?受信|受領|お?受け?取り|(?:送信|配信)され|届い"
        rf"|お?手元に届い)"
        rf"(?:され|した|なさった|になった|された|になられた|た|し|られた){{0,4}}(?:方|場合|際|とき)(?:は"
        rf"|には)?、?{PLEASE_FIRST}{TELL}{PLEASE_FIRST}{DELETE}",
        "footer",
    ),
    "not the addressee": Kind(
        rf"※?(?:{MAIL}(?:の)?)?(?:宛先|名宛人|宛名|受信者|受取人|対象者)(?:の方|ご本人)?(?:で"
        rf"(?:は)?ない|以外)(?:の方)?(?:場合|方"
        rf"|者)?(?:は|が|による|には)?、?"
        rf"(?:{MAIL})?(?:の|を)?(?:内容の)?(?:無断)?{USE}(?:(?:や|、|・|及び|または|又は|もしくは)"
        rf"(?:第三者への)?{USE}){{0,5}}(?:等)?(?:を|は|することは|する行為は)?"
        r"(?:固く)?(?:お断り(?:いた|致)?します|禁止(?:されて(?:い|おり)ます|して(?:い|おり)ます|"
        r"(?:いた|致)?します|です)|ご遠慮ください)",
        "footer",
    ),
    "confidential": Kind(
        rf"※?{MAIL}(?:に)?(?:は|には)?、?(?:(?:機密|秘密|個人|守秘義務のある|秘匿性の高い"
        rf"|機密性の高い)?情報(?:等)?(?:が|を)(?:含まれて"
        rf"|含んで)(?:い(?:る(?:場合|こと|可能性|おそれ|恐れ)が(?:あり|ござい)ます|ます)|おります)"
        r"|(?:名宛人|宛先|受信者|受取人)(?:の方)?(?:のみ|だけ)(?:を対象と(?:した|する)|に(?:宛てた"
        r"|向けた|宛てて送信された))(?:もの|メール|情報)"
        r"(?:です|であり、機密情報を含む場合があります))",
        "footer",
    ),
    "care": Kind(
        rf"※?(?:{DEVICE_NOTE}(?:や|と|及び|および|・|、|または)?){{1,3}}(?:に|の(?:取り?扱い|開封"
        rf"|クリック)に|を(?:開く|クリックする)"
        rf"(?:際|とき)は)(?:は|つきましては)?、?(?:十分|充分)?(?:に)?"
        r"(?:ご)?注意(?:して)?(?:ください|下さい|願います)?",
        "footer",
    ),
    "unknown sender": Kind(
        rf"※?(?:送信元|差出人|送信者)(?:が|を|に)?(?:不明|不審|心当たり(?:が|の)ない|確認できない)"
        rf"(?:な)?(?:場合|メール|とき)?(?:は|の)?、?"
        rf"(?:{DEVICE_NOTE}(?:や|・|、|または)?){{1,3}}"
        rf"(?:を|は)(?:開か|クリックし|開封し|実行し)ないで{END}",
        "footer",
    ),
    "attachment removed": Kind(
        (
            r"※?(?:(?:安全|セキュリティ(?:対策)?)(?:上|の)?(?:の理由|ため)?(?:のため|で"
            r"|により)?、?)?添付ファイル(?:を|が|は)(?:無害化処理により"
            r"|セキュリティ(?:上の理由|対策)(?:のため|により))?(?:\d{1,3}個)?(?:取り除き|削除し"
            r"|除去し|分離し|取り除かれ|削除され|除去され)ました"
        ),
        "footer",
    ),
    "tag": Kind(
        r"[【\[<(](?:外部|社外|庁外|組織外|学外|外部メール|社外メール|庁外メール|組織外メール"
        r"|外部からのメール|外部発信|注意|注意喚起|ご注意|お知らせ|インターネット"
        r"|インターネットメール|無害化|無害化済み?"
        r"|external|external(?: ?e-?mail| ?sender)?|ext|caution|warning|sanitized|internet)[】\]>)]"
        r"|[【\[(]?(?:情報区分|格付け?|取扱区分)?:?機密性[12](?:情報)?[】\])]?",
        "footer",
        spaced=True,
    ),
    "meant for": Kind(
        rf"{M} (?:is|are|may be)(?: (?:{KEPT_WITHIN}|and|,|or)){{0,6}}(?: ?(?:and )?(?:is |are )?"
        rf"(?:meant|intended|addressed)) ?(?:only|solely|exclusively)? (?:for|to)(?: the)?"
        rf"(?: (?:sole|exclusive))?(?: use of)? {READER}(?: named(?: above"
        rf"| in it| herein)?| to whom (?:it is|they are) addressed| (?:or|and) (?:entity"
        rf"|organization) to (?:which|whom) (?:it is|they are) addressed)?",
        "footer",
        spaced=True,
    ),
    "may contain": Kind(
        (
            rf"{M} (?:may )?contains?(?: (?:{KEPT_WITHIN}|and|,|and/or|or)){{1,6}} (?:information|material)"
            rf"(?: intended (?:only|solely) for {READER})?"
        ),
        "footer",
        spaced=True,
    ),
    "in error": Kind(
        (
            rf"if you (?:(?:have )?(?:got|received|receive|get) (?:it|this|{M}) (?:in error|by mistake"
            rf"|by accident)|are not {READER}),? {ACT}"
        ),
        "footer",
        spaced=True,
    ),
    "not allowed": Kind(
        r"(?:if you are not the intended recipient,? )?(?:you are (?:hereby )?notified that )?any "
        r"(?:unauthorized )?(?:use|review|copying|disclosure|distribution|dissemination|retention)"
        r"(?:,? (?:or )?(?:use|review|copying|disclosure|distribution|dissemination"
        r"|retention)){0,5}(?: of this (?:e-?mail|message|information))? is (?:strictly )?"
        r"(?:prohibited|forbidden)",
        "footer",
        spaced=True,
    ),
    "do not click": Kind(
        r"(?:please )?(?:do not|don't) (?:click|open|click on)(?: (?:on|any|links?|or|and|,|open"
        r"|attachments?)){1,6} unless you (?:recogni[sz]e|know|trust|expect)"
        r"(?: (?:the|sender|source|content|and|know|is|safe)){2,10}",
        "footer",
        spaced=True,
    ),
}
