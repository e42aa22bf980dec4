"""The content of an application, item by item, and how a letter prints the form for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from gateway.admission.application.items.labels import Item


@dataclass(frozen=True, slots=True)
class FormField:
    """A printed item: labels and hints in Japanese and English."""

    item: Item
    japanese: str
    english: str
    hint: str
    english_hint: str


# In the order of a letter. The address is not requested: the authenticated author is invited.
FORM_FIELDS: tuple[FormField, ...] = (
    FormField(
        Item.CATEGORY, "区分", "Category", "自治体 または 政府機関", "local government or national government"
    ),
    FormField(
        Item.ORGANISATION,
        "団体名",
        "Organisation",
        "市区町村・都道府県・府省庁の名前",
        "name of the body you work for",
    ),
    FormField(
        Item.CODE,
        "全国地方公共団体コード",
        "Local government code",
        "自治体のみ、6桁",
        "local governments only, six digits",
    ),
    FormField(Item.DEPARTMENT, "部課名", "Department", "部・課・係", "department and section"),
    FormField(Item.TITLE, "役職", "Title", "任意", "optional"),
    FormField(Item.NAME, "氏名", "Name", "姓と名", "first and last name"),
    FormField(Item.CONSENT, "規約への同意", "Consent to the rules", "「同意する」と記入", "write: I agree"),
)


class Category(StrEnum):
    """Kind of employer; `UNKNOWN` is the empty string."""

    LOCAL = "local"
    NATIONAL = "national"
    UNKNOWN = ""


class Consent(StrEnum):
    """The applicant's answer about the rules; `absent` if there is no clear one.

    `unsure` is a yes beside statements that were not understood: the staff judge whether they limit it.
    """

    YES = "yes"
    UNSURE = "unsure"
    NO = "no"
    ABSENT = "absent"


AGREED = frozenset({Consent.YES, Consent.UNSURE})


@dataclass(frozen=True, slots=True)
class Form:
    """The content of an application; empty strings for missing items. `version` is that of the rules."""

    category: Category = Category.UNKNOWN
    organisation: str = ""
    code: str = ""
    department: str = ""
    title: str = ""
    name: str = ""
    email: str = ""
    consent: Consent = Consent.ABSENT
    version: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether the text contained no item of a form at all."""
        return self == _NOTHING


_NOTHING = Form()


def merge(old: Form, new: Form) -> Form:
    """Merge two forms: values of `new` take precedence, items that it leaves empty are kept.

    So is a plain consent that is given again beside other words.
    """
    empty = {"", Consent.ABSENT, *([Consent.UNSURE] if old.consent is Consent.YES else [])}
    said = {name: value for name in Form.__slots__ if (value := getattr(new, name)) not in empty}
    return replace(old, **said)


def missing_items(form: Form, *, category: str = "", code_asked: bool = False) -> tuple[Item, ...]:
    """Return the items still to be requested, in printed order.

    `category` is known from the domain. The code is requested from local governments only, and not again if
    `code_asked`.
    """
    known = form.category or category
    wanted = {
        Item.CATEGORY: not known,
        Item.ORGANISATION: not form.organisation,
        Item.CODE: known == Category.LOCAL and not form.code and not code_asked,
        Item.DEPARTMENT: not form.department,
        Item.NAME: not form.name,
        Item.CONSENT: form.consent not in AGREED,
    }
    return tuple(entry.item for entry in FORM_FIELDS if wanted.get(entry.item))


def render_form(entries: Sequence[FormField], values: dict[Item, str], *, english: bool = False) -> str:
    """Return a form to reply to, one line per entry, with the values known so far."""
    if english:
        return "\n".join(f"- {e.english} ({e.english_hint}): {values.get(e.item, '')}" for e in entries)
    return "\n".join(
        f"・{e.japanese}{f'（{e.hint}）' if e.hint else ''}：{values.get(e.item, '')}" for e in entries
    )
