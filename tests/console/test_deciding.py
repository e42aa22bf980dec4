"""Deciding on the pages: what leaves is shown, confirmed by a mailed code, and done once."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any

import httpx
import pytest

from gateway.admission.application.items.fields import Form
from gateway.admission.case.model import State
from gateway.console.security import told
from gateway.console.view.words import show_moment
from gateway.mail.address import parse
from gateway.net.control import client
from gateway.net.control.protocol import CONSOLE
from tests.console.cases import case
from tests.console.conftest import ASKER, DECIDER, NUMBER, OPERATOR, READER, Bench
from tests.console.test_pages import HOSTILE

OTHER = "AAAA-01"
REASON = "対象の団体ではないためです。"
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def hidden_of(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the first form with this action."""
    form = page.partition(f'action="{action}"')[2].partition("</form>")[0]
    return {name: unescape(value) for name, value in _HIDDEN.findall(form)}


async def open_form(browser: httpx.AsyncClient, number: str = NUMBER) -> dict[str, str]:
    page = (await browser.get(f"/cases/{number}")).text
    return hidden_of(page, f"/cases/{number}/decide")


async def propose(browser: httpx.AsyncClient, number: str = NUMBER, **fields: str) -> httpx.Response:
    form = await open_form(browser, number)
    return await browser.post(f"/cases/{number}/decide", data={**form, **fields})


async def confirm(browser: httpx.AsyncClient, page: str, code: str, number: str = NUMBER) -> httpx.Response:
    fields = {**hidden_of(page, f"/cases/{number}/confirm"), "code": code}
    return await browser.post(f"/cases/{number}/confirm", data=fields)


async def decide(bench: Bench, browser: httpx.AsyncClient, member: str = DECIDER, **fields: str) -> str:
    """From the form to the page of the case; gives where that is."""
    before = len(bench.sandbox.letters(member))
    shown = await propose(browser, **fields)
    assert 200 == shown.status_code, shown.text
    code = await bench.code(member, before, "【確認番号") if 'name="code"' in shown.text else ""
    done = await confirm(browser, shown.text, code)
    assert 303 == done.status_code, done.text
    return done.headers["location"]


async def state_of(bench: Bench, number: str = NUMBER) -> State:
    found = await bench.sandbox.app.store.transact(lambda tx: tx.case_by_number(number))
    assert found is not None
    return found.state


async def test_a_decline_from_the_form_to_the_undo(bench: Bench) -> None:
    await bench.save(case(number=OTHER))
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        shown = await propose(browser, word="decline", reason=REASON)
        for words in ("却下の確認", REASON, "送られるもの", "確認番号（6桁）"):
            assert words in shown.text
        assert State.UNDER_REVIEW is await state_of(bench)
        code = await bench.code(DECIDER, subject="【確認番号")
        assert 400 == (await confirm(browser, shown.text, "000000" if code != "000000" else "1")).status_code
        done = await confirm(browser, shown.text, code)
        assert done.headers["location"].startswith(f"/cases/{NUMBER}?done=decline.")
        page = (await browser.get(done.headers["location"])).text
        for words in ("却下しました。", "取り消す", OTHER, "画面（コンソール）から"):
            assert words in page
        assert State.DECLINED is await state_of(bench)
        undo = hidden_of(page, f"/cases/{NUMBER}/decide")
        again = await browser.post(f"/cases/{NUMBER}/decide", data=undo)
        assert "30分以内に入力済み" in again.text
        back = await confirm(browser, again.text, "")
        assert back.headers["location"].startswith(f"/cases/{NUMBER}?done=undo.")
    assert State.UNDER_REVIEW is await state_of(bench)
    assert await bench.sandbox.letter(OPERATOR, "返信がありました", NUMBER)


async def test_what_is_shown_is_what_leaves(bench: Bench) -> None:
    """A reply leaves at once: its words are those of the page, but for what a token is."""
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        shown = await propose(browser, word="reply", message="確認しています。\n今週中にお返事します。")
        await confirm(browser, shown.text, await bench.code(DECIDER, subject="【確認番号"))
    text = shown.text.partition('class="pre letter" lang="ja"><bdi>')[2].partition("</bdi>")[0]
    letter = await bench.sandbox.letter(str(case().applicant), "", NUMBER)
    body = letter.get_body(("plain",))
    assert body is not None
    assert unescape(text).split() == body.get_content().split()
    subject = re.search(r"<dt>件名</dt><dd><bdi>(.*?)</bdi>", shown.text)
    assert subject
    assert str(letter["Subject"]) == unescape(subject[1])
    assert "【" in subject[1]


async def test_an_invitation_is_shown_with_its_links(bench: Bench) -> None:
    """Whoever confirms it reads the letter as it is: no link is defused, and with no window, none waits."""
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        shown = await propose(browser, word="approve")
        assert "https://" in shown.text
        assert "hxxp" not in shown.text
        assert "確定するとすぐ" in shown.text
        done = await confirm(browser, shown.text, await bench.code(DECIDER, subject="【確認番号"))
        page = (await browser.get(done.headers["location"])).text
    assert "承認しました。" in page
    assert "それまで取り消せます" not in page


async def test_with_a_window_the_page_says_until_when_a_decision_can_be_undone(bench: Bench) -> None:
    now = bench.clock()
    await bench.save(case(State.DECLINED, number=OTHER, decided_at=now, decided_by=DECIDER))
    bench.site = replace(bench.site, desk=replace(bench.site.desk, undo_window=timedelta(minutes=10)))
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        secret = browser.cookies["session"]
        page = await browser.get(told.add_done(f"/cases/{OTHER}", "decline", secret, now))
        assert show_moment(now + timedelta(minutes=10)) in page.text.partition("それまで取り消せます")[0]
        bench.clock.ahead = timedelta(minutes=11)
        page = await browser.get(told.add_done(f"/cases/{OTHER}", "decline", secret, bench.clock()))
        assert "却下しました。" in page.text
        assert "それまで取り消せます" not in page.text


async def test_a_form_without_a_choice_or_a_reason_says_so_and_keeps_what_was_typed(bench: Bench) -> None:
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        nothing = await propose(browser, question="課の正式な名前を教えてください。")
        assert (400, True) == (nothing.status_code, "どうするかを選んでください" in nothing.text)
        assert "課の正式な名前を教えてください。" in nothing.text
        missing = await propose(browser, word="decline", reason=" ")
        assert 400 == missing.status_code
        assert "<title>エラー:" in missing.text
        doubtful = await propose(browser, word="decline", reason="やはり却下はやめて、承認します。")
        assert (400, True) == (doubtful.status_code, "読み取れなかった文" in doubtful.text)


async def test_two_people_on_one_case(bench: Bench) -> None:
    async with bench.browser() as first, bench.browser() as second:
        await bench.sign_in(first)
        await bench.sign_in(second, OPERATOR)
        stale = await open_form(second)
        await decide(bench, first, word="decline", reason=REASON)
        late = await second.post(f"/cases/{NUMBER}/decide", data={**stale, "word": "approve"})
    assert 409 == late.status_code
    for words in ("すでに", "鈴木", "却下", "変わったこと", "判断待ち"):
        assert words in late.text
    assert State.DECLINED is await state_of(bench)


async def test_a_new_content_is_shown_old_and_new(bench: Bench) -> None:
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        stale = await open_form(browser)
        await bench.touch(NUMBER)
        late = await browser.post(
            f"/cases/{NUMBER}/decide", data={**stale, "word": "decline", "reason": REASON}
        )
    assert 409 == late.status_code
    for words in ("情報政策課", "新しい課", REASON):
        assert words in late.text
    table = late.text.partition("<tbody>")[2].partition("</tbody>")[0]
    assert ["部課名"] == re.findall(r'<th scope="row">([^<]*)</th>', table)


async def test_who_may_not_decide_is_not_offered_it(bench: Bench) -> None:
    async with bench.browser() as browser:
        await bench.sign_in(browser, READER)
        page = (await browser.get(f"/cases/{NUMBER}")).text
        assert 'name="word"' not in page
        refused = await browser.post(f"/cases/{NUMBER}/decide", data={"word": "approve", "slip": "x"})
        assert refused.status_code in {400, 409}
    async with bench.browser() as browser:
        await bench.sign_in(browser, ASKER)
        page = (await browser.get(f"/cases/{NUMBER}")).text
        assert 'value="ask"' in page
        assert 'value="approve"' not in page
        assert 400 == (await propose(browser, word="approve")).status_code
    assert State.UNDER_REVIEW is await state_of(bench)


async def test_notes_claims_and_the_request_to_oneself(bench: Bench) -> None:
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        for what, fields, words in (
            ("note", {"memo": "電話しました。"}, "電話しました。"),
            ("take", {"x": "1"}, "担当"),
            ("send-me", {"x": "1"}, "この件のメールを送ります"),
        ):
            done = await browser.post(f"/cases/{NUMBER}/{what}", data=fields)
            assert 303 == done.status_code
            assert words in (await browser.get(done.headers["location"])).text
    assert await bench.sandbox.letter(DECIDER, "審査依頼", NUMBER)


@pytest.mark.parametrize(
    ("word", "typed"),
    [
        ("hold", {"note": "来週まで待つ"}),
        ("hold", {"note": "保留：<b>いつか</b>まで"}),
        ("ask", {"question": "承認しますか"}),
        ("decline", {"reason": "<b>来週</b>まで承認"}),
    ],
)
async def test_what_is_refused_with_words_of_the_member_is_a_page_that_says_why(
    bench: Bench, word: str, typed: dict[str, str]
) -> None:
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        answer = await propose(browser, word=word, **typed)
    assert 400 == answer.status_code
    assert "入力を確かめてください" in answer.text
    assert "<b>" not in answer.text


async def test_what_was_typed_outlives_the_session(bench: Bench) -> None:
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        form = await open_form(browser)
        await browser.post("/logout", data={"x": "1"})
        sent = await browser.post(
            f"/cases/{NUMBER}/decide", data={**form, "word": "decline", "reason": REASON}
        )
        assert f"/login?next=/cases/{NUMBER}" == sent.headers["location"]
        await bench.sign_in(browser)
        assert REASON in (await browser.get(f"/cases/{NUMBER}")).text
    async with bench.browser() as other:
        await bench.sign_in(other, OPERATOR)
        assert REASON not in (await other.get(f"/cases/{NUMBER}")).text


async def test_an_operator_pauses_the_desk(bench: Bench) -> None:
    async with bench.browser() as browser:
        await bench.sign_in(browser, OPERATOR)
        page = (await browser.get("/desk")).text
        shown = await browser.post("/desk/propose", data=hidden_of(page, "/desk/propose"))
        assert "担当者の判断" in shown.text
        code = await bench.code(OPERATOR, subject="【確認番号")
        fields = {**hidden_of(shown.text, "/desk/confirm"), "code": code}
        done = await browser.post("/desk/confirm", data=fields)
        assert done.headers["location"].startswith("/desk?done=pause.")
        page = (await browser.get(done.headers["location"])).text
        assert "gateway resume --decisions" in page
        refused = await propose(browser, word="approve")
        assert 400 == refused.status_code


# A console under foreign control, with the cookies of a member who is signed in.


async def _ask(bench: Bench, verb: str, **asked: str) -> Any:
    database = bench.sandbox.app.store.path
    return await asyncio.to_thread(client.ask, database, verb, asked, door=CONSOLE)


async def test_a_console_under_foreign_control_decides_nothing(bench: Bench) -> None:
    """It holds a session, tries every word and every order, and reads no mailbox."""
    async with bench.browser() as browser:
        await bench.sign_in(browser, OPERATOR)
        session = next(value for name, value in browser.cookies.items() if name == "session")
        shown = (await open_form(browser))["shown"]
    held = {"session": session, "slip": "s" * 43, "grant": "g" * 43, "number": NUMBER, "shown": shown}
    words = {
        "approve": "",
        "decline": REASON,
        "ask": "課名は？",
        "hold": "",
        "undo": "",
        "reply": "こんにちは。",
    }
    before = [row for row in await bench.trace() if row]
    for word, text in words.items():
        await _ask(bench, "case.propose", **held, word=word, text=text)
        for code in ("", "000000", "0" * 400):
            answer = await _ask(bench, "case.decide", **held, word=word, text=text, code=code)
            assert answer["what"] in {"wrong", "refused"}
            assert "" == answer["grant"]
        said = await _ask(bench, "case.say", **held, word=word, text=text)
        assert "gone" == said["what"]
    for word, what in (("pause", "decisions"), ("revoke", DECIDER), ("resume", "decisions")):
        await _ask(bench, "desk.propose", **held, word=word, what=what)
        answer = await _ask(bench, "desk.order", **held, word=word, what=what, code="000000")
        assert answer["what"] in {"wrong", "gone"}
    assert State.UNDER_REVIEW is await state_of(bench)
    after = await bench.trace()
    assert all(row in after for row in before)
    events = await bench.sandbox.app.store.transact(
        lambda tx: [row["event"] for row in tx.connection.execute("SELECT event FROM journal")]
    )
    assert {"console.signed_in"} == set(events)


@pytest.mark.parametrize("verb", ["case.propose", "case.decide", "case.say", "case.send_me", "desk.order"])
async def test_without_a_session_nothing_is_answered(bench: Bench, verb: str) -> None:
    for session in ("", "x" * 43):
        answer = await _ask(
            bench, verb, session=session, number=NUMBER, word="approve" if "case" in verb else "pause"
        )
        assert "ended" == answer["what"]


@pytest.mark.parametrize(
    "asked",
    [{"word": "joined"}, {"word": ""}, {"word": "approve", "until": "soon"}, {"text": "x" * 4_001}],
)
async def test_what_no_form_holds_is_refused(bench: Bench, asked: dict[str, str]) -> None:
    with pytest.raises(client.RefusedError):
        await _ask(bench, "case.propose", session="x", **{"word": "approve", **asked})


async def test_where_the_settings_say_never_nothing_is_offered_or_taken(bench: Bench) -> None:
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        form = await open_form(browser)
        app = bench.sandbox.app
        app.config = replace_decisions(app.config)
        bench.site = replace(bench.site, decides=False)
    async with bench.browser() as browser:
        await bench.sign_in(browser, OPERATOR)
        page = (await browser.get(f"/cases/{NUMBER}")).text
        assert f'action="/cases/{NUMBER}/decide"' not in page
        assert "この件の審査依頼を自分に送る" in page
        assert (
            403
            == (await browser.post(f"/cases/{NUMBER}/decide", data={**form, "word": "approve"})).status_code
        )
        assert 403 == (await browser.post(f"/cases/{NUMBER}/take", data={"x": "1"})).status_code
        assert 303 == (await browser.post(f"/cases/{NUMBER}/send-me", data={"x": "1"})).status_code
        assert "console.decisions" in (await browser.get("/desk")).text


def replace_decisions(config: Any) -> Any:
    import msgspec

    return msgspec.structs.replace(config, console=msgspec.structs.replace(config.console, decisions="never"))


# What a member typed is in a field once more as it was typed; nowhere is it a link.
POISON = ("<script", "<img", ' onfocus="', "\u202e", "\u2066", "\u200b", "\0", ">49<", 'href="https://evil')


@pytest.mark.parametrize("value", sorted(HOSTILE))
async def test_hostile_values_do_nothing_on_the_pages_of_a_decision(bench: Bench, value: str) -> None:
    """In the form of the applicant, and typed by whoever holds a session."""
    text = HOSTILE[value]
    form = Form(name=text, organisation=text, department=text, title=text, category="local")
    await bench.save(case(number=OTHER, form=form, question=text, applicant=parse("eve@town.mihon.lg.jp")))
    async with bench.browser() as browser:
        await bench.sign_in(browser)
        stale = await open_form(browser, OTHER)
        pages = [
            await propose(browser, OTHER, word="hold", note=text[:900]),
            await propose(browser, OTHER, word="decline", reason=REASON),
            await propose(browser, OTHER, word="reply", message=text[:900]),
            await browser.post(f"/cases/{OTHER}/note", data={"memo": text}),
        ]
        await bench.touch(OTHER)
        again = {**stale, "word": "decline", "reason": text[:900], "view": stale["view"] + text}
        pages.append(await browser.post(f"/cases/{OTHER}/decide", data=again))
    assert 409 == pages[-1].status_code
    for page in pages:
        assert page.status_code in {200, 303, 400, 409}
        assert [] == [one for one in POISON if one in page.text]
