"""Shared mailboxes of an office, detected by the local part: words for offices, in any order.

Several people read them, and web forms send from them. A mailbox is shared if the local part, or one of its
parts, consists of such words: soumu-ka, kikakuzaisei, general.affairs.
"""

from __future__ import annotations

from collections.abc import Collection

from gateway.admission.organisations.romaji import domain_label_key
from gateway.patterns import compile_later

_JAPANESE = """
    anzen bousai bunka bunkazai bunsho chihou chiiki chikusan chomin choumin chousa chousei chousha
    choushuu choutatsu daihyo daihyou daijin danjo dejitaru densan denshi doboku douro eizen fukushi
    gakkou gakumu gakushuu gesui gesuidou giji gijutsu gikai gyouhou gyoumu gyousei haikibutsu hisho hoiku
    hoken houdou hourei housei hyouka iinkai iryou jichi jidou jigyou jimu jimukyoku jinji jinken joho
    jouhou juumin juutaku kaigo kaihatsu kaikaku kaikei kanbou kankou kankyo kankyou kanri kansa kansatsu
    kanzai kasen kazei keibou keikaku keiri keiyaku keizai kenchiku kenkou kenmin kensa kensetsu kenshuu
    kigyou kikaku kiki kocho kodomo koho kojin kojinjouhou kokai kokusai koseki kosodate kouchou kouen
    kouhou koukai koukyou koumin kourei koureisha koutsuu koyou kujou kumin kyoiku kyouiku kyuukyuu kyuuyo
    machizukuri madoguchi nenkin nougyou nourin nousei nouzei nyuusatsu ringyou roudou ryokuchi ryuugaku
    saiyou sangyo sangyou sanjikan seibi seikatsu seisaku seisou senkyo senryaku shakai shidou shien
    shigen shimin shingikan shinkou shisan shisetsu shobo shokuin shomu shoubou shougai shougaku shouhi
    shoukouka shoukoukankou shuunou shuzei somu sonmin soudan sougou soukatsu soukei soumu suido suidou
    suisan suishin taiiku taisaku toiawase toshikeikaku toshiseibi tosho toshokan toukei tsuuhou uketsuke
    unei yobou youchi youdo zaimu zaisei zeimu
"""
_ENGLISH = """
    account accounting accounts admin administration administrator affairs agency agriculture alert alerts
    all assembly audit bid board budget bureau career careers center centre citizen citizens city civil
    committee construction contact contract contracts cooperation council crisis culture customer data
    department dept desk digital disaster div division donotreply dx economy education email emergency
    employment engineering enquiry environment event events everyone faq finance financial fire fisheries
    forestry form forms general global governor group health help helpdesk hospital hostmaster hotline hr
    human ict industry info information inquiry international it jobs labor labour legal library magazine
    mail mailform main management master mayor media member members museum network news newsletter noreply
    notice notification notifications office ombudsman personnel planning police policy post postmaster pr
    prefecture press privacy procurement project public query questions reception recruit recruitment
    relations reply report research resident residents resources root school secretariat secretary section
    security service services sports staff statistics strategy support survey system systems tax team
    tender tourism town treasury unit urban village web webmaster welfare
"""
_ENDS = "bu center centre honbu jimusho jimukyoku jo ka kakari kakarichou kan kyoku sho shibu shitsu shisho"
# After a dash these name an office, whatever precedes them: 生涯学習課 is shogai-gakushu-ka.
_LAST_PART = compile_later(
    r"(?:bu|cent(?:er|re)|department|dept|div|division|group|honbu|jimukyoku|jimusho|ka|kakari|kyoku|office|section"
    r"|secretariat|shitsu|team|unit)[0-9]{0,4}"
)
_BETWEEN = compile_later(r"[._-]")
MAX_WORDS = 6


def _list_keys(words: str) -> str:
    return "|".join(sorted(set(map(domain_label_key, words.split()))))


_ROLE = compile_later(rf"(?:{_list_keys(_JAPANESE + _ENGLISH)}){{1,{MAX_WORDS}}}(?:{_list_keys(_ENDS)})?")


def is_role_mailbox(local_part: str, more: Collection[str] = ()) -> bool:
    """Return whether the mailbox is shared; `more` are further names. The text after + is ignored."""
    parts = [part for part in _BETWEEN.split(local_part.lower().partition("+")[0]) if part]
    # A single letter is an initial: k-ootsuka is not kootsu-ka.
    names = {*parts, *(("".join(parts),) if all(len(part) > 1 for part in parts) else ())}
    if len(parts) > 1 and _LAST_PART.fullmatch(parts[-1]):
        return True
    if any(name.rstrip("0123456789") in more for name in names):
        return True
    return any(_ROLE.fullmatch(key) for key in map(domain_label_key, names) if key)
