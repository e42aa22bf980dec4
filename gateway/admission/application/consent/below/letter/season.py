"""The season, as letters begin and end with it: 師走に入り何かと慌ただしい毎日です.

Every word is from a closed set.
"""

from __future__ import annotations

from gateway.admission.application.consent.below.lexicon import any_of, read_on
from gateway.patterns import compile_later

_NAMES = """
    今年 本年 師走 年の瀬 年末 年始 年度末 年度始め 新年度 新春 新緑 初春 早春 春 初夏 夏 盛夏 残暑 初秋
    秋 晩秋
    初冬 冬 真冬 厳寒 厳冬 向寒 立冬 立春 小春日和 木枯らし 紅葉 初雪 雪 積雪 桜 梅雨 台風 寒さ 暑さ
    冷え込み 寒波
    朝晩 朝夕 朝夕の冷え込み 日差し 気温 寒い日 暑い日 慌ただしい日 穏やかな日 北風 霜 落ち葉 木々 山々
    日足 日没 花
    虫の声 風 寒気 暖冬 時下 秋冷 春暖 新年
"""
_WORDS = """
    も は が の に を と で や など いよいよ 早い もので 早くも 残り わずか 残りわずか 残すところ あと
    少し 一か月 半月
    数日 入り 入って 迎え 迎えて なり なって 何かと 慌ただしい 慌ただしく 忙しい お忙しい 日々 毎日 日 季節
    時期 時節
    折 頃 折から 折柄 候 みぎり めっきり すっかり ずいぶん 日ごとに 日増しに 一段と 一層 本格的な
    本格的に 厳しい
    厳しく 厳しき 厳しさ 深まり 深まる 増す 増し 冷え込む 寒い 寒く 暑い 暑く 涼しい 涼しく 暖かい
    暖かな 暖かく
    穏やかな 過ごしやすい 美しい 美しく 短く 長く 色づき 色づく 舞い 舞う 吹き 吹く 身にしみる 心地よい
    心地よく
    感じられる 感じる 近づき 近づいて 続き 続いて 続きますので ますので なさって まして ましたが ますが
    ですが ようになり よう 、 皆様
    皆さま 貴会
    貴職 には におかれましては お変わりなく お元気で いかが お過ごし でしょうか ますます 益々 ご清栄
    ご健勝 ご活躍
    便り 聞かれる ころ 届き 届く 届いて 降り 降って 積もり ご隆盛 ご発展 のこと こと お慶び お喜び
    くれぐれも どうぞ ご自愛 お身体 お体 お大事に 大切に
"""
_ENDS = """
    です 続きます 感じられます 冷え込みます ました まいりました 参りました きました おります います
    ございます でございます
    申し上げます ください
    くださいませ ね いたしました となりました になりました なりました
"""
_NAME = compile_later(any_of(_NAMES))
_SEASON = compile_later(rf"{any_of(_NAMES, _WORDS, _ENDS)}|[0-9]{{1,2}}(?:日|か月|ヶ月|週間|月)")
_END = compile_later(rf"(?:{any_of(_ENDS)}|折|候|みぎり|でしょうか)$")
_LONGEST = 80


def is_season(sentence: str) -> bool:
    """Return whether every word of a folded sentence without blanks is of the season, or wishes well."""
    if len(sentence) > _LONGEST or _NAME.search(sentence) is None or _END.search(sentence) is None:
        return False
    return read_on(_SEASON, sentence) == len(sentence)
