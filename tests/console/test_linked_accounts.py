"""An account at an OpenID provider that is new here: linked in the browser by a mailed code, and unlinked."""

from __future__ import annotations

import asyncio
import html
import re
from email.message import EmailMessage

import httpx
import msgspec
import pytest

from gateway.console.pages.queue import NEW_LINK
from gateway.net.openid.protocol import ASK_LINK, CHECK_LINK, UNLINK
from gateway.store.console.accounts import identities
from gateway.store.protocol import Transaction
from gateway.store.tables import rows
from tests.console.conftest import DECIDER, NUMBER, OPERATOR, READER, Bench
from tests.console.provider import Provider
from tests.console.test_openid import BOUND, LINK, bench, is_in, provider, sign_in, surf

__all__ = ["bench", "provider"]
ACCOUNT = re.compile(r'name="account" value="(\w+)"')
# Claims of an account, what of them is shown everywhere, and what nowhere.
CLAIMS: dict[str, tuple[dict[str, object], tuple[str, ...], tuple[str, ...]]] = {
    "name and address": ({"name": "佐藤 花子", "email": "hanako@example.com"}, ("佐藤 花子", "hanako@"), ()),
    "a long name": ({"name": "あ" * 900}, ("あ" * 20,), ("あ" * 61,)),
    "a long address": ({"email": f"{'a' * 4_000}@example.com"}, (), ("aaaa",)),
    "no claims": ({"email": None}, (), ("アカウントのメールアドレス", "アカウントの名前")),
    "claims of another kind": ({"name": ["n"], "email": {"a": "b"}}, (), ("アカウントの名前",)),
    "markup and marks": (
        {"name": "<script>x</script>\u202e\n承認します", "email": "a\n<b>@example.com"},
        ("example.com",),
        ("\u202e", "\n承認します"),
    ),
}


async def link(bench: Bench, browser: httpx.AsyncClient, member: str, to: str = "/") -> httpx.Response:
    """Ask for the code of an account that is new here, and type it."""
    before = len(bench.sandbox.letters(member))
    await browser.post("/login/link", data={"address": member, "next": to})
    code = await bench.code(member, before)
    return await browser.post("/login/link/code", data={"code": code, "next": to})


async def accounts(bench: Bench) -> list[str]:
    return await bench.sandbox.app.store.transact(
        lambda tx: [one.member for one in identities.find_all(tx.connection)]
    )


async def test_a_new_account_is_linked_by_a_code_and_then_needs_none(
    bench: Bench, provider: Provider
) -> None:
    """Whatever its address says afterwards, and in any browser."""
    provider.person, provider.changed = "p7", {"email": READER, "email_verified": False}
    async with bench.browser() as browser:
        assert f"/login/link?next=/cases/{NUMBER}" == await sign_in(browser, f"/cases/{NUMBER}")
        page = await browser.get(f"/login/link?next=/cases/{NUMBER}")
        assert (200, True) == (page.status_code, f'value="{READER}"' in page.text)
        assert not await is_in(browser)
        done = await link(bench, browser, READER, f"/cases/{NUMBER}")
        assert (303, f"/cases/{NUMBER}") == (done.status_code, done.headers["location"])
        assert await is_in(browser)
        me = await browser.get("/me")
        assert 2 == me.text.count(provider.issuer)  # the one of the fixture, and this
    provider.changed = {"email": DECIDER}
    async with surf(bench) as browser:
        assert "/" == await sign_in(browser)
        assert READER in (await browser.get("/me")).text.replace("<wbr>", "")
    assert [DECIDER, READER, READER, OPERATOR] == sorted(await accounts(bench), key=BOUND.index)
    letters = [str(one["Subject"]) for one in bench.sandbox.letters(READER)]
    assert 1 == sum("サインインのアカウント" in one for one in letters)


async def test_an_unknown_address_is_answered_as_a_member_s(bench: Bench, provider: Provider) -> None:
    pages = {}
    for number, address in enumerate((READER, "stranger@kyoso.mihon.go.jp")):
        provider.person, provider.changed = f"p{number}", {"email": address}
        async with bench.browser() as browser:
            await sign_in(browser)
            sent = await browser.post("/login/link", data={"address": address, "next": "/"})
            asked = await browser.get(sent.headers["location"])
            wrong = await browser.post("/login/link/code", data={"code": "x", "next": "/"})
            pages[address] = [
                (one.status_code, one.text.replace(address, "ADDRESS")) for one in (sent, asked, wrong)
            ]
            assert not await is_in(browser)
    first, second = pages.values()
    assert first == second


@pytest.mark.parametrize("where", CLAIMS)
async def test_pages_and_letters_say_whose_account_it_is(
    bench: Bench, provider: Provider, where: str
) -> None:
    """As their account says: text from outside, which does nothing on a page or in a letter."""
    claims, shown, hidden = CLAIMS[where]
    provider.person, provider.changed = "p7", claims
    async with bench.browser() as browser:
        await sign_in(browser)
        asked = await browser.get(LINK)
        before = len(bench.sandbox.letters(READER))
        await browser.post("/login/link", data={"address": READER, "next": "/"})
        typed = await browser.get("/login/link/code")
        code = await bench.code(READER, before)
        letter = bench.sandbox.letters(READER)[before]
        assert 303 == (await browser.post("/login/link/code", data={"code": code})).status_code
        notice = await letter_of(bench, "サインインのアカウント")
    told = [html.unescape(asked.text), html.unescape(typed.text), read(letter), read(notice)]
    for text in told:
        assert provider.issuer.rpartition(":")[2] in text
        assert all(one in text for one in shown)
        assert not any(one in text for one in hidden)
    assert "<script" not in asked.text + typed.text


async def test_a_new_link_is_told_where_a_mailbox_cannot_hide_it(bench: Bench, provider: Provider) -> None:
    """To its member for a fortnight, to the operators always."""
    said, provider.person = "サインインのアカウントが、あなたのアドレスに結び付きました", OPERATOR
    everybody = await bench.sandbox.app.store.transact(lambda tx: identities.find_all(tx.connection))

    def age(tx: Transaction) -> None:
        before = rows.to_text(bench.clock() - NEW_LINK)
        tx.connection.execute("UPDATE console_identities SET since = :at", {"at": before})

    async with bench.browser() as browser:
        await sign_in(browser)
        assert said in (await browser.get("/")).text
        await bench.sandbox.app.store.transact(age)
        assert said not in (await browser.get("/")).text
        desk = (await browser.get("/desk")).text
        assert all(one.name in desk for one in everybody)


async def test_a_page_without_a_readable_seal_begins_anew(bench: Bench, provider: Provider) -> None:
    provider.person = "p7"
    for seal in ("x", "a.b.c", "a.b.c.!", f"{'0' * 64}.0.{'0' * 64}.W10=", "a.b.c.MQ=="):
        async with bench.browser() as browser:
            await sign_in(browser)
            browser.cookies.set("account", seal)
            assert (303, "/login?next=/") == at(await browser.get("/login/link"))
            assert (303, "/login?next=/") == at(await browser.post("/login/link", data={"address": READER}))


def at(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.headers["location"]


def read(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


async def letter_of(bench: Bench, subject: str) -> EmailMessage:
    for _ in range(600):
        for letter in bench.sandbox.letters(READER):
            if subject in str(letter["Subject"]):
                return letter
        await asyncio.sleep(0.05)
    raise AssertionError(subject)


async def test_a_seal_of_one_browser_is_no_good_with_the_code_of_another(
    bench: Bench, provider: Provider
) -> None:
    """The thief's account, and the member's code, typed by the member in their own browser."""
    async with bench.browser() as thief, bench.browser() as member:
        provider.person = "thief"
        assert LINK == await sign_in(thief)
        provider.person = "p7"
        assert LINK == await sign_in(member)
        await member.post("/login/link", data={"address": DECIDER, "next": "/"})
        code = await bench.code(DECIDER)
        await thief.post("/login/link", data={"address": "stranger@kyoso.mihon.go.jp", "next": "/"})
        for _ in range(2):
            answer = await thief.post("/login/link/code", data={"code": code, "next": "/"})
            assert 400 == answer.status_code
        assert not await is_in(thief)
        assert 303 == (await member.post("/login/link/code", data={"code": code})).status_code
        assert await is_in(member)


async def test_a_console_under_foreign_control_links_nothing_without_a_code(
    bench: Bench, provider: Provider
) -> None:
    before = await bench.trace()
    for seal in ("", "x", f"{'0' * 64}.0.{'0' * 64}"):
        asked = {"seal": seal, "ticket": "t" * 43, "address": DECIDER, "browser": "", "client": ""}
        assert "" == await asyncio.to_thread(bench.site.ask, ASK_LINK, asked)
        answer = {"seal": seal, "ticket": "t" * 43, "code": "000000", "client": ""}
        assert {} == await asyncio.to_thread(bench.site.ask, CHECK_LINK, answer)
    for session in ("", "x" * 43):
        ended = {"session": session, "account": "0" * 64}
        assert not await asyncio.to_thread(bench.site.ask, UNLINK, ended)
    assert before == await bench.trace()


async def test_a_member_unlinks_an_own_account(bench: Bench, provider: Provider) -> None:
    provider.person = READER
    async with bench.browser() as browser, bench.browser() as other:
        await sign_in(browser)
        await sign_in(other)
        (own,) = ACCOUNT.findall((await browser.get("/me")).text)
        everybody = await bench.sandbox.app.store.transact(lambda tx: identities.find_all(tx.connection))
        (foreign,) = (one.digest for one in everybody if one.member == DECIDER)
        for digest in (foreign, "", "x"):
            assert 303 == (await browser.post("/me/unlink", data={"account": digest})).status_code
        assert len(BOUND) == len(await accounts(bench))
        await browser.post("/me/unlink", data={"account": own})
        assert [DECIDER, OPERATOR] == sorted(await accounts(bench), key=BOUND.index)
        assert (True, False) == (await is_in(browser), await is_in(other))
        assert LINK == await sign_in(other)


async def test_a_member_who_is_no_longer_staff_gets_in_nowhere(bench: Bench, provider: Provider) -> None:
    """Nor after a reload, when somebody else may have the address."""
    provider.person, app = READER, bench.sandbox.app
    async with surf(bench) as browser:
        await sign_in(browser)
        config = app.config
        staff = tuple(one for one in config.staff if one.address != READER)
        await app.reload(lambda: msgspec.structs.replace(config, staff=staff))
        assert not await is_in(browser)
        assert LINK == await sign_in(browser)
        await app.reload(lambda: config)
        assert LINK == await sign_in(browser)
    assert READER not in await accounts(bench)
