"""Whether claimed organisation, code and the sender's domain belong together: sentences for the staff.

A mismatch is a flag, never a refusal: transfers, joint domains and slips of the pen are everyday. The
register counts first, then the reading of the name in Latin letters against the label of the domain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gateway.admission.application.form import Form
from gateway.admission.application.values import Category
from gateway.admission.case.model import Background
from gateway.admission.organisations import codes
from gateway.admission.organisations.codes import Code, CodeKind, CodeStatus
from gateway.admission.organisations.domains import DomainKind
from gateway.admission.organisations.register import LOCAL_KINDS, Organisation, Register, fold_name
from gateway.admission.organisations.romaji import domain_label_key, is_label_for_name, name_label_keys
from gateway.mail.text import printable

MAX_SHOWN = 40
MAX_LISTED = 5
MAX_WORDS = 10
# What the type label of a domain says about the last character of the name, and who may have it.
_ENDINGS = {"pref": "都道府県", "metro": "都", "city": "市区", "town": "町", "vill": "村"}
_LOCAL_DOMAINS = frozenset({DomainKind.LOCAL_GOV_LG, DomainKind.LOCAL_GOV_REGIONAL})


@dataclass(frozen=True, slots=True)
class _Claim:
    """What a form says of the employer: the code as read (None: none is given), the body that has this code,
    and the bodies that the name may mean."""

    form: Form
    code: Code | None
    body_by_code: Organisation | None
    bodies_by_name: tuple[Organisation, ...]


def check(form: Form, background: Background, register: Register) -> tuple[str, ...]:
    """Flags in Japanese, without repeats; empty when all that is known fits together."""
    code = register.parse_code(form.code) if form.code else None
    known = register.by_code(code.value) if code is not None and code.value else None
    claim = _Claim(form, code, known, register.by_name(form.organisation))
    flags = [
        *_code_flags(form.code, code, register),
        *_name_flags(claim, background),
        *_category_flags(form, background),
        *_domain_flags(_employers(claim, register), background, register),
    ]
    return tuple(dict.fromkeys(flags))


def find_register_name(form: Form, background: Background, register: Register) -> str:
    """The register's name of the one body that the sender's domain belongs to and that the form does not
    contradict; empty where there is none, or where the domain does not tell."""
    code = register.parse_code(form.code) if form.code else None
    known = register.by_code(code.value) if code is not None and code.value else None
    claimed = _employers(_Claim(form, code, known, register.by_name(form.organisation)), register)
    label = _parse_label(background)
    listed = register.by_domain(background.organisation) if background.organisation else ()
    holders = listed or (_find_holders(label, register) if label and label.type in _ENDINGS else ())
    found = [body for body in holders if body in claimed] if claimed else holders
    return found[0].title if len(found) == 1 else ""


# --- the code by itself -----------------------------------------------------------------------


def _code_flags(text: str, code: Code | None, register: Register) -> Iterator[str]:
    if code is None:
        return
    if code.verdict is CodeStatus.CORPORATE_NUMBER:
        yield "団体コードの欄に、13桁の法人番号が書かれています"
    elif code.verdict is CodeStatus.INVALID:
        yield _invalid_code_flag(text, register)
    else:
        yield from _valid_code_flags(text, code, register)


def _invalid_code_flag(text: str, register: Register) -> str:
    shown = _format_value(text)
    digits = "".join(c for c in fold_name(text) if c.isdigit() and c.isascii())
    known = register.by_code(digits[:5] + codes.check_digit(digits[:5])) if len(digits) == 6 else None
    if known is not None:
        return f"団体コード「{shown}」は検査数字が合いません({known.code} {known.title}の誤りかもしれません)"
    return f"団体コード「{shown}」は、全国地方公共団体コードとして読めません"


def _valid_code_flags(text: str, code: Code, register: Register) -> Iterator[str]:
    known = register.by_code(code.value)
    if len("".join(filter(str.isdigit, text))) == 5:
        yield f"団体コード「{_format_value(text)}」は5桁のため、{code.value} と読みました"
    if code.kind is CodeKind.NORTHERN_TERRITORIES:
        yield f"団体コード {code.value} の村には行政組織がありません"
    elif code.kind is CodeKind.ADMINISTRATIVE_WARD:
        city = register.by_code(known.employer if known else code.employer)
        yield (
            f"団体コード {code.value} は行政区{f'({known.name})' if known else ''}です。"
            f"雇用主は{city.name if city else '市'}({code.employer})です"
        )
    elif known is None:
        yield f"団体コード {code.value} は登録簿にありません。一部事務組合などかもしれません"


# --- the name against the code ----------------------------------------------------------------


def _name_flags(claim: _Claim, background: Background) -> Iterator[str]:
    organisation, code, known, named = (
        claim.form.organisation,
        claim.code,
        claim.body_by_code,
        claim.bodies_by_name,
    )
    if not organisation:
        return
    if known is not None:
        if not _is_name_match(organisation, named, known):
            stated = _format_value(organisation)
            yield f"団体コード {known.code} は{known.title}ですが、団体名は「{stated}」です"
    elif not named and _is_local(claim.form, background) and not (code and code.value):
        yield f"団体名「{_format_value(organisation)}」は登録簿で見つかりません"
    elif len({each.code for each in named}) > 1 and not _is_unambiguous(named, background):
        yield f"「{_format_value(organisation)}」にあたる団体は{len(named)}あります({_format_bodies(named)})"


def _is_name_match(text: str, named: tuple[Organisation, ...], known: Organisation) -> bool:
    """Whether the text names the body of the code; a ward's code with its city's name is the same employer,
    and 中央区 alone names the ward whose code stands beside it. In Latin letters a word must read so."""
    if any(each.employer == known.employer for each in named):
        return True
    folded = fold_name(text)
    if folded.isascii():
        return any(domain_label_key(word) in name_label_keys(known.kana) for word in text.split()[:MAX_WORDS])
    return fold_name(known.name) in folded or (len(folded) > 1 and fold_name(known.name).endswith(folded))


def _is_unambiguous(named: Iterable[Organisation], background: Background) -> bool:
    """Whether the sender's domain tells which of the namesakes writes, as far as a domain can."""
    prefectures = {each.prefecture for each in named}
    return len(prefectures) > 1 and len(background.organisation.split(".")) == 4 and _is_regional(background)


def _is_regional(background: Background) -> bool:
    return background.domain_kind == DomainKind.LOCAL_GOV_REGIONAL


def _is_local(form: Form, background: Background) -> bool:
    return (form.category or _domain_category(background)) == Category.LOCAL


def _domain_category(background: Background) -> Category:
    return Category.LOCAL if background.domain_kind in _LOCAL_DOMAINS else Category.UNKNOWN


# --- the category against the domain ----------------------------------------------------------


def _category_flags(form: Form, background: Background) -> Iterator[str]:
    if form.category is Category.NATIONAL and background.domain_kind in _LOCAL_DOMAINS:
        yield f"区分は政府機関ですが、差出人のドメイン {background.organisation} は地方公共団体のものです"
    if background.domain_kind == DomainKind.NATIONAL_GOV and (form.category is Category.LOCAL or form.code):
        said = "区分は自治体ですが" if form.category is Category.LOCAL else "団体コードが書かれていますが"
        yield f"{said}、差出人のドメイン {background.organisation} は政府機関のものです"


# --- the organisation against the domain ------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Label:
    """What an own-class domain says by its form: type label, name label, label of the prefecture or empty."""

    type: str
    name: str
    prefecture: str = ""


def _employers(claim: _Claim, register: Register) -> tuple[Organisation, ...]:
    """The bodies that the applicant may mean: by code, else by name; a ward's city in place of the ward."""
    found = (claim.body_by_code,) if claim.body_by_code is not None else claim.bodies_by_name
    cities = (register.by_code(each.employer) or each for each in found)
    return tuple(dict.fromkeys(cities))


def _domain_flags(
    claimed: tuple[Organisation, ...], background: Background, register: Register
) -> Iterator[str]:
    domain = background.organisation
    listed = register.by_domain(domain) if domain else ()
    if any(each.name == domain and each.shared for body in listed for each in body.domains):
        yield f"{domain} は複数の団体が使うドメインです({_format_bodies(listed)})"
    if not claimed or not domain:
        return
    if {each.code for each in listed} & {each.code for each in claimed}:
        return
    label = _parse_label(background)
    if label is None:
        if listed:
            yield _mismatch(claimed, domain, listed)
        return
    if label.type == "union" and any(each.kind in LOCAL_KINDS for each in claimed):
        bodies = _format_bodies(claimed)
        yield f"差出人のドメイン {domain} は一部事務組合などのもので、{bodies}のものではありません"
    elif label.type in _ENDINGS and not any(_can_own_domain(each, label, register) for each in claimed):
        yield _mismatch(claimed, domain, listed or _find_holders(label, register))


def _mismatch(claimed: tuple[Organisation, ...], domain: str, holders: tuple[Organisation, ...]) -> str:
    whose = f"({_format_bodies(holders)})" if holders else ""
    return f"団体名({_format_bodies(claimed)})と差出人のドメイン {domain}{whose}が一致しません"


def _parse_label(background: Background) -> _Label | None:
    labels = background.organisation.split(".")
    if background.domain_kind == DomainKind.LOCAL_GOV_LG and len(labels) == 4:
        return _Label(labels[0], labels[1])
    if _is_regional(background) and len(labels) >= 3:
        return _Label(labels[0], labels[1], labels[2] if len(labels) == 4 else "")
    return None


def _can_own_domain(body: Organisation, label: _Label, register: Register) -> bool:
    """Whether a domain of this form can be the body's. Other kinds than governments are not judged, and none
    whose reading is not known."""
    if body.kind not in LOCAL_KINDS or not body.kana:
        return True
    if body.name[-1] not in _ENDINGS[label.type]:
        return False
    home = _prefecture_kana(body, register)
    if label.prefecture and not is_label_for_name(label.prefecture, home, home):
        return False
    return is_label_for_name(label.name, body.kana, home)


def _find_holders(label: _Label, register: Register) -> tuple[Organisation, ...]:
    return tuple(
        each
        for each in register.by_label(domain_label_key(label.name))
        if _can_own_domain(each, label, register)
    )


def _prefecture_kana(body: Organisation, register: Register) -> str:
    prefecture = register.by_code(body.code[:2] + "000" + codes.check_digit(body.code[:2] + "000"))
    return prefecture.kana if prefecture is not None else ""


# --- how it is said ---------------------------------------------------------------------------


def _format_bodies(bodies: Iterable[Organisation]) -> str:
    titles = list(dict.fromkeys(each.title for each in bodies))
    rest = f"など{len(titles)}団体" if len(titles) > MAX_LISTED else ""
    return "、".join(titles[:MAX_LISTED]) + rest


def _format_value(text: str) -> str:
    """A value of the applicant, short and harmless inside a sentence."""
    return printable(text, MAX_SHOWN)
