"""Several cases approved together: none with 注意, none that changed, one code for exactly this list."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from html import unescape

import httpx
import pytest

from gateway.admission.case.model import State
from gateway.console.site import UnavailableError
from gateway.preview.sample_cases import TOWN
from tests.console.conftest import ASKER, DECIDER, NUMBER, READER, Bench
from tests.console.test_deciding import hidden_of, state_of

_BOX = re.compile(r'type="checkbox" class="pick" name="([^"]+)" value="([^"]+)"')
SUBJECT = "【確認番号"
CLEAR = ("AAAA-01", "AAAA-02", "AAAA-03")
APPROVED = {State.APPROVED, State.INVITED}  # the undo window of the tests is short
Fields = dict[str, str]


async def fill(bench: Bench, numbers: tuple[str, ...] = CLEAR) -> None:
    """Cases without 注意, beside the one with 注意 that is there."""
    await bench.save(*(replace(TOWN.case(), number=number, state=State.UNDER_REVIEW) for number in numbers))


async def ask(bench: Bench, verb: str, asked: Fields) -> object:
    return await asyncio.to_thread(bench.site.ask, verb, asked)


async def open_queue(browser: httpx.AsyncClient) -> tuple[Fields, Fields]:
    """The boxes of the queue, and the other fields of its form."""
    page = (await browser.get("/")).text
    return dict(_BOX.findall(page)), hidden_of(page, "/batch")


async def send(browser: httpx.AsyncClient, page: str, code: str) -> httpx.Response:
    return await browser.post("/batch/confirm", data={**hidden_of(page, "/batch/confirm"), "code": code})


async def test_the_queue_offers_boxes_for_cases_without_attention_alone(bench: Bench) -> None:
    await fill(bench)
    wanted = {f"case-{number}" for number in CLEAR}
    for member, boxes in ((DECIDER, wanted), (ASKER, set()), (READER, set())):
        async with bench.browser() as browser:
            await bench.sign_in(browser, member)
            assert boxes == set((await open_queue(browser))[0])


async def test_a_list_is_approved_with_one_code_and_each_case_has_its_letter(bench: Bench) -> None:
    await fill(bench)
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        boxes, form = await open_queue(browser)
        shown = await browser.post("/batch", data={**boxes, **form})
        assert 200 == shown.status_code, shown.text
        assert all(shown.text.count(f"（{number}）") == 1 for number in CLEAR)
        assert 400 == (await send(browser, shown.text, "")).status_code
        code = await bench.code(DECIDER, subject=SUBJECT)
        done = await send(browser, shown.text, code)
        assert (200, True) == (done.status_code, "3件を承認しました" in done.text)
        again = await send(browser, shown.text, code)  # by a double click: the list is used up
        assert (400, 3) == (again.status_code, again.text.count("、判断した人: <bdi>"))
    assert {await state_of(bench, number) for number in CLEAR} <= APPROVED
    sql = "SELECT c.number FROM letters l JOIN cases c ON c.id = l.case_id WHERE l.letter = 'invitation'"
    owed = await bench.sandbox.app.store.transact(lambda tx: [row[0] for row in tx.connection.execute(sql)])
    assert list(CLEAR) == sorted(owed)


async def test_the_letter_with_the_code_lists_the_cases(bench: Bench) -> None:
    await fill(bench)
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        boxes, form = await open_queue(browser)
        await browser.post("/batch", data={**boxes, **form})
        await bench.code(DECIDER, subject=SUBJECT)
    (letter,) = [one for one in bench.sandbox.letters(DECIDER) if SUBJECT in str(one["Subject"])]
    body = letter.get_body(("plain",))
    assert body is not None
    assert all(number in body.get_content() for number in CLEAR)


async def test_what_changed_meanwhile_is_left_out_and_said(bench: Bench) -> None:
    await fill(bench)
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        boxes, form = await open_queue(browser)
        await bench.touch(CLEAR[0])
        shown = await browser.post("/batch", data={**boxes, **form})
        assert "承認しない件（1件）" in shown.text
        code = await bench.code(DECIDER, subject=SUBJECT)
        await bench.touch(CLEAR[1])
        done = await send(browser, shown.text, code)
        assert "1件を承認しました" in done.text
        assert "表示したあとに内容が変わりました" in done.text
    assert [False, False, True] == [await state_of(bench, number) in APPROVED for number in CLEAR]


async def test_a_case_with_attention_cannot_be_smuggled_in(bench: Bench) -> None:
    """With its right mark, in the form of the queue and in the form that confirms."""
    await fill(bench)
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        page = (await browser.get(f"/cases/{NUMBER}")).text
        mark = hidden_of(page, f"/cases/{NUMBER}/decide")["shown"]
        boxes, form = await open_queue(browser)
        shown = await browser.post("/batch", data={**boxes, **form, f"case-{NUMBER}": mark})
        assert "まとめて承認できません" in shown.text
        code = await bench.code(DECIDER, subject=SUBJECT)
        fields = {**hidden_of(shown.text, "/batch/confirm"), f"case-{NUMBER}": mark, "code": code}
        assert 400 == (await browser.post("/batch/confirm", data=fields)).status_code
    assert State.UNDER_REVIEW is await state_of(bench)


@pytest.mark.parametrize("change", ["one less", "one more", "another mark", "another slip"])
async def test_the_code_is_bound_to_the_exact_list(bench: Bench, change: str) -> None:
    await fill(bench)
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        boxes, form = await open_queue(browser)
        last = boxes.popitem()
        shown = await browser.post("/batch", data={**boxes, **form})
        code = await bench.code(DECIDER, subject=SUBJECT)
        fields = hidden_of(shown.text, "/batch/confirm") | {"code": code}
        first = next(iter(boxes))
        changed = {
            "one less": {name: text for name, text in fields.items() if name != first},
            "one more": fields | dict([last]),
            "another mark": fields | {first: "0" * 32},
            "another slip": fields | {"slip": "x" * 43},
        }[change]
        assert 400 == (await browser.post("/batch/confirm", data=changed)).status_code
        assert {State.UNDER_REVIEW} == {await state_of(bench, number) for number in CLEAR}
        assert 200 == (await browser.post("/batch/confirm", data=fields)).status_code


async def test_nothing_chosen_and_too_many_are_said(bench: Bench) -> None:
    numbers = tuple(f"BBBB-{place:02d}" for place in range(26))
    await fill(bench, numbers)
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        boxes, form = await open_queue(browser)
        assert 26 == len(boxes)
        for data, words in ((form, "選んでください"), ({**boxes, **form}, "25件までです")):
            answer = await browser.post("/batch", data=data)
            assert (400, True) == (answer.status_code, words in answer.text)
        cases = " ".join(f"{name.removeprefix('case-')}={mark}" for name, mark in boxes.items())
        asked = {"session": browser.cookies["session"], "cases": cases, "slip": "s", "grant": ""}
        with pytest.raises(UnavailableError, match="1 to 25"):
            await ask(bench, "batch.propose", asked)
        boxes.popitem()
        shown = await browser.post("/batch", data={**boxes, **form})
        done = await send(browser, shown.text, await bench.code(DECIDER, subject=SUBJECT))
    assert "25件を承認しました" in unescape(done.text)


@pytest.mark.parametrize("number", ["aaaa-01", f"AAAA-01{'A' * 3000}", "AAAA01", "x", "AAAA-01 AAAA-02"])
async def test_what_is_no_number_of_a_case_is_not_chosen(bench: Bench, number: str) -> None:
    await fill(bench)
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        boxes, form = await open_queue(browser)
        sent = await browser.post("/batch", data={f"case-{number}": next(iter(boxes.values())), **form})
    assert (400, True) == (sent.status_code, "承認する件を選んでください" in sent.text)


async def test_those_who_may_not_decide_approve_nothing(bench: Bench) -> None:
    await fill(bench)
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        boxes, form = await open_queue(browser)
    for member in (ASKER, READER):
        async with bench.browser() as browser:
            await bench.sign_in(browser, member)
            assert 400 == (await browser.post("/batch", data={**boxes, **form})).status_code
    assert {State.UNDER_REVIEW} == {await state_of(bench, number) for number in CLEAR}
