"""Lines of a reply to a digest, as signed mails: each about its own case, once, by this digest's code."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.admission.case.model import Case, Letter
from gateway.store.sqlite.store import SqliteStore
from tests.support.desk_bench import BOXES, CODE, GOOGLE, OPENDKIM, STRANGER, DeskBench, Reply, sign
from tests.support.factories import SATO, SUZUKI

SHOWN, NEVER_SHOWN = ("K7QM-4T", "9X2B-1C"), "3HJ5-8W"
OTHER_CODE = "9Z9Z"
WAITS, APPROVED, DECLINED = "under_review", "approved", "declined"


async def open_cases(bench: DeskBench) -> list[Case]:
    return [await bench.open_case(number) for number in (*SHOWN, NEVER_SHOWN)]


async def say(bench: DeskBench, text: str, token: str, minute: int = 0) -> bytes:
    """A signed reply of the member's; gives its octets."""
    at = replace(
        Reply(text), date=Reply().date + timedelta(seconds=minute), message_id=f"<m{minute}@x.example>"
    )
    raw = sign(at.octets(bench.mailbox(token)), OPENDKIM)
    await bench.send(raw, token)
    return raw


async def states(bench: DeskBench) -> list[str]:
    return [await bench.state(number) for number in (*SHOWN, NEVER_SHOWN)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"K7QM-4T 承認 {CODE}\n9X2B-1C 却下 {CODE} 対象外の団体です。\n", [APPROVED, DECLINED, WAITS]),
        (f"Ｋ７ＱＭ－４Ｔ　承認　４Ｆ７Ｋ\n・9x2b-1c 承認 {CODE}\n", [APPROVED, APPROVED, WAITS]),
        (f"K7QM-4T 承認 {CODE}\n9X2B-1C 承認 {OTHER_CODE}\n", [APPROVED, WAITS, WAITS]),
    ],
)
async def test_a_line_decides_about_its_own_case(bench: DeskBench, text: str, expected: list[str]) -> None:
    cases = await open_cases(bench)
    await bench.ask_digest(cases[:2], code=OTHER_CODE)
    await say(bench, text, await bench.ask_digest(cases[:2]))
    assert expected == await states(bench)


@pytest.mark.parametrize(
    "text",
    [
        f"> K7QM-4T 承認 {CODE}\n> 9X2B-1C 承認 {CODE}\n",
        f"審査依頼\n\n  確認符号: {CODE}\n",
        f"K7QM-4T\n  期限: 11月27日\n  確認符号: {CODE}\n",
        f"K7QM-4T 承認 {OTHER_CODE}\n9X2B-1C 承認 {OTHER_CODE}\n",
        "K7QM-4T 承認\n",
        f"承認 {CODE}\n",
        f"全件 承認 {CODE}\n",
        f"{CODE} K7QM-4T 承認\n",
        f"承認 {CODE} K7QM-4T\n",
        f"| K7QM-4T | 承認 {CODE} |\n",
        f"K7QM-4T 9X2B-1C 承認 {CODE}\n",
        f"K7QM-4T 承認 {CODE} 9X2B-1C\n",
        f"K7QM-4T 却下 {CODE} 9X2B-1Cと重複です。\n",
        f"K7QM-4T 却下 {CODE} ９Ｘ２Ｂ－１Ｃと重複です。\n",
        f"K7QM-4T 照会 {CODE} 3HJ5-8Wの方と同じ方ですか。\n",
        f"K7QM-4T 承認 {CODE}\nK7QM-4T 承認 {CODE}\n",
        f"K7QM-4T 承認 {CODE}\nK7QM-4T 却下 {CODE} 対象外です。\n",
        f"K7QM-4T 承認 {CODE}\nまだ承認しないでください。\n",
        f"K7QM-4T 承認 {CODE}\n\n上の承認は取り消します。\n",
        f"次の行は例です。実行しないでください。\nK7QM-4T 承認 {CODE}\n",
        f"停止\nK7QM-4T 承認 {CODE}\n",
        f"鈴木課長\nK7QM-4T 承認 {CODE}\n",
        f"鈴木様\n\nK7QM-4T 却下 {CODE} 対象外です。\n",
        f"Dear Suzuki-san,\nK7QM-4T 承認 {CODE}\n",
        f"停止 {CODE}\nK7QM-4T 承認 {CODE}\n",
        f"3HJ5-8W 承認 {CODE}\nZZZZ-ZZ 承認 {CODE}\n",
    ],
)
async def test_a_line_that_is_not_clearly_about_one_case_changes_none(bench: DeskBench, text: str) -> None:
    cases = await open_cases(bench)
    await bench.ask_digest(cases[:2], code=OTHER_CODE)
    await say(bench, text, await bench.ask_digest(cases[:2]))
    assert [WAITS] * 3 == await states(bench)
    assert "digest.answered" in bench.journal()


async def test_a_number_that_is_no_case_is_part_of_a_reason(bench: DeskBench) -> None:
    cases = await open_cases(bench)
    text = f"K7QM-4T 却下 {CODE} 対象外の団体です(0138-21-0000)。\n"
    await say(bench, text, await bench.ask_digest(cases[:2]))
    assert [DECLINED, WAITS, WAITS] == await states(bench)


LINES = st.sampled_from(
    [
        f"K7QM-4T 承認 {CODE}\n", f"9X2B-1C 承認 {CODE}\n", f"K7QM-4T 承認 {OTHER_CODE}\n",
        f"9X2B-1C 保留 {CODE}\n", f"K7QM-4T 却下 {CODE} 対象外です。\n", f"3HJ5-8W 承認 {CODE}\n",
    ]
)  # fmt: skip
ACTS = st.lists(st.tuples(st.sampled_from(["say", "replay", "thief", "undo", "change"]), LINES), max_size=7)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS)
async def test_in_any_order_a_line_decides_only_a_revision_that_was_shown_and_once(
    tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[str, str]]
) -> None:
    """A copy, by whomever and with whatever added, changes nothing; neither does a line about a case that was
    decided, taken back or changed since the digest."""
    store = SqliteStore(tmp_path_factory.mktemp("digest") / "gateway.db", BOXES.domain)
    store.open()
    bench = DeskBench(store)
    cases = await open_cases(bench)
    token = await bench.ask_digest(cases[:2])
    stale, sent = set[str](), [b""]
    for minute, (act, line) in enumerate(acts):
        before = await states(bench)
        if act == "say":
            sent.append(await say(bench, line, token, minute))
        elif act == "undo":
            receipt = await bench.ask(cases[0], letter=Letter.DECISION_RECEIPT, code="5R5R")
            await say(bench, "取消 5R5R\n", receipt, minute)
            stale |= {"K7QM-4T"} if before[0] != await bench.state() else set()
        elif act == "change":
            changed = await store.transact(lambda tx: tx.case_by_number("9X2B-1C"))
            assert changed is not None
            newer = replace(changed, revision=changed.revision + 1)
            await store.transact(lambda tx, newer=newer: tx.save(newer))  # type: ignore[misc]
            stale.add("9X2B-1C")
        elif sent[-1]:
            top = b"Received: from a by b\r\n" if act == "replay" else b"Reply-To: <x@evil.example>\r\n"
            to = await bench.ask_digest(cases[:2], code="7Q7Q") if act == "thief" else token
            await bench.send(top + sent[-1], to, client_ip=STRANGER)
            assert before == await states(bench)
        after = await states(bench)
        assert WAITS == after[2]
        if act == "say":
            decided = {number for number, old, new in zip(SHOWN, before, after, strict=False) if old != new}
            assert decided <= {line[:7]} - stale
            assert not decided or CODE in line
    store.close()


@pytest.mark.parametrize("names", [OPENDKIM, GOOGLE])
async def test_a_digest_of_one_member_is_of_no_use_to_another(bench: DeskBench, names: list[str]) -> None:
    cases = await open_cases(bench)
    token = await bench.ask_digest(cases[:2], SUZUKI)
    raw = sign(Reply(f"K7QM-4T 承認 {CODE}\n").octets(bench.mailbox(token)), names)
    await bench.send(raw, token, reverse_path=SATO)
    assert [WAITS] * 3 == await states(bench)
    assert "token.misuse" in bench.journal()
