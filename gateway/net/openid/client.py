"""The gateway as a client of one provider: sends a browser there, and finds out who came back."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import quote_plus, urlencode

import msgspec
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from gateway.net.openid import attempt, fetching
from gateway.net.openid.attempt import Attempt
from gateway.net.openid.id_token import Claims, Expected, identify, read_claims
from gateway.net.openid.metadata import BASIC, Metadata, read_metadata
from gateway.net.openid.protocol import Answer, AttemptError, Identity, ProviderError, TokenError
from gateway.net.openid.published import Published

SCOPE = "openid email profile"
KEPT = timedelta(hours=1)  # metadata and keys
KEYS_AGAIN = timedelta(minutes=1)  # at least between two requests for keys, whatever tokens name
MAX_EXCHANGES = 4  # at the same time: they wait for another server


@dataclass(frozen=True, slots=True)
class Registration:
    """The client as registered at the provider, and whose accounts count (`id_token.identify`)."""

    issuer: str
    client: str
    secret: str = field(repr=False)
    redirect_uri: str
    required: Mapping[str, str] = field(default_factory=dict)


class _Tokens(msgspec.Struct, frozen=True):
    id_token: str
    access_token: str = ""


def _name_itself(client: str, secret: str) -> str:
    """Return the Authorization field of a client (RFC 6749, section 2.3.1)."""
    pair = f"{quote_plus(client)}:{quote_plus(secret)}"
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


class OpenIdClient:
    """Signs people in by one provider, at most MAX_EXCHANGES at the same time."""

    def __init__(self, registration: Registration, now: Callable[[], datetime]) -> None:
        self._registration = registration
        self._now = now
        self._key = secrets.token_bytes(32)
        self._metadata, self._keys = Published[Metadata](now), Published[KeySet](now)
        self._used: dict[str, datetime] = {}
        self._exchanges = 0

    async def begin(self, browser: str) -> str:
        """See `gateway.net.openid.protocol.SignInProvider`."""
        metadata, made = await self._load_metadata(), attempt.begin(self._key, browser, self._now())
        asked = {
            "response_type": "code",
            "client_id": self._registration.client,
            "redirect_uri": self._registration.redirect_uri,
            "scope": SCOPE,
            "state": made.state,
            "nonce": made.nonce,
            "code_challenge": made.challenge,
            "code_challenge_method": "S256",
        }
        separator = "&" if "?" in metadata.authorization_endpoint else "?"
        return f"{metadata.authorization_endpoint}{separator}{urlencode(asked)}"

    async def finish(self, browser: str, answer: Answer) -> Identity:
        """See `gateway.net.openid.protocol.SignInProvider`."""
        made = self._resume(browser, answer)
        if self._exchanges >= MAX_EXCHANGES:
            raise ProviderError(f"{self._registration.issuer}: {MAX_EXCHANGES} sign-ins are already pending")
        self._use(made)
        self._exchanges += 1
        try:
            return await self._exchange(made, answer)
        finally:
            self._exchanges -= 1

    def _resume(self, browser: str, answer: Answer) -> Attempt:
        made = attempt.resume(self._key, browser, answer.state, self._now())
        if made is None:
            raise AttemptError("state: the sign-in was started in a different browser, or has expired")
        if not answer.code:
            raise AttemptError("code: not in the response, because the user did not sign in")
        return made

    def _use(self, made: Attempt) -> None:
        """Record that an attempt is being finished. Raises AttemptError if it was before."""
        now = self._now()
        self._used = {state: until for state, until in self._used.items() if until > now}
        if made.state in self._used:
            raise AttemptError("state: this response has already been used")
        self._used[made.state] = now + 2 * attempt.LASTS

    async def _exchange(self, made: Attempt, answer: Answer) -> Identity:
        metadata = await self._load_metadata()
        if (
            answer.issuer or metadata.authorization_response_iss_parameter_supported
        ) and answer.issuer != metadata.issuer:
            raise TokenError("iss: the response is from another provider")  # RFC 9207, section 2.4
        tokens = await self._fetch_tokens(metadata, made, answer.code)
        claims = await self._read_claims(metadata, made, tokens.id_token)
        if "email" not in claims and metadata.userinfo_endpoint:
            claims = await self._add_user_info(metadata, claims, tokens.access_token)
        return identify(claims, self._registration.required)

    async def _add_user_info(self, metadata: Metadata, claims: Claims, token: str) -> Claims:
        """Return the claims with those of the UserInfo endpoint (section 5.3), of the same person."""
        raw = await fetching.fetch(metadata.userinfo_endpoint, token)
        try:
            found = msgspec.json.decode(raw, type=dict[str, object])
        except msgspec.DecodeError as error:
            raise ProviderError(f"{metadata.userinfo_endpoint}: the claims are not valid: {error}") from error
        if found.get("sub") != claims["sub"]:
            raise TokenError("sub: the UserInfo endpoint returned a different subject")
        return {**found, **claims}  # what is signed counts

    async def _fetch_tokens(self, metadata: Metadata, made: Attempt, code: str) -> _Tokens:
        """Exchange a code for tokens (section 3.1.3)."""
        own = self._registration
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": own.redirect_uri,
            "code_verifier": made.verifier,
        }
        headers = {}
        if BASIC in metadata.token_endpoint_auth_methods_supported:
            headers = {"authorization": _name_itself(own.client, own.secret)}
        else:
            fields |= {"client_id": own.client, "client_secret": own.secret}
        raw = await self._post(metadata.token_endpoint, fields, headers)
        try:
            return msgspec.json.decode(raw, type=_Tokens)
        except msgspec.DecodeError as error:
            raise ProviderError(f"{metadata.token_endpoint}: the ID token is not valid: {error}") from error

    async def _post(self, url: str, fields: Mapping[str, str], headers: Mapping[str, str]) -> bytes:
        """Send a code. Raises AttemptError if it is none, or no longer one."""
        try:
            return await fetching.post(url, fields, headers)
        except ProviderError as error:
            if error.code != "invalid_grant":
                raise
            raise AttemptError(str(error)) from error

    async def _read_claims(self, metadata: Metadata, made: Attempt, token: str) -> Claims:
        """Check a token; if it names an unknown key, with the keys of now."""
        expected = Expected(metadata.issuer, self._registration.client, made.nonce)

        async def read(kept: timedelta) -> Claims:
            keys = await self._load_keys(metadata, kept)
            return read_claims(token, keys, metadata.algorithms, expected, self._now())

        try:
            return await read(KEPT)
        except TokenError as error:
            if not isinstance(error.__cause__, InvalidKeyIdError):
                raise
        return await read(KEYS_AGAIN)

    async def _load_metadata(self) -> Metadata:
        return await self._metadata.get(KEPT, self._fetch_metadata)

    async def _fetch_metadata(self) -> Metadata:
        issuer = self._registration.issuer
        url = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
        return read_metadata(await fetching.fetch(url), issuer)

    async def _load_keys(self, metadata: Metadata, kept: timedelta) -> KeySet:
        return await self._keys.get(kept, partial(_fetch_keys, metadata.jwks_uri))


async def _fetch_keys(url: str) -> KeySet:
    raw = await fetching.fetch(url)
    try:
        return KeySet.import_key_set(msgspec.json.decode(raw))
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise ProviderError(f"{url}: the keys are not valid: {error}") from error
