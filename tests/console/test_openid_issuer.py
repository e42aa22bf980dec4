"""Signing in by `oidc-provider`, a certified implementation of the other side, with all its defaults.

Skipped where it is not installed: npm install --prefix tests/oracle
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from gateway.net.openid.protocol import CALLBACK
from tests.console.conftest import READER, URL, opened
from tests.console.provider import Provider
from tests.console.test_linked_accounts import link
from tests.console.test_openid import LINK, come_back, is_in, settings_of, surf
from tests.support.paths import ROOT
from tests.support.ports import free_port, wait_for_port

ORACLE = ROOT / "tests" / "oracle"
NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(
    not NODE or not (ORACLE / "node_modules" / "oidc-provider").is_dir(),
    reason="needs node and oidc-provider: npm install --prefix tests/oracle",
)
ACTION = re.compile(r'<form[^>]* action="([^"]+)"')


@pytest.fixture
def issuer() -> Iterator[str]:
    port = free_port()
    command = [str(NODE), "issuer.mjs", str(port), f"{URL}{CALLBACK}"]
    process = subprocess.Popen(command, cwd=ORACLE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for_port(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


async def answer_forms(net: httpx.AsyncClient, url: str, person: str) -> dict[str, str]:
    """Sign in and consent in the provider's own pages; what it sends the browser back with."""
    answer = await net.get(url)
    for _ in range(12):
        if answer.is_redirect:
            to = str(answer.headers["location"])
            if to.startswith(f"{URL}{CALLBACK}"):
                return {name: values[0] for name, values in parse_qs(urlsplit(to).query).items()}
            answer = await net.get(to)
            continue
        form = ACTION.search(answer.text)
        assert form is not None, answer.text
        prompt = "login" if 'name="login"' in answer.text else "consent"
        fields = {"prompt": prompt, "login": person, "password": "x"}
        answer = await net.post(form[1], data=fields if prompt == "login" else {"prompt": prompt})
    raise AssertionError("the provider never sends the browser back")


async def ask(browser: httpx.AsyncClient, issuer: str, person: str) -> dict[str, str]:
    """To the provider and back, as a new visitor of its pages."""
    sent = await browser.get("/login/openid")
    async with httpx.AsyncClient(base_url=issuer) as net:
        query = await answer_forms(net, str(sent.headers["location"]), person)
    assert query["iss"] == issuer
    return query


@pytest.mark.parametrize("address", [READER, "stranger@kyoso.mihon.go.jp"])
async def test_a_person_is_linked_once_and_then_signs_in_by_a_certified_provider(
    tmp_path: Path, issuer: str, address: str
) -> None:
    """The provider says the same of both; only a member gets the code that links the account."""
    settings = settings_of(Provider(issuer=issuer), tmp_path)
    async with opened(tmp_path, settings) as bench, bench.browser() as browser, surf(bench) as other:
        query = await ask(browser, issuer, address)
        assert LINK == await come_back(browser, query)
        assert not await is_in(browser)
        if address == READER:
            assert 303 == (await link(bench, browser, READER)).status_code
        else:
            await browser.post("/login/link", data={"address": address})
            assert 400 == (await browser.post("/login/link/code", data={"code": "000000"})).status_code
        assert (address == READER) is await is_in(browser)
        assert (await come_back(other, query)).startswith("/login?problem=again")
        again = await come_back(other, await ask(other, issuer, address))
        assert ("/" if address == READER else LINK) == again
