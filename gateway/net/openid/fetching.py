"""HTTP requests to a provider: no redirects, no cookies, no proxy of the environment, a bounded answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

import httpx
import msgspec

from gateway.net.openid.protocol import ProviderError

# httpx logs every URL at INFO.
logging.getLogger("httpx").setLevel(logging.WARNING)

TIMEOUT_S = 6.0
MAX_OCTETS = 262_144
_HEADERS = {"accept": "application/json"}


async def fetch(url: str, token: str = "") -> bytes:
    """Return a document; `token` is an access token (RFC 6750). Raises ProviderError."""
    return await _request(httpx.Request("GET", url, headers=_HEADERS | _bear(token)))


async def post(url: str, fields: Mapping[str, str], headers: Mapping[str, str]) -> bytes:
    """Send a form; return the answer. Raises ProviderError."""
    return await _request(httpx.Request("POST", url, data=dict(fields), headers={**_HEADERS, **headers}))


def _bear(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"} if token else {}


async def _request(request: httpx.Request) -> bytes:
    url, client = request.url, httpx.AsyncClient(timeout=TIMEOUT_S, trust_env=False)
    try:
        async with asyncio.timeout(TIMEOUT_S), client:
            return await _read(await client.send(request, stream=True, follow_redirects=False))
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError) as error:
        raise ProviderError(f"{url}: {type(error).__name__} {error}") from error


async def _read(answer: httpx.Response) -> bytes:
    read = bytearray()
    async for piece in answer.aiter_bytes():
        read += piece
        if len(read) > MAX_OCTETS:
            raise ProviderError(f"{answer.url}: the response is longer than {MAX_OCTETS} octets")
    if answer.status_code != httpx.codes.OK:
        code = _read_error(bytes(read))
        raise ProviderError(f"{answer.url}: server returned {answer.status_code} {code}", code)
    return bytes(read)


class _Refusal(msgspec.Struct, frozen=True):
    error: str = ""


def _read_error(raw: bytes) -> str:
    try:
        return msgspec.json.decode(raw, type=_Refusal).error
    except msgspec.DecodeError:
        return ""
