"""Tables of the JP domain name space that no rule can derive, and of domains for personal mailboxes.

Sources: the type labels of LG.JP (J-LIS, JPRS rules for LG.JP names), the 47 prefectures, the
designated cities of the regional names (JPNIC), and the domains of Japanese free mail, mobile carriers
and providers as published by them.
"""

from __future__ import annotations

import idna


def _split_words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Bodies that give accounts to guests: universities and research institutes, with all names below these.
GUEST_BODIES = _split_words(
    """ac.jp aist.go.jp affrc.go.jp jaea.go.jp jamstec.go.jp jaxa.jp jst.go.jp kek.jp mri-jma.go.jp
    nibiohn.go.jp nict.go.jp nied.go.jp nies.go.jp nims.go.jp qst.go.jp riken.jp ncc.go.jp ncgm.go.jp
    ncnp.go.jp pwri.go.jp"""
)

LG_TYPES = frozenset({"metro", "pref", "city", "town", "vill", "union"})
MUNICIPAL_TYPES = frozenset({"city", "town", "vill"})
GOVERNMENT_TYPES = frozenset({"metro", "pref", "city", "town", "vill"})

PREFECTURES = _split_words(
    """hokkaido aomori iwate miyagi akita yamagata fukushima ibaraki tochigi gunma saitama chiba tokyo
    kanagawa niigata toyama ishikawa fukui yamanashi nagano gifu shizuoka aichi mie shiga kyoto osaka
    hyogo nara wakayama tottori shimane okayama hiroshima yamaguchi tokushima kagawa ehime kochi fukuoka
    saga nagasaki kumamoto oita miyazaki kagoshima okinawa"""
)
JAPANESE_PREFECTURES = frozenset(
    idna.alabel(name).decode("ascii")
    for name in _split_words(
        """北海道 青森 岩手 宮城 秋田 山形 福島 茨城 栃木 群馬 埼玉 千葉 東京 神奈川 新潟 富山 石川 福井 山梨
        長野 岐阜 静岡 愛知 三重 滋賀 京都 大阪 兵庫 奈良 和歌山 鳥取 島根 岡山 広島 山口 徳島 香川 愛媛 高知
        福岡 佐賀 長崎 熊本 大分 宮崎 鹿児島 沖縄"""
    )
)
# Designated cities named like their prefecture: city.<prefecture>.jp belongs to them.
SAME_NAME_CITIES = _split_words(
    "saitama chiba niigata shizuoka kyoto osaka okayama hiroshima fukuoka kumamoto"
)
# Designated cities with a name directly below jp (the wildcard rules of the suffix list).
WILDCARD_CITIES = _split_words("kawasaki kitakyushu kobe nagoya sapporo sendai yokohama")
ORGANISATIONAL = _split_words("ac ad co ed gr ne or")

FREE_MAIL = _split_words(
    """gmail.com googlemail.com yahoo.co.jp yahoo.com yahoo.ne.jp ymail.com ymail.ne.jp outlook.com outlook.jp
    hotmail.com hotmail.co.jp live.com live.jp msn.com icloud.com me.com mac.com aol.com aol.jp excite.co.jp
    goo.jp goo.ne.jp infoseek.jp inter7.jp livedoor.com mail.com email.com gmx.com gmx.net gmx.de proton.me
    protonmail.com pm.me tutanota.com tuta.io zoho.com zohomail.com fastmail.com qq.com 163.com 126.com
    sina.com naver.com daum.net hanmail.net yandex.com yandex.ru mail.ru web.de"""
)
CARRIERS = _split_words(
    """docomo.ne.jp docomonet.ne.jp mopera.net mopera.ne.jp ezweb.ne.jp au.com ido.ne.jp softbank.ne.jp
    softbank.jp vodafone.ne.jp jp-t.ne.jp j-phone.ne.jp disney.ne.jp disneymobile.ne.jp ymobile.ne.jp
    ymobile1.ne.jp emobile.ne.jp emnet.ne.jp willcom.com wcm.ne.jp pdx.ne.jp y-mobile.ne.jp rakuten.jp
    rakumail.jp mineo.jp uqmobile.jp povo.jp iijmio-mail.jp linemo.jp ahamo.com"""
)
PROVIDERS = _split_words(
    """nifty.com nifty.ne.jp infoweb.ne.jp biglobe.ne.jp biglobe.jp mesh.ne.jp so-net.ne.jp so-net.jp
    ocn.ne.jp plala.or.jp dion.ne.jp auone-net.jp odn.ne.jp odn.ad.jp asahi-net.or.jp asahinet.jp hi-ho.ne.jp
    eonet.ne.jp zaq.ne.jp zaq.jp home.ne.jp jcom.net t-com.ne.jp tcom.ne.jp tnc.ne.jp wakwak.com dti.ne.jp
    bbiq.jp megaegg.ne.jp enjoy.ne.jp iij4u.or.jp commufa.jp mbn.or.jp ybb.ne.jp bbtec.net itscom.net
    itscom.jp pikara.ne.jp sannet.ne.jp tiki.ne.jp ctk.ne.jp ctc.ne.jp fitweb.or.jp yournet.ne.jp
    interlink.or.jp freeserve.ne.jp u-broad.jp ttcn.ne.jp catvy.ne.jp baynet.ne.jp cablenet.ne.jp ccnw.ne.jp
    ccnet-ai.ne.jp kcn.jp kcn.ne.jp ictv.ne.jp icnet.ne.jp dokidoki.ne.jp e-catv.ne.jp quolia.ne.jp"""
)
PERSONAL = FREE_MAIL | CARRIERS | PROVIDERS
