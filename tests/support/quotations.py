"""What mail programs and relays make of a letter that they quote: 13 conversions, any width and marks."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Mapping
from html import escape, unescape

from gateway.admission.application.form import parse_form
from gateway.admission.application.items.fields import Consent
from gateway.admission.case.model import Letter
from gateway.admission.replies.decision import parse_fresh
from gateway.admission.replies.grammar.vocabulary import Reader, reader_stems
from gateway.admission.replies.outsiders.confirmation import Confirmation, parse_confirmation
from gateway.admission.replies.outsiders.withdrawal import is_withdrawal
from gateway.admission.replies.reading import CHANGING, Decision
from gateway.printing import breaking, forms
from gateway.printing.outside import Outside
from gateway.templating.proof.answers import cut
from gateway.templating.renderer import find_readers

_HALF_WIDTH = str.maketrans(
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲンー",
    "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝｰ",
)


def _through(charset: str, errors: str) -> Callable[[str], str]:
    return lambda text: text.encode(charset, errors).decode(charset, "replace")


def _to_html_and_back(text: str) -> str:
    """A page of paragraphs whose markup and white space are dropped again."""
    page = "".join(f"<p>{escape(line)}</p>" for line in text.split("\n"))
    return re.sub(r"[ \t]+", " ", unescape(re.sub(r"</p>", "\n", page).replace("<p>", "")))


CONVERSIONS: Mapping[str, Callable[[str], str]] = {
    "none": str,
    "iso-2022-jp, lost": _through("iso2022_jp", "ignore"),
    "iso-2022-jp, ?": _through("iso2022_jp", "replace"),
    "cp932": _through("cp932", "ignore"),
    "euc-jp": _through("euc_jp", "ignore"),
    "big5": _through("big5", "ignore"),
    "latin-1, lost": _through("latin_1", "ignore"),
    "latin-1, ?": _through("latin_1", "replace"),
    "utf-8 as cp1252 and back": lambda text: (
        text.encode().decode("cp1252", "replace").encode("cp1252", "ignore").decode("utf-8", "ignore")
    ),
    "nfkc": lambda text: unicodedata.normalize("NFKC", text),
    "line ends lost": lambda text: text.replace("\n", ""),
    "html to text": _to_html_and_back,
    "half-width kana, blanks folded": lambda text: re.sub(r"[ \u3000]+", " ", text.translate(_HALF_WIDTH)),
}
MARKS = ("kept", "lost", "doubled")
_QUOTED_LINE = re.compile(r"(?m)^\| ?")


def print_letter(letter: Letter, values: tuple[str, str, str], *, broken: bool = True) -> str:
    """A letter that holds nothing but three values of somebody else, as the forms print them."""
    name, organisation, text = map(Outside, values)
    signed = "\n".join(
        (
            forms.folded(f"申請者: {forms.organisation(organisation)} {forms.inline(name)}"),
            forms.quoted(organisation),
            forms.quoted(name),
            forms.quoted(text),
        )
    )
    stems = (stem for reader in find_readers(letter) for stem in reader_stems(reader)) if broken else ()
    return breaking.finish(signed, breaking.build_stems(stems))


def quote(text: str, *, width: int, marks: str, conversion: str) -> str:
    """The letter as it stands in a reply; with lost marks those of the letter are lost too."""
    if marks == "doubled":
        text = "\n".join(f"> > {line}" for line in text.split("\n"))
    elif marks == "lost":
        text = _QUOTED_LINE.sub("", text)
    return CONVERSIONS[conversion](cut(text, width))


def strip_marks(text: str) -> str:
    """What is left when the reader is to take each line for the writer's own."""
    return re.sub(r"(?m)^(?:[>|] ?)+", "", text)


def find_answer(text: str, reader: Reader) -> str:
    """What a reply of these lines says that counts, empty for nothing: of each line by itself, of each with
    two neighbours, and of all of them."""
    lines = [line.strip() for line in text.split("\n")]
    near = ("\n".join(lines[at : at + 3]) for at in range(len(lines)) if len(lines) > 3)
    for said in dict.fromkeys((text, *lines, *near)):
        if answer := _read(said, reader):
            return f"{answer}: {said!r}"
    return ""


def _read(said: str, reader: Reader) -> str:
    if reader == "staff":
        decision = parse_fresh(said).decision
        return decision.value if decision in CHANGING - {Decision.TAKE} else ""
    if reader == "confirmer":
        answer = parse_confirmation(said)
        return "" if answer is Confirmation.NONE else answer.value
    if is_withdrawal(said):
        return "withdrawal"
    return "consent" if parse_form(said).consent is Consent.YES else ""


SENTENCES: Mapping[Reader, tuple[str, ...]] = {
    "staff": (
        *(
            "承認します。",
            "承認",
            "許可します",
            "却下: 対象外のため",
            "照会します。",
            "保留",
            "取消",
            "撤回します",
        ),
        *(
            "Approved.",
            "approve",
            "I reject this application.",
            "undo",
            "resend",
            "参加済み",
            "再送",
            "お断りします",
        ),
        *("ペンディングでお願いします", "差し戻します。", "on hold until 12/1"),
    ),
    "confirmer": (
        *(
            "在籍を確認しました。",
            "当課の者です。",
            "所属しています",
            "該当者はおりません。",
            "当市の職員です",
        ),
        *(
            "そのような者はいません",
            "I confirm.",
            "no such person",
            "he is on the staff here",
            "退職しました。",
        ),
    ),
    "applicant": (
        *(
            "取り下げます。",
            "辞退します",
            "申請をキャンセルします。",
            "withdraw",
            "please cancel my application",
        ),
        *(
            "規約への同意: 同意する",
            "利用規約: はい",
            "規約に同意します。",
            "terms of use: yes",
            "☑ 承諾する",
            "同意 はい",
        ),
        *("Consent to the rules: I agree", "ルールへの同意：了承する", "[x] I accept the rules"),
    ),
}
LETTER_OF: Mapping[Reader, Letter] = {
    "staff": Letter.REVIEW_REQUEST,
    "confirmer": Letter.AFFILIATION_REQUEST,
    "applicant": Letter.QUESTION,
}
HIDING = (
    "",
    "",
    "",
    "・",
    "\u3000",
    " ",
    "\n",
    "①",
    "👍",
    "\u200b",
    "𠮷",
    "＊",
    "<b>",
    "&nbsp;",
    "が\u3099",
    "|",
    "> ",
)


def draw_values(chance: random.Random, reader: Reader) -> tuple[str, str, str]:
    """Three values with a sentence that answers, hidden, in odd widths, or split over two of them."""
    said = chance.choice(SENTENCES[reader])
    if chance.random() < 0.4:
        said = "".join(sign + (chance.choice(HIDING) if chance.random() < 0.2 else "") for sign in said)
    if chance.random() < 0.2:
        said = "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in said)
    if chance.random() < 0.2:
        said = said.upper()
    at = chance.randrange(len(said) + 1) if chance.random() < 0.5 else len(said)
    before = chance.choice(("", "", "よろしくお願いします。\n", "一人目が", "x" * 200))
    values = [before + said[:at], said[at:], chance.choice(("", "見本市", said))]
    chance.shuffle(values)
    return values[0], values[1], values[2]
