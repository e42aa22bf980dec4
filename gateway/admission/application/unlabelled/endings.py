"""Endings of the names of offices, organisations and posts, for every reader of values without labels.

Each is a group for a pattern. A name that ends like this is one by its shape only.
"""

from __future__ import annotations

# A unit of an organisation: 総務課, 大臣官房, 第一分室.
UNITS = (
    *"部局課室係班署隊",
    *(
        "センター",
        "担当",
        "グループ",
        "チーム",
        "ユニット",
        "官房",
        "事務所",
        "本部",
        "支所",
        "支局",
        "出張所",
    ),
    *("事務局", "分室"),
)
UNIT = rf"(?:{'|'.join(UNITS)})"
# A municipality. 四日市市, 京都市: the second 市 belongs to the name; in 市民課 it does not.
MUNICIPALITY = r"[市区町村](?![都道府県市区町村](?![民長立営]))"
PREFECTURE = r"(?:東京都|北海道|(?:京都|大阪)府|[一-鿿]{2,3}県)"
# An organisation that is no municipality and may follow any name: 総務省, 広島労働局, 西部広域連合.
BODY = (
    r"(?:省|庁|内閣府|人事院|会計検査院|広域連合|(?:事務|行政|消防|衛生|広域|水道|環境|斎場)組合|企業団"
    r"|(?:労働|整備|財務|農政|経済産業)局)"
)
# A post: 主任, 主事補, 会計年度任用職員. What is before it is part of it: 総括主任.
POST = (
    r"(?:[局部課室係班所]長|補佐|主任|主査|主事補?|主幹|参事|技師補?|技監|技官|技手|技能員|係員|職員|専門官"
    r"|専門員|専門職|調整官|企画官|書記官?|書記補|次長|理事|事務官|保健師|保育士|看護師|栄養士|薬剤師|獣医師"
    r"|司書|学芸員|教諭|推進員|相談員|支援員|指導員|隊員|リーダー|マネージャー|顧問|嘱託員?)"
)
TITLE = rf"(?P<title>[一-鿿]{{0,6}}{POST})"
