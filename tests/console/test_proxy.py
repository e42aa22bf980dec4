"""Signing in by the name that a proxy gives: only on the socket, only beside its secret, only for members."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import httpx
import msgspec
import pytest

from gateway import settings
from gateway.admission.case.model import State
from gateway.app.wiring.transports import build_console_secret
from gateway.console.asgi.app import build_app
from gateway.console.site import UnavailableError
from tests.console.cases import case
from tests.console.conftest import DECIDER, NUMBER, OPERATOR, READER, URL, Bench, opened
from tests.console.test_deciding import confirm, propose, state_of
from tests.support.paths import CONFIG

SECRET = "0123456789abcdef" * 4
NAME, KEY = "x-remote-user", "x-console-secret"
Headers = Sequence[tuple[str, str]]


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    file = tmp_path / "proxy.secret"
    file.write_text(f"{SECRET}\n", encoding="ascii")
    file.chmod(0o600)
    async with opened(tmp_path, f'login = "proxy"\nproxy_secret_file = "{file}"') as made:
        await made.save(case(State.UNDER_REVIEW))
        yield made


def browse(bench: Bench, *headers: tuple[str, str], peer: object = None) -> httpx.AsyncClient:
    """A browser behind a proxy that adds these headers; without a `peer` over the Unix socket."""
    transport = httpx.ASGITransport(build_app(bench.site), client=peer)  # type: ignore[arg-type]
    own = [("sec-fetch-site", "same-origin"), ("origin", URL)]
    return httpx.AsyncClient(transport=transport, base_url=URL, headers=[*own, *headers])


async def sign_in(browser: httpx.AsyncClient) -> int:
    return (await browser.post("/login", data={"next": "/"})).status_code


async def enter(bench: Bench, secret: str) -> object:
    """As a console under foreign control asks."""
    asked = {"name": DECIDER, "secret": secret}
    return await asyncio.to_thread(bench.site.ask, "console.enter_named", asked)


@pytest.mark.parametrize(
    ("member", "is_operator"), [(OPERATOR, True), (READER, False), (READER.upper(), False)]
)
async def test_a_member_whom_the_proxy_names_has_the_role_of_the_settings(
    bench: Bench, member: str, *, is_operator: bool
) -> None:
    async with browse(bench, (NAME, member), (KEY, SECRET)) as browser:
        asked = await browser.get(f"/cases/{NUMBER}")
        page = await browser.get(asked.headers["location"])
        assert (200, True) == (page.status_code, member in page.text), page.text
        assert 303 == (await browser.get("/")).status_code  # nothing began by opening a page
        done = await browser.post("/login", data={"next": f"/cases/{NUMBER}"})
        assert (303, f"/cases/{NUMBER}") == (done.status_code, done.headers["location"])
        assert 200 == (await browser.get(f"/cases/{NUMBER}")).status_code
        assert (200 if is_operator else 403) == (await browser.get("/journal")).status_code
    async with browse(bench, (NAME, member), (KEY, SECRET)) as other:
        assert 303 == (await other.get("/")).status_code


NAMED = (NAME, DECIDER)
REFUSED: dict[str, tuple[Headers, int]] = {
    "no headers": ([], 400),
    "no secret": ([NAMED], 400),
    "secret alone": ([(KEY, SECRET)], 400),
    "empty secret": ([NAMED, (KEY, "")], 400),
    "wrong secret": ([NAMED, (KEY, "f" * 64)], 403),
    "beginning of the secret": ([NAMED, (KEY, SECRET[:32])], 403),
    "secret and more": ([NAMED, (KEY, SECRET + "0")], 403),
    "secret twice": ([NAMED, (KEY, SECRET), (KEY, SECRET)], 400),
    "a name of the client before that of the proxy": ([(NAME, OPERATOR), NAMED, (KEY, SECRET)], 400),
    "a name in other letters": ([("X-REMOTE-USER", OPERATOR), NAMED, (KEY, SECRET)], 400),
    "two names in one field": ([(NAME, f"{OPERATOR}, {DECIDER}"), (KEY, SECRET)], 403),
    "no member": ([(NAME, "nobody0@kyoso.mihon.go.jp"), (KEY, SECRET)], 403),
    "a name, no address": ([(NAME, "sato"), (KEY, SECRET)], 403),
    "a long name": ([(NAME, "a" * 500), (KEY, SECRET)], 400),
    "another header": ([("x-forwarded-user", DECIDER), (KEY, SECRET)], 400),
}


@pytest.mark.parametrize("name", sorted(REFUSED))
async def test_nobody_else_gets_in(bench: Bench, name: str) -> None:
    headers, wanted = REFUSED[name]
    before = await bench.trace()
    async with browse(bench, *headers) as browser:
        assert wanted == await sign_in(browser)
        assert 303 == (await browser.get("/")).status_code
    assert before == await bench.trace()


async def test_over_tcp_nobody_is_named(bench: Bench) -> None:
    """Any local account may come there: the right secret does not count."""
    async with browse(bench, NAMED, (KEY, SECRET), peer=("127.0.0.1", 50_000)) as browser:
        assert 400 == await sign_in(browser)


async def test_a_session_ends_with_the_name(bench: Bench) -> None:
    async with browse(bench, NAMED, (KEY, SECRET)) as browser:
        assert 303 == await sign_in(browser)
        assert 200 == (await browser.get("/")).status_code
        for headers in ([(NAME, OPERATOR), (KEY, SECRET)], [], [NAMED]):
            async with browse(bench, *headers) as other:
                other.cookies.update(browser.cookies)
                assert 303 == (await other.get("/")).status_code
        assert 200 == (await browser.get("/")).status_code


async def test_a_revoked_mailbox_and_a_signed_out_browser_are_out(bench: Bench) -> None:
    async with browse(bench, (NAME, READER), (KEY, SECRET)) as browser:
        assert 303 == await sign_in(browser)
        await browser.post("/logout", data={"x": "1"})
        assert 303 == (await browser.get("/")).status_code
        member = bench.site.desk.staff[2].address
        store = bench.sandbox.app.store
        await store.transact(lambda tx: tx.revoke_staff(member, "operator:root", bench.clock()))
        assert 403 == await sign_in(browser)


async def test_a_decision_needs_the_code_of_the_gateway(bench: Bench) -> None:
    async with browse(bench, NAMED, (KEY, SECRET)) as browser:
        await sign_in(browser)
        shown = await propose(browser, word="decline", reason="対象の団体ではないためです。")
        assert 400 == (await confirm(browser, shown.text, "")).status_code
        assert State.UNDER_REVIEW is await state_of(bench)
        code = await bench.code(DECIDER, subject="【確認番号")
        assert 303 == (await confirm(browser, shown.text, code)).status_code
    assert State.DECLINED is await state_of(bench)


async def test_codes_sign_nobody_in_beside_a_proxy(bench: Bench) -> None:
    """Neither on a page nor by a console under foreign control."""
    async with browse(bench) as browser:
        assert 404 == (await browser.get("/login/code")).status_code
        assert 404 == (await browser.post("/login/code", data={"code": "1"})).status_code
    for verb in ("console.ask_code", "console.check_code"):
        with pytest.raises(UnavailableError, match=r"console\.login"):
            await asyncio.to_thread(
                bench.site.ask, verb, {"ticket": "t" * 43, "address": DECIDER, "code": "123456"}
            )
    assert {} == await enter(bench, "")


async def test_without_a_proxy_in_the_settings_no_header_counts(tmp_path: Path) -> None:
    async with opened(tmp_path) as bench:
        assert {} == await enter(bench, "")
        assert {} == await enter(bench, SECRET)
        async with browse(bench, NAMED, (KEY, SECRET)) as browser:
            assert 400 == await sign_in(browser)  # the page asks for an address
            assert 303 == (await browser.get("/")).status_code


@pytest.mark.parametrize("secret", ["", "\n", SECRET[:31]])
def test_a_secret_that_can_be_guessed_starts_nothing(tmp_path: Path, secret: str) -> None:
    file = tmp_path / "proxy.secret"
    file.write_text(secret, encoding="ascii")
    example = settings.parse((CONFIG / "gateway.toml").read_bytes(), "gateway.toml")
    console = msgspec.structs.replace(example.console, login="proxy", proxy_secret_file=str(file))
    with pytest.raises(settings.SettingsError, match=str(file)):
        build_console_secret(msgspec.structs.replace(example, console=console))
