"""The register of organisations, searchable by code, by name as people write it, or by mail domain.

Several bodies can have the same name (there are four towns 池田町), so searches return all matches.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from gateway.admission.organisations import codes, domains
from gateway.admission.organisations.codes import Code, CodeStatus
from gateway.admission.organisations.romaji import name_label_keys
from gateway.mail.text import fold
from gateway.patterns import compile_later

LOCAL_KINDS = frozenset({"prefecture", "municipality", "ward"})
MAX_NAME = 200


@dataclass(frozen=True, slots=True)
class Domain:
    """A mail domain of a body.

    It is valid from `since` up to and including `until` (None: open). `shared` means that several bodies use
    it, so it does not identify any one of them. `source` names who provided it.
    """

    name: str
    source: str = ""
    since: date | None = None
    until: date | None = None
    shared: bool = False

    def is_valid_on(self, day: date) -> bool:
        """Return whether the domain is valid on `day`."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Organisation:
    """A body.

    `code` is a local-government code of six digits or a corporate number of thirteen. `employer` is the code
    of the employing body: for an administrative ward its city, otherwise `code`. `source` is the list that
    contains the body (empty: entered by the office), `as_of` the date of that list.
    """

    code: str
    prefecture: str
    name: str
    kana: str
    kind: str
    employer: str
    domains: tuple[Domain, ...] = ()
    by_staff: bool = False
    source: str = ""
    as_of: date | None = None

    @property
    def title(self) -> str:
        """The name with its prefecture, which tells apart bodies of the same name."""
        inside = not self.prefecture or self.name.startswith(self.prefecture)
        return self.name if inside else f"{self.prefecture}{self.name}"


# Characters that sources and people write differently; the first of each group is used for comparison.
_VARIANTS = """梼檮 恵惠 高髙 崎﨑嵜 竜龍 条條 沢澤 辺邊邉 浜濱濵 島嶋嶌 桜櫻 広廣 国國 渋澁 鯵鰺 館舘 寿壽
    塩鹽 徳德 黒黑 曽曾 鉄鐵 瀬瀨 富冨 淵渕 桧檜 槙槇 蕊蘂 万萬 与與 宝寶寳 来來 円圓 栄榮 豊豐 弥彌 真眞 鴎鷗
    頚頸 砺礪 会會 郷鄕 総總 県縣 区區 縄繩 駅驛 関關 斎齋斉齊 籠篭 祇祗 実實 荘莊 薮藪 芦蘆 緑綠 横橫 増增
    吉𠮷 ケヶがガヵ ノの之"""
_SAME = str.maketrans({other: group[0] for group in _VARIANTS.split() for other in group[1:]})
_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_OFFICE = compile_later(r"(?<=[都道府県市区町村])(?:役所|役場|本庁|庁舎|庁)")


def fold_name(text: str) -> str:
    """Return a name for comparison: folded, without spaces, character variants unified."""
    return fold(text[:MAX_NAME]).translate(_SAME).replace(" ", "")


def fold_reading(text: str) -> str:
    """Return a name or reading for substring search: as `fold_name`, with katakana as hiragana."""
    return fold_name(text).translate(_HIRAGANA)


class Register:
    """All known bodies; indexes are built on first use."""

    def __init__(self, organisations: Iterable[Organisation]) -> None:
        self._by_code = {each.code: each for each in organisations}

    def __len__(self) -> int:
        return len(self._by_code)

    @property
    def organisations(self) -> tuple[Organisation, ...]:
        """All bodies, in order of their codes."""
        return tuple(self._by_code[code] for code in sorted(self._by_code))

    def with_organisations(self, organisations: Iterable[Organisation]) -> Register:
        """Return a register with these bodies added; one with a known code replaces the existing one."""
        return Register([*self._by_code.values(), *organisations])

    def by_code(self, code: str) -> Organisation | None:
        """Return the body with exactly this code."""
        return self._by_code.get(code)

    def parse_code(self, text: str) -> Code:
        """Parse a code as people write it; if five digits are ambiguous, prefer the known code."""
        code = codes.parse(text)
        if not code.other or code.value in self._by_code or code.other not in self._by_code:
            return code
        other = codes.parse(code.other)
        return Code(CodeStatus.REPAIRABLE, other.kind, other.value, other.employer, code.value)

    def by_name(self, text: str) -> tuple[Organisation, ...]:
        """Return the bodies named at the start of a text: 北海道虻田郡留寿都村, 千代田区役所, 例示市 総務課.

        The longest name wins; a leading prefecture decides between bodies of the same name. Only the first
        200 characters of the text are used.
        """
        folded = fold_name(text)
        whole = self._names.get(folded)
        if whole:
            return whole
        bare = _OFFICE.sub("", folded)
        for candidate in (bare, *_without_county(bare)):
            found = self._find_longest(candidate)
            if found:
                return found
        return ()

    def by_part(self, text: str) -> tuple[Organisation, ...]:
        """Return the bodies whose name or reading contains a text, in either kana; none for no text."""
        folded = fold_reading(text)
        return tuple(each for key, each in self._parts if folded in key) if folded else ()

    def by_domain(self, domain: str) -> tuple[Organisation, ...]:
        """Return the bodies that list the domain or a parent of it, valid or not."""
        labels = domain.split(".")
        for at in range(len(labels) - 1):
            found = self._domains.get(".".join(labels[at:]))
            if found:
                return found
        return ()

    def find(self, text: str) -> tuple[Organisation, ...]:
        """Search bodies by code, by domain or address, otherwise by name or a part of it."""
        exact = self.by_code(self.parse_code(text).value or text)
        if exact is not None:
            return (exact,)
        if "." in text:
            return self.by_domain(domains.normalise(text.rpartition("@")[2]))
        return self.by_name(text) or self.by_part(text)

    def by_label(self, key: str) -> tuple[Organisation, ...]:
        """Return the local governments whose reading gives this key (see `romaji.domain_label_key`)."""
        return self._labels.get(key, ())

    def allowed_domains(self, day: date) -> dict[str, str]:
        """Return the domains that staff assigned to a single body, with its code, if valid on `day`."""
        return {
            domain.name: each.code
            for each in self._by_staff
            for domain in each.domains
            if domain.is_valid_on(day) and not domain.shared
        }

    def _find_longest(self, folded: str) -> tuple[Organisation, ...]:
        for end in range(len(folded), 0, -1):
            found = self._names.get(folded[:end])
            if found:
                return self._prefer_municipality(found, folded)
        return ()

    def _prefer_municipality(self, found: tuple[Organisation, ...], text: str) -> tuple[Organisation, ...]:
        """Find the municipality in 北海道虻田郡留寿都村: a county may follow the prefecture."""
        prefecture = found[0]
        if len(found) > 1 or prefecture.kind != "prefecture":
            return found
        head = len(fold_name(prefecture.name))
        for rest in _without_county(text[head:]):
            for end in range(len(rest), 0, -1):
                inside = self._names.get(text[:head] + rest[:end])
                if inside:
                    return inside
        return found

    @cached_property
    def _by_staff(self) -> tuple[Organisation, ...]:
        return tuple(each for each in self._by_code.values() if each.by_staff)

    @cached_property
    def _names(self) -> Mapping[str, tuple[Organisation, ...]]:
        return _group_by_key(
            (name, each)
            for each in self._by_code.values()
            for name in {fold_name(each.name), fold_name(each.prefecture + each.name)}
        )

    @cached_property
    def _parts(self) -> tuple[tuple[str, Organisation], ...]:
        return tuple(
            (f"{fold_reading(each.title)} {fold_reading(each.kana)}", each) for each in self.organisations
        )

    @cached_property
    def _domains(self) -> Mapping[str, tuple[Organisation, ...]]:
        return _group_by_key(
            (domain.name, each) for each in self._by_code.values() for domain in each.domains
        )

    @cached_property
    def _labels(self) -> Mapping[str, tuple[Organisation, ...]]:
        return _group_by_key(
            (key, each)
            for each in self._by_code.values()
            if each.kind in LOCAL_KINDS
            for key in name_label_keys(each.kana)
        )


EMPTY_REGISTER = Register(())


def _group_by_key(pairs: Iterable[tuple[str, Organisation]]) -> Mapping[str, tuple[Organisation, ...]]:
    groups: dict[str, list[Organisation]] = defaultdict(list)
    for key, each in pairs:
        groups[key].append(each)
    return {key: tuple(found) for key, found in groups.items()}


def _without_county(text: str) -> list[str]:
    """Return the text after each 郡 near its start: the county is between prefecture and town."""
    return [text[at + 1 :] for at in range(1, min(len(text), 12)) if text[at] == "郡"]
