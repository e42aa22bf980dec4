"""Signing in by an OpenID provider: who gets in, and an attack table in which nobody does."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.authority.sign_in import make_account_digest
from gateway.admission.case.model import State
from gateway.console.sign_in.openid import PROBLEMS
from gateway.net.openid import attempt
from gateway.net.openid.client import OpenIdClient
from gateway.net.openid.metadata import read_metadata
from gateway.net.openid.protocol import (
    BEGIN,
    CALLBACK,
    FINISH,
    ProviderError,
)
from gateway.net.openid.published import Published
from gateway.store.console.accounts import identities
from gateway.store.protocol import Transaction
from tests.console.cases import case
from tests.console.conftest import DECIDER, NUMBER, OPERATOR, READER, URL, Bench, opened
from tests.console.provider import CLIENT, CLIENT_SECRET, Provider, serving
from tests.console.test_deciding import confirm, propose, state_of
from tests.support.ports import free_port

RECORDED = Path(__file__).parent / "providers"
OTHER_KEY = rsa.generate_private_key(65_537, 2_048)
Query = dict[str, str]


@pytest.fixture
def provider() -> Iterator[Provider]:
    made = Provider()
    with serving(made):
        yield made


def settings_of(provider: Provider, folder: Path, more: str = "") -> str:
    file = folder / "openid.secret"
    file.write_text(f"{CLIENT_SECRET}\n", encoding="ascii")
    file.chmod(0o600)
    lines = ('login = "openid"', f'openid_issuer = "{provider.issuer}"', f'openid_client = "{CLIENT}"')
    return "\n".join((*lines, f'openid_secret_file = "{file}"', more))


LINK = "/login/link?next=/"
BOUND = (DECIDER, READER, OPERATOR)


async def bind(bench: Bench, issuer: str, member: str, subject: str = "") -> None:
    """Link an account to a member, as their code did once."""

    def link(tx: Transaction) -> None:
        account = make_account_digest(tx.tombstone_key, issuer, subject or member)
        assert identities.link(tx.connection, account, member, issuer, bench.clock())

    await bench.sandbox.app.store.transact(link)


@asynccontextmanager
async def open_bound(provider: Provider, folder: Path, more: str = "") -> AsyncIterator[Bench]:
    """A desk whose members all have linked accounts."""
    async with opened(folder, settings_of(provider, folder, more)) as made:
        await made.save(case(State.UNDER_REVIEW))
        for member in BOUND:
            await bind(made, provider.issuer, member)
        yield made


@pytest.fixture
async def bench(tmp_path: Path, provider: Provider) -> AsyncIterator[Bench]:
    async with open_bound(provider, tmp_path) as made:
        yield made


def surf(bench: Bench) -> httpx.AsyncClient:
    """A browser that came from another site."""
    return bench.browser(**{"sec-fetch-site": "cross-site"})


def forget(bench: Bench) -> None:
    """An hour later: what the provider published is asked again."""
    client = bench.sandbox.app.openid
    assert isinstance(client, OpenIdClient)
    client._metadata = Published(client._now)


async def go(browser: httpx.AsyncClient, to: str = "/") -> Query:
    """To the provider and back: what it sends the browser back with."""
    sent = await browser.get("/login/openid", params={"next": to})
    assert 303 == sent.status_code
    async with httpx.AsyncClient() as net:
        back = await net.get(sent.headers["location"])
    place = urlsplit(back.headers["location"])
    assert (URL, CALLBACK) == (f"{place.scheme}://{place.netloc}", place.path)
    return {name: values[0] for name, values in parse_qs(place.query).items()}


async def come_back(browser: httpx.AsyncClient, query: Mapping[str, str]) -> str:
    """Where the console leads."""
    answer = await browser.get(CALLBACK, params=dict(query))
    assert 303 == answer.status_code
    return str(answer.headers["location"])


async def sign_in(browser: httpx.AsyncClient, to: str = "/") -> str:
    return await come_back(browser, await go(browser, to))


async def is_in(browser: httpx.AsyncClient) -> bool:
    return (await browser.get("/")).status_code == 200


@pytest.mark.parametrize(("member", "is_operator"), [(OPERATOR, True), (READER, False)])
async def test_a_member_has_the_role_of_the_settings(
    bench: Bench, provider: Provider, member: str, *, is_operator: bool
) -> None:
    provider.person = member
    async with surf(bench) as browser:
        asked = await browser.get(f"/cases/{NUMBER}")
        page = await browser.get(asked.headers["location"])
        assert (200, True) == (page.status_code, "/login/openid?next=/cases/" in page.text)
        assert f"/cases/{NUMBER}" == await sign_in(browser, f"/cases/{NUMBER}")
        assert 200 == (await browser.get(f"/cases/{NUMBER}")).status_code
        assert (200 if is_operator else 403) == (await browser.get("/journal")).status_code
    assert all(proof.startswith("Basic ") for proof in provider.proofs)


async def test_a_decision_still_asks_for_a_code(bench: Bench, provider: Provider) -> None:
    provider.person = DECIDER
    async with bench.browser() as browser:
        await sign_in(browser)
        asked = await propose(browser, word="approve")
        assert 400 == (await confirm(browser, asked.text, "000000")).status_code
        assert State.UNDER_REVIEW is await state_of(bench)


async def test_a_code_by_mail_signs_nobody_in(bench: Bench) -> None:
    async with bench.browser() as browser:
        assert 405 == (await browser.post("/login", data={"address": DECIDER})).status_code
        assert 404 == (await browser.get("/login/code")).status_code
        for method, place in (("GET", ""), ("POST", ""), ("GET", "/code"), ("POST", "/code")):
            answer = await browser.request(method, f"/login/link{place}", data={"address": DECIDER})
            assert (303, "/login?next=/") == (answer.status_code, answer.headers["location"])
    assert [] == bench.sandbox.letters(DECIDER)


async def test_a_key_that_is_new_is_fetched(bench: Bench, provider: Provider) -> None:
    provider.person = READER
    async with surf(bench) as browser:
        assert "/" == await sign_in(browser)
    provider.key, provider.key_id = OTHER_KEY, "k2"
    provider.published = OTHER_KEY.public_key()
    client = bench.sandbox.app.openid
    assert isinstance(client, OpenIdClient)
    assert client._keys._found is not None
    client._keys._found = (client._keys._found[0] - timedelta(minutes=2), client._keys._found[1])
    async with surf(bench) as browser:
        assert "/" == await sign_in(browser)


async def test_the_secret_is_sent_in_the_form_where_the_provider_wants_that(
    tmp_path: Path, provider: Provider
) -> None:
    provider.described = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    provider.person = READER
    async with open_bound(provider, tmp_path) as bench, surf(bench) as browser:
        assert "/" == await sign_in(browser)
    assert [""] == provider.proofs


@pytest.mark.parametrize(
    ("said", "to"),
    [
        ({"sub": "p7", "email": READER}, LINK),
        ({"sub": "p7"}, LINK),
        ({"sub": "p7", "iss": "https://evil.example", "email": READER}, LINK),
        ({"sub": DECIDER, "email": READER}, "/login?problem=refused&next=%2F"),
        ({"email": READER}, "/login?problem=refused&next=%2F"),
        ({}, "/login?problem=away&next=%2F"),
    ],
)
async def test_what_the_token_leaves_out_is_asked_of_the_provider(
    bench: Bench, provider: Provider, said: Mapping[str, object], to: str
) -> None:
    """OpenID Connect Core, section 5.4: a provider need not put the address into the token."""
    provider.person, provider.user_info = "p7", said
    provider.leaves_out = ("email", "email_verified")
    async with surf(bench) as browser:
        assert to == await sign_in(browser)
        if to == LINK:
            page = await browser.get(to)
            assert ("email" in said) is (f'value="{READER}"' in page.text)


NOW = int(datetime.now(UTC).timestamp())
Forge = Callable[[Provider], None]


def change(**claims: object) -> Forge:
    def forge(provider: Provider) -> None:
        provider.changed = claims

    return forge


def sign(algorithm: str, key: rsa.RSAPrivateKey | None = None) -> Forge:
    def forge(provider: Provider) -> None:
        provider.algorithm, provider.key = algorithm, key or provider.key

    return forge


# What a provider, or somebody in its place, answers; nobody is signed in by it.
FORGED: dict[str, Forge] = {
    "another issuer": change(iss="https://evil.example"),
    "the issuer with a slash": change(iss="http://127.0.0.1/"),
    "another audience": change(aud="other"),
    "an audience among others, for another party": change(aud=[CLIENT, "other"], azp="other"),
    "an audience among others, for no party": change(aud=[CLIENT, "other"]),
    "another party": change(azp="other"),
    "another nonce": change(nonce="x"),
    "no nonce": change(nonce=None),
    "expired": change(iat=NOW - 7_200, exp=NOW - 3_600),
    "no end": change(exp=None),
    "issued tomorrow": change(iat=NOW + 86_400, exp=NOW + 90_000),
    "no subject": change(sub=None),
    "no signature": sign("none"),
    "HMAC with the public key": sign("HS256"),
    "another key": sign("RS256", OTHER_KEY),
    "an empty subject": change(sub=""),
    "a subject that is no text": change(sub=[DECIDER]),
    "a subject that is too long": change(sub="x" * 256),
    "a subject that is not ASCII": change(sub=f"{DECIDER}\ud800"),
}


@pytest.mark.parametrize("attack", FORGED)
async def test_a_forged_token_signs_nobody_in(bench: Bench, provider: Provider, attack: str) -> None:
    provider.person = DECIDER
    FORGED[attack](provider)
    before = await bench.trace()
    async with surf(bench) as browser:
        assert "/login?problem=refused&next=%2F" == await sign_in(browser)
        assert not await is_in(browser)
        page = await browser.get("/login?problem=refused")
        assert (403, True) == (page.status_code, PROBLEMS["refused"][0].ja in page.text)
    assert before == await bench.trace()


@dataclass
class Bags:
    """What two browsers hold: the victim's and the attacker's, with their answers of the provider."""

    victim: httpx.AsyncClient
    attacker: httpx.AsyncClient
    theirs: Query
    own: Query
    used: Query = field(default_factory=dict)


# What the attacker's browser sends to the page to which the provider leads back.
SENT: dict[str, Callable[[Bags], Query]] = {
    "the victim's answer": lambda bags: bags.theirs,
    "the victim's code with the own state": lambda bags: {**bags.own, "code": bags.theirs["code"]},
    "the own code with the victim's state": lambda bags: {**bags.own, "state": bags.theirs["state"]},
    "an answer that was used": lambda bags: bags.used,
    "no code": lambda bags: {"state": bags.own["state"]},
    "no state": lambda bags: {"code": bags.own["code"]},
    "a state of another time": lambda bags: {**bags.own, "state": f"1{bags.own['state']}"},
    "a state that is no text of ours": lambda bags: {**bags.own, "state": "０.é\0"},
    "an error of the provider": lambda bags: {"state": bags.own["state"], "error": "access_denied"},
    "the answer of another provider": lambda bags: {**bags.own, "iss": "https://evil.example"},
    "a code of nobody": lambda bags: {**bags.own, "code": "x"},
    "nothing": lambda _bags: {},
}


@pytest.mark.parametrize("attack", SENT)
async def test_an_answer_signs_in_only_the_browser_that_asked(
    bench: Bench, provider: Provider, attack: str
) -> None:
    async with surf(bench) as victim, surf(bench) as attacker:
        provider.person = "attacker@elsewhere.example"  # with an account that is linked to nobody
        used = await go(attacker)
        await come_back(attacker, used)
        own = await go(attacker)
        provider.person = DECIDER
        bags = Bags(victim, attacker, await go(victim), own, used)
        assert (await come_back(attacker, SENT[attack](bags))).startswith("/login?problem=")
        assert not await is_in(attacker)


async def test_an_answer_counts_once(bench: Bench, provider: Provider) -> None:
    """Even for a console under foreign control, and a provider that would accept its code again."""
    provider.person = READER
    asked = {"ticket": "t" * 43, "client": ""}
    ask = bench.site.ask
    url = str((await asyncio.to_thread(ask, BEGIN, asked))["url"])  # type: ignore[index]
    async with httpx.AsyncClient() as net:
        back = urlsplit((await net.get(url)).headers["location"]).query
    answer = {name: values[0] for name, values in parse_qs(back).items()}
    known = dict(provider.asked)
    assert "session" in await asyncio.to_thread(ask, FINISH, {**asked, **answer})  # type: ignore[operator]
    provider.asked.update(known)
    assert {"why": "again"} == await asyncio.to_thread(ask, FINISH, {**asked, **answer})


async def test_a_mix_up_with_another_provider_is_noticed(tmp_path: Path, provider: Provider) -> None:
    """RFC 9207: a provider that names itself must do so, and rightly."""
    provider.described = {"authorization_response_iss_parameter_supported": True}
    provider.person = READER
    async with open_bound(provider, tmp_path) as bench:
        for issuer, to in (("https://evil.example", "refused"), ("", "refused"), (provider.issuer, "")):
            provider.answered = {"iss": issuer}
            async with surf(bench) as browser:
                assert (f"/login?problem={to}&next=%2F" if to else "/") == await sign_in(browser)


@pytest.mark.parametrize(
    "required", [("hd=example.go.jp", "example.go.jp"), ("hd=example.go.jp", "example.com")]
)
async def test_a_claim_that_is_required_has_its_value(
    tmp_path: Path, provider: Provider, required: tuple[str, str]
) -> None:
    """Google: only the accounts of the office have its `hd`; no other one is even asked for an address."""
    rule, value = required
    provider.person, provider.changed = READER, {"hd": value}
    more = f'openid_required = ["{rule}"]'
    async with open_bound(provider, tmp_path, more) as bench, surf(bench) as browser:
        wanted = "/" if rule.endswith(f"={value}") else "/login?problem=refused&next=%2F"
        assert wanted == await sign_in(browser)


async def test_a_provider_that_is_away_is_said_so(bench: Bench, provider: Provider) -> None:
    provider.person = READER
    async with surf(bench) as browser:
        query = await go(browser)
        provider.asked.clear()  # it knows the code no more
        assert "/login?problem=again&next=%2F" == await come_back(browser, query)
        query = await go(browser)
        forget(bench)
        provider.described = {"token_endpoint": f"http://127.0.0.1:{free_port()}/token"}
        assert "/login?problem=away&next=%2F" == await come_back(browser, query)
        page = await browser.get("/login?problem=away")
        assert 503 == page.status_code
    forget(bench)
    provider.described = {"issuer": "https://evil.example"}
    async with surf(bench) as browser:
        answer = await browser.get("/login/openid")
        assert "/login?problem=away&next=%2F" == answer.headers["location"]


async def test_the_page_asked_for_is_one_of_ours(bench: Bench, provider: Provider) -> None:
    provider.person = READER
    for to in ("https://evil.example/", "//evil.example", "/\\evil.example", "/login"):
        async with surf(bench) as browser:
            assert "/" == await sign_in(browser, to)


def test_entra_and_google_are_understood() -> None:
    """Entra ID names no PKCE; Google's endpoints are on other hosts."""
    for name in ("entra", "google"):
        raw = (RECORDED / f"{name}.json").read_bytes()
        issuer = str(json.loads(raw)["issuer"])
        assert ["RS256"] == read_metadata(raw, issuer).algorithms
        for other in (f"{issuer}/", issuer.replace("https", "http"), "https://evil.example"):
            with pytest.raises(ProviderError, match="names a different issuer"):
                read_metadata(raw, other)


# What a document that claims to be this issuer's must not contain.
UNUSABLE: dict[str, Mapping[str, object]] = {
    "token endpoint without TLS": {"token_endpoint": "http://login.example.go.jp/token"},
    "keys in a file": {"jwks_uri": "file:///etc/passwd"},
    "endpoint with a password": {"authorization_endpoint": "https://a:b@login.example.go.jp/"},
    "no code": {"response_types_supported": ["id_token"]},
    "signs with a shared key": {"id_token_signing_alg_values_supported": ["HS256", "none"]},
    "wants a key of the client": {"token_endpoint_auth_methods_supported": ["private_key_jwt"]},
    "no token endpoint": {"token_endpoint": None},
}


@pytest.mark.parametrize("fault", UNUSABLE)
def test_a_document_that_cannot_be_used_says_why(fault: str) -> None:
    raw = json.loads((RECORDED / "google.json").read_bytes()) | UNUSABLE[fault]
    with pytest.raises(ProviderError, match=r"accounts\.google\.com: "):
        read_metadata(json.dumps(raw).encode(), "https://accounts.google.com")


BROWSERS = st.text(st.characters(codec="ascii"), min_size=1, max_size=8)
BEGUN = datetime(2026, 11, 30, tzinfo=UTC)


@given(BROWSERS, BROWSERS, st.binary(min_size=1, max_size=4), st.integers(-2_000, 2_000))
def test_an_attempt_goes_on_in_its_browser_for_ten_minutes(
    browser: str, other: str, key: bytes, seconds: int
) -> None:
    made = attempt.begin(key, browser, BEGUN)
    later = BEGUN + timedelta(seconds=seconds)
    is_in_time = -1 <= seconds <= attempt.LASTS.total_seconds()
    assert (made if is_in_time else None) == attempt.resume(key, browser, made.state, later)
    assert (browser == other) == (attempt.resume(key, other, made.state, BEGUN) is not None)
    assert attempt.resume(key + b"x", browser, made.state, BEGUN) is None
    assert 43 == len(made.verifier)  # RFC 7636 wants from 43 to 128
    assert len({made.state, made.nonce, made.verifier}) == 3


@given(st.text(max_size=40))
def test_no_other_text_is_a_state(text: str) -> None:
    assert attempt.resume(b"key", "browser", text, BEGUN) is None
