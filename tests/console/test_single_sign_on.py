"""The manual's recipe for Apache and OpenID Connect, run with a provider: who gets in, and who does not.

Skipped where Apache or its module is not installed: apt install apache2 libapache2-mod-auth-openidc
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
import uvicorn
from cryptography.hazmat.primitives.asymmetric import rsa

from gateway.admission.case.model import State
from gateway.console.asgi.app import build_app
from tests.console.cases import case
from tests.console.conftest import DECIDER, NUMBER, OPERATOR, opened
from tests.console.provider import CLIENT_SECRET, Provider, serving
from tests.support.paths import ROOT
from tests.support.ports import free_port

MODULES = Path("/usr/lib/apache2/modules")
APACHE = shutil.which("apache2", path="/usr/sbin:/usr/bin")
NEEDED = (
    "mpm_event",
    "authn_core",
    "authz_core",
    "authz_user",
    "headers",
    "proxy",
    "proxy_http",
    "auth_openidc",
)
SECRET = "ab" * 32
pytestmark = pytest.mark.skipif(
    not APACHE or os.geteuid() != 0 or not (MODULES / "mod_auth_openidc.so").is_file(),
    reason="needs root, apache2 and libapache2-mod-auth-openidc",
)


def read_recipe() -> str:
    """The lines of the manual between the marks of the virtual host, without those for TLS."""
    manual = (ROOT / "docs" / "guide" / "console.md").read_text(encoding="utf-8")
    found = re.search(r"<VirtualHost \*:443>\n(.*?)</VirtualHost>", manual, re.DOTALL)
    assert found is not None
    lines = [line.strip() for line in found[1].splitlines()]
    return "\n".join(line for line in lines if not line.startswith(("SSL", "Header always", "ServerName")))


@dataclass
class Desk:
    """A console behind Apache, and who signs in."""

    url: str
    provider: Provider
    folder: Path

    async def walk(self, **headers: str) -> tuple[int, int]:
        """Open a case and press the button: the answers to both."""
        async with httpx.AsyncClient(follow_redirects=True, headers=headers) as browser:
            first = await open_page(browser, f"{self.url}/cases/{NUMBER}")
            own = {"origin": self.url, "sec-fetch-site": "same-origin"}
            with contextlib.suppress(httpx.RemoteProtocolError):
                await browser.post(f"{self.url}/login", data={"next": "/"}, headers=own)
            return first, await open_page(browser, f"{self.url}/journal")


REFUSED = 0


async def open_page(browser: httpx.AsyncClient, url: str) -> int:
    """The status of a page; `REFUSED` where the module answers with an error of its own. For a token that it
    does not take, that of Debian 12 sends 200 or no status line at all."""
    try:
        answer = await browser.get(url)
    except httpx.RemoteProtocolError:
        return REFUSED
    is_ours = "content-security-policy" in answer.headers
    return answer.status_code if is_ours or answer.status_code != 200 else REFUSED


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where www-data may go."""
    made = Path(tempfile.mkdtemp(prefix="apache-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made)


def write_settings(folder: Path, port: int, issuer: str) -> Path:
    """The recipe, for these places."""
    secrets = f"OIDCClientSecret {CLIENT_SECRET}\nOIDCCryptoPassphrase 0123456789abcdef0123456789abcdef\n"
    (folder / "oidc-secret.conf").write_text(secrets)
    (folder / "console-secret.conf").write_text(f'RequestHeader set X-Console-Secret "{SECRET}"\n')
    recipe = read_recipe()
    for before, after in {
        "https://login.example.go.jp": issuer,
        "https://desk.example.go.jp/oidc": f"http://127.0.0.1:{port}/oidc",
        "/etc/apache2": str(folder),
        "/run/gateway-console": str(folder),
    }.items():
        assert before in recipe
        recipe = recipe.replace(before, after)
    loads = [f"LoadModule {one}_module {MODULES}/mod_{one}.so" for one in NEEDED]
    own = [f"Listen 127.0.0.1:{port}", f"ServerName 127.0.0.1:{port}", "User www-data", "Group www-data"]
    own += [f"PidFile {folder}/pid", f"ErrorLog {folder}/error.log", f"DefaultRuntimeDir {folder}"]
    place = folder / "apache.conf"
    place.write_text("\n".join((*loads, *own, recipe)) + "\n")
    return place


@asynccontextmanager
async def serving_console(site: object, place: Path) -> AsyncIterator[None]:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(place))
        os.chmod(place, 0o666)  # noqa: PTH101, S103 - for www-data
        config = uvicorn.Config(
            build_app(site), http="h11", lifespan="off", log_config=None, proxy_headers=False, ws="none"
        )
        server = uvicorn.Server(config)
        task = asyncio.create_task(server._serve([made]))
        yield
        server.should_exit = True
        await task


@asynccontextmanager
async def running_apache(settings: Path, url: str) -> AsyncIterator[None]:
    assert APACHE is not None
    process = await asyncio.create_subprocess_exec(APACHE, "-X", "-f", str(settings))
    try:
        async with httpx.AsyncClient() as client:
            for _ in range(200):
                try:
                    await client.get(url)
                    break
                except httpx.TransportError:
                    await asyncio.sleep(0.05)
        yield
    finally:
        process.terminate()
        await process.wait()


@pytest.fixture
async def desk(tmp_path: Path, folder: Path) -> AsyncIterator[Desk]:
    file = tmp_path / "proxy.secret"
    file.write_text(SECRET)
    file.chmod(0o600)
    port = free_port()
    url, provider = f"http://127.0.0.1:{port}", Provider()
    console = f'login = "proxy"\nproxy_secret_file = "{file}"'
    with serving(provider):
        async with opened(tmp_path, console) as bench:
            await bench.save(case(State.UNDER_REVIEW))
            site = replace(bench.site, public_url=url)
            settings = write_settings(folder, port, provider.issuer)
            async with serving_console(site, folder / "http.sock"), running_apache(settings, url):
                yield Desk(url, provider, folder)


async def test_members_get_in_by_their_own_role_and_nobody_else(desk: Desk) -> None:
    """A header of the browser counts for nothing, whatever it says."""
    forged = {"x-remote-user": OPERATOR, "x-console-secret": "0" * 64}
    for person, wanted in ((OPERATOR, (200, 200)), (DECIDER, (200, 403))):
        desk.provider.person = person
        assert wanted == await desk.walk()
        assert wanted == await desk.walk(**forged)
    desk.provider.person = "stranger@elsewhere.example"
    assert (200, 200) == await desk.walk()  # the sign-in page, both times
    desk.provider.changed = {"email": OPERATOR, "email_verified": False}
    assert (401, 401) == await desk.walk()


# The module takes a token without a signature ("none"), since it comes over TLS from the provider itself
# (OpenID Connect Core 1.0, section 3.1.3.7, item 6): the manual says so, and that its URL must be https.
WRONG: dict[str, dict[str, object]] = {
    "another issuer": {"changed": {"iss": "https://evil.example"}},
    "another client": {"changed": {"aud": "another"}},
    "expired": {"changed": {"exp": 1_000_000_000, "iat": 999_999_000}},
    "another sign-in": {"changed": {"nonce": "replayed"}},
    "public key as secret": {"algorithm": "HS256"},
    "another key": {"key": rsa.generate_private_key(65_537, 2_048)},
}


async def test_a_token_that_is_wrong_lets_nobody_in(desk: Desk) -> None:
    desk.provider.person = OPERATOR
    for name, change in WRONG.items():
        before = {field: getattr(desk.provider, field) for field in change}
        for field, value in change.items():
            setattr(desk.provider, field, value)
        answers = await desk.walk()
        assert 200 not in answers, name
        for field, value in before.items():
            setattr(desk.provider, field, value)
    assert (200, 200) == await desk.walk()


async def test_a_replayed_state_and_a_foreign_target_lead_nowhere(desk: Desk) -> None:
    desk.provider.person = OPERATOR
    async with httpx.AsyncClient() as first, httpx.AsyncClient(follow_redirects=True) as other:
        begun = await first.get(f"{desk.url}/journal")
        answered = await first.get(begun.headers["location"])
        back = answered.headers["location"]
        assert 200 != await open_page(other, back)
        assert 302 == await open_page(first, back)
        again = await first.get(back)  # it is signed in by now, and no code is asked for again
        assert (302, True) == (again.status_code, again.headers["location"].startswith(desk.url))
        for place in ("/login?next=//evil.example", "/login?next=https://evil.example"):
            page = await other.get(f"{desk.url}{place}")
            assert 'name="next" value="/"' in page.text
