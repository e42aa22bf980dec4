"""One line that approves what a digest listed without 注意: these, unchanged, and never by a quotation."""

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway import settings as gateway_settings
from gateway.admission.case.digest import lines as digest_lines
from gateway.admission.case.digest import overview
from gateway.admission.case.digest import reply as digest_reply
from gateway.admission.case.digest.reply import DigestCase
from gateway.admission.case.model import Case, State, Transition
from gateway.admission.replies.context import ReplyContext
from gateway.admission.replies.reading import CHANGING, Decision
from gateway.demo.fixtures import settings_text
from gateway.preview.rendered import SampleRenderer
from gateway.preview.sample_cases import TOWN
from gateway.printing.statement import Statement
from tests.support.factories import DESK, NOW, SATO
from tests.support.quotations import CONVERSIONS, MARKS, quote, strip_marks

CODE = "4F7K"
CONTEXT = ReplyContext(member_names=("佐藤",), code=CODE)
NUMBERS = ("K7QM-4T", "AB12-CD", "XY34-ZW", "PQ56-RS")
FLAG = Statement("applied_before")
LINE = "注意のない{}件を承認 4F7K"
RENDERER = SampleRenderer(gateway_settings.parse(settings_text(Path("demo"), 25, 53).encode(), "demo"), None)


def one_case(number: str, *, flagged: bool = False, **changes: object) -> Case:
    found = TOWN.case(number=number, id=NUMBERS.index(number) + 1, **changes)
    return replace(found, background=replace(found.background, flags=(FLAG,) if flagged else ()))


def listed_by(*cases: Case) -> tuple[dict[str, int], tuple[str, ...]]:
    """What the digest about these cases shows, and lists without 注意."""
    rows = overview.build_digest(DESK.staff[0], cases, NOW.date(), DESK).facts["cases"]
    assert isinstance(rows, list)
    return {row["number"]: row["revision"] for row in rows}, tuple(
        row["number"] for row in rows if row["together"]
    )


def carry_out(text: str, then: tuple[Case, ...], now: tuple[Case, ...]) -> tuple[set[str], dict[str, object]]:
    """The numbers that a reply to the digest of `then` approves when the cases are as `now`, and what the
    transcript says of each."""
    shown, listed = listed_by(*then)
    reply = digest_lines.parse(SATO, text, CONTEXT, shown, listed)
    *done, (_, last) = digest_reply.decide(
        reply, {one.number: DigestCase(one, False) for one in now}, NOW, DESK
    )
    rows = last.letters[0].facts["lines"]
    assert isinstance(rows, list)
    told = {row["number"]: row["why"] for row in rows}
    assert len(rows) == len(told)
    return {before.number for before, after in done if before and _is_approved(after)}, told


def _is_approved(transition: Transition) -> bool:
    return transition.case is not None and transition.case.state is State.APPROVED


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans(), st.booleans()), min_size=4, max_size=4),
    st.integers(-1, 1),
    st.sampled_from(["4F7K", "4f7k", "９９９９", "4F7X"]),
)
def test_it_approves_what_was_listed_without_attention_and_did_not_change(
    drawn: list[tuple[bool, bool, bool, bool]], miscount: int, code: str
) -> None:
    """Each case: with 注意 then, another revision since, with 注意 now, decided meanwhile."""
    pairs = list(zip(NUMBERS, drawn, strict=True))
    then = tuple(one_case(number, flagged=flagged) for number, (flagged, _, _, _) in pairs)
    now = tuple(
        one_case(
            number,
            flagged=flagged or later,
            revision=2 if changed else 1,
            state=State.DECLINED if decided else State.UNDER_REVIEW,
        )
        for number, (flagged, changed, later, decided) in pairs
    )
    listed = {number for number, (flagged, _, _, _) in pairs if not flagged}
    text = f"注意のない{len(listed) + miscount}件を承認 {code}"
    counts = miscount == 0 and code in {"4F7K", "4f7k"}
    approved, told = carry_out(text, then, now)
    assert approved == ({number for number, one in pairs if not any(one)} if counts else set())
    if code in {"4F7K", "4f7k"}:
        assert listed == told.keys()
        assert approved == {number for number, why in told.items() if why is None}


@pytest.mark.parametrize(
    "text",
    [
        LINE.format(2) + "\nただし、会議の後で。",
        "もし課長がよければ\n" + LINE.format(2),
        LINE.format(2) + "\n" + LINE.format(2),
        LINE.format(2) + "?",
        LINE.format(2) + " 以外",
        "注意のある2件を承認 4F7K",
        "注意のない2件を承認",
        "注意のない件を承認 4F7K",
        "> " + LINE.format(2),
        "K7QM-4T 注意のない2件を承認 4F7K",
        LINE.format(2) + "\nAB12-C0 保留 4F7K",
        "AB12-C0 却下 4F7K 対象外\n\n" + LINE.format(2),
    ],
)
def test_no_other_sentence_approves_many(text: str) -> None:
    cases = tuple(map(one_case, NUMBERS[:2]))
    assert set() == carry_out(text, cases, cases)[0]


def test_courtesies_and_a_signature_may_stand_beside_it() -> None:
    cases = tuple(map(one_case, NUMBERS[:2]))
    text = f"お疲れさまです。\n{LINE.format(2)}\n\nよろしくお願いします。\n佐藤"
    assert set(NUMBERS[:2]) == carry_out(text, cases, cases)[0]


def test_a_line_of_its_own_goes_before_it() -> None:
    cases = tuple(map(one_case, NUMBERS[:3]))
    approved, told = carry_out(f"{LINE.format(3)}\nAB12-CD 却下 4F7K 対象外のため", cases, cases)
    assert {"K7QM-4T", "XY34-ZW"} == approved
    assert set(NUMBERS[:3]) == told.keys()


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("承認 4F7K", False),
        ("承認 4F7K 注意確認", True),
        ("承認 4F7K　注意確認。", True),
        ("承認 注意確認 4F7K", True),
        ("承認 4F7K 注意確認していません", False),
        ("承認 4F7K 未注意確認", False),
        ("承認 注意確認", False),
    ],
)
def test_a_case_with_attention_is_approved_by_a_line_that_says_so(said: str, expected: bool) -> None:
    cases = (one_case("K7QM-4T", flagged=True),)
    approved, told = carry_out(f"K7QM-4T {said}", cases, cases)
    assert expected == (approved == {"K7QM-4T"})
    assert expected == (told["K7QM-4T"] is None)


def test_a_refusal_needs_no_check() -> None:
    case = one_case("K7QM-4T", flagged=True)
    assert {"K7QM-4T": None} == carry_out("K7QM-4T 却下 4F7K 対象外のため", (case,), (case,))[1]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.booleans(), min_size=1, max_size=4),
    st.integers(20, 120),
    st.sampled_from(MARKS),
    st.sampled_from(sorted(CONVERSIONS)),
    st.booleans(),
    st.sampled_from(["", "\n\n佐藤", "\nよろしくお願いします。"]),
)
def test_a_quotation_of_the_digest_alone_decides_nothing(
    flags: list[bool], width: int, marks: str, conversion: str, as_page: bool, below: str
) -> None:
    cases = tuple(one_case(number, flagged=flagged) for number, flagged in zip(NUMBERS, flags, strict=False))
    letter = RENDERER.rendered(overview.build_digest(DESK.staff[0], cases, NOW.date(), DESK))
    whole = _read_page(letter.html or "") if as_page else letter.text
    text = strip_marks(quote(whole, width=width, marks=marks, conversion=conversion)) + below
    shown, listed = listed_by(*cases)
    entries = digest_lines.parse(SATO, text, CONTEXT, shown, listed).entries
    assert [] == [one for one in entries if one.reply.decision in CHANGING - {Decision.TAKE}]


def _read_page(page: str) -> str:
    """A page as text, with what stands behind its links, as some programs quote it."""
    linked = re.sub(r'<a href="([^"]+)"[^>]*>(.*?)</a>', r"\2 <\1>", page)
    return unescape(re.sub(r"<[^<>@%]*>", "", re.sub(r"</(?:p|li|h2)>|<br>", "\n", linked)))
