"""Converts kana to a key that can be compared with the label of a domain name.

The key uses Hepburn, as most labels do. Long vowels, doubled consonants, m before b, m, p and Kunrei
spellings are folded on both sides, because each town chose its own (koutou or koto, kanbara or kambara).
"""

from __future__ import annotations

import unicodedata

from gateway.memoize import memoize
from gateway.patterns import compile_later

MAX_LABEL = 63  # RFC 1035 section 2.3.4

_TABLE = """あa いi うu えe おo かka きki くku けke こko さsa しshi すsu せse そso たta ちchi つtsu てte とto
    なna にni ぬnu ねne のno はha ひhi ふfu へhe ほho まma みmi むmu めme もmo やya ゆyu よyo
    らra りri るru れre ろro わwa ゐi ゑe をo んn がga ぎgi ぐgu げge ごgo ざza じji ずzu ぜze ぞzo
    だda ぢji づzu でde どdo ばba びbi ぶbu べbe ぼbo ぱpa ぴpi ぷpu ぺpe ぽpo ゔvu"""
_KANA = {entry[0]: entry[1:] for entry in _TABLE.split()}
_SMALL = {"ゃ": "ya", "ゅ": "yu", "ょ": "yo", "ぁ": "a", "ぃ": "i", "ぅ": "u", "ぇ": "e", "ぉ": "o"}
_ENDINGS = ("ちょう", "まち", "そん", "むら", "し", "く", "けん", "ふ", "と")
# Kunrei and mixed spellings to Hepburn; the order matters.
_KUNREI = tuple(
    (compile_later(pattern), hepburn)
    for pattern, hepburn in (
        ("dzu|du", "zu"),
        ("si", "shi"),
        ("ti", "chi"),
        ("tu", "tsu"),
        ("(?<![sc])hu", "fu"),
        ("zi|di|jyi", "ji"),
        ("sy", "sh"),
        ("ty|cy", "ch"),
        ("zy|jy", "j"),
    )
)
_LONG = compile_later("ou|oo|uu|oh(?![aiueo])")
# Loan words that labels write in the original language: 南アルプス市 is minami-alps.
_LOANS = (("アルプス", "alps"), ("あるぷす", "alps"))
_NASAL = compile_later("m(?=[bmp])")
_DOUBLED = compile_later("tch|cch")


def to_romaji(kana: str) -> str:
    """Convert hiragana or katakana to Hepburn; skip other characters."""
    letters: list[str] = []
    doubled = False
    for character in _to_hiragana(kana):
        if character == "っ":
            doubled = True
            continue
        if character in _SMALL:
            letters.append(_join_small_kana(letters.pop() if letters else "", _SMALL[character]))
            continue
        sound = _KANA.get(character, "")
        letters.append(sound[:1] + sound if doubled else sound)
        doubled = False
    return "".join(letters)


def _to_hiragana(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text)
    return "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in folded)


def _join_small_kana(before: str, small: str) -> str:
    """Join a small kana to the sound before it: ki + ya = kya, shi + yo = sho, te + i = ti."""
    if before.endswith(("shi", "chi", "ji")) and small[0] == "y":
        return before[:-1] + small[1:]
    return before[:-1] + small


def domain_label_key(label: str) -> str:
    """Return the key of a domain label: `koutou`, `koto` and `kōtō` have the same key."""
    plain = unicodedata.normalize("NFKD", label[:MAX_LABEL])
    key = "".join(c for c in plain if c.isascii() and c.isalpha()).lower()
    for pattern, hepburn in _KUNREI:
        key = pattern.sub(hepburn, key)
    key = _DOUBLED.sub("cch", _NASAL.sub("n", key))
    while (shorter := _LONG.sub(lambda match: match.group()[0], key)) != key:
        key = shorter
    return key


@memoize(maxsize=2048, why="there are about as many local governments; each message needs two names of one")
def name_label_keys(kana: str) -> frozenset[str]:
    """Return the keys of a name, with and without the suffix for its kind (sapporo and sapporoshi)."""
    whole = "".join(kana.split())
    bare = next((whole[: -len(end)] for end in _ENDINGS if whole.endswith(end) and whole != end), whole)
    keys = {domain_label_key(to_romaji(name)) for name in (whole, bare)}
    for written, own in _LOANS:
        before, loan, after = bare.partition(written)
        if loan:
            keys.add(domain_label_key(to_romaji(before) + own + to_romaji(after)))
    return frozenset(keys)


def is_label_for_name(label: str, kana: str, prefecture_kana: str) -> bool:
    """Return whether a domain label can be read as this name, or as name and prefecture (fukushima-date)."""
    names, prefectures = name_label_keys(kana), name_label_keys(prefecture_kana)
    # おおい is written oi, ooi or ohi.
    readings = {domain_label_key(label), domain_label_key(label.replace("oh", "o"))}
    if readings & names:
        return True
    parts = {domain_label_key(part) for part in label.split("-")}
    if "-" in label and parts & names:
        return True
    return any(readings & {home + name, name + home} for name in names for home in prefectures)
